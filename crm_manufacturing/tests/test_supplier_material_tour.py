from datetime import date

from odoo.tests import HttpCase, new_test_user, tagged

from .supplier_material_common import SupplierMaterialCase


@tagged("post_install", "-at_install")
class TestSupplierMaterialTour(SupplierMaterialCase, HttpCase):
    def test_the_buyer_sends_all_plans_in_three_clicks(self):
        self.env["supplier.material.plan"].search([]).unlink()
        self.other_vendor.email = False
        knob = self._product(
            "Knob",
            route_ids=[],
            seller_ids=[(0, 0, {"partner_id": self.other_vendor.id})],
        )
        today = date.today()
        self._sell(100, today)
        self._sell(5, today, product=knob)
        self._run(today)
        new_test_user(
            self.env,
            login="tour_buyer",
            password="tour_buyer",
            groups="purchase.group_purchase_manager",
            email="tour@ours.example",
            company_id=self.company.id,
        )
        self.start_tour(
            "/odoo/material-plans",
            "crm_manufacturing_supplier_material",
            login="tour_buyer",
            timeout=120,
        )
        self.assertEqual(self._plan(state="sent").version, 1)
        self.assertEqual(self._plan(self.other_vendor).state, "draft")
