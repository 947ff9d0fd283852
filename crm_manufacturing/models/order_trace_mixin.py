from odoo import api, fields, models

from ..tools.compare import get_test
from .order_trace import STATES, WAITS_FOR


class OrderTraceMixin(models.AbstractModel):
    """Figures of the trace, of an order or a line, and how they are found.

    A model fills them in ``_compute_trace``, and gives to ``_search_trace`` the domain
    of what a test on its figures holds for.
    """

    _name = "order.trace.mixin"
    _description = "Traced Document"

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

    @api.model
    def _search_trace_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._search_trace(lambda figure: figure["state"] in value)

    @api.model
    def _search_trace_late_days(self, operator, value):
        test = get_test(operator, value)
        if not test:
            return NotImplemented
        return self._search_trace(lambda figure: test(figure["late_days"]))
