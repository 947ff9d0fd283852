from odoo import models

# a change of these decides whether the quotation still holds its numbers
DECIDING_FIELDS = {"state", "validity_date"}


class OrderSerialOrderMixin(models.AbstractModel):
    """An order or quotation that holds serial numbers while it is valid."""

    _name = "order.serial.order.mixin"
    _description = "Order with Reserved Serials"

    def _is_quotation_over(self):
        """Whether the company's day is past the quotation's validity."""
        return bool(
            self.validity_date and self.validity_date < self.company_id._get_today()
        )

    def _follow_serials(self, changed):
        if changed & DECIDING_FIELDS:
            self.order_line._sync_serials()
