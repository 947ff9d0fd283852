from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .order_trace import STATES, WAITS_FOR

# how many days before its promise a line that waits is at risk
RISK_DAYS = 7
# a promise that passed longer ago is no morning's work
FORGOTTEN_DAYS = 365


class OrderTraceLineMixin(models.AbstractModel):
    """Where a sales order line is: figures in one statement, the sentence in another.

    Computed for the reader, never in superuser mode: the sentence depends on what he
    may open.
    """

    _name = "order.trace.line.mixin"
    _description = "Traced Order Line"

    trace_state = fields.Selection(
        STATES,
        string="Progress State",
        compute="_compute_trace",
        search="_search_trace_state",
        groups="base.group_user",
    )
    trace_progress = fields.Float(
        string="Progress",
        compute="_compute_trace",
        groups="base.group_user",
        aggregator=None,
    )
    trace_expected_date = fields.Date(
        string="Expected", compute="_compute_trace", groups="base.group_user"
    )
    trace_late_days = fields.Integer(
        string="Days Late",
        compute="_compute_trace",
        search="_search_trace_late_days",
        groups="base.group_user",
        aggregator=None,
    )
    trace_waits_for = fields.Selection(
        WAITS_FOR,
        string="Waits For a",
        compute="_compute_trace",
        search="_search_trace_waits_for",
        groups="base.group_user",
    )
    trace_sentence = fields.Char(
        string="Waits For", compute="_compute_trace_sentence", groups="base.group_user"
    )
    trace_customer_sentence = fields.Char(
        string="For the Customer",
        compute="_compute_trace_customer_sentence",
        groups="base.group_user",
        help="In the customer's language, without suppliers and internal numbers.",
    )
    customer_informed_on = fields.Datetime(
        string="Customer Informed", copy=False, groups="base.group_user"
    )
    new_date_accepted = fields.Boolean(copy=False, groups="base.group_user")
    customer_is_told = fields.Boolean(
        string="Customer Knows the Date",
        compute="_compute_customer_is_told",
        search="_search_customer_is_told",
        groups="base.group_user",
        help="He was informed after the promise last slipped.",
    )

    def _get_traced(self):
        return self.filtered(lambda line: line.id and line.state in ("sale", "cancel"))

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

    def _compute_trace_sentence(self):
        sentences = self.env["order.trace"]._line_sentences(self._get_traced())
        for line in self:
            line.trace_sentence = sentences.get(line._origin.id)

    def _compute_trace_customer_sentence(self):
        sentences = self.env["order.trace"]._customer_sentences(self._get_traced())
        for line in self:
            line.trace_customer_sentence = sentences.get(line._origin.id)

    @api.model
    def _search_trace_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._search_trace(lambda figure: figure["state"] in value)

    @api.model
    def _search_trace_waits_for(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._search_trace(lambda figure: figure["waits_for"] in value)

    @api.model
    def _search_trace_late_days(self, operator, value):
        """Only "late by more than" of the open lines."""
        if operator not in (">", ">="):
            return NotImplemented
        least = value + (operator == ">")
        return self._search_trace(lambda figure: figure["late_days"] >= least)

    def _search_trace(self, holds):
        figures = self.env["order.trace"]._line_figures(self._search_traced())
        return [("id", "in", [line for line, f in figures.items() if holds(f)])]

    @api.depends("customer_informed_on", "promise_slip_count")
    def _compute_customer_is_told(self):
        informed = self._origin.filtered("customer_informed_on")
        told = informed and self.search(
            [("id", "in", informed.ids), ("customer_is_told", "=", True)]
        )
        for line in self:
            line.customer_is_told = line._origin in told

    @api.model
    def _search_customer_is_told(self, operator, value):
        """Who was informed before the newest slip does not know the date."""
        if operator != "in":
            return NotImplemented
        self.flush_model(["customer_informed_on"])
        self.env["delivery.promise.change"].flush_model(["sale_line_id", "is_slip"])
        told = SQL(
            """(SELECT line.id FROM sale_order_line line
                 WHERE line.customer_informed_on IS NOT NULL
                   AND line.customer_informed_on >= ALL (
                       SELECT change.create_date FROM delivery_promise_change change
                        WHERE change.sale_line_id = line.id AND change.is_slip))"""
        )
        domain = Domain("id", "in", told)
        return domain if True in value else ~domain

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

    def action_customer_informed(self):
        """The customer was told the present dates."""
        self.customer_informed_on = fields.Datetime.now()

    def action_new_date_accepted(self):
        """The customer was told and agrees."""
        self.write(
            {"customer_informed_on": fields.Datetime.now(), "new_date_accepted": True}
        )

    @api.model
    def action_orders_at_risk(self):
        """The lines whose promise is near or past and that wait, or will be late."""
        near = self.search(
            [
                ("state", "=", "sale"),
                ("promised_date", "<=", f"+{RISK_DAYS}d"),
                ("promised_date", ">=", f"-{FORGOTTEN_DAYS}d"),
            ]
        )
        at_risk = self.env["order.trace"]._lines_at_risk(near)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.order_trace_risk_action"
        )
        return {**action, "domain": [("id", "in", at_risk)]}
