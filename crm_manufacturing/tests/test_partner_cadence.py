from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from .common import TODAY
from .common_cadence import CadenceCase


def days_ago(days):
    return TODAY - timedelta(days=days)


@tagged("post_install", "-at_install")
class TestCadenceClock(CadenceCase):
    """Clocks run from the last touch; the first rule that fits a customer wins."""

    def test_a_call_is_due_its_interval_after_the_last(self):
        rule = self._rule(days=30)
        self._touch(self.customer, days_ago(10))
        self._plan()
        point = self._open()
        self.assertEqual(point.cadence_id, rule)
        self.assertEqual(point.due_date, days_ago(10) + timedelta(days=30))
        self.assertEqual(point.anchor_date, days_ago(10))
        self.assertEqual(point.user_id, self.rep)
        self.assertEqual(point.state, "scheduled")

    def test_who_was_never_touched_is_not_forgotten(self):
        self._rule(days=30)
        self._plan()
        point = self._open()
        # the contact is younger than the frozen day, which then stands for it
        self.assertEqual(point.due_date, TODAY + timedelta(days=30))
        self.assertFalse(point.anchor_date)

    def test_an_addon_may_extend_the_last_contact(self):
        other = self._create_customer("Luxor Fans", user_id=self.rep.id)
        self._rule(days=30)
        self._touch(self.customer, days_ago(10))
        cadence = self.registry["partner.cadence"]
        own = cadence._anchor_last_contact

        def with_a_letter(rules, company, today):
            return SQL(
                "%s UNION ALL SELECT %s, %s::date, NULL, NULL, NULL::int",
                own(rules, company, today),
                self.customer.id,
                days_ago(4),
            )

        with patch.object(cadence, "_anchor_last_contact", with_a_letter):
            self._plan()
        point = self._open(self.customer)
        self.assertEqual(point.anchor_date, days_ago(4))
        self.assertEqual(point.due_date, days_ago(4) + timedelta(days=30))
        self.assertFalse(self._open(other).anchor_date)

    def test_state_follows_the_day_of_the_run(self):
        self._rule(days=30, grace_days=3, lead_days=7)
        self._touch(self.customer, days_ago(10))
        due = TODAY + timedelta(days=20)
        for days, state in (
            (-8, "scheduled"),
            (-7, "soon"),
            (-1, "soon"),
            (0, "due"),
            (3, "due"),
            (4, "overdue"),
        ):
            self._plan(due + timedelta(days=days))
            self.assertEqual(self._open().state, state, days)
            self.assertEqual(self._open().is_late, state == "overdue")

    def test_dates_to_count_from_are_such_that_people_know(self):
        dates = dict(self.rules._selection_date_field())
        self.assertIn("res.partner,contract_end_date", dates)
        self.assertIn("crm.lead,date_deadline", dates)
        for name in ("write_date", "calendar_last_notif_ack", "touch_exempt_until"):
            self.assertNotIn(f"res.partner,{name}", dates)

    def test_months_are_counted_from_the_anchor_never_chained(self):
        rule = self._rule("date_field", date_field="sale.order,date_order")
        rule.write({"interval_number": 1, "interval_type": "months"})
        self._order(self.customer, date(2026, 1, 31))
        seen = []
        for today in (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)):
            self._plan(today)
            point = self._open()
            seen.append(point.due_date)
            self._touch(self.customer, max(point.due_date, today))
            self._plan(max(point.due_date, today))
        self.assertEqual(
            seen, [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
        )

    def test_a_leap_day_yearly_is_28_february(self):
        rule = self._rule(days=1, interval_type="years")
        self._touch(self.customer, date(2024, 2, 29))
        self._plan(date(2024, 12, 1))
        self.assertEqual(self._open(rule=rule).due_date, date(2025, 2, 28))

    def test_the_first_rule_by_sequence_wins_per_activity_type(self):
        second = self._rule(days=90, sequence=2)
        first = self._rule(days=30, sequence=1)
        visit = self._rule(days=180, sequence=3, activity_type=self.visit)
        self._plan()
        self.assertEqual(self._open().cadence_id, first | visit)
        # also when only some of the rules are run
        self._plan(rules=second)
        self.assertEqual(self._open().cadence_id, first | visit)

    def test_clocks_of_a_type_count_each_from_its_own(self):
        other = self._create_customer("Luxor Fans", user_id=self.rep.id)
        domain = f"[('id', '=', {self.customer.id})]"
        orders = self._rule("last_order", days=10, partner_domain=domain)
        contacts = self._rule(days=30, sequence=2)
        for customer in self.customer | other:
            self._touch(customer, days_ago(9))
            self._order(customer, days_ago(8))
        self._plan()
        for customer, rule, day in (
            (self.customer, orders, TODAY + timedelta(days=2)),
            (other, contacts, TODAY + timedelta(days=21)),
        ):
            point = self._open(customer)
            self.assertEqual((point.cadence_id, point.due_date), (rule, day))

    def test_bands_of_another_card_are_tiers_as_well(self):
        card = self.card.copy({"name": "Second"})
        band = card.band_ids.filtered(lambda band: band.code == "A")
        self._rule(days=30, band_ids=band.ids)
        self._plan()
        self.assertFalse(self._open())
        self.env["partner.score"].create(
            {
                "partner_id": self.customer.id,
                "scorecard_id": card.id,
                "company_id": self.company.id,
                "date": TODAY,
                "band_id": band.id,
                "is_current": True,
            }
        )
        self._plan()
        self.assertTrue(self._open())

    def test_a_tier_change_plans_anew_and_keeps_the_clock(self):
        bands = {band.code: band for band in self.card.band_ids}
        a_rule = self._rule(days=30, band_ids=bands["A"].ids)
        b_rule = self._rule(days=90, band_ids=bands["B"].ids, sequence=2)
        self._set_tier(self.customer, "B")
        self._touch(self.customer, days_ago(20))
        self._plan()
        old = self._open()
        self.assertEqual(old.cadence_id, b_rule)
        self._set_tier(self.customer, "A")
        self._plan()
        self.assertEqual(self._open().cadence_id, a_rule)
        self.assertEqual(self._open().due_date, days_ago(20) + timedelta(days=30))
        self.assertEqual((old.state, old.skip_reason), ("skipped", "overtaken"))
        self.assertEqual(self._open().band_id, bands["A"])

    def test_a_rule_switched_off_and_on_does_not_reset_the_due_date(self):
        rule = self._rule(days=30)
        self._touch(self.customer, days_ago(25))
        self._plan()
        due = self._open().due_date
        rule.active = False
        self._plan()
        self.assertFalse(self._open())
        rule.active = True
        self._plan(TODAY + timedelta(days=3))
        self.assertEqual(self._open().due_date, due)

    def test_a_customer_who_is_lost_stops(self):
        self._rule(days=30)
        self._plan()
        point = self._open()
        self.env["partner.stage"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "stage": "lost",
                "since": TODAY,
            }
        )
        self._plan()
        self.assertEqual((point.state, point.skip_reason), ("skipped", "stopped"))
        self.assertFalse(self._open())

    def test_who_is_exempted_gets_no_touch_until_the_day(self):
        self._rule(days=30)
        self.customer.write(
            {
                "touch_exempt": True,
                "touch_exempt_reason": "Merger talks",
                "touch_exempt_until": TODAY,
            }
        )
        self._plan()
        self.assertFalse(self._open())
        self._plan(TODAY + timedelta(days=1))
        self.assertTrue(self._open())

    def test_nothing_is_written_when_nothing_changed(self):
        self._rule(days=30)
        self._touch(self.customer, days_ago(10))
        self._plan()
        self.env.cr.execute("SELECT xmin FROM partner_touchpoint ORDER BY id")
        before = self.env.cr.fetchall()
        self._plan()
        self.env.cr.execute("SELECT xmin FROM partner_touchpoint ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)
        self.env.cr.execute("SELECT COUNT(*), MIN(write_date) FROM partner_touchpoint")

    def test_a_rule_with_no_matching_partner_is_fine(self):
        self._rule(days=30, partner_domain="[('name', '=', 'nobody')]")
        self.assertTrue(self._plan())
        self.assertFalse(self._open())

    def test_the_last_order_starts_a_clock_once_per_order(self):
        rule = self._rule("last_order", offset_number=60)
        self._plan()
        self.assertFalse(self._open())
        self._order(self.customer, days_ago(50))
        self._plan()
        self.assertEqual(self._open().due_date, days_ago(50) + timedelta(days=60))
        self._touch(self.customer, TODAY + timedelta(days=9))
        self._plan(TODAY + timedelta(days=9))
        self.assertFalse(self._open())
        self.assertEqual(self._points(state="done").cadence_id, rule)
        self._order(self.customer, TODAY + timedelta(days=20))
        self._plan(TODAY + timedelta(days=20))
        self.assertEqual(self._open().due_date, TODAY + timedelta(days=80))

    def test_customer_since_is_the_first_order_or_invoice(self):
        self._rule("customer_since", days=1, interval_type="years")
        self._invoice(self.customer, 10, date(2025, 6, 15))
        self._order(self.customer, date(2025, 7, 1))
        self._plan()
        self.assertEqual(self._open().due_date, date(2026, 6, 15))

    def test_after_done_stop_leaves_the_customer_alone(self):
        self._rule(days=30, after_done="stop")
        self._plan()
        self._touch(self.customer, TODAY)
        self._plan(TODAY + timedelta(days=1))
        self.assertFalse(self._open())
        self.assertEqual(len(self._points(state="done")), 1)


@tagged("post_install", "-at_install")
class TestCadenceTouch(CadenceCase):
    """What counts as a touch, for whom, and when it was."""

    def _done(self):
        return self._points(state="done")

    def test_a_done_call_closes_the_touchpoint_and_opens_the_next(self):
        self._rule(days=30, grace_days=2)
        self._touch(self.customer, days_ago(40))
        self._plan()
        self.assertEqual(self._open().state, "overdue")
        self._touch(self.customer, TODAY)
        self._plan()
        done = self._done()
        self.assertEqual((done.done_date, done.done_user_id), (TODAY, self.rep))
        self.assertFalse(done.on_time)
        self.assertEqual(self._open().due_date, TODAY + timedelta(days=30))

    def test_within_the_grace_is_on_time(self):
        self._rule(days=30, grace_days=10)
        self._touch(self.customer, days_ago(40))
        self._plan()
        self._touch(self.customer, TODAY)
        self._plan()
        self.assertTrue(self._done().on_time)

    def test_a_visit_satisfies_the_call_but_no_call_the_visit(self):
        call = self._rule(days=30)
        visit = self._rule(days=180, activity_type=self.visit)
        senior = self._rule(days=365, activity_type=self.senior)
        self._touch(self.customer, days_ago(100), self.senior)
        self._plan()
        self._touch(self.customer, days_ago(1), self.visit)
        self._plan()
        self.assertEqual(self._done().cadence_id, call | visit)
        self.assertEqual(self._open(rule=senior).anchor_date, days_ago(100))
        self._touch(self.customer, TODAY)
        self._plan()
        self.assertEqual(self._open(rule=visit).anchor_date, days_ago(1))

    def test_contacts_leads_and_orders_count_for_the_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Layla", "parent_id": self.customer.id}
        )
        lead = self.env["crm.lead"].create({"name": "Fans", "partner_id": contact.id})
        order = self.env["sale.order"].create({"partner_id": contact.id})
        self._rule(days=30)
        for days, record in ((30, contact), (20, lead), (10, order)):
            self._touch(record, days_ago(days))
            self._plan()
            self.assertEqual(self._open().anchor_date, days_ago(days))

    def test_a_meeting_is_a_visit_once_it_is_over(self):
        rule = self._rule(days=30, activity_type=self.visit)
        self._touch(self.customer, days_ago(60), self.visit)
        self._meet(self.customer, TODAY)
        self._plan()
        self.assertEqual(self._open(rule=rule).state, "planned")
        self._plan(TODAY + timedelta(days=1))
        self.assertEqual(self._done().done_date, TODAY)
        self.assertEqual(self._done().done_user_id, self.rep)

    def test_a_cancelled_or_declined_meeting_is_none(self):
        self._rule(days=30, activity_type=self.visit)
        cancelled = self._meet(self.customer, days_ago(5))
        cancelled.active = False
        declined = self._meet(self.customer, days_ago(4))
        declined.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == self.customer
        ).state = "declined"
        self._plan()
        self.assertFalse(self._open().anchor_date)

    def test_a_video_meeting_is_a_call_unless_the_country_says_a_visit(self):
        self.customer.country_id = self.env.ref("base.eg")
        call = self._rule(days=30)
        visit = self._rule(days=180, activity_type=self.visit)
        self._meet(
            self.customer, days_ago(3), videocall_location="https://meet.example"
        )
        self._plan()
        self.assertEqual(self._open(rule=call).anchor_date, days_ago(3))
        self.assertFalse(self._open(rule=visit).anchor_date)
        self.customer.country_id.video_counts_as_visit = True
        self._plan()
        self.assertEqual(self._open(rule=visit).anchor_date, days_ago(3))

    def test_a_visit_closed_with_an_outcome_counts_and_not_reached_does_not(self):
        visit = self.env["crm.visit"].create(
            {
                "partner_id": self.customer.id,
                "date": f"{days_ago(2)} 09:00:00",
                "user_id": self.rep.id,
                "visit_type": "call",
                "company_id": self.company.id,
            }
        )
        self._rule(days=30)
        self._plan()
        self.assertFalse(self._open().anchor_date)
        visit.write({"state": "done", "outcome": "not_reached"})
        self._plan()
        self.assertFalse(self._open().anchor_date)
        visit.outcome = "positive"
        self._plan()
        self.assertEqual(self._open().anchor_date, days_ago(2))

    def test_sending_mail_and_other_activities_do_not_count(self):
        self._rule(days=30)
        self._touch(
            self.customer, days_ago(2), self.env.ref("mail.mail_activity_data_email")
        )
        self.customer.message_post(body="Our price list", message_type="email_outgoing")
        self._plan()
        self.assertFalse(self._open().anchor_date)

    def _reply(self, day):
        message = self.customer.message_post(
            body="Yes please", message_type="email", author_id=self.customer.id
        )
        message.date = f"{day} 09:00:00"

    def test_what_a_customer_writes_counts_every_second_time(self):
        self._rule(days=30)
        self._touch(self.customer, days_ago(60))
        self._reply(days_ago(40))
        self._reply(days_ago(20))
        self._plan()
        self.assertEqual(self._open().anchor_date, days_ago(40))
        self._touch(self.customer, days_ago(10))
        self._reply(days_ago(5))
        self._plan()
        self.assertEqual(self._open().anchor_date, days_ago(5))

    def test_a_chat_counts_when_logged_with_an_outcome(self):
        chat = self.env.ref("crm_manufacturing.activity_chat")
        self._rule(days=30)
        activity = self._touch(self.customer, days_ago(5), chat)
        self._plan()
        self.assertFalse(self._open().anchor_date)
        activity.feedback = "Wants a quotation for 200"
        self._plan()
        self.assertEqual(self._open().anchor_date, days_ago(5))

    def test_a_touch_is_credited_to_who_did_it(self):
        colleague = self._create_user(
            "cadence_colleague", "sales_team.group_sale_salesman_all_leads"
        )
        self._rule(days=30)
        self._plan()
        activity = self.env["mail.activity"].create(
            {
                "activity_type_id": self.call.id,
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.customer.id,
                "user_id": self.rep.id,
            }
        )
        activity.with_user(colleague).action_done()
        self.env.flush_all()
        self._plan(activity.date_done)
        self.assertEqual(self._done().done_user_id, colleague)

    def test_a_user_of_another_company_touches_for_his_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user(
            "stranger",
            "sales_team.group_sale_salesman",
            company_id=other.id,
            company_ids=other.ids,
        )
        self._rule(days=30)
        self._touch(self.customer, days_ago(3), user=stranger)
        self._plan()
        self.assertFalse(self._open().anchor_date)

    def test_doing_an_activity_plans_anew_within_the_minute(self):
        self._rule(days=30)
        self._plan()
        self.env["partner.score.dirty"].search([]).unlink()
        self._touch(self.customer, days_ago(1))
        marked = self.env["partner.score.dirty"].search([])
        self.assertIn(self.customer, marked.partner_id)
        self.env["partner.score.dirty"]._judge(
            self.env["partner.scorecard"], self.company, marked.partner_id
        )
        self.assertEqual(self._open().anchor_date, days_ago(1))


@tagged("post_install", "-at_install")
class TestCadenceGoLive(CadenceCase):
    """The backlog is spread from the day of activation, best tier first."""

    def test_first_due_dates_are_spread_best_tier_first(self):
        customers = self.customer
        for number in range(9):
            customers |= self._create_customer(f"C{number}", user_id=self.rep.id)
        best = customers[-1]
        self._set_tier(best, "A")
        self._rule(days=30, go_live_date=TODAY)
        self._plan()
        points = self.env["partner.touchpoint"].search(
            [("partner_id", "in", customers.ids)]
        )
        self.assertEqual(
            sorted(points.mapped("due_date")),
            [TODAY + timedelta(days=3 * place) for place in range(10)],
        )
        self.assertEqual(self._open(best).due_date, TODAY)
        before = {point: point.due_date for point in points}
        self._touch(self.customer, TODAY)
        self._plan(TODAY + timedelta(days=1))
        for point in points - self._points(self.customer):
            self.assertEqual(point.due_date, before[point])

    def test_nothing_is_due_before_the_start(self):
        self._rule(days=30, go_live_date=TODAY + timedelta(days=10))
        self._touch(self.customer, days_ago(300))
        self._plan()
        self.assertEqual(self._open().due_date, TODAY + timedelta(days=10))

    def test_who_is_due_later_anyway_keeps_his_day(self):
        self._rule(days=30, go_live_date=TODAY)
        self._touch(self.customer, days_ago(5))
        self._plan()
        self.assertEqual(self._open().due_date, TODAY + timedelta(days=25))

    def test_events_before_the_start_are_not_brought_up(self):
        self._rule("each_delivery", offset_number=3, go_live_date=TODAY)
        self._deliver(self.customer, days_ago(20))
        self._deliver(self.customer, days_ago(1))
        self._plan()
        self.assertEqual(self._open().due_date, TODAY + timedelta(days=2))
