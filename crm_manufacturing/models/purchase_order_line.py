from odoo import api, models

DATED_FIELDS = {"date_planned", "product_qty", "product_uom_id"}


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = [
        "purchase.order.line",
        "delivery.promise.purchase.mixin",
        "order.requirement.purchase.mixin",
        "order.trace.supply.mixin",
        "partner.score.guard.mixin",
    ]

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        ordered = lines.filtered(lambda line: line.order_id.state == "purchase")
        ordered._freeze_promise(promise_source="assumed")
        return lines

    def write(self, vals):
        """A changed quantity can move the date as well, by the vendor's lead time."""
        result = super().write(vals)
        if vals.keys() & DATED_FIELDS and self._follow_host_date():
            self.env["order.trace.alert"]._run_soon()
        return result
