from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import split_every

from ..tools.working_day import add_working_days

# a typing error must not ring
SETTLE_TIME = timedelta(minutes=30)
BATCH = 500
PERSONAL_TIERS = ("A", "B")


class OrderTraceAlert(models.Model):
    """A line that will be later than promised: seen, told to its salesperson, closed.

    One open row per line. A line is late from one working day after its promise. A
    customer of tier A or B is one activity for his salesperson; the others come as one
    list a day per salesperson.
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
    expected_day = fields.Date(string="Expected", required=True, readonly=True)
    seen_on = fields.Datetime(
        required=True, readonly=True, help="Since when this expected day is known."
    )
    told_on = fields.Datetime(string="Salesperson Told", readonly=True)
    told_day = fields.Date(string="Told", readonly=True, help="The day he was told.")
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")
    closed_on = fields.Datetime(readonly=True)

    _one_open = models.UniqueIndex("(sale_line_id) WHERE closed_on IS NULL")

    @api.model
    def _cron_run(self):
        companies = self.env["res.company"]._get_all()
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            self.with_company(company)._run(company, fields.Datetime.now())
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _run_soon(self):
        """Look when a changed date has settled; told once, whoever looks first."""
        cron = self.env.ref("crm_manufacturing.ir_cron_order_trace_alert", False)
        if cron:
            # sudo: who moves a date need not have rights on scheduled actions
            cron.sudo()._trigger(
                at=[fields.Datetime.now(), fields.Datetime.now() + SETTLE_TIME]
            )

    @api.model
    def _run(self, company, now):
        """See what is late now, tell what stayed so, close what recovered."""
        late = self._find_late(company)
        current = self.search(
            [("company_id", "=", company.id), ("closed_on", "=", False)]
        )
        current.filtered(lambda alert: alert.sale_line_id.id not in late)._close(now)
        known = {
            alert.sale_line_id.id: alert for alert in current if not alert.closed_on
        }
        for line, (promised, expected) in late.items():
            if line in known:
                known[line]._see_again(promised, expected, now)
        self.create(
            [
                {
                    "sale_line_id": line,
                    "company_id": company.id,
                    "promised_day": promised,
                    "expected_day": expected,
                    "seen_on": now,
                }
                for line, (promised, expected) in late.items()
                if line not in known
            ]
        )
        self._tell(company, now)

    def _find_late(self, company):
        """``{line id: (promised day, expected day)}`` of the company's open lines."""
        weekdays = company._get_working_weekdays()
        lines = self.env["sale.order.line"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
                ("promised_date", "!=", False),
            ]
        )
        waiting = lines.filtered(lambda line: line.qty_delivered < line.product_uom_qty)
        late = {}
        for some in split_every(BATCH, waiting.ids):
            days = self.env["order.trace"]._get_promised_and_expected(
                lines.browse(some)
            )
            late.update(
                (line, (promised, expected))
                for line, (promised, expected) in days.items()
                if expected >= add_working_days(promised, 1, weekdays)
            )
        return late

    def _see_again(self, promised, expected, now):
        """The same event while the day stays; a later day is a new one."""
        if (promised, expected) != (self.promised_day, self.expected_day):
            self.write(
                {"promised_day": promised, "expected_day": expected, "seen_on": now}
            )

    def _close(self, now):
        """The supply recovered, or the goods left: the activity goes when no other
        line of the customer needs it."""
        activities = self.activity_id
        self.write({"closed_on": now, "activity_id": False})
        needed = self.search([("activity_id", "in", activities.ids)]).activity_id
        (activities - needed).unlink()

    def _tell(self, company, now):
        """What stayed late for the settling time and is later than what was told."""
        ripe = self.search(
            [
                ("company_id", "=", company.id),
                ("closed_on", "=", False),
                ("seen_on", "<=", now - SETTLE_TIME),
            ]
        ).filtered(
            lambda alert: not alert.told_day or alert.expected_day > alert.told_day
        )
        personal = ripe.filtered(lambda alert: alert._get_tier().code in PERSONAL_TIERS)
        customers = personal.grouped(lambda alert: alert._get_customer())
        for customer, alerts in customers.items():
            alerts._tell_customer(customer, now)
        digest = (ripe - personal).filtered(lambda alert: alert._is_digest_due(now))
        for user, alerts in digest.grouped(
            lambda alert: alert._get_salesperson()
        ).items():
            alerts._tell_digest(user, now)

    def _get_customer(self):
        return self.sale_line_id.order_id.partner_id.commercial_partner_id

    def _get_tier(self):
        return self.sale_line_id.order_id.partner_id.customer_tier_id

    def _get_salesperson(self):
        return self.sale_line_id.order_id.user_id or self._get_customer().user_id

    def _is_digest_due(self, now):
        """Whether the salesperson had no list yet on this day."""
        told = self.search(
            [
                ("sale_line_id.order_id.user_id", "=", self._get_salesperson().id),
                ("told_on", ">=", now.replace(hour=0, minute=0, second=0)),
                ("activity_id", "=", False),
            ],
            limit=1,
        )
        return not told

    def _tell_customer(self, customer, now):
        """One activity per customer; a second event of his is added to it."""
        old = self.search(
            [("activity_id", "!=", False), ("closed_on", "=", False)]
        ).filtered(lambda alert: alert._get_customer() == customer)
        activity = old.activity_id[:1]
        note = (old | self)._get_note()
        if activity:
            activity.note = note
        else:
            activity = customer.activity_schedule(
                "mail.mail_activity_data_email",
                summary=self.env._("Late deliveries: tell the customer"),
                note=note,
                user_id=(self[:1]._get_salesperson() or self.env.user).id,
            )
        self._mark_told(now, activity)

    def _tell_digest(self, user, now):
        """One list for a salesperson's other customers."""
        if user:
            self.env["mail.activity"].create(
                {
                    "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                    "summary": self.env._("Late deliveries of the day"),
                    "note": self._get_note(),
                    "user_id": user.id,
                }
            )
        self._mark_told(now, self.env["mail.activity"])

    def _mark_told(self, now, activity):
        for alert in self:
            alert.write(
                {
                    "told_on": now,
                    "told_day": alert.expected_day,
                    "activity_id": activity.id,
                }
            )

    def _get_note(self):
        """Old and new date per line, and words for a mail to the customer."""
        items = Markup("").join(
            Markup("<li>%s</li>")
            % self.env._(
                "%(order)s, %(product)s: %(old)s → %(new)s",
                order=alert.sale_line_id.order_id.name,
                product=alert.sale_line_id.product_id.display_name,
                old=format_date(self.env, alert.promised_day),
                new=format_date(self.env, alert.expected_day),
            )
            for alert in self
        )
        return Markup("<ul>%s</ul>") % items
