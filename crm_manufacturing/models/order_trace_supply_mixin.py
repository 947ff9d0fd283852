from odoo import fields, models


class OrderTraceSupplyMixin(models.AbstractModel):
    """A document customers wait for: who, how many, and the best tier among them."""

    _name = "order.trace.supply.mixin"
    _description = "Document Customers Wait For"

    affected_customer_count = fields.Integer(
        string="Customers Waiting",
        compute="_compute_affected_customers",
        groups="base.group_user",
        aggregator=None,
    )
    affected_tier_id = fields.Many2one(
        "partner.scorecard.band",
        string="Best Tier Waiting",
        compute="_compute_affected_customers",
        groups="base.group_user",
    )

    def _compute_affected_customers(self):
        lines = {document: document._get_supplying()._origin for document in self}
        supplying = self.env[next(iter(lines.values()))._name].union(*lines.values())
        affected = self.env["order.trace"]._get_affected_lines(supplying)
        for document in self:
            waiting = self.env["order.trace"]._merge_affected(
                affected, lines[document].ids
            )
            document.affected_customer_count = len(
                waiting.order_id.partner_id.commercial_partner_id
            )
            document.affected_tier_id = waiting[:1].order_id.partner_id.customer_tier_id

    def _get_supplying(self):
        """The records the trace starts from."""
        return self

    def action_affected_customers(self):
        """Which customers and orders wait for this, best tier and promise first."""
        return self.env["order.trace.affected"]._open(self._get_supplying())
