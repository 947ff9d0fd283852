from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_date

from ..tools.day import get_day
from .order_trace_alert import SETTLE_TIME
from .partner_scorecard_band import KEY_PLACES


class OrderTraceAlert(models.Model):
    """Who is told of a late line: one activity per good customer, one list a day.

    An activity is brought up to date as long as it is not done; nobody gets a second
    one for the same customer, nor a second list, while the first is open.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace.alert"

    def _tell(self, company, now):
        """What stayed late for the settling time and is later than what was told."""
        self._get_open(company)._forget_leavers()
        settled = self._get_open(company, ("seen_on", "<=", now - SETTLE_TIME))
        ripe = settled.filtered(lambda alert: alert._is_news())
        # who told the customer already needs no reminder
        figures = self.env["order.trace"]._line_figures(ripe.sale_line_id)
        ripe = ripe.filtered(
            lambda alert: alert.sale_line_id._is_to_inform(
                figures[alert.sale_line_id.id]
            )
        )
        if not ripe:
            return
        # the others come as one list a day
        personal = ripe.filtered(lambda alert: alert._get_tier().place in KEY_PLACES)
        customers = personal.grouped(lambda alert: alert._get_customer())
        self._tell_customers(company, now, customers)
        self._tell_digests(company, now, ripe - personal)

    def _forget_leavers(self):
        """What was told to who has left is told to his successor."""
        left = self.filtered(
            lambda alert: alert.told_user_id and not alert.told_user_id.active
        )
        left.activity_id.filtered("active").unlink()
        left.write({"told_day": False, "told_user_id": False, "activity_id": False})

    def _get_customer(self):
        return self.sale_line_id.order_id.partner_id.commercial_partner_id

    def _get_tier(self):
        return self.sale_line_id.order_id.partner_id.customer_tier_id

    def _get_salesperson(self):
        """The customer's, else the orders', their team's leader, a sales manager.

        Who has left, or is not of the company, is passed over.
        """
        orders, company = self.sale_line_id.order_id, self.company_id
        candidates = self._get_customer().user_id | orders.user_id
        for users in (
            candidates | orders.team_id.user_id,
            self.env.ref("sales_team.group_sale_manager").all_user_ids.sorted("id"),
        ):
            fit = users.filtered(
                lambda user: user.active and company in user.company_ids
            )
            if fit:
                return fit[0]
        return self.env["res.users"]

    def _tell_customers(self, company, now, customers):
        """One activity per customer; a second event of his is added to it.

        :param customers: ``{customer: alerts to tell}``
        """
        told = self._get_open(
            company, ("activity_id", "!=", False), ("is_digest", "=", False)
        ).filtered("activity_id.active")
        known = told.grouped(lambda alert: alert._get_customer())
        values, waiting = [], []
        for customer, alerts in customers.items():
            old = known.get(customer, self.browse())
            if old:
                alerts._mark_told(now, old[0].activity_id, (old | alerts))
            elif user := alerts._get_salesperson():
                values.append(alerts._prepare_activity(customer, user))
                waiting.append(alerts)
        activities = self._create_activities(values)
        for alerts, activity in zip(waiting, activities, strict=True):
            alerts._mark_told(now, activity)

    def _tell_digests(self, company, now, alerts):
        """One list a day per salesperson, of all his other customers."""
        today = company._get_day_start(get_day(now, company._get_timezone()))
        lists = self._get_open(company, ("is_digest", "=", True)).grouped(
            "told_user_id"
        )
        values, waiting = [], []
        for user, some in alerts._group_by_salesperson().items():
            old = lists.get(user, self.browse())
            if any(moment >= today for moment in old.mapped("told_on")):
                continue
            pending = old.filtered("activity_id.active")
            if pending:
                some._mark_told(now, pending[0].activity_id, pending | some, True)
            else:
                values.append(some._prepare_digest(user))
                waiting.append(some)
        activities = self._create_activities(values)
        for some, activity in zip(waiting, activities, strict=True):
            some._mark_told(now, activity, is_digest=True)

    def _group_by_salesperson(self):
        groups = {}
        for alerts in self.grouped(lambda alert: alert._get_customer()).values():
            if user := alerts._get_salesperson():
                groups[user] = groups.get(user, self.browse()) | alerts
        return groups

    def _prepare_activity(self, customer, user):
        kind = self.env.ref("crm_manufacturing.mail_activity_late_delivery")
        return {
            "activity_type_id": kind.id,
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": customer.id,
            "summary": kind.with_context(lang=user.lang).summary,
            "note": self._get_note(user),
            "user_id": user.id,
            "date_deadline": self.company_id._get_today(),
        }

    def _prepare_digest(self, user):
        reader = self.with_context(lang=user.lang)
        return {
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "summary": reader.env._("Late deliveries of the day"),
            "note": self._get_note(user),
            "user_id": user.id,
            "date_deadline": self.company_id._get_today(),
        }

    @api.model
    def _create_activities(self, values):
        """Without the mail the host sends for every assigned activity: many come at
        once."""
        quick = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True, default_res_model=False
        )
        return quick.create(values).with_context(mail_activity_quick_update=False)

    def _mark_told(self, now, activity, shown=None, is_digest=False):
        """:param shown: the alerts the activity is to list, when it lists more"""
        if shown:
            activity.note = shown._get_note(activity.user_id)
        for alert in self:
            alert.write(
                {
                    "told_on": now,
                    "told_day": alert.planned_day,
                    "told_user_id": activity.user_id.id,
                    "is_digest": is_digest,
                    "activity_id": activity.id,
                }
            )

    def _get_note(self, reader):
        """Old and new date per line, in the reader's language."""
        env = self.with_context(lang=reader.lang).env
        items = Markup("").join(
            Markup("<li>%s</li>")
            % env._(
                "%(order)s, %(customer)s, %(product)s: %(old)s → %(new)s",
                order=alert.sale_line_id.order_id._get_html_link(),
                customer=alert._get_customer().name,
                product=alert.sale_line_id.product_id.with_env(env).display_name,
                old=format_date(env, alert.promised_day),
                new=alert._write_expected(env),
            )
            for alert in self.sorted(lambda alert: (alert.promised_day, alert.id))
        )
        return Markup("<ul>%s</ul>") % items

    def _write_expected(self, env):
        day = format_date(env, self.expected_day)
        return env._("not before %s", day) if self._is_earliest() else day
