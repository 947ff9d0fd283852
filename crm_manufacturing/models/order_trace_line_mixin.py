from odoo import api, fields, models
from odoo.fields import Domain

# a promise that passed longer ago is no morning's work
FORGOTTEN_DAYS = 365


class OrderTraceLineMixin(models.AbstractModel):
    """Where a sales order line is: figures in one statement, the sentence in another.

    Computed for the reader, never in superuser mode: the sentence depends on what he
    may open.
    """

    _name = "order.trace.line.mixin"
    _inherit = "order.trace.mixin"
    _description = "Traced Order Line"

    trace_sentence = fields.Char(
        string="Waits For", compute="_compute_trace_sentence", groups="base.group_user"
    )
    trace_customer_sentence = fields.Char(
        string="For the Customer",
        compute="_compute_trace_customer_sentence",
        groups="base.group_user",
        help="In the customer's language, without suppliers and internal numbers.",
    )
    trace_at_risk = fields.Boolean(
        string="At Risk",
        compute="_compute_trace_at_risk",
        search="_search_trace_at_risk",
        groups="base.group_user",
        help="Promised soon or already past, and it waits for something or will be "
        "later than promised.",
    )
    customer_informed_on = fields.Datetime(
        string="Customer Informed", copy=False, readonly=True, groups="base.group_user"
    )
    customer_informed_date = fields.Date(
        string="Date Told",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="The expected date the customer was told.",
    )
    new_date_accepted = fields.Boolean(
        copy=False, readonly=True, groups="base.group_user"
    )
    customer_to_inform = fields.Boolean(
        string="Late and Not Told",
        compute="_compute_trace",
        search="_search_customer_to_inform",
        groups="base.group_user",
        help="It will be later than promised, and later than the customer was told.",
    )

    def _get_traced(self):
        return self.filtered(lambda line: line.id and line.state in ("sale", "cancel"))

    @api.depends("customer_informed_on", "customer_informed_date")
    def _compute_trace(self):
        traced = self._get_traced()
        figures = self.env["order.trace"]._line_figures(traced)
        for line in self:
            figure = figures.get(line._origin.id, {})
            line.trace_state = figure.get("state")
            line.trace_progress = figure.get("progress")
            line.trace_expected_date = figure.get("expected_date")
            line.trace_late_days = figure.get("late_days")
            line.trace_waits_for = figure.get("waits_for")
            line.customer_to_inform = line._is_to_inform(figure)

    def _is_to_inform(self, figure):
        """A slip after the customer was told counts again."""
        gone = figure.get("state") in (None, "shipped", "delivered", "cancelled")
        if gone or not figure["late_days"]:
            return False
        if not self.customer_informed_on:
            return True
        told, expected = self.customer_informed_date, figure["expected_date"]
        return bool(expected and (not told or expected > told))

    @api.model
    def _search_customer_to_inform(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        lines = self._search_traced()
        figures = self.env["order.trace"]._line_figures(lines)
        return [
            (
                "id",
                "in",
                [li.id for li in lines if li._is_to_inform(figures.get(li.id, {}))],
            )
        ]

    def _compute_trace_at_risk(self):
        at_risk = set(self._get_at_risk([("id", "in", self.ids)]))
        for line in self:
            line.trace_at_risk = line._origin.id in at_risk

    @api.model
    def _search_trace_at_risk(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return [("id", "in", self._get_at_risk(Domain.TRUE))]

    def _get_at_risk(self, domain):
        """Ids of lines whose promise is near or past and that wait or will be late."""
        near = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("promised_date", "<=", f"+{company.order_risk_days}d")
            for company in self.env.companies
        )
        lines = self.search(
            near
            & Domain("state", "=", "sale")
            & Domain("promised_date", ">=", f"-{FORGOTTEN_DAYS}d")
            & Domain(domain)
        )
        return self.env["order.trace"]._lines_at_risk(lines)

    @api.depends_context("uid", "lang")
    def _compute_trace_sentence(self):
        sentences = self.env["order.trace"]._line_sentences(self._get_traced())
        for line in self:
            line.trace_sentence = sentences.get(line._origin.id)

    def _compute_trace_customer_sentence(self):
        sentences = self.env["order.trace"]._customer_sentences(self._get_traced())
        for line in self:
            line.trace_customer_sentence = sentences.get(line._origin.id)

    @api.model
    def _search_trace_waits_for(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._search_trace(lambda figure: figure["waits_for"] in value)

    def _search_trace(self, holds):
        figures = self.env["order.trace"]._line_figures(self._search_traced())
        return [("id", "in", [line for line, f in figures.items() if holds(f)])]

    @api.model
    def _search_traced(self):
        """What can be in a state that anybody filters by: not long delivered."""
        return self.search(
            [
                ("state", "=", "sale"),
                ("display_type", "=", False),
                ("product_id", "!=", False),
                "|",
                ("first_promised_date", ">=", "-90d"),
                ("qty_to_invoice", "!=", 0),
            ]
        )

    def _mark_customer_informed(self, **values):
        """The customer was told the present expected dates."""
        figures = self.env["order.trace"]._line_figures(self)
        now = fields.Datetime.now()
        for line in self:
            line.write(
                {
                    "customer_informed_on": now,
                    "customer_informed_date": figures.get(line.id, {}).get(
                        "expected_date"
                    ),
                    "new_date_accepted": False,
                    **values,
                }
            )

    def action_customer_informed(self):
        """The customer was told the present dates (button)."""
        self._mark_customer_informed()
        self.env["order.trace.alert"]._finish_activities(self)

    def action_new_date_accepted(self):
        """The customer was told and agrees (button)."""
        self._mark_customer_informed(new_date_accepted=True)
        self.env["order.trace.alert"]._finish_activities(self)

    def action_open_order(self):
        """The order of the line (click on a row)."""
        self.ensure_one()
        return self.order_id._get_records_action()

    @api.model
    def action_orders_at_risk(self):
        """The lines at risk; the reader's own first, where there are any (menu)."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.order_trace_risk_action"
        )
        domain = [("trace_at_risk", "=", True)]
        own = self.search_count([*domain, ("salesman_id", "=", self.env.uid)], limit=1)
        return {
            **action,
            "domain": domain,
            "context": {"search_default_mine": bool(own)},
        }
