from odoo import api, fields, models

from .partner_score_guard_mixin import TierOfPartner
from .supplier_partner import READERS

SCORED_FIELDS = {"state", "partner_id", "date_order", "date_approve"}


class PurchaseOrder(models.Model):
    """When the vendor was asked, and whose figures a purchase changes."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "purchase.order"

    supplier_requested_on = fields.Datetime(
        string="Requested On",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="When the request for quotation, or else the order, went to the vendor.",
    )
    supplier_tier_id = TierOfPartner(
        related="partner_id.supplier_tier_id", groups="base.group_user"
    )

    supplier_otif = fields.Float(related="partner_id.supplier_otif", groups=READERS)
    supplier_otif_lines = fields.Integer(
        related="partner_id.supplier_otif_lines",
        groups=READERS,
    )

    @api.model
    def _has_field_access(self, field, operation):
        if (
            operation == "write"
            and field.name == "supplier_requested_on"
            and not self.env.su
        ):
            return False
        return super()._has_field_access(field, operation)

    def write(self, vals):
        scored = vals.keys() & SCORED_FIELDS
        before = self._get_supplier_pairs() if scored else set()
        result = super().write(vals)
        if vals.get("state") in ("sent", "purchase"):
            self._note_request()
        if scored:
            after = self._get_supplier_pairs()
            self.env["partner.score.dirty"]._mark(before | after)
        return result

    def _note_request(self):
        # sudo: the moment is written by nobody but this engine
        asked = self.sudo().filtered(lambda order: not order.supplier_requested_on)
        if asked:
            asked.supplier_requested_on = fields.Datetime.now()

    def _get_supplier_pairs(self):
        """``{(supplier, company)}`` of the confirmed orders."""
        confirmed = self.filtered(lambda order: order.state == "purchase")
        return {
            (order.partner_id.commercial_partner_id, order.company_id)
            for order in confirmed
        }

    def _mark_suppliers(self):
        """What happened to these orders counts in the next minute's figures."""
        pairs = self._get_supplier_pairs()
        if pairs:
            self.env["partner.score.dirty"]._mark(pairs)

    def action_open_supplier_receipts(self):
        """The lines the vendor is rated by (button)."""
        self.ensure_one()
        return self.partner_id.action_open_supplier_receipts()
