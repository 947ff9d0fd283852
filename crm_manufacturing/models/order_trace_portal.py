from odoo import api, models

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
        expected, serials}`` of the lines of goods of a confirmed order.

        ``expected`` is a day after the promise that the customer may know, else False.
        """
        lines = order.order_line.filtered(
            lambda line: line.product_id.type == "consu" and not line.display_type
        )
        if order.state != "sale" or not lines:
            return []
        states, lots = self._get_states(self._select_ids(lines)), self._get_lots(lines)
        field = self.env["sale.order.line"]._fields["trace_state"]
        names = dict(field._description_selection(self.env))
        known = self._get_known_late(lines)
        return [
            self._prepare_portal_row(
                line, states[line.id], lots, names, line.id in known
            )
            for line in lines
        ]

    def _prepare_portal_row(self, line, state, lots, names, may_know):
        promised = self._get_day(state, state.line["date"])
        expected = self._get_day(state, state.expected)
        is_late = bool(expected and promised and expected > promised)
        return {
            "product": line.product_id.display_name,
            "quantity": line.product_uom_qty,
            "unit": line.product_uom_id.name,
            "state": state.state,
            "state_name": names[state.state],
            "progress": round(state.progress),
            "promised": promised,
            "expected": expected if is_late and may_know and state.is_open else False,
            "serials": [
                lot["name"]
                for lot in lots.get(line.id, [])
                if state.state == "delivered"
            ],
        }

    def _get_known_late(self, lines):
        """Ids of the lines whose later date the customer may see.

        Once the salesperson told him, or after the days the company lets pass.
        """
        told = set(lines.filtered("customer_informed_on").ids)
        company = lines.company_id
        customer = lines.order_id.partner_id.commercial_partner_id
        if company.portal_late_policy == "never" or customer.portal_late_hidden:
            return told
        if company.portal_late_policy == "at_once":
            return set(lines.ids)
        alerts = self.env["order.trace.alert"].search(
            [("sale_line_id", "in", lines.ids), ("closed_on", "=", False)]
        )
        today, weekdays = company._get_today(), company._get_working_weekdays()
        days = company.portal_late_days
        return told | {
            alert.sale_line_id.id
            for alert in alerts
            if add_working_days(alert.seen_on.date(), days, weekdays) <= today
        }
