from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .order_trace_common import OrderTraceCase


@tagged("post_install", "-at_install")
class TestDealerTour(OrderTraceCase, HttpCase):
    """A dealer registers a deal, another has it, and it is won by the first."""

    freeze_time = None  # the browser has the real one

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"
        cls.fan.name, cls.coil.name = "Tour Fan", "Tour Coil"
        cls.rep = cls._user("tour_rep", "sales_team.group_sale_salesman")
        cls.channel = cls._user(
            "tour_channel",
            "crm_manufacturing.group_channel_manager,"
            "sales_team.group_sale_salesman_all_leads",
        )
        cls.ventus, cls.boreas = cls._dealer("Tour Ventus"), cls._dealer("Tour Boreas")
        contact = cls.env["res.partner"].create(
            {"name": "Tour Vera", "parent_id": cls.ventus.id, "email": "v@v.example"}
        )
        cls._user("tour_vera", "base.group_portal", partner_id=contact.id)
        cls.hall = cls.env["res.partner"].create(
            {"name": "Tour Harbour Hall", "is_company": True}
        )
        cls.env["dealer.territory"].create(
            {
                "name": "Tour Spain",
                "dealer_id": cls.ventus.id,
                "user_id": cls.rep.id,
                "country_ids": [Command.link(cls.env.ref("base.es").id)],
            }
        )
        cls.rival = cls.env["dealer.registration"].create(
            {
                "dealer_id": cls.boreas.id,
                "end_name": "Tour Harbour Hall S.L.",
                "end_country_id": cls.env.ref("base.es").id,
                "product_ids": [Command.link(cls.fan.id)],
            }
        )
        cls.rival.action_submit()
        cls.rival.with_user(cls.channel).action_approve()

    @classmethod
    def _dealer(cls, name):
        today = cls.company._get_today()
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "dealer_stage": "active",
                "dealer_manager_id": cls.channel.id,
                "dealer_contract_start": today - relativedelta(months=6),
            }
        )

    @classmethod
    def _user(cls, login, groups, **values):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_ids=[Command.set(cls.company.ids)],
            tour_enabled=False,
            **values,
        )

    def _tour(self, path, name, login):
        self.start_tour(path, f"crm_manufacturing.{name}", login=login, timeout=180)

    def test_a_deal_goes_from_the_portal_to_won(self):
        self._tour("/my/dealer/deals", "dealer_registers", "tour_vera")
        deal = self.env["dealer.registration"].search(
            [("dealer_id", "=", self.ventus.id)]
        )
        self.assertEqual((deal.state, deal.product_ids), ("submitted", self.fan))
        self.assertEqual(deal.conflict_ids, self.rival)
        self.assertEqual(deal.user_id, self.channel)
        # who the end customer is among our contacts, we say
        deal.end_partner_id = self.hall

        self._tour("/odoo/dealer-registrations", "dealer_answered", "tour_channel")
        self.assertEqual((deal.state, self.rival.state), ("approved", "returned"))
        self.assertFalse(self.rival.lead_id.dealer_id)
        lead = deal.lead_id
        self.assertEqual((lead.dealer_id, lead.user_id), (self.ventus, self.rep))

        order = self._order(
            (self.fan, 2),
            partner_id=self.ventus.id,
            opportunity_id=lead.id,
            user_id=self.rep.id,
            commitment_date=fields.Datetime.now() + timedelta(days=9),
        )
        self.assertEqual(order.order_line.end_partner_id, self.hall)
        self._tour(f"/odoo/crm.lead/{lead.id}", "dealer_won", "tour_rep")
        self.assertEqual(deal.state, "won")

        self._tour("/my/dealer/orders", "dealer_follows", "tour_vera")
