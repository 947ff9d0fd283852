from odoo import api, models


class MrpProductionSerials(models.TransientModel):
    _inherit = "mrp.production.serials"

    @api.depends("production_id")
    def _compute_lot_name(self):
        """The numbers the order reserved are proposed before any other."""
        result = super()._compute_lot_name()
        for wizard in self:
            production = wizard.production_id
            names = production._get_next_reserved().mapped("name")
            if names:
                made = production.lot_producing_ids.mapped("name")
                wizard.serial_numbers = "\n".join(made + names)
                wizard.lot_name = (made + names)[0]
        return result

    def action_apply(self):
        self.production_id._make_reserved_lots((self.serial_numbers or "").splitlines())
        return super().action_apply()
