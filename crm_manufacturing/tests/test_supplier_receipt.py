from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from .common import lose_zones
from .supplier_common import PROMISE, SupplierCase, noon


@tagged("post_install", "-at_install")
class TestSupplierReceipt(SupplierCase):
    """100 screws promised on Thursday 12 March 2026 unless said otherwise."""

    def test_a_month_without_lines_is_not_drawn_as_none_in_full(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.supplier_receipt_report_action"
        )
        self.assertIs(safe_eval(action["context"])["fill_temporal"], False)

    def test_two_receipts_before_the_date_are_on_time_and_in_full(self):
        order = self._buy()
        self._receive(order, date(2026, 3, 9), 40)
        self._receive(order, date(2026, 3, 11))
        self.assert_row(
            order,
            ordered_qty=100,
            received_qty=100,
            received_full_date=date(2026, 3, 11),
            on_time_first=1,
            in_full=1,
            otif_first=1,
            otif_last=1,
            days_late=0,
            is_due=True,
            is_rated=True,
        )

    def test_an_overdue_line_that_never_came_is_late_from_that_day(self):
        order = self._buy()
        for today, due, otif in (
            (date(2026, 3, 12), False, None),
            (date(2026, 3, 13), True, 0),
        ):
            self.assert_row(order, today, is_due=due, otif_first=otif, in_full=otif)
        self.assert_row(order, date(2026, 3, 22), days_late=10, received_qty=0)
        self._receive(order, date(2026, 3, 13))  # within the tolerance, after all
        self.assert_row(order, otif_first=1)

    def test_an_unknown_timezone_is_utc(self):
        order = self._buy()
        self._receive(order, date(2026, 3, 11))
        lose_zones(self.env)
        self.assert_row(order, received_full_date=date(2026, 3, 11), is_due=True)

    def test_what_came_short_is_not_in_full(self):
        order = self._buy()
        self._receive(order, date(2026, 3, 11), 97)
        self.assert_row(order, received_full_date=None, in_full=0, otif_first=0)

    def test_4998_of_5000_screws_are_full(self):
        order = self._buy(5000)
        self._receive(order, date(2026, 3, 11), 4998)
        self.assert_row(order, otif_first=1, received_qty=4998)

    def test_one_day_after_is_on_time_and_two_are_not(self):
        for day, verdict in ((13, 1), (14, 0)):
            order = self._buy()
            self._receive(order, date(2026, 3, day))
            self.assert_row(order, otif_first=verdict, in_full=1)

    def test_ten_days_before_are_on_time_and_eleven_are_not(self):
        promised = date(2026, 3, 20)
        for day, verdict in ((10, 1), (9, 0)):
            order = self._buy(promised=promised)
            self._receive(order, date(2026, 3, day))
            self.assert_row(order, otif_first=verdict)

    def test_a_category_has_a_tolerance_of_its_own_for_those_below(self):
        above = self.env["product.category"].create(
            {"name": "Bulk", "delivery_tolerance_own": True, "delivery_late_days": 4}
        )
        self.screw.categ_id = self.env["product.category"].create(
            {"name": "Screws", "parent_id": above.id}
        )
        order = self._buy()
        self._receive(order, date(2026, 3, 16))
        self.assert_row(order, otif_first=1)

    def test_an_edited_date_forgives_the_last_promise_only(self):
        order = self._buy()
        with freeze_time(noon(date(2026, 3, 10))):
            order.order_line.date_planned = noon(date(2026, 3, 20))
        self._receive(order, date(2026, 3, 20))
        self.assert_row(
            order, otif_first=0, otif_last=1, slip_count=1, own_change_count=0
        )

    def test_a_move_for_our_own_reasons_is_our_change_and_no_slip(self):
        order = self._buy()
        order.order_line.date_planned = noon(date(2026, 3, 20))
        order.promise_reason = "planning"
        self.assert_row(order, slip_count=0, own_change_count=1)

    def test_over_delivery_is_full_once_and_named(self):
        order = self._buy()
        self._receive(order, date(2026, 3, 11), 140)
        self.assert_row(order, otif_first=1, in_full=1, excess_qty=40)

    def test_dozens_count_in_the_unit_of_the_product(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._buy(10, price=12.0, line={"product_uom_id": dozen.id})
        self._receive(order, date(2026, 3, 11))
        self.assert_row(order, ordered_qty=120, received_qty=120, received_value=120)

    def test_returns_are_netted_and_do_not_undo_a_receipt_in_time(self):
        order = self._buy()
        picking = self._receive(order, date(2026, 3, 11))
        self._return(picking, date(2026, 3, 18), 30)
        self.assert_row(
            order,
            received_qty=70,
            returned_qty=30,
            otif_first=1,
            received_value=100,
            rejected_value=30,
        )

    def test_a_return_before_the_rest_came_counts_against_full(self):
        order = self._buy()
        picking = self._receive(order, date(2026, 3, 9), 60)
        self._return(picking, date(2026, 3, 10), 60)
        self._receive(order, date(2026, 3, 11))
        self.assert_row(order, received_qty=40, received_full_date=None, otif_first=0)

    def test_a_lot_is_scrapped_on_the_lines_that_brought_it_by_their_share(self):
        self.screw.tracking = "lot"
        lot = self.env["stock.lot"].create(
            {"name": "L1", "product_id": self.screw.id, "company_id": self.company.id}
        )
        one, two = self._buy(100), self._buy(300)
        for order in (one, two):
            self._receive(order, date(2026, 3, 11), lot=lot)
        location = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.screw.id,
                "lot_id": lot.id,
                "scrap_qty": 40,
                "location_id": location.lot_stock_id.id,
                "company_id": self.company.id,
            }
        )
        scrap.do_scrap()
        self.assert_row(one, scrapped_qty=10, rejected_value=10)
        self.assert_row(two, scrapped_qty=30, rejected_value=30)

    def test_the_day_of_arrival_counts_where_it_is_entered(self):
        order = self._buy()
        picking = self._receive(order, date(2026, 3, 17))
        self.assert_row(order, otif_first=0)
        picking.arrival_date = date(2026, 3, 12)
        self.assert_row(order, otif_first=1, received_full_date=date(2026, 3, 12))

    def test_goods_do_not_arrive_tomorrow(self):
        picking = self._buy().picking_ids
        message = "Arrived On: .* is still to come"
        tomorrow = self.company._get_today() + timedelta(days=1)
        with self.assertRaisesRegex(ValidationError, message):
            picking.arrival_date = tomorrow

    def test_a_line_inside_the_vendor_s_own_lead_time_is_rated_apart(self):
        self._sell(delay=14)
        order = self._buy()
        self._receive(order, date(2026, 3, 20))
        self.assert_row(
            order, is_rushed=True, is_rated=False, otif_first=None, otif_rushed=0
        )
        roomy = self._buy(promised=date(2026, 3, 16))
        self._receive(roomy, date(2026, 3, 16))
        self.assert_row(roomy, is_rushed=False, otif_first=1, otif_rushed=None)

    def test_a_lead_time_changed_later_does_not_rewrite_the_past(self):
        seller = self._sell(delay=5)
        order = self._buy()
        seller.delay = 60
        self.assert_row(order, is_rushed=False)

    def test_days_are_the_company_s(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        order = self._buy()
        with freeze_time(noon(PROMISE)):
            order.order_line.sudo().first_promised_date = datetime(2026, 3, 11, 17)
        self._receive(order, date(2026, 3, 13))  # 17:00 UTC is the 12th in Shanghai
        self.assert_row(order, otif_first=1, days_late=1)

    def test_the_vendor_s_own_confirmation_is_the_first_promise(self):
        order = self._buy(confirm=False)
        with freeze_time(noon(date(2026, 3, 2))):
            order.write({"state": "sent"})
        with freeze_time(noon(date(2026, 3, 5))):
            order.order_line.date_planned = noon(date(2026, 3, 18))
            order.action_vendor_confirmed()
            order.button_confirm()
        self._receive(order, date(2026, 3, 18))
        self.assert_row(order, otif_first=1, confirmation_days=3, is_confirmed=True)

    def test_the_price_is_held_against_the_twelve_months_before(self):
        self._buy(10, ordered=date(2025, 2, 1), promised=date(2025, 2, 9), price=5)
        self._buy(100, ordered=date(2025, 6, 1), promised=date(2025, 6, 9), price=1)
        self._buy(300, ordered=date(2025, 9, 1), promised=date(2025, 9, 9), price=1.2)
        order = self._buy(50, price=1.38)  # the average is 460 / 400 = 1.15
        self.assertAlmostEqual(self._row(order)["price_drift"], 0.2)
        self.assert_row(order, is_repeat=True)

    def test_the_first_purchase_has_no_drift(self):
        self.assert_row(self._buy(), price_drift=None, is_repeat=False)

    def test_a_rate_of_exchange_is_not_the_vendor_s_doing(self):
        euro = self.setup_other_currency("EUR", rates=[("2025-01-01", 0.5)])
        self._buy(
            ordered=date(2025, 6, 1),
            promised=date(2025, 6, 9),
            price=10,
            currency_id=euro.id,
        )
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "rate": 0.25,
                "currency_id": euro.id,
                "company_id": self.company.id,
            }
        )
        order = self._buy(price=10, currency_id=euro.id)
        self.assertAlmostEqual(self._row(order)["price_drift"], 0)

    def test_the_price_is_held_against_the_vendor_s_pricelist(self):
        self._sell(price=2.0, discount=10)
        order = self._buy(price=1.98)
        self.assertAlmostEqual(self._row(order)["pricelist_gap"], 0.1)
        self.screw.seller_ids.unlink()
        self.assertIsNone(self._row(order)["pricelist_gap"])

    def test_a_changed_quantity_or_price_is_our_change(self):
        order = self._buy()
        order.order_line.product_qty = 100
        self.assert_row(order, own_change_count=0)
        order.order_line.product_qty = 120
        order.order_line.price_unit = 3
        self.assert_row(order, own_change_count=2)

    def test_drafts_services_and_nothing_are_no_rows(self):
        draft = self._buy(confirm=False)
        nothing = self._buy(0)
        service = self._buy(line={"product_id": self.product.id})
        self.product.type = "service"
        for order in (draft, nothing, service):
            self.assertIsNone(self._row(order))

    def test_goods_sent_straight_to_the_customer_count(self):
        order = self._buy()
        move = order.picking_ids.move_ids
        move.location_dest_id = self.env.ref("stock.stock_location_customers")
        self._receive(order, date(2026, 3, 11))
        self.assert_row(order, otif_first=1, received_qty=100)

    def test_goods_from_a_place_of_ours_count_as_received(self):
        """A subcontractor's place is one of our own locations."""
        order = self._buy()
        place = self.env["stock.location"].create(
            {"name": "Subcontractor", "usage": "internal"}
        )
        order.picking_ids.location_id = place
        order.picking_ids.move_ids.location_id = place
        picking = self._receive(order, date(2026, 3, 11))
        self.assert_row(order, otif_first=1, received_qty=100)
        self._return(picking, date(2026, 3, 18), 10)
        self.assert_row(order, received_qty=90, returned_qty=10)

    def test_nobody_may_improve_what_is_recorded(self):
        order = self._buy()
        buyer = self._create_user("buyer_x", "purchase.group_purchase_manager")
        line = order.order_line.with_user(buyer)
        for name, value in (
            ("supplier_lead_days", 99),
            ("supplier_change_count", 0),
            ("supplier_unclear", False),
            ("supplier_confirmed_on", noon(PROMISE)),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                line.write({name: value})
        with self.assertRaises(AccessError):
            order.with_user(buyer).supplier_requested_on = noon(PROMISE)

    def _sell(self, **values):
        return self.env["product.supplierinfo"].create(
            {
                "partner_id": self.vendor.id,
                "product_tmpl_id": self.screw.product_tmpl_id.id,
                "price": 1.0,
                **values,
            }
        )

    def test_a_line_of_a_kit_is_full_when_its_parts_are(self):
        nut = self._create_part("Nut")
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.screw.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": nut.id, "product_qty": 2})
                ],
            }
        )
        order = self._buy()
        self._receive(order, date(2026, 3, 11))
        self.assert_row(order, received_qty=100, otif_first=1)
