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
        """Confirmed orders not fully delivered, the earliest expected first."""
        orders = self.env["sale.order"].search(
            [
                ("partner_id", "child_of", brief["partner"].id),
                ("company_id", "=", brief["company"].id),
                ("state", "=", "sale"),
                ("delivery_status", "in", ("pending", "started", "partial")),
            ]
        )
        days = {order: self._get_expected_day(order, brief) for order in orders}
        ordered = orders.sorted(lambda order: (days[order] or brief["today"], order.id))
        return [self._brief_order(order, days[order], brief) for order in ordered]

    @api.model
    def _get_expected_day(self, order, brief):
        moment = order.commitment_date or order.expected_date
        return moment and brief["company"]._get_day(moment)

    @api.model
    def _brief_order(self, order, day, brief):
        late = bool(day) and day < brief["today"]
        if not day:
            note = self.env._("no date promised")
        elif late:
            note = self.env._("was expected %(day)s", day=self._format_day(day))
        else:
            note = self.env._("expected %(day)s", day=self._format_day(day))
        money = order.currency_id.format(order.amount_untaxed)
        return self._brief_line(order.name, note, money, order, alarm=late)

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
