from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_visit import NOON, VisitCase


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestCrmVisit(VisitCase):
    """A visit is planned, then done with an outcome, or cancelled."""

    def test_a_visit_needs_an_outcome_to_be_closed(self):
        visit = self._visit(state="planned", outcome=False)
        with self.assert_refused("Outcome"):
            visit.action_done()
        visit.outcome = "neutral"
        visit.action_done()
        self.assertEqual(visit.state, "done")
        self.assertEqual(visit.closed_on, NOON)

    def test_not_reached_closes_as_an_attempt(self):
        visit = self._visit(state="planned", outcome=False)
        visit.action_not_reached()
        self.assertEqual((visit.state, visit.outcome), ("done", "not_reached"))

    def test_a_visit_is_not_closed_before_its_day(self):
        visit = self._visit(state="planned", date=NOON + timedelta(days=1))
        with self.assert_refused("before that day"):
            visit.action_done()

    def test_the_day_is_the_companys(self):
        self.company.partner_id.tz = "Asia/Hong_Kong"
        late = self._visit(date=datetime(2026, 1, 31, 17, 30))
        self.assertEqual(late.day, fields.Date.to_date("2026-02-01"))

    def test_bad_figures_get_a_sentence(self):
        for values, words in (
            ({"duration": 0}, "Hours"),
            ({"duration": 25}, "Hours"),
            ({"next_step_date": "2026-04-01"}, "Next Step"),
            ({"next_step": "Call", "next_step_date": "2026-03-30"}, "Next Step By"),
            ({"partner_id": self.company.partner_id.id}, "own companies"),
        ):
            with self.assert_refused(words):
                self._visit(**values)

    def test_the_next_step_becomes_an_activity_once(self):
        visit = self._visit(
            state="planned", next_step="Send price list", next_step_date="2026-04-03"
        )
        self.assertFalse(visit.activity_ids)
        visit.action_done()
        visit.state = "done"
        self.assertEqual(visit.activity_ids.mapped("summary"), ["Send price list"])
        self.assertEqual(visit.activity_ids.user_id, self.rep)
        self.assertEqual(str(visit.activity_ids.date_deadline), "2026-04-03")

    def test_a_next_step_without_a_date_is_due_in_a_week(self):
        visit = self._visit(next_step="Send price list")
        self.assertEqual(str(visit.activity_ids.date_deadline), "2026-04-07")

    def test_the_next_step_becomes_a_lead_once(self):
        visit = self._visit(
            state="planned", next_step="Hotel in Doha", next_step_kind="lead"
        )
        visit.action_done()
        lead = visit.next_lead_id
        self.assertEqual((lead.name, lead.partner_id), ("Hotel in Doha", self.customer))
        self.assertEqual(lead.user_id, self.rep)
        visit.action_reopen()
        visit.action_done()
        self.assertEqual(visit.next_lead_id, lead)
        self.assertEqual(visit.action_create_lead()["res_id"], lead.id)

    def test_a_person_is_met_once(self):
        line = {"partner_id": self.buyer.id}
        with self.assert_refused("listed twice"):
            self._visit(contact_ids=[Command.create(line), Command.create(line)])

    def test_the_people_of_the_customer_are_offered_first(self):
        self.env["res.partner"].create({"name": "Aaron, consultant"})
        names = self.env["res.partner"].with_context(met_at_partner_id=self.customer.id)
        found = names.name_search("", [("is_company", "=", False)], limit=8)
        self.assertEqual(found[0][0], self.buyer.id)
        self.assertEqual(len(found), len(dict(found)))
        self.assertGreater(len(found), 1)

    def test_the_role_of_a_person_is_kept_per_customer(self):
        met = {"partner_id": self.buyer.id, "role": "decides"}
        first = self._visit(contact_ids=[Command.create(met)])
        self.assertTrue(first.met_decider)
        line = [Command.create({"partner_id": self.buyer.id})]
        again = self._visit(contact_ids=line)
        self.assertEqual(again.contact_ids.role, "decides")
        elsewhere = self._visit(self.other, contact_ids=line)
        self.assertFalse(elsewhere.contact_ids.role)
        roles = self.env["crm.visit.contact"]._get_roles(self.customer)
        self.assertEqual(roles, {(self.customer.id, self.buyer.id): "decides"})

    def test_a_role_noted_later_replaces_the_one_before(self):
        for role in ("influences", "blocks"):
            met = {"partner_id": self.buyer.id, "role": role}
            self._visit(contact_ids=[Command.create(met)])
        roles = self.env["crm.visit.contact"]._get_roles(self.customer)
        self.assertEqual(roles, {(self.customer.id, self.buyer.id): "blocks"})

    def test_a_meeting_has_one_report(self):
        event = self.env["calendar.event"].create(
            {"name": "Season", "start": NOON, "stop": NOON + timedelta(hours=2)}
        )
        self._visit(event_id=event.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._visit(event_id=event.id)

    def test_a_visit_and_its_meeting_move_together(self):
        visit = self._visit(state="planned", date=NOON, duration=2)
        visit.action_add_to_calendar()
        event = visit.event_id
        self.assertEqual((event.start, event.duration), (NOON, 2))
        event.write(
            {"start": NOON + timedelta(days=2), "stop": NOON + timedelta(days=2.5)}
        )
        self.assertEqual(visit.date, NOON + timedelta(days=2))
        visit.date = NOON + timedelta(days=3)
        self.assertEqual(event.start, NOON + timedelta(days=3))
        self.assertEqual(event.stop, NOON + timedelta(days=3, hours=2))

    def test_the_report_of_a_meeting_knows_what_the_meeting_knows(self):
        lead = self.env["crm.lead"].create(
            {"name": "Hotel", "type": "opportunity", "partner_id": self.customer.id}
        )
        event = self.env["calendar.event"].create(
            {
                "name": "Season order",
                "start": NOON,
                "stop": NOON + timedelta(hours=2),
                "user_id": self.rep.id,
                "opportunity_id": lead.id,
                "partner_ids": [Command.set((self.buyer | self.rep.partner_id).ids)],
            }
        )
        form = Form(
            self.env["crm.visit"].with_context(**event.action_open_visit()["context"])
        )
        visit = form.save()
        self.assertEqual(visit.partner_id, self.customer)
        self.assertEqual(visit.contact_ids.partner_id, self.buyer)
        self.assertEqual((visit.lead_id, visit.user_id), (lead, self.rep))
        self.assertEqual((visit.date, visit.duration), (NOON, 2))
        self.assertEqual(event.action_open_visit()["res_id"], visit.id)

    def test_directions_lead_to_the_address(self):
        self.customer.write({"street": "1 Harbour Rd", "city": "Dubai"})
        visit = self._visit()
        self.assertIn("destination=1+Harbour+Rd%2C+Dubai", visit.map_url)
        self.assertFalse(self._visit(self.other).map_url)

    def test_lead_and_customer_open_their_visits(self):
        lead = self.env["crm.lead"].create(
            {"name": "Hotel", "partner_id": self.customer.id}
        )
        visit = self._visit(self.buyer, lead_id=lead.id)
        self._visit(self.other)
        for action in (self.customer.action_open_visits(), lead.action_open_visits()):
            found = self.env["crm.visit"].search(action["domain"])
            self.assertEqual(found, visit)
        self.assertEqual(lead.visit_count, 1)


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestCrmVisitQuickLog(VisitCase):
    """One call in one dialog."""

    def _log(self, action, **values):
        form = Form(
            self.env["crm.visit.quick.log"].with_context(**action["context"]),
        )
        for name, value in values.items():
            form[name] = value
        form.save().action_log()
        return self.env["crm.visit"].search([], order="id desc", limit=1)

    def test_outcome_and_next_step_are_enough(self):
        visit = self._log(
            self.customer.action_log_call(), outcome="order", next_step="Send pro forma"
        )
        self.assertEqual(visit.partner_id, self.customer)
        self.assertEqual(
            (visit.visit_type, visit.state, visit.outcome), ("call", "done", "order")
        )
        self.assertEqual(visit.activity_ids.summary, "Send pro forma")

    def test_a_call_with_a_person_notes_the_person(self):
        visit = self._log(self.buyer.action_log_call())
        self.assertEqual(visit.commercial_partner_id, self.customer)
        self.assertEqual(visit.contact_ids.partner_id, self.buyer)

    def test_a_call_from_a_lead_belongs_to_it(self):
        lead = self.env["crm.lead"].create(
            {"name": "Hotel", "partner_id": self.customer.id}
        )
        visit = self._log(lead.action_log_call(), next_step="Visit in May")
        self.assertEqual(visit.lead_id, lead)
        self.assertEqual(lead.activity_ids.summary, "Visit in May")

    def test_one_call_has_one_customer(self):
        for partners in (self.customer | self.other, self.customer.browse()):
            with self.assert_refused("one customer"):
                partners.action_log_call()


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestCrmVisitTrip(VisitCase):
    """A day of visits from a list of customers."""

    def _trip(self, partners, **values):
        action = partners.action_plan_trip()
        trip = self.env["crm.visit.trip"].browse(action["res_id"])
        trip.write({"user_id": self.rep.id, **values})
        return trip

    def test_visits_follow_one_another_with_meetings(self):
        self.rep.tz = "Asia/Dubai"
        trip = self._trip(
            self.other | self.customer,
            day="2026-04-02",
            start_hour=9,
            duration=1.5,
            travel=0.5,
        )
        self.assertEqual(trip.end_hour, 12.5)
        visits = self.env["crm.visit"].search(trip.action_plan()["domain"])
        visits = visits.sorted("date")
        self.assertEqual(visits.partner_id, self.other | self.customer)
        self.assertEqual(
            visits.mapped("date"),
            [datetime(2026, 4, 2, 5, 0), datetime(2026, 4, 2, 7, 0)],
        )
        self.assertEqual(visits.event_id.mapped("duration"), [1.5, 1.5])
        self.assertEqual(visits.event_id.user_id, self.rep)

    def test_what_does_not_fit_is_refused_with_a_sentence(self):
        partners = self.customer | self.other
        for values, words in (
            ({"start_hour": 23, "duration": 1}, "do not fit"),
            ({"day": "2026-03-30"}, "today or later"),
            ({"line_ids": [Command.clear()]}, "at least one"),
        ):
            with self.assert_refused(words):
                self._trip(partners, **values).action_plan()
        for values in ({"start_hour": 24}, {"start_hour": -1}, {"duration": 0}):
            with self.assertRaises(ValidationError):
                self._trip(partners, **values)
        with self.assert_refused("at least one"):
            self.customer.browse().action_plan_trip()


@tagged("post_install", "-at_install")
@freeze_time(NOON)
class TestCrmVisitAccess(VisitCase):
    """Own visits and customers, the team's for its leader, all for who sees all."""

    def _visible(self, model, user):
        return self.env[model].with_user(user).search([])

    def test_own_visits_and_own_customers(self):
        mine = self._visit()
        theirs = self._visit(self.other, user_id=self.rep2.id)
        for_me = self._visit(self.customer, user_id=self.rep2.id)
        self.assertEqual(self._visible("crm.visit", self.rep), mine | for_me)
        self.assertEqual(self._visible("crm.visit", self.rep2), theirs | for_me)
        both = mine | theirs | for_me
        self.assertLessEqual(both, self._visible("crm.visit", self.rep_all))

    def test_a_team_leader_sees_the_visits_of_the_team(self):
        leader = self._create_user("visit_leader", "sales_team.group_sale_salesman")
        team = self.env["crm.team"].create(
            {"name": "Gulf", "user_id": leader.id, "company_id": self.company.id}
        )
        self.env["crm.team.member"].create(
            {"crm_team_id": team.id, "user_id": self.rep.id}
        )
        visit = self._visit(note_ids=[Command.create({"topic": "need", "text": "x"})])
        self._visit(self.other, user_id=self.rep2.id)
        self.assertEqual(self._visible("crm.visit", leader), visit)
        self.assertEqual(self._visible("crm.visit.note", leader), visit.note_ids)

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        outsider = self._create_user(
            "visit_outsider",
            "sales_team.group_sale_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        visit = self._visit()
        self._note("competitor", visit=visit)
        for model in ("crm.visit", "crm.visit.note", "crm.visit.contact"):
            records = self.env[model].with_user(outsider)
            records = records.with_context(allowed_company_ids=company.ids)
            self.assertFalse(records.search([]))

    def test_competitor_notes_are_for_own_customers_and_who_sees_all(self):
        competitor = self.env["crm.competitor"].create({"name": "Cheap Fans"})
        notes = self.env["crm.competitor.note"].create(
            [
                {
                    "competitor_id": competitor.id,
                    "partner_id": partner.id,
                    "price": 40,
                    "weakness": "Noisy",
                }
                for partner in (self.customer, self.other)
            ]
        )
        self.assertEqual(self._visible("crm.competitor.note", self.rep), notes[0])
        self.assertEqual(self._visible("crm.competitor.note", self.rep2), notes[1])
        for user in (self.rep_all, self.manager):
            self.assertLessEqual(notes, self._visible("crm.competitor.note", user))
        for group in (
            "base.group_user",
            "mrp.group_mrp_user",
            "purchase.group_purchase_user",
            "base.group_portal",
        ):
            user = self._create_user(f"visit_{group[:4]}{group[-8:]}", group)
            for model in ("crm.competitor", "crm.competitor.note"):
                with self.assertRaises(AccessError):
                    self._visible(model, user)
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).name_search("Cheap")

    def test_competitor_notes_leave_no_trace_in_the_customers_chatter(self):
        competitor = self.env["crm.competitor"].create({"name": "Cheap Fans"})
        before = self.customer.message_ids
        note = self._note("competitor", "Noisy", competitor_id=competitor.id)
        note.action_open_competitor_note()
        self.assertEqual(self.customer.message_ids, before)
        self.assertFalse(
            note.visit_id.message_ids.filtered(lambda m: "Noisy" in (m.body or ""))
        )

    def test_strengths_of_a_competitor_are_for_who_sees_all(self):
        competitor = self.env["crm.competitor"].create(
            {"name": "Cheap Fans", "weakness": "Service"}
        )
        with self.assertRaises(AccessError):
            competitor.with_user(self.rep).read(["weakness"])
        self.assertEqual(competitor.with_user(self.rep_all).weakness, "Service")

    def test_a_salesperson_reports_as_himself(self):
        visit = (
            self.env["crm.visit"]
            .with_user(self.rep)
            .create({"partner_id": self.customer.id, "outcome": "positive"})
        )
        self.env["crm.visit.note"].with_user(self.rep).create(
            {
                "visit_id": visit.id,
                "topic": "budget",
                "text": "Wants 2 containers",
                "amount": 90000,
            }
        )
        visit.action_done()
        self.assertEqual(visit.state, "done")
        self.assertEqual(visit.note_ids.potential_id.value, 90000)

    def test_the_moment_of_the_report_is_not_chosen(self):
        visit = self._visit().with_user(self.rep)
        self.assertEqual(visit.closed_on, NOON)
        for values in ({"closed_on": "2026-03-01"}, {"closed_on": False}):
            with self.assertRaises(AccessError):
                visit.write(values)

    def test_a_photo_taken_before_the_first_save_is_read_by_colleagues(self):
        photo = self.env["ir.attachment"].with_user(self.rep)
        photo = photo.create({"name": "Line 3", "raw": b"x", "res_model": "crm.visit"})
        visit = self.env["crm.visit"].with_user(self.rep)
        visit = visit.create(
            {
                "partner_id": self.customer.id,
                "attachment_ids": [Command.link(photo.id)],
            }
        )
        self.env.invalidate_all()
        self.assertEqual(visit.with_user(self.manager).attachment_ids.name, "Line 3")
        with self.assertRaises(AccessError):
            photo.with_user(self.rep2).read(["name"])

    def test_a_visitor_of_anothers_customer_may_note_a_budget(self):
        visit = (
            self.env["crm.visit"]
            .with_user(self.rep2)
            .create({"partner_id": self.customer.id})
        )
        old = self.env["partner.potential"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "value": 10,
                "date": "2026-01-01",
            }
        )
        note = (
            self.env["crm.visit.note"]
            .with_user(self.rep2)
            .create(
                {"visit_id": visit.id, "topic": "budget", "text": "x", "amount": 900}
            )
        )
        self.assertTrue(note.potential_id.active)
        self.assertFalse(old.active)
