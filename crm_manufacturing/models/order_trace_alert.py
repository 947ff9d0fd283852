from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import split_every

from ..tools.order_state import OrderState, group_by_line
from ..tools.working_day import add_working_days

# a typing error must not ring
SETTLE_TIME = timedelta(minutes=30)
BATCH = 500
# before every document: what the documents say, whatever the time is
NO_CLOCK = datetime(1971, 1, 1)


class OrderTraceAlert(models.Model):
    """A line that will be later than promised: seen, told to its salesperson, closed.

    One open row per line. A line is late from one working day after its promise. An
    event is a day the documents say: an overdue part arrives later every day that
    passes, and that is no news.
    """

    _name = "order.trace.alert"
    _description = "Late Order Line"
    _order = "id desc"
    _rec_name = "sale_line_id"

    sale_line_id = fields.Many2one(
        "sale.order.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    promised_day = fields.Date(string="Promised", required=True, readonly=True)
    planned_day = fields.Date(
        string="According to Documents",
        required=True,
        readonly=True,
        help="When the line would be ready if everything came on its planned date.",
    )
    expected_day = fields.Date(string="Expected", required=True, readonly=True)
    seen_on = fields.Datetime(
        required=True, readonly=True, help="Since when this event is known."
    )
    told_on = fields.Datetime(string="Salesperson Told", readonly=True)
    told_day = fields.Date(
        readonly=True, help="The day according to documents when he was told."
    )
    told_user_id = fields.Many2one("res.users", string="Told To", readonly=True)
    is_digest = fields.Boolean(string="In Daily List", readonly=True)
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")
    closed_on = fields.Datetime(readonly=True)

    _one_open = models.UniqueIndex("(sale_line_id) WHERE closed_on IS NULL")

    @api.model
    def _cron_run(self):
        companies = self.env["res.company"]._get_all()
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            self._run(company, fields.Datetime.now())
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _run_soon(self):
        """Look when a changed date has settled; told once, whoever looks first."""
        cron = self.env.ref("crm_manufacturing.ir_cron_order_trace_alert", False)
        if cron:
            now = fields.Datetime.now()
            # sudo: who moves a date need not have rights on scheduled actions
            cron.sudo()._trigger(at=[now, now + SETTLE_TIME])

    @api.model
    def _run(self, company, now):
        """See what is late now, tell what stayed so, close what recovered.

        Of two runs at once the second one leaves the company to the first.
        """
        if not company.try_lock_for_update(allow_referencing=True):
            return
        self = self.with_company(company)  # tiers are a company's
        late = self._find_late(company, now)
        current = self._get_open(company)
        recovered = current.filtered(lambda alert: alert.sale_line_id.id not in late)
        recovered._close(now)
        moved = self.browse()
        for alert in current - recovered:
            if alert._see_again(now, **late.pop(alert.sale_line_id.id)):
                moved |= alert
        moved.filtered(lambda alert: not alert._is_news())._update_activities()
        self.create(
            [
                {
                    "sale_line_id": line,
                    "company_id": company.id,
                    "seen_on": now,
                    **days,
                }
                for line, days in late.items()
            ]
        )
        self._tell(company, now)

    @api.model
    def _get_open(self, company, *domain):
        return self.search(
            [("company_id", "=", company.id), ("closed_on", "=", False), *domain]
        )

    def _find_late(self, company, now):
        """``{line id: {promised_day, planned_day, expected_day}}``, one statement a
        batch."""
        weekdays = company._get_working_weekdays()
        trace, late = self.env["order.trace"], {}
        for some in split_every(BATCH, self._get_waiting_lines(company).ids):
            facts = trace._get_facts(SQL("SELECT UNNEST(%s::int[]) AS id", list(some)))
            for line, rows in group_by_line(facts):
                state = OrderState(line, rows, now)
                promised = trace._get_day(state, line.date)
                expected = state.is_open and trace._get_day(state, state.expected)
                if expected and expected >= add_working_days(promised, 1, weekdays):
                    planned = OrderState(line, rows, NO_CLOCK).expected
                    late[line.id] = {
                        "promised_day": promised,
                        "planned_day": trace._get_day(state, planned),
                        "expected_day": expected,
                    }
        return late

    def _get_waiting_lines(self, company):
        """Promised lines of the company that are not delivered in full."""

        def is_short(model, alias, query):
            return SQL(
                "%s < %s",
                model._field_to_sql(alias, "qty_delivered", query),
                model._field_to_sql(alias, "product_uom_qty", query),
            )

        return self.env["sale.order.line"].search(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "sale")
            & Domain("promised_date", "!=", False)
            & Domain.custom(to_sql=is_short),
            order="id",
        )

    def _see_again(self, now, promised_day, planned_day, expected_day):
        """The same event while the documents say the same; another day is a new one.

        Returns whether the expected day moved.
        """
        event = (self.promised_day, self.planned_day)
        if event != (promised_day, planned_day):
            self.seen_on = now
            self.promised_day, self.planned_day = promised_day, planned_day
        moved = self.expected_day != expected_day
        if moved:
            self.expected_day = expected_day
        return moved

    def _is_news(self):
        """Whether it is later than what the salesperson was told."""
        return not self.told_day or self.planned_day > self.told_day

    def _is_earliest(self):
        """Whether something is past its date: the expected day is then no promise."""
        return self.expected_day > self.planned_day

    def _update_activities(self):
        """Let the open activities of the alerts say today's dates."""
        activities = self.activity_id.filtered("active")
        listed = self.search([("activity_id", "in", activities.ids)])
        for activity, alerts in listed.grouped("activity_id").items():
            activity.note = alerts._get_note(activity.user_id)

    def _close(self, now):
        """The supply recovered, or the goods left: an activity goes when no other line
        needs it, and says the rest otherwise."""
        activities = self.activity_id.filtered("active")
        self.write({"closed_on": now, "activity_id": False})
        left = self.search([("activity_id", "in", activities.ids)])
        left._update_activities()
        (activities - left.activity_id).unlink()
