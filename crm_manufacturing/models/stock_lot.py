from odoo import api, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    @api.constrains("name", "product_id")
    def _check_reserved(self):
        self.env["order.serial.reservation"]._refuse_made_elsewhere(self)

    def _get_serial_labels(self):
        return self.env["order.serial.label"]._of_lots(self)
