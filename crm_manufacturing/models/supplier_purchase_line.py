from odoo import api, fields, models

RECORDED_FIELDS = {
    "supplier_lead_days",
    "supplier_confirmed_on",
    "supplier_change_count",
    "supplier_unclear",
}
CHANGED_FIELDS = ("product_id", "product_qty", "product_uom_id", "price_unit")
# the host gives every vendor price a delay of one day: it says nothing
SHORTEST_LEAD = 2


class PurchaseOrderLine(models.Model):
    """What is needed later to tell the vendor's doing from ours, kept when it happens.

    Like the promise it is written by the engine alone.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "purchase.order.line"

    supplier_lead_days = fields.Integer(
        string="Vendor's Lead Time",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Days the vendor asked for when the line was ordered; 0 is not known.",
    )
    supplier_confirmed_on = fields.Datetime(
        string="Confirmed by Vendor On",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )
    supplier_change_count = fields.Integer(
        string="Our Changes",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="How often we changed product, quantity or price after confirmation.",
    )

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in RECORDED_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        """A line added to a confirmed order is a change of ours."""
        lines = super().create(vals_list)
        added = lines.filtered(
            lambda line: line.order_id.state == "purchase" and line._is_promised()
        )
        added._count_our_change()
        return lines

    def write(self, vals):
        if not vals.keys() & set(CHANGED_FIELDS):
            return super().write(vals)
        before = {line: line._get_agreed() for line in self._get_confirmed()}
        result = super().write(vals)
        changed = [line.id for line, old in before.items() if line._get_agreed() != old]
        self.browse(changed)._count_our_change()
        return result

    def _get_confirmed(self):
        return self.filtered(lambda line: line.order_id.state == "purchase")

    def _get_agreed(self):
        """What the vendor confirmed beside the date."""
        return [self[name] for name in CHANGED_FIELDS]

    def _count_our_change(self):
        # sudo: the count is written by nobody but this engine
        for line in self.sudo():
            line.supplier_change_count += 1

    def _start_promise(self, date, **values):
        """The first promise keeps what was known when it was given."""
        again = self.filtered("first_promised_date")
        known = (self - again).grouped(
            lambda line: (line._get_lead_days(), bool(line._get_missing()))
        )
        for (days, unclear), lines in known.items():
            kept = {"supplier_lead_days": days, "supplier_unclear": unclear}
            super(PurchaseOrderLine, lines)._start_promise(date, **{**kept, **values})
        return super(PurchaseOrderLine, again)._start_promise(date, **values)

    def _get_lead_days(self):
        """The vendor's own lead time for this line, 0 where he says none."""
        delay = self.selected_seller_id.delay
        return delay if delay >= SHORTEST_LEAD else 0

    def _freeze_vendor_promise(self, reason=False):
        result = super()._freeze_vendor_promise(reason)
        fresh = self.filtered(
            lambda line: line._is_promised() and not line.supplier_confirmed_on
        )
        # sudo: the day is written by nobody but this engine
        fresh.sudo().supplier_confirmed_on = fields.Datetime.now()
        self.order_id._mark_suppliers()
        return result

    def _follow_host_date(self):
        """A promise that slips changes the vendor's figures."""
        changes = super()._follow_host_date()
        changes.purchase_order_id._mark_suppliers()
        return changes
