from odoo import api, fields, models

from .delivery_promise_change import REASONS


class DeliveryPromiseOrderMixin(models.AbstractModel):
    """An order that is asked once per save why its lines' promises move."""

    _name = "delivery.promise.order.mixin"
    _description = "Order with Promised Lines"

    # the fields whose change moves a promise
    _promise_date_paths = ()

    promise_reason = fields.Selection(
        REASONS,
        string="Reason for New Date",
        compute="_compute_promise_reason",
        inverse="_inverse_promise_reason",
        groups="base.group_user",
        help="Why the promised date moves. A date the customer asked for starts a new "
        "promise and is no slip of ours.",
    )
    promise_reason_asked = fields.Boolean(
        compute="_compute_promise_reason_asked", groups="base.group_user"
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_keeps_history(self):
        """The database deletes the lines without asking them."""
        self.order_line._unlink_keeps_history()

    def _compute_promise_reason(self):
        """It belongs to one save; the history keeps it."""
        self.promise_reason = False

    def _inverse_promise_reason(self):
        lines = self.order_line
        lines._follow_host_date()
        self.env["delivery.promise.change"]._explain(lines, self.promise_reason)

    @api.depends(lambda self: self._promise_date_paths)
    def _compute_promise_reason_asked(self):
        """Whether the form holds a date that differs from a promise on record."""
        for order in self:
            before, now = order._origin._get_held_dates(), order._get_held_dates()
            order.promise_reason_asked = order._origin.order_line.filtered(
                "promised_date"
            ) and any(now.get(key, date) != date for key, date in before.items())

    def _get_held_dates(self):
        """``{record: date}`` of what the form may change; new lines are left out."""
        raise NotImplementedError()
