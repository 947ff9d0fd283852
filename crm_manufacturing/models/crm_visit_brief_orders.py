from dateutil.relativedelta import relativedelta

from odoo import api, models


class CrmVisit(models.Model):
    """What is on order, and what came late since we met."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.visit"

    @api.model
    def _brief_sections(self):
        return super()._brief_sections() + [
            (10, "orders", self.env._("Open Orders")),
            (20, "late_deliveries", self.env._("Delivered Late Since the Last Visit")),
        ]

    @api.model
    def _brief_orders(self, brief):
        """Confirmed orders not fully delivered, the earliest promised first."""
        orders = self.env["sale.order"].search(
            [
                ("partner_id", "child_of", brief["partner"].id),
                ("company_id", "=", brief["company"].id),
                ("state", "=", "sale"),
                ("delivery_status", "in", ("pending", "started", "partial")),
            ]
        )
        days = {order: self._get_promised_day(order, brief) for order in orders}
        ordered = orders.sorted(lambda order: (days[order] or brief["today"], order.id))
        status = self.env["order.trace"]._order_status(orders)
        waits = self._get_waits(orders)
        return [
            self._brief_order(
                order,
                days[order],
                status.get(order.id, {}).get("expected_date"),
                waits.get(order),
                brief,
            )
            for order in ordered
        ]

    @api.model
    def _get_promised_day(self, order, brief):
        moment = order.commitment_date or order.expected_date
        return moment and brief["company"]._get_day(moment)

    @api.model
    def _get_waits(self, orders):
        """``{order: sentence}`` of the first line of each that waits."""
        lines = orders.order_line
        sentences = self.env["order.trace"]._line_sentences(lines)
        waits = {}
        for line in lines.filtered(lambda line: line.id in sentences):
            waits.setdefault(line.order_id, sentences[line.id])
        return waits

    @api.model
    def _brief_order(self, order, promised, expected, wait, brief):
        late = bool(promised) and max(expected or promised, brief["today"]) > promised
        note = self._get_order_note(promised, expected, late)
        return self._brief_line(
            order.name,
            " · ".join(filter(None, [note, wait])),
            order.currency_id.format(order.amount_untaxed),
            order,
            alarm=late,
        )

    @api.model
    def _get_order_note(self, promised, expected, late):
        day = self._format_day(expected or promised)
        if not promised:
            return self.env._("no date promised")
        if late and expected:
            return self.env._(
                "promised %(promised)s, now expected %(day)s",
                promised=self._format_day(promised),
                day=day,
            )
        if late:
            return self.env._("was expected %(day)s", day=day)
        return self.env._("expected %(day)s", day=day)

    @api.model
    def _brief_late_deliveries(self, brief):
        """Deliveries done after the day promised for them, the latest first."""
        since = brief["since"] or brief["today"] - relativedelta(months=12)
        company = brief["company"]
        pickings = self.env["stock.picking"].search_fetch(
            [
                ("partner_id", "child_of", brief["partner"].id),
                ("company_id", "=", company.id),
                ("picking_type_code", "=", "outgoing"),
                ("state", "=", "done"),
                ("date_done", ">=", company._get_day_start(since)),
            ],
            ["name", "date_done", "date_deadline", "origin"],
            order="date_done desc",
        )
        lines = []
        for picking in pickings.filtered("date_deadline"):
            done = company._get_day(picking.date_done)
            days = (done - company._get_day(picking.date_deadline)).days
            if days > 0:
                note = self.env._("%(days)s days late", days=days)
                name = picking.origin or picking.name
                value = self._format_day(done)
                lines.append(self._brief_line(name, note, value, picking, alarm=True))
        return lines
