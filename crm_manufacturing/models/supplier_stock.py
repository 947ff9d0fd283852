from odoo import api, models
from odoo.exceptions import ValidationError


class StockPicking(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "stock.picking"

    @api.constrains("arrival_date")
    def _check_arrival_date(self):
        """Goods on the way to a customer may be said to arrive later, ours may not."""
        for picking in self.filtered(lambda one: one.picking_type_code == "incoming"):
            arrival = picking.arrival_date
            if arrival and arrival > picking.company_id._get_today():
                raise ValidationError(
                    self.env._("Arrived On: %(date)s is still to come.", date=arrival)
                )

    def write(self, vals):
        result = super().write(vals)
        if "arrival_date" in vals:
            self.move_ids._mark_suppliers()
        return result


class StockMove(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """What arrives or goes back changes the vendor's figures."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._mark_suppliers()
        return moves

    def _mark_suppliers(self):
        # sudo: whoever books goods in need not be able to read purchases
        self.sudo().purchase_line_id.order_id._mark_suppliers()


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    def do_scrap(self):
        result = super().do_scrap()
        # sudo: whoever scraps need not be able to read purchases
        lots = self.sudo().lot_id
        lots.purchase_order_ids._mark_suppliers()
        return result
