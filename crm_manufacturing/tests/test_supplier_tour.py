from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .supplier_common import SupplierCase


@tagged("post_install", "-at_install")
class TestSupplierTour(SupplierCase, HttpCase):
    def test_a_buyer_follows_a_rating_to_its_lines(self):
        today = self.company._get_today()
        day = today - timedelta(days=20)
        for _line in range(5):
            order = self._buy(ordered=today - timedelta(days=40), promised=day)
            self._receive(order, day)
        self._run(self.supplier_card, today)
        self._create_user("tour_buyer", "purchase.group_purchase_user")
        self.start_tour(
            "/odoo/supplier-ratings",
            "crm_manufacturing_supplier",
            login="tour_buyer",
            timeout=120,
        )
