from odoo import models


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = [
        "purchase.order",
        "delivery.promise.purchase.order.mixin",
        "order.trace.supply.mixin",
        "partner.score.guard.mixin",
    ]

    def _get_supplying(self):
        return self.order_line

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "purchase":
            self.order_line._freeze_promise(promise_source="assumed")
        return result

    def action_acknowledge(self):
        """The vendor confirms; the host also says so when goods arrive, which confirms
        no date."""
        unreceived = self.filtered(
            lambda order: not any(order.order_line.move_ids.mapped("picked"))
        )
        unreceived.order_line._freeze_vendor_promise()
        return super().action_acknowledge()

    def action_vendor_confirmed(self):
        """As confirmed by the vendor: the lines' dates are his promise."""
        self.check_access("write")
        self.order_line._freeze_vendor_promise()

    def _update_date_planned_for_lines(self, updated_dates):
        """The vendor enters dates in the portal."""
        result = super()._update_date_planned_for_lines(updated_dates)
        lines = self.order_line.browse(line.id for line, _date in updated_dates)
        lines._freeze_vendor_promise(reason="supplier")
        return result
