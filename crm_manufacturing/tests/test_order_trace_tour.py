from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .order_trace_common import OrderTraceCase


@tagged("post_install", "-at_install")
class TestOrderTraceTour(OrderTraceCase, HttpCase):
    """A part slips: salesperson, buyer and customer each read the same truth."""

    freeze_time = None  # the browser has the real one

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"
        for record, name in (
            (cls.customer, "Tour Ada"),
            (cls.vendor, "Tour Foshan"),
            (cls.fan, "Tour Fan"),
            (cls.coil, "Tour Coil"),
        ):
            record.name = name
        cls.rep = cls._user("tour_rep", "sales_team.group_sale_salesman")
        cls.buyer = cls._user("tour_buyer", "purchase.group_purchase_user")
        cls._user(
            "tour_ada", "base.group_portal", partner_id=cls.customer.id, name="Tour Ada"
        )
        cls.customer.user_id = cls.rep
        card = cls.company.pyramid_scorecard_id
        cls.env["partner.score"].create(
            {
                "partner_id": cls.customer.id,
                "scorecard_id": card.id,
                "company_id": cls.company.id,
                "date": fields.Date.today(),
                "band_id": card.band_ids.sorted("threshold")[0].id,
                "is_current": True,
            }
        )
        now = fields.Datetime.now()
        cls.fan.bom_ids.bom_line_ids.filtered(
            lambda line: line.product_id == cls.blade
        ).unlink()
        cls.order = cls._order(
            (cls.fan, 2), commitment_date=now + timedelta(days=5), user_id=cls.rep.id
        )
        cls.purchase = cls.order.stock_reference_ids.purchase_ids
        cls.purchase.order_line.date_planned = now + timedelta(days=2)
        cls.purchase.button_confirm()

    @classmethod
    def _user(cls, login, group, **values):
        return new_test_user(
            cls.env,
            login=login,
            groups=group,
            company_ids=[Command.set(cls.company.ids)],
            tour_enabled=False,
            **values,
        )

    def _tour(self, path, name, login):
        self.start_tour(path, f"crm_manufacturing.{name}", login=login, timeout=180)

    def test_a_late_part_is_read_by_all_it_hurts(self):
        self._tour("/odoo/orders-at-risk", "order_salesperson", "tour_rep")
        purchase = f"/odoo/purchase.order/{self.purchase.id}"
        self._tour(purchase, "order_buyer", "tour_buyer")
        change = self.purchase.order_line.promised_date - fields.Datetime.now()
        self.assertGreater(change.days, 10)
        self.assertEqual(self.purchase.order_line.promise_slip_count, 1)

        alerts, now = self.env["order.trace.alert"], fields.Datetime.now()
        alerts._run(self.company, now - timedelta(minutes=31))
        alerts._run(self.company, now)
        activity = self.customer.activity_ids
        self.assertEqual(activity.user_id, self.rep)
        self.assertIn(self.order.name, activity.note)

        customer = f"/odoo/res.partner/{self.customer.id}"
        self._tour(customer, "order_told", "tour_rep")
        self.assertTrue(self.order.order_line.customer_informed_date)
        self._tour(f"/my/orders/{self.order.id}", "order_customer", "tour_ada")
