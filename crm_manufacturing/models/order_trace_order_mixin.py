from odoo import api, fields, models

# the hardest first
HARDNESS = ["component", "supplier", "plan", "production"]


class OrderTraceOrderMixin(models.AbstractModel):
    """Where a sales order is, in one statement for a whole list of orders."""

    _name = "order.trace.order.mixin"
    _inherit = "order.trace.mixin"
    _description = "Traced Order"

    trace_waits_for = fields.Selection(
        string="A Line Waits For a", help="The hardest of what its lines wait for."
    )
    customer_to_inform = fields.Boolean(
        string="Late and Not Told",
        compute="_compute_customer_to_inform",
        search="_search_customer_to_inform",
        groups="base.group_user",
    )

    def _compute_trace(self):
        traced = self.filtered(
            lambda order: order.id and order.state in ("sale", "cancel")
        )
        figures = self.env["order.trace"]._order_status(traced)
        for order in self:
            figure = figures.get(order._origin.id, {})
            order.trace_state = figure.get("state")
            order.trace_progress = figure.get("progress")
            order.trace_expected_date = figure.get("expected_date")
            order.trace_late_days = figure.get("late_days")
            waits = figure.get("waits_for", ())
            order.trace_waits_for = min(waits, key=HARDNESS.index, default=False)

    @api.depends("order_line.customer_to_inform")
    def _compute_customer_to_inform(self):
        for order in self:
            order.customer_to_inform = any(
                order.order_line.mapped("customer_to_inform")
            )

    @api.model
    def _search_customer_to_inform(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return [("order_line.customer_to_inform", "=", True)]

    @api.model
    def _search_trace_waits_for(self, operator, value):
        """Orders of which any line waits for one of these."""
        if operator != "in":
            return NotImplemented
        return self._search_trace(lambda figure: figure["waits_for"] & set(value))

    def _search_trace(self, holds):
        orders = self.env["sale.order.line"]._search_traced().order_id
        figures = self.env["order.trace"]._order_status(orders)
        return [("id", "in", [order for order, f in figures.items() if holds(f)])]

    def action_customer_informed(self):
        """The customer was told the present dates of all that is late (button)."""
        self._get_late_lines().action_customer_informed()

    def action_new_date_accepted(self):
        """The customer was told and agrees (button)."""
        self._get_late_lines().action_new_date_accepted()

    def _get_late_lines(self):
        return self.order_line.filtered(
            lambda line: (
                line.trace_late_days
                and line.trace_state not in ("shipped", "delivered", "cancelled")
            )
        )

    def action_trace_lines(self):
        """The lines: their state, what they wait for, words for the customer."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.order_trace_line_action"
        )
        lines = self.order_line.filtered(
            lambda li: li.product_id and not li.display_type
        )
        return {**action, "domain": [("id", "in", lines.ids)]}
