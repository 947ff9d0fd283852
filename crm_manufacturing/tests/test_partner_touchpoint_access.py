from datetime import datetime, time, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import TODAY
from .common_cadence import CadenceCase
from .test_partner_touchpoint import TouchpointCase, days_ago


@tagged("post_install", "-at_install")
class TestTouchpointAccess(TouchpointCase):
    """Own, team, all; other companies and outsiders nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        salesman = "sales_team.group_sale_salesman"
        cls.rep2 = cls._create_user("cadence_rep2", salesman)
        cls.leader = cls._create_user("cadence_leader", salesman)
        cls.rep_all = cls._create_user("cadence_all", f"{salesman}_all_leads")
        cls.portal = cls._create_user("cadence_portal", "base.group_portal")
        cls.employee = cls._create_user("cadence_employee", "base.group_user")
        team = cls.env["crm.team"].create({"name": "T", "user_id": cls.leader.id})
        team.member_ids = cls.rep
        cls._rule(days=30)
        cls._touch(cls.customer, days_ago(40))
        cls._plan()
        cls.point = cls._open()

    def _sees(self, user, model="partner.touchpoint"):
        return bool(
            self.env[model]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
            .search([("partner_id", "=", self.customer.id)])
        )

    def test_own_team_and_all(self):
        for model in ("partner.touchpoint", "partner.touchpoint.compliance"):
            for user, sees in (
                (self.rep, True),
                (self.rep2, False),
                (self.leader, True),
                (self.rep_all, True),
            ):
                self.assertEqual(self._sees(user, model), sees, (model, user.login))

    def test_outsiders_see_nothing(self):
        for user in (self.portal, self.employee):
            for model in (
                "partner.touchpoint",
                "partner.touchpoint.compliance",
                "partner.touchpoint.touch",
                "partner.cadence",
            ):
                with self.assertRaises(AccessError):
                    self._sees(user, model)
            with self.assertRaises(AccessError):
                self.env["my.day"].with_user(user).get_my_day()

    def test_portal_reads_none_of_our_fields_of_contacts_and_orders(self):
        for model, names in (
            (
                "res.partner",
                (
                    "deputy_user_id",
                    "senior_user_id",
                    "touch_exempt_reason",
                    "next_touch_date",
                    "last_touch_date",
                    "transit_days",
                ),
            ),
            ("sale.order", ("quotation_sent_date",)),
            ("stock.picking", ("arrival_date",)),
        ):
            known = self.env[model].with_user(self.portal).fields_get()
            self.assertFalse(set(names) & set(known), model)

    def test_another_company_is_another_world(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user(
            "elsewhere",
            "sales_team.group_sale_salesman_all_leads",
            company_id=other.id,
            company_ids=other.ids,
        )
        self.assertFalse(self._sees(stranger))
        self.assertFalse(self._sees(stranger, "partner.touchpoint.compliance"))

    def test_a_colleague_can_neither_close_nor_snooze(self):
        point = self.point.with_user(self.rep2)
        for method in ("action_done", "action_skip", "action_not_reached"):
            with self.assertRaises(AccessError):
                getattr(point, method)()
        self.assertTrue(self.point.is_open)

    def test_rules_are_for_administrators(self):
        rule = self.point.cadence_id
        for user in (self.rep, self.rep_all):
            with self.assertRaises(AccessError):
                rule.with_user(user).interval_number = 1

    def test_my_day_is_mine_or_all_i_may_see(self):
        def partners(user, scope):
            data = self.env["my.day"].with_user(user).get_my_day(scope)
            return [
                line["partner_id"] for sec in data["sections"] for line in sec["lines"]
            ]

        self.assertEqual(partners(self.rep, "mine"), self.customer.ids)
        self.assertEqual(partners(self.leader, "mine"), [])
        self.assertEqual(partners(self.leader, "team"), self.customer.ids)
        self.assertEqual(partners(self.rep2, "team"), [])
        self.assertEqual(partners(self.rep_all, "team"), self.customer.ids)


@tagged("post_install", "-at_install")
class TestMyDay(TouchpointCase):
    """One list: what is due, with its reason, and quotations to chase."""

    def _day(self, scope="mine"):
        data = self.env["my.day"].with_user(self.rep).get_my_day(scope)
        return {section["code"]: section["lines"] for section in data["sections"]}

    def test_a_line_says_who_why_and_when_last(self):
        self._set_tier(self.customer, "A")
        self._rule(days=30)
        self._touch(self.customer, days_ago(40))
        self._plan()
        (line,) = self._day()["overdue"]
        self.assertEqual(line["partner"], "Cairo Fans")
        self.assertEqual(line["tier"], "A")
        self.assertEqual(line["last_touch_date"], days_ago(40))
        self.assertEqual(line["reason"], "Rule last_contact")

    def test_dues_within_14_days_are_one_line_led_by_the_highest(self):
        self._rule(days=30, name="Call")
        self._rule(days=40, activity_type=self.visit, lead_days=30, name="Visit")
        self._touch(self.customer, days_ago(35), self.visit)
        self._plan()
        day = self._day()
        (line,) = day["overdue"]
        self.assertEqual((line["rule"], line["also"]), ("Visit", ["Call"]))
        self.assertEqual(line["date"], days_ago(5))
        self.assertNotIn("soon", day)

    def test_what_is_past_is_one_line_however_long_ago(self):
        self._rule(days=30, name="Call")
        self._rule(days=5, activity_type=self.visit, name="Visit")
        self._touch(self.customer, days_ago(90), self.visit)
        self._plan()
        (line,) = self._day()["overdue"]
        self.assertEqual((line["rule"], line["also"]), ("Visit", ["Call"]))
        self.assertEqual(line["date"], days_ago(85))

    def test_the_line_is_as_late_as_the_latest_behind_it(self):
        self._rule(days=30, name="Call")
        self._rule(days=40, activity_type=self.visit, lead_days=30, name="Visit")
        self._touch(self.customer, days_ago(35), self.visit)
        self._plan()
        (line,) = self._day()["overdue"]
        self.assertTrue(line["is_late"])

    def test_who_was_not_reached_comes_back_in_two_days(self):
        self._rule(days=30)
        self._touch(self.customer, days_ago(40))
        self._plan()
        self._open().action_not_reached()
        self.assertFalse(self._day())
        self._open().sudo().retry_date = TODAY
        (line,) = self._day()["overdue"]
        self.assertEqual(line["reason"], "Rule last_contact, not reached (attempts: 1)")

    def test_what_is_planned_says_its_day(self):
        self._rule(days=30)
        self._touch(self.customer, days_ago(40))
        self._plan()
        day = TODAY + timedelta(days=2)
        self._open().event_id = self._meet(self.rep.partner_id, day)
        (line,) = self._day()["planned"]
        self.assertEqual(line["planned_day"], day)

    def test_a_list_that_was_cut_says_so(self):
        self._rule(days=30, name="Call")
        self._rule(days=40, activity_type=self.visit, name="Visit")
        self._touch(self.customer, days_ago(90), self.visit)
        self._plan()
        day = self.env["my.day"].with_user(self.rep)
        self.assertFalse(day.get_my_day()["more"])
        with patch("odoo.addons.crm_manufacturing.report.my_day.MOST_LINES", 2):
            self.assertTrue(day.get_my_day()["more"])

    def test_snoozed_is_out_of_sight_until_its_day(self):
        self._rule(days=30)
        self._touch(self.customer, days_ago(40))
        self._plan()
        self._open()._snooze(TODAY + timedelta(days=5), "busy", "")
        self.assertFalse(self._day())

    def test_quotations_wait_three_days(self):
        order = self._order(self.customer, days_ago(30))
        for days in (2, 3):
            quotation = order.copy({"user_id": self.rep.id})
            quotation.action_quotation_sent()
            quotation.quotation_sent_date = days_ago(days)
        (line,) = self._day()["quotation"]
        self.assertEqual(line["res_id"], quotation.id)

    def test_an_order_that_will_be_late_is_one_line_with_both_dates(self):
        product = self.env["product.product"].create({"name": "Fan"})
        line = {"product_id": product.id}
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.rep.id,
                "order_line": [Command.create(line), Command.create(line)],
            }
        )
        alerts = self.env["order.trace.alert"].create(
            [
                {
                    "sale_line_id": row.id,
                    "company_id": order.company_id.id,
                    "promised_day": "2026-03-12",
                    "planned_day": "2026-03-20",
                    "expected_day": f"2026-03-{20 + place}",
                    "seen_on": "2026-03-01 08:00:00",
                }
                for place, row in enumerate(order.order_line)
            ]
        )
        (found,) = self._day()["risk"]
        self.assertEqual(found["res_id"], order.id)
        self.assertEqual(found["partner"], self.customer.complete_name)
        self.assertEqual(found["reason"], "promised 03/12/2026, expected 03/21/2026")
        alerts.closed_on = "2026-03-02 08:00:00"
        self.assertNotIn("risk", self._day())


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 12:00:00")
class TestMyDayCost(CadenceCase):
    """What a new request asks the database: all but what a process keeps."""

    def _count(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["my.day"].with_user(self.rep).with_context(tz="UTC").get_my_day()
        return self.env.cr.sql_log_count - before

    def test_the_list_takes_four_queries_for_one_and_for_many(self):
        self._rule(days=30)
        self._touch(self.customer, days_ago(40))
        self._plan()
        self.company.partner_id.tz = False
        self._count()
        one = self._count()
        customers = self.env["res.partner"].create(
            [
                {"name": f"C{n}", "is_company": True, "user_id": self.rep.id}
                for n in range(50)
            ]
        )
        for customer in customers:
            self._touch(customer, days_ago(40))
        self._plan()
        self._count()
        self.assertEqual(self._count(), one)
        self.assertLessEqual(one, 4)

    def test_the_day_is_the_companys(self):
        self.company.partner_id.tz = "Asia/Tokyo"
        for now, day in (("14:59", "2026-03-31"), ("15:01", "2026-04-01")):
            with freeze_time(f"2026-03-31 {now}:00"):
                self.assertEqual(str(self.env["my.day"]._read_today()), day)


@tagged("post_install", "-at_install")
class TestCompliance(TouchpointCase):
    """Promised, kept, on time; customers once."""

    def test_planned_done_remaining_and_on_time(self):
        self._rule(days=30, grace_days=2)
        kept, late, missed, early = (
            self._create_customer(name, user_id=self.rep.id)
            for name in ("kept", "late", "missed", "early")
        )
        for customer in (kept, late, missed):
            self._touch(customer, days_ago(60))
        self._touch(early, days_ago(5))
        self._touch(self.customer, days_ago(1))
        self._plan(days_ago(55))
        self._plan(days_ago(29))
        self._touch(kept, days_ago(28))
        self._touch(late, days_ago(27))
        self._plan(days_ago(26))
        rows = self.env["partner.touchpoint.compliance"].search(
            [("partner_id", "in", (kept | late | missed | early).ids)]
        )
        found = {
            row.partner_id.name: (row.planned, row.done, row.remaining, row.on_time)
            for row in rows
        }
        self.assertEqual(
            found,
            {
                "kept": (1, 1, 0, 100),
                "late": (1, 1, 0, 0),
                "missed": (1, 0, 1, 0),
            },
        )

    def test_within_the_grace_nothing_is_decided_yet(self):
        self._rule(days=30, grace_days=20)
        self._touch(self.customer, days_ago(40))
        self._plan()
        row = self.env["partner.touchpoint.compliance"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual((row.planned, row.done), (1, 0))
        groups = row._read_group([("id", "in", row.ids)], [], ["on_time:avg"])
        self.assertFalse(groups[0][0])

    def test_a_person_skipping_counts_a_rule_overtaking_does_not(self):
        rule = self._rule(days=30)
        self._touch(self.customer, days_ago(40))
        self._plan()
        self._open().action_skip()
        rule.active = False
        self._plan()
        rows = self.env["partner.touchpoint.compliance"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(len(rows), 1)
        self.assertEqual((rows.on_time, rows.remaining), (0, 1))

    def test_the_headline_is_of_a_and_b_customers(self):
        self._rule(days=30)
        for name, code, touched in (("a1", "A", 1), ("a2", "A", 0), ("c", "C", 0)):
            customer = self._create_customer(name, user_id=self.rep.id)
            self._set_tier(customer, code)
            self._touch(customer, days_ago(40))
            self._plan()
            if touched:
                self._touch(customer, days_ago(10))
                self._plan()
        ((band, planned, done, of, touched),) = self.env[
            "partner.touchpoint.compliance"
        ]._read_group(
            [("band_id.code", "in", ["A", "B"])],
            ["band_id"],
            [
                "planned:sum",
                "done:sum",
                "partner_id:count_distinct",
                "touched_partner_id:count_distinct",
            ],
        )
        self.assertEqual((band.code, planned, done, of, touched), ("A", 2, 1, 2, 1))

    def test_decision_makers_met_and_reports_of_the_same_day(self):
        self._rule(days=30)
        cases = (("at once", 0, "decides"), ("next day", 1, "uses"), ("none", 0, None))
        for name, days, role in cases:
            customer = self._create_customer(name, user_id=self.rep.id)
            self._touch(customer, days_ago(40))
            self._plan()
            if not role:
                self._touch(customer, days_ago(3))
                continue
            report = self.env["crm.visit"].create(
                {
                    "partner_id": customer.id,
                    "user_id": self.rep.id,
                    "visit_type": "call",
                    "date": datetime.combine(days_ago(3), time(9)),
                    "contact_ids": [
                        Command.create({"partner_id": customer.id, "role": role})
                    ],
                    "outcome": "positive",
                }
            )
            report.action_done()
            report.closed_on = datetime.combine(days_ago(3 - days), time(17))
        self._plan()
        rows = self.env["partner.touchpoint.compliance"].search(
            [("state", "=", "done"), ("partner_id.user_id", "=", self.rep.id)]
        )
        found = {row.partner_id.name: (row.met_decider, row.same_day) for row in rows}
        self.assertEqual(
            found, {"at once": (1, 100), "next day": (0, 0), "none": (0, 0)}
        )
        (average,) = rows._read_group([("id", "in", rows.ids)], [], ["same_day:avg"])
        self.assertEqual(average[0], 50)

    def test_the_digest_counts_for_salespeople(self):
        self._set_tier(self.customer, "A")
        self._rule(days=30)
        self._touch(self.customer, days_ago(40))
        self._plan()
        digest = self.env["digest.digest"].create(
            {"name": "D", "company_id": self.company.id}
        )
        digest = digest.with_context(
            start_datetime=datetime.combine(days_ago(30), time.min),
            end_datetime=datetime.combine(TODAY, time.min),
        )
        self.assertEqual(digest.kpi_touches_due_value, 1)
        week = digest.with_context(
            start_datetime=datetime.combine(days_ago(7), time.min)
        )
        # due ten days ago, and still overdue this week
        self.assertEqual(week.kpi_overdue_best_value, 1)
        actions = digest._compute_kpis_actions(self.company, self.env.user)
        for name in ("touches_due", "touches_on_time", "overdue_best", "nobody"):
            action = self.env.ref(actions[f"kpi_{name}"].partition("?")[0])
            self.assertNotIn("search_default_mine", action.context)
        nobody = self._create_customer("Nobody's", user_id=False)
        self.rules.search([]).partner_domain = "[]"
        self._plan(partners=nobody)
        self.assertEqual(digest.kpi_nobody_value, 1)
        weekly = self.env.ref("crm_manufacturing.digest_customer_care")
        self.assertEqual((weekly.periodicity, weekly.kpi_nobody), ("weekly", True))
        self.assertIn(self.env.ref("base.user_admin"), weekly.user_ids)
        employee = self._create_user("digest_employee", "base.group_user")
        with self.assertRaises(AccessError):
            digest.with_user(employee)._compute_kpi_touches_due_value()


@tagged("post_install", "-at_install")
class TestActivation(TouchpointCase):
    """What a set of rules will ask for is shown before it starts."""

    def _wizard(self, rules, **values):
        return self.env["partner.cadence.activation"].create(
            {
                "rule_set": False,
                "rule_ids": [Command.set(rules.ids)],
                "company_id": self.company.id,
                **values,
            }
        )

    def test_the_load_per_person_and_week(self):
        customers = self.customer
        for number in range(29):
            customers |= self._create_customer(f"C{number}", user_id=self.rep.id)
        self.company.write({"call_minutes": 30, "visits_per_day": 4})
        self.company.resource_calendar_id.hours_per_week = 40
        rules = self._rule(days=7, active=False)
        rules |= self._rule(days=70, activity_type=self.visit, active=False)
        (line,) = self._wizard(rules).line_ids
        self.assertEqual((line.user_id, line.customers), (self.rep, 30))
        self.assertAlmostEqual(line.calls, 30)
        self.assertAlmostEqual(line.visits, 3)
        # 30 calls of half an hour and 3 visits of two hours
        self.assertAlmostEqual(line.hours, 21)
        self.assertEqual(line.available, 40)
        self.assertFalse(line.is_too_much)

    def test_too_much_is_said_and_not_refused(self):
        self.company.call_minutes = 480
        for number in range(9):
            self._create_customer(f"C{number}", user_id=self.rep.id)
        wizard = self._wizard(self._rule(days=7, active=False), go_live_date=TODAY)
        self.assertIn(self.rep.name, wizard.warning)
        self.company.call_minutes = 1
        calm = self._wizard(wizard.rule_ids, go_live_date=TODAY)
        self.assertIs(calm.warning, False)
        wizard.action_activate()
        self.assertEqual(wizard.rule_ids.go_live_date, TODAY)
        self.assertTrue(wizard.rule_ids.active)

    def test_a_set_starts_within_a_year(self):
        rules = self._rule(days=7, active=False)
        for day in ("2026-03-30", "9999-12-31"):
            with self.assertRaisesRegex(ValidationError, "Start On"):
                self._wizard(rules, go_live_date=day)

    def test_the_dialog_names_the_sets_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "partner.cadence"), ("value", "=", "monthly")]
        ).with_context(lang="zh_CN").name = "人人每月"
        wizard = self.env["partner.cadence.activation"].with_context(lang="zh_CN")
        sets = dict(wizard.fields_get(["rule_set"])["rule_set"]["selection"])
        self.assertEqual(sets["monthly"], "人人每月")

    def test_starting_a_set_switches_the_others_off(self):
        standard = self._rule(days=30, rule_set="standard")
        mine = self._rule(days=30)
        monthly = self._rule(days=30, rule_set="monthly", active=False)
        self._wizard(monthly, go_live_date=TODAY).action_activate()
        self.assertEqual(
            [rule.active for rule in (standard, mine, monthly)], [False, True, True]
        )

    def test_a_shared_rule_is_said_to_start_in_every_company(self):
        shared = self._rule(days=30, active=False)
        own = self._rule(days=30, active=False, company_id=self.company.id)
        self.env["res.company"].create({"name": "Sister"})
        count = self.env["res.company"].sudo().search_count([])
        notice = self._wizard(shared | own).notice
        self.assertIn(f"(1 of 2) start in all {count} companies", notice)
        self.assertFalse(self._wizard(own).notice)

    def test_rules_of_another_company_are_left_alone(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        theirs = self._rule(days=30, rule_set="standard", company_id=sister.id)
        off = theirs.copy({"rule_set": "monthly", "active": False})
        both = self.env["partner.cadence.activation"].with_context(
            allowed_company_ids=[self.company.id, sister.id]
        )
        wizard = both.create({"rule_set": "monthly", "company_id": self.company.id})
        self.assertNotIn(off, wizard.rule_ids)
        wizard.go_live_date = TODAY
        wizard.action_activate()
        self.assertTrue(theirs.active)
        self.assertFalse(off.active)

    def test_the_shipped_monthly_set_is_off_and_opens_in_the_dialog(self):
        rules = self.rules.with_context(active_test=False)
        self.assertFalse(
            rules.search([("rule_set", "=", "monthly")]).filtered("active")
        )
        wizard = self.env["partner.cadence.activation"].create(
            {"rule_set": "monthly", "company_id": self.company.id}
        )
        self.assertEqual(set(wizard.rule_ids.mapped("rule_set")), {"monthly"})


@tagged("post_install", "-at_install")
class TestCadencePerformance(TouchpointCase):
    """As many queries for 200 customers as for 10; contacts are never written."""

    def _make(self, count):
        return self.env["res.partner"].create(
            [
                {"name": f"P{n}", "is_company": True, "user_id": self.rep.id}
                for n in range(count)
            ]
        )

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before, result

    def test_a_run_takes_as_many_queries_for_200_as_for_10(self):
        self._rule(days=30)
        self._make(10)
        self._plan()
        self._make(1)
        few, _ran = self._count(self._plan)
        self._make(190)
        many, _ran = self._count(self._plan)
        self.assertEqual(many, few)
        self.assertLessEqual(many, 20)

    def test_contacts_are_not_written(self):
        self._rule(days=30)
        self._make(3)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT MAX(write_date), SUM(xmin::text::int8) FROM res_partner"
        )
        before = self.env.cr.fetchone()
        self._plan()
        self.env.cr.execute(
            "SELECT MAX(write_date), SUM(xmin::text::int8) FROM res_partner"
        )
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_an_activity_costs_at_most_1_2_queries(self):
        self.company.touchpoint_activity_max = 1000
        self._rule(days=1)
        self._make(100)
        self._plan(TODAY - timedelta(days=3))
        self._plan()
        queries, made = self._count(self._create)
        self.assertGreaterEqual(len(made), 100)
        self.assertLessEqual(queries / len(made), 1.2)

    def test_the_partner_list_takes_no_query_of_ours(self):
        view = self.env["res.partner"].get_view(view_type="list")
        for name in ("next_touch_date", "last_touch_date", "deputy_user_id"):
            self.assertNotIn(name, view["arch"])
