from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCrmVisitTour(HttpCase):
    """A salesperson's Monday in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.rep = new_test_user(
            cls.env,
            login="visit_tour",
            groups="sales_team.group_sale_salesman",
            company_id=cls.company.id,
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Tour Customer",
                "is_company": True,
                "user_id": cls.rep.id,
                "phone": "+971 4 000 000",
            }
        )
        cls.person = cls.env["res.partner"].create(
            {"name": "Zoe the Buyer", "parent_id": cls.customer.id}
        )
        cls.rule = cls.env["partner.cadence"].create(
            {
                "name": "Quarterly visit",
                "sequence": 1,
                "activity_type_id": cls.env.ref("crm_manufacturing.activity_visit").id,
                "anchor": "last_contact",
                "interval_number": 90,
                "partner_domain": str([("id", "=", cls.customer.id)]),
            }
        )
        today = cls.company._get_today()
        cls.env["crm.visit"].create(
            {
                "partner_id": cls.customer.id,
                "user_id": cls.rep.id,
                "date": fields.Datetime.subtract(fields.Datetime.now(), days=100),
                "state": "done",
                "outcome": "neutral",
            }
        )
        cls.env["partner.cadence"]._run(cls.company, today)

    def test_from_my_day_to_a_closed_visit_with_feedback_and_a_lead(self):
        point = self.env["partner.touchpoint"].search(
            [("cadence_id", "=", self.rule.id), ("is_open", "=", True)]
        )
        self.assertEqual(point.state, "overdue")
        self.start_tour("/odoo/my-day", "crm_manufacturing.visit", login="visit_tour")
        visit = point.visit_id
        self.assertEqual((point.state, visit.state), ("done", "done"))
        self.assertEqual(point.done_user_id, self.rep)
        self.assertEqual(visit.next_lead_id.name, "Offer for the hotel")
        self.assertEqual(visit.note_ids.feedback_id.name, "A quieter fan")
        self.assertEqual(visit.contact_ids.partner_id, self.person)
        self.assertEqual(visit.contact_ids.role, "decides")

    def test_a_touch_is_snoozed_from_my_day(self):
        self.start_tour("/odoo/my-day", "crm_manufacturing.snooze", login="visit_tour")
        point = self.env["partner.touchpoint"].search(
            [("cadence_id", "=", self.rule.id), ("is_open", "=", True)]
        )
        self.assertEqual(point.snooze_reason, "busy")

    def test_a_figure_opens_the_touchpoints_that_it_counts(self):
        other = self.customer.copy({"name": "Other Customer"})
        self.rule.partner_domain = str([("id", "in", (self.customer | other).ids)])
        today = self.company._get_today()
        points = self.env["partner.touchpoint"].search(
            [("cadence_id", "=", self.rule.id)]
        )
        values = {"due_date": today, "cadence_id": self.rule.id, "is_open": False}
        points.unlink()
        for partner, state in ((self.customer, "done"), (other, "overdue")):
            points.create(
                {
                    **values,
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "activity_type_id": self.rule.activity_type_id.id,
                    "user_id": self.rep.id,
                    "state": state,
                    "is_open": state == "overdue",
                    "done_date": today if state == "done" else False,
                }
            )
        self.start_tour(
            "/odoo/touch-compliance", "crm_manufacturing.compliance", login="visit_tour"
        )

    def test_a_call_is_logged_with_enter(self):
        self.start_tour(
            f"/odoo/contacts/{self.customer.id}",
            "crm_manufacturing.quick_log",
            login="visit_tour",
        )
        visit = self.env["crm.visit"].search(
            [("partner_id", "=", self.customer.id)], order="id desc", limit=1
        )
        self.assertEqual(
            (visit.visit_type, visit.outcome, visit.next_step),
            ("call", "order", "Send pro forma"),
        )
