from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import slip

FROZEN_FIELDS = {
    "first_promised_date",
    "promised_date",
    "promise_slip_count",
    "promise_slip_base",
    "promise_estimated",
    "promise_source",
}


class DeliveryPromiseMixin(models.AbstractModel):
    """An order line whose delivery date is held against somebody.

    The host's date is what planning says today. The promise is what was said first,
    what is said now, and how often it moved. Dates are naive UTC like the host's. The
    fields are written by the engine alone: whoever may write a line must not be able
    to improve its record.
    """

    _name = "delivery.promise.mixin"
    _description = "Promised Delivery"

    first_promised_date = fields.Datetime(
        string="First Promise", copy=False, readonly=True, groups="base.group_user"
    )
    promised_date = fields.Datetime(
        string="Promised", copy=False, readonly=True, groups="base.group_user"
    )
    promise_slip_count = fields.Integer(
        string="Slips",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="How often the promise moved to a later date by at least a day.",
    )
    promise_slip_base = fields.Datetime(
        copy=False,
        readonly=True,
        groups="base.group_user",
        export_string_translation=False,
    )
    promise_estimated = fields.Boolean(
        string="Estimated Promise",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="The order was open before promises were recorded; its dates are left out "
        "of the on-time figures.",
    )

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FROZEN_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.ondelete(at_uninstall=False)
    def _unlink_keeps_history(self):
        """A person cannot shed a slip with its line; the scheduler drops what a
        cancelled demand asked for."""
        if not self.env.su:
            self._refuse_losing_history()

    def _refuse_losing_history(self):
        changes = self.env["delivery.promise.change"]._get_history(self)
        if changes:
            order = changes[0].sale_order_id or changes[0].purchase_order_id
            raise UserError(
                self.env._(
                    "%(order)s: the promised date of a line was changed, and that "
                    "history stays. Set the line's quantity to 0 or cancel the order.",
                    order=order.name,
                )
            )

    def _is_promised(self):
        """Whether the line is of a kind that is promised at all."""
        raise NotImplementedError()

    def _get_host_date(self):
        """The date the host plans for this line, or False."""
        raise NotImplementedError()

    def _get_change_link(self):
        """Values that tie a ``delivery.promise.change`` to this line."""
        raise NotImplementedError()

    def _freeze_promise(self, **values):
        """Freeze the lines at the host's date; those frozen before follow it.

        :param values: further fields of the lines to be frozen
        """
        lines = self.filtered(lambda line: line._is_promised())
        frozen = lines.filtered("first_promised_date")
        new = (lines - frozen).grouped(lambda line: line._get_host_date())
        for date, dated in new.items():
            if date:
                dated._start_promise(date, **values)
        frozen._follow_host_date()

    def _start_promise(self, date, **values):
        """A new promise of all lines, without slips."""
        # sudo: the promise is written by nobody but this engine
        self.sudo().write(
            {
                "first_promised_date": date,
                "promised_date": date,
                "promise_slip_base": date,
                "promise_slip_count": 0,
                "promise_estimated": False,
                **values,
            }
        )

    def _follow_host_date(self):
        """Record each promise that no longer is the host's date, as changes.

        Lines that move alike are written together.
        """
        changes, writes = [], defaultdict(self.browse)
        # sudo: a salesperson or the scheduler moves the date, the engine records it
        for line in self.sudo().filtered("promised_date"):
            date = line._get_host_date()
            if not date or date == line.promised_date:
                continue
            is_slip, base = slip.judge(
                line.promise_slip_base or line.promised_date,
                date,
                line.company_id._get_timezone(),
            )
            changes.append(line._prepare_change(date, is_slip))
            writes[date, base, line.promise_slip_count + is_slip] |= line
        for (date, base, count), lines in writes.items():
            # sudo: the promise is written by nobody but this engine
            lines.sudo().write(
                {
                    "promised_date": date,
                    "promise_slip_base": base,
                    "promise_slip_count": count,
                }
            )
        return self.env["delivery.promise.change"]._record(changes)

    def _prepare_change(self, date, is_slip):
        return {
            **self._get_change_link(),
            "old_date": self.promised_date,
            "new_date": date,
            "is_slip": is_slip,
            "user_id": self.env.uid,
        }
