from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import format_date, mute_logger

from .common import TODAY
from .common_cadence import CadenceCase


def days_ago(days):
    return TODAY - timedelta(days=days)


class TouchpointCase(CadenceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(type(cls.company), "_get_today", lambda self: TODAY)
        )
        day = cls.registry["my.day"]
        cls.startClassPatcher(patch.object(day, "_read_today", lambda self: TODAY))

    def _activities(self, user=None, **context):
        return self.env["mail.activity"].search(
            [("user_id", "=", (user or self.rep).id), ("automated", "=", True)]
        )

    def _create(self):
        return self.env["partner.touchpoint"]._create_activities(self.company, TODAY)


@tagged("post_install", "-at_install")
class TestTouchpointLanguage(TouchpointCase):
    """The engine is nobody; its activities are read by people."""

    def test_an_activity_is_named_in_the_language_of_who_is_asked(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rep.lang = "zh_CN"
        rule = self._rule(days=30, name="Monthly call")
        rule.with_context(lang="zh_CN").name = "每月电话"
        self._touch(self.customer, days_ago(40))
        self._plan()
        self.assertEqual(self._create().mapped("summary"), ["每月电话"])


@tagged("post_install", "-at_install")
class TestTouchpoint(TouchpointCase):
    """What people do with a touchpoint."""

    def _due(self, days=40):
        self._rule(days=30)
        self._touch(self.customer, days_ago(days))
        self._plan()
        return self._open().with_user(self.rep)

    @freeze_time("2026-03-31 12:00:00")
    def test_done_by_the_button_is_an_activity_of_the_host(self):
        point = self._due()
        point.action_done(feedback="Wants 200 fans")
        self.assertEqual(point.state, "done")
        activity = point.activity_id
        self.assertFalse(activity.active)
        self.assertEqual(activity.feedback, "Wants 200 fans")
        self.assertEqual(point.done_user_id, self.rep)

    @freeze_time("2026-03-31 12:00:00")
    def test_the_second_who_closes_it_is_told_who_was_first(self):
        point = self._due()
        colleague = self._create_user(
            "second", "sales_team.group_sale_salesman_all_leads"
        )
        point.action_done()
        with self.assertRaisesRegex(UserError, "Cairo Fans.*closed on"):
            point.with_user(colleague).action_done()
        self.assertEqual(len(self._points(state="done")), 1)

    def test_a_user_in_an_unknown_timezone_plans_by_the_companys(self):
        point = self._due()
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET tz = 'Mars/Olympus'")
        self.env.invalidate_all()
        start = point.with_user(self.rep).action_plan("2026-04-02")["context"]
        self.assertEqual(start["default_start"], "2026-04-02 09:00:00")
        trip = self.env["crm.visit.trip"].with_user(self.rep)
        trip = trip.create({"line_ids": [(0, 0, {"partner_id": self.customer.id})]})
        self.assertTrue(list(trip._get_starts()))

    @freeze_time("2026-03-31 12:00:00")
    def test_done_again_while_the_company_is_planned_is_logged_once(self):
        point = self._due()
        with patch.object(type(self.company), "_try_lock", lambda *args: False):
            point.action_done()
            self.assertTrue(point.is_open)
            point.action_done()
        point.action_done()
        self.assertFalse(point.is_open)
        done = self.env["mail.activity"].with_context(active_test=False)
        today = [("res_id", "=", self.customer.id), ("date_done", "=", TODAY)]
        self.assertEqual(done.search_count(today), 1)

    def test_not_reached_is_an_attempt_tried_again_in_two_days(self):
        point = self._due()
        self._create()
        point.action_not_reached()
        self.assertEqual((point.attempt_count, point.state), (1, "overdue"))
        self.assertEqual(point.retry_date, TODAY + timedelta(days=2))
        self.assertEqual(point.activity_id.date_deadline, TODAY + timedelta(days=2))
        self._plan()
        self.assertEqual(point.activity_id.date_deadline, TODAY + timedelta(days=2))
        self.assertIn("not reached", point.reason)

    def _snooze(self, point, reason, days=10):
        self.env["partner.touchpoint.snooze"].with_user(self.rep).create(
            {
                "touchpoint_ids": [Command.set(point.ids)],
                "until": TODAY + timedelta(days=days),
                "reason": reason,
            }
        ).action_apply()

    def test_a_date_the_customer_asked_for_is_on_time_once(self):
        point = self._due(30)
        self._snooze(point, "customer")
        self._plan(TODAY + timedelta(days=9))
        self.assertFalse(point.is_late)
        self._snooze(point, "customer", days=20)
        self._plan(TODAY + timedelta(days=11))
        self.assertTrue(point.is_late)
        self._touch(self.customer, TODAY + timedelta(days=11))
        self._plan(TODAY + timedelta(days=11))
        self.assertFalse(point.on_time)

    def test_another_reason_to_snooze_counts(self):
        point = self._due(30)
        self._snooze(point, "busy")
        self._plan(TODAY + timedelta(days=5))
        self.assertEqual(point.state, "overdue")

    def test_a_snooze_asks_for_a_day_to_come(self):
        with self.assertRaisesRegex(ValidationError, "Until"):
            self._snooze(self._due(), "busy", days=0)

    def test_many_are_snoozed_in_one_run(self):
        self._due()
        for number in range(3):
            self._create_customer(f"C{number}", user_id=self.rep.id)
        self._plan()
        points = self.env["partner.touchpoint"].with_user(self.rep)
        points = points.search([("user_id", "=", self.rep.id), ("is_open", "=", True)])
        self.assertEqual(len(points), 4)
        run = patch.object(type(self.rules), "_run", autospec=True)
        with run as runs:
            self._snooze(points, "busy")
        self.assertEqual(runs.call_count, 1)

    def test_a_snooze_ends_within_a_year(self):
        with self.assertRaisesRegex(ValidationError, "within a year"):
            self._snooze(self._due(), "customer", days=366)

    def test_skipped_by_a_person_the_next_occurrence_follows(self):
        point = self._due(40)
        point.action_skip()
        self.assertEqual((point.state, point.skip_reason), ("skipped", "user"))
        self.assertEqual(self._open().due_date, days_ago(40) + timedelta(days=60))

    def test_the_contact_shows_what_was_kept_late_and_skipped(self):
        self._rule("last_contact", days=30, name="Call <b>")
        self._touch(self.customer, days_ago(90))
        for day, done in ((60, 60), (20, 15)):
            self._plan(days_ago(day))
            self._touch(self.customer, days_ago(done))
            self._plan(days_ago(done))
        strip = self.customer.with_user(self.rep).touch_history
        self.assertEqual(strip.count("text-bg-success"), 1)
        self.assertEqual(strip.count("text-bg-warning"), 1)
        self.assertNotIn("<b>", strip)
        self.assertFalse(self.env["res.partner"].new({"name": "New"}).touch_history)
        employee = self._create_user("strip_employee", "base.group_user")
        self.assertFalse(self.customer.with_user(employee).touch_history)

    def test_a_meeting_is_what_it_was_booked_for(self):
        self._touch(self.customer, days_ago(29))
        call = self._rule(days=30)
        visit = self._rule(days=30, activity_type=self.visit)
        self._plan()
        self._open(rule=call).event_id = self._meet(self.customer, TODAY)
        self._plan(TODAY + timedelta(days=1))
        self.assertEqual(self._points(state="done").cadence_id, call)
        self.assertTrue(self._open(rule=visit))

    def test_a_meeting_planned_from_it_shows_as_planned(self):
        point = self._due()
        context = point.action_plan()["context"]
        self.assertEqual(context["default_touchpoint_ids"], point.ids)
        event = self._meet(
            self.rep.partner_id,
            TODAY + timedelta(days=1),
            touchpoint_ids=[Command.set(point.ids)],
        )
        # at once: whoever plans does not wait for the next run
        self.assertEqual((point.state, point.event_id), ("planned", event))

    def test_what_opens_from_my_day_says_its_views(self):
        point = self._due()
        for method in ("snooze", "plan", "log_call", "open_visit"):
            with self.subTest(method):
                self.assertTrue(getattr(point, f"action_{method}")()["views"])

    def test_the_reason_is_a_sentence_with_the_users_date(self):
        point = self._due()
        day = format_date(self.env, days_ago(40))
        self.assertEqual(point.reason, f"Rule last_contact, silent since {day}")
        self.customer.contract_end_date = TODAY
        date_field = "res.partner,contract_end_date"
        rule = self._rule("date_field", date_field=date_field, name="Contract")
        self._plan()
        day = format_date(self.env, TODAY)
        reason = self._open(rule=rule).reason
        self.assertEqual(reason, f"Contract, counted from {day}")

    def test_the_most_urgent_column_comes_first(self):
        self._due()
        points = self.env["partner.touchpoint"].with_context(read_group_expand=True)
        groups = points.web_read_group(
            [("partner_id", "=", self.customer.id)], ["state"], ["__count"]
        )["groups"]
        self.assertEqual(
            [group["state"] for group in groups],
            ["overdue", "due", "soon", "planned", "scheduled"],
        )

    def test_merged_contacts_keep_every_row_and_one_is_open(self):
        point = self._due()
        other = self._create_customer("Cairo Fans Ltd", user_id=self.rep.id)
        self._touch(other, days_ago(10))
        self._plan()
        self._touch(other, days_ago(5))
        self._plan()
        rows = self.env["partner.touchpoint"].search(
            [("partner_id", "in", (self.customer | other).ids)]
        )
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | other).ids, self.customer
        )
        self.assertEqual(rows.exists(), rows)
        self.assertEqual(rows.partner_id, self.customer)
        self.assertEqual(self._open(), point)
        self._plan()
        self.assertEqual(self._open().anchor_date, days_ago(5))


@tagged("post_install", "-at_install")
class TestTouchpointActivity(TouchpointCase):
    """Activities: few, late, never twice, gone with their touchpoint."""

    def _customers(self, count):
        return self.env["res.partner"].create(
            [
                {"name": f"P{n}", "is_company": True, "user_id": self.rep.id}
                for n in range(count)
            ]
        )

    def test_an_activity_is_created_lead_days_ahead_and_not_earlier(self):
        self._rule(days=30, lead_days=5)
        self._touch(self.customer, days_ago(24))
        self._plan()
        self.assertFalse(self._create())
        self._plan(TODAY + timedelta(days=1))
        activity = self._create()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.date_deadline, days_ago(24) + timedelta(days=30))
        self.assertEqual(activity.user_id, self.rep)
        self.assertEqual(activity.res_id, self.customer.id)
        self.assertEqual(self._open().activity_id, activity)

    def test_none_is_created_twice_also_when_its_user_deleted_it(self):
        self._rule(days=30)
        self._touch(self.customer, days_ago(40))
        self._plan()
        activity = self._create()
        self.assertFalse(self._create())
        activity.unlink()
        self._plan()
        self.assertFalse(self._create())

    def test_no_more_than_the_maximum_oldest_and_best_tier_first(self):
        self.company.touchpoint_activity_max = 3
        customers = self._customers(6)
        for place, customer in enumerate(customers):
            self._touch(customer, days_ago(40 + place))
        self._set_tier(customers[0], "A")
        self._rule(days=30)
        self._touch(self.customer, TODAY)
        self._plan()
        made = self.env["res.partner"].browse(self._create().mapped("res_id"))
        self.assertEqual(made, customers[0] | customers[5] | customers[4])
        # doing one makes room for one
        self._touch(customers[0], TODAY)
        self._plan()
        self.assertEqual(self._create().mapped("res_id"), customers[3].ids)

    def test_it_goes_with_its_touchpoint(self):
        self._rule(days=30)
        self._touch(self.customer, days_ago(40))
        self._plan()
        activity = self._create()
        self._touch(self.customer, TODAY, self.visit)
        self._plan()
        self.assertFalse(activity.exists())
        self.assertEqual(self._points(state="done").done_date, TODAY)

    def test_it_follows_the_responsible(self):
        self._rule(days=30, partner_domain="[('name', '=', 'Cairo Fans')]")
        self._touch(self.customer, days_ago(40))
        self._plan()
        activity = self._create()
        self.customer.user_id = self._create_user(
            "heir", "sales_team.group_sale_salesman"
        )
        self._plan()
        self.assertEqual(activity.user_id, self.customer.user_id)

    def test_dues_within_14_days_are_one_activity_of_the_highest_touch(self):
        self._rule(days=30)
        self._rule(days=40, activity_type=self.visit, lead_days=30)
        self._touch(self.customer, days_ago(35), self.visit)
        self._plan()
        self.assertEqual(len(self._open()), 2)
        self.assertEqual(self._create().activity_type_id, self.visit)

    def test_nobodys_customers_get_no_activity(self):
        self._rule(days=30, partner_domain="[('name', '=', 'Cairo Fans')]")
        self.customer.user_id = False
        self._touch(self.customer, days_ago(40))
        self._plan()
        self.assertFalse(self._create())
        self.assertTrue(self._open())

    def test_doing_it_closes_the_touchpoint(self):
        self._rule(days=30)
        self._touch(self.customer, days_ago(40))
        self._plan()
        activity = self._create()
        activity.with_user(self.rep).action_done()
        activity.date_done = TODAY
        self._plan()
        self.assertEqual(self._points(state="done").activity_id, activity)


@tagged("post_install", "-at_install")
class TestCadenceFaults(TouchpointCase):
    """Bad input gets a sentence naming the field; faults leave nothing half-done."""

    def _refused(self, words, **values):
        with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
            self._rule(**values)

    def test_bad_input_names_the_field(self):
        self._refused("Repeat Every", days=-1)
        self._refused("Repeat Every", days=200, interval_type="years")
        self._refused("Offset", offset_number=200, offset_type="years")
        self._refused("Days", grace_days=-1)
        self._refused("Lead Days", lead_days=-1)
        self._refused("^Date", anchor="date_field")
        self._refused("User", responsible="user")
        self._refused("Only Partners", partner_domain="[('nonsense', '=', 1)]")
        self._refused("Only Partners", partner_domain="import os")
        for field in ("res.users,login_date", "res.partner,name", "nonsense"):
            self._refused("^Date", anchor="date_field", date_field=field)
        for name, value in (
            ("touchpoint_activity_max", -1),
            ("visits_per_day", 0),
            ("call_minutes", 0),
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.company[name] = value
        with self.assertRaisesRegex(ValidationError, "Transit Days"):
            self.customer.transit_days = -3

    def test_an_exemption_needs_a_reason(self):
        with self.assertRaisesRegex(ValidationError, "Reason"):
            self.customer.touch_exempt = True

    def test_an_unknown_timezone_is_utc(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET tz = 'Mars/Olympus' WHERE id = %s",
            [self.company.partner_id.id],
        )
        self.company.partner_id.invalidate_recordset()
        self.env.cr.execute("UPDATE resource_calendar SET tz = 'Nowhere'")
        self.company.resource_calendar_id.invalidate_recordset()
        self._rule(days=30)
        self.assertTrue(self._plan())
        self.assertEqual(self.company._get_timezone(), "UTC")

    def test_the_days_clocks_change_are_days_like_others(self):
        self.company.partner_id.tz = "Europe/Paris"
        rule = self._rule(days=1, activity_type=self.visit)
        # 29 March 2026 has 23 hours
        for day in (days_ago(3), days_ago(2)):
            self._meet(self.customer, day)
            self._plan(day + timedelta(days=1))
            self.assertEqual(self._open(rule=rule).due_date, day + timedelta(days=1))

    def test_a_second_run_at_the_same_time_does_nothing(self):
        self._rule(days=30)
        with patch.object(type(self.company), "_try_lock", lambda *args: False):
            self.assertFalse(self._plan())
        self.assertFalse(self._open())

    def test_a_rule_whose_anchor_is_gone_says_so(self):
        rule = self._rule(days=30)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE partner_cadence SET anchor = 'gone' WHERE id = %s", [rule.id]
        )
        rule.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "Counted From"):
            self._plan()

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_a_cron_killed_midway_is_repaired_by_the_next_run(self):
        self._rule(days=30)
        self._touch(self.customer, days_ago(40))
        commits = []

        def commit(cron, *args, **kwargs):
            commits.append(args)
            return len(commits) < 2  # the second commit is the last

        path = "odoo.addons.base.models.ir_cron.IrCron._commit_progress"
        with patch(path, commit):
            self.rules._cron_run()
        with patch(path, lambda *args, **kwargs: True):
            self.rules._cron_run()
            self.rules._cron_run()
        point = self._points(is_open=True, company_id=self.company.id)
        self.assertEqual(len(point), 1)
        self.assertTrue(point.activity_id)
        self.assertEqual(self._activities(), point.activity_id)

    def test_the_engine_alone_writes_touchpoints(self):
        self._rule(days=30)
        self._plan()
        point = self._open().with_user(self.rep)
        for vals in ({"due_date": TODAY}, {"state": "done"}, {"user_id": False}):
            with self.assertRaises(AccessError):
                point.write(vals)
