from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import Form, tagged

from .common_cadence import CadenceCase
from .common_visit import NOON


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestCrmVisitTouchpoint(CadenceCase):
    """A visit is made from a touchpoint and closes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOON):
            cls.rule = cls._rule(days=30)
            cls._touch(cls.customer, fields.Date.to_date("2026-02-20"))
            cls._plan()

    def _report(self, point, **values):
        action = point.action_open_visit()
        form = Form(self.env["crm.visit"].with_context(**action["context"]))
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_the_report_knows_what_the_touchpoint_asks_for(self):
        point = self._open()
        visit = self._report(point)
        self.assertEqual(visit.partner_id, self.customer)
        self.assertEqual((visit.visit_type, visit.purpose), ("call", self.rule.name))
        self.assertEqual(point.visit_id, visit)
        self.assertEqual(point.action_open_visit()["res_id"], visit.id)

    def test_closing_the_visit_closes_the_touchpoint_and_opens_the_next(self):
        point = self._open()
        self._report(point, outcome="positive").action_done()
        self.assertEqual((point.state, point.done_date), ("done", self.today))
        self.assertFalse(point.on_time)
        following = self._open()
        self.assertEqual(following.due_date, self.today + timedelta(days=30))

    def test_a_logged_call_closes_what_was_due(self):
        point = self._open()
        action = point.action_log_call()
        form = Form(self.env["crm.visit.quick.log"].with_context(**action["context"]))
        form.save().action_log()
        self.assertEqual(point.state, "done")
        self.assertEqual(point.visit_id.state, "done")

    def test_not_reached_is_an_attempt_tried_again_in_two_days(self):
        point = self._open()
        self._report(point).action_not_reached()
        self.assertTrue(point.is_open)
        self.assertEqual(point.attempt_count, 1)
        self.assertEqual(point.retry_date, self.today + timedelta(days=2))

    def test_not_reached_without_a_touchpoint_counts_on_the_call_that_is_due(self):
        visit = self.env["crm.visit"].create(
            {"partner_id": self.customer.id, "visit_type": "call"}
        )
        visit.action_not_reached()
        self.assertEqual(self._open().attempt_count, 1)

    def test_a_visit_also_counts_as_the_call(self):
        point = self._open()
        visit = self.env["crm.visit"].create(
            {
                "partner_id": self.customer.id,
                "visit_type": "visit",
                "outcome": "neutral",
                "state": "done",
            }
        )
        self.assertTrue(visit.closed_on)
        self.assertEqual(point.state, "done")

    def test_two_closing_one_touchpoint_make_one_done_row(self):
        point = self._open()
        first = self._report(point, outcome="neutral")
        first.action_done()
        first.action_done()
        self.assertEqual(len(self._points(state="done")), 1)
        self.assertEqual(len(self._open()), 1)

    def test_a_salesperson_closes_his_touchpoint_by_a_visit(self):
        point = self._open().with_user(self.rep)
        visit = self._report(point, outcome="neutral")
        visit.with_user(self.rep).action_done()
        self.assertEqual(point.state, "done")

    def test_a_trip_is_planned_from_what_is_due(self):
        action = self._open().action_plan_trip()
        trip = self.env["crm.visit.trip"].browse(action["res_id"])
        self.assertEqual(trip.line_ids.partner_id, self.customer)
        trip.action_plan()
        self.assertEqual(self._open().state, "planned")

    def test_a_report_begun_shows_as_planned_at_once(self):
        point = self._open()
        self._report(point)
        self.assertEqual(point.state, "planned")

    def _due_visit(self):
        rule = self._rule(days=10, activity_type=self.visit, name="Visit")
        self._plan()
        return self._open(rule=rule)

    def test_a_call_logged_on_a_visit_leaves_the_visit_due(self):
        call, visit = self._open(), self._due_visit()
        action = visit.action_log_call()
        form = Form(self.env["crm.visit.quick.log"].with_context(**action["context"]))
        form.save().action_log()
        self.assertEqual((call.state, visit.is_open), ("done", True))
        self.assertFalse(visit.visit_id)

    def test_a_video_meeting_is_a_visit_where_the_country_says_so(self):
        self.customer.country_id = self.env.ref("base.eg")
        visit = self._due_visit()
        for counts in (False, True):
            self.customer.country_id.video_counts_as_visit = counts
            self._report(visit, visit_type="video", outcome="neutral").action_done()
            self.assertEqual(visit.is_open, not counts)

    def test_a_meeting_booked_for_a_call_is_reported_as_one(self):
        visits = self.env["crm.visit"]
        for point, kind in ((self._open(), "call"), (self._due_visit(), "visit")):
            event = self._meet(self.customer, self.today)
            point.event_id = event
            values = visits._prepare_from_event(event)
            self.assertEqual(values["visit_type"], kind)

    def test_two_touches_of_a_colleague_on_a_day_are_one(self):
        self._touch(self.customer, self.today)
        self.env["crm.visit"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.rep.id,
                "outcome": "neutral",
                "state": "done",
            }
        )
        figures = self.env["crm.visit"]._get_relationships(self.customer)
        shares = {s["name"]: s for s in figures[self.customer.id]["shares"]}
        self.assertEqual(figures[self.customer.id]["touches"], 2)
        self.assertEqual(shares[self.rep.name]["percent"], 100)
