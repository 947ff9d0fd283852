from odoo import api, models

from ..tools.day import get_day
from ..tools.working_day import add_working_days


class OrderTrace(models.AbstractModel):
    """What a customer reads of his own order: a closed list of plain values.

    No cost, supplier, other customer or number of ours; serials after delivery only.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    @api.model
    def _get_portal_rows(self, order):
        """Dicts ``{product, quantity, unit, state, state_name, progress, promised,
        expected, is_earliest, serials}`` of the lines of goods of a confirmed order.

        ``expected`` is a day after the promise that the customer may know, else False;
        ``is_earliest`` says that something is overdue, and the day may move again.
        """
        lines = order.order_line.filtered(
            lambda line: line.product_id.type == "consu" and not line.display_type
        )
        if order.state != "sale" or not lines:
            return []
        states, lots = self._get_states(self._select_ids(lines)), self._get_lots(lines)
        names = self._get_portal_states()
        shown = self._get_lines_to_show(lines)
        return [
            {
                **self._prepare_portal_row(line, states[line.id], lots),
                "state_name": names[states[line.id].state],
                "expected": self._get_portal_date(
                    line, states[line.id], line.id in shown
                ),
            }
            for line in lines
        ]

    def _get_portal_states(self):
        """Names of the states; what is still to do for us is nothing to worry him."""
        field = self.env["sale.order.line"]._fields["trace_state"]
        return {
            **dict(field._description_selection(self.env)),
            "to_plan": self.env._("Order Received"),
            "planned": self.env._("Scheduled"),
        }

    def _prepare_portal_row(self, line, state, lots):
        delivered = state.state == "delivered"
        return {
            "product": line.product_id.with_context(
                display_default_code=False
            ).display_name,
            "quantity": line.product_uom_qty,
            "unit": line.product_uom_id.name,
            "state": state.state,
            "progress": round(state.progress),
            "promised": self._get_day(state, state.line["date"]),
            "is_earliest": state.is_overdue,
            "serials": [lot["name"] for lot in lots.get(line.id, []) if delivered],
        }

    def _get_portal_date(self, line, state, may_know):
        """The day after the promise that the customer may know, else False.

        What he was told stays until he may know more.
        """
        promised = self._get_day(state, state.line["date"])
        expected = self._get_day(state, state.expected)
        gone = state.state in ("shipped", "delivered", "cancelled")
        if gone or not promised or not expected or expected <= promised:
            return False
        told = line.customer_informed_date
        if may_know or (told and expected <= told):
            return expected
        return told if told and told > promised else False

    def _get_lines_to_show(self, lines):
        """Ids of the lines whose later date is shown though nobody told the customer:
        at once, or after the days the company lets pass, or never."""
        company = lines.company_id
        customer = lines.order_id.partner_id.commercial_partner_id
        if company.portal_late_policy == "never" or customer.portal_late_hidden:
            return set()
        if company.portal_late_policy == "at_once":
            return set(lines.ids)
        alerts = self.env["order.trace.alert"].search(
            [("sale_line_id", "in", lines.ids), ("closed_on", "=", False)]
        )
        today, weekdays = company._get_today(), company._get_working_weekdays()
        zone, days = company._get_timezone(), company.portal_late_days
        return {
            alert.sale_line_id.id
            for alert in alerts
            if add_working_days(get_day(alert.seen_on, zone), days, weekdays) <= today
        }
