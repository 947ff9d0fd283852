from datetime import date, datetime, timedelta

from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import freeze_time, get_db_name, tagged

from .order_trace_common import NOW
from .supplier_material_common import (
    APRIL,
    MARCH,
    MAY,
    TODAY,
    SupplierMaterialCase,
)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSupplierMaterialFigures(SupplierMaterialCase):
    """What each supplier must bring, to the piece."""

    def test_a_resold_product_is_required_in_the_month_of_its_delivery(self):
        self._sell(100, date(2026, 3, 12))
        self._sell(40, date(2026, 4, 2))
        self._run()
        self.assert_figures({MARCH: (100, 0, 0, 0, 100), APRIL: (40, 0, 0, 0, 40)})
        line = self._line()
        self.assertEqual(line.needed_date, date(2026, 3, 12))
        self.assertEqual(line.partner_id, self.vendor)

    def test_a_second_run_at_the_same_time_does_nothing(self):
        self._sell(100, date(2026, 3, 12))
        with db_connect(get_db_name()).cursor() as other:
            key = "supplier.material.plan"
            other.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s), %s)", (key, self.company.id)
            )
            self._run()
            self.assertFalse(self._plan())
        self._run()
        self.assertEqual(len(self._plan()), 1)

    def test_components_of_open_productions_are_required_of_their_vendor(self):
        self._order((self.fan, 10))
        self._run()
        self.assertEqual(self._line(product=self.blade).required, 20)
        self.assertEqual(self._line(product=self.coil).required, 30)
        self.assertFalse(
            self._plan().line_ids.filtered(lambda li: li.product_id == self.fan)
        )

    def test_quantities_come_from_moves_and_not_from_the_production(self):
        order = self._order((self.fan, 10))
        production = self._productions(order, self.fan)
        blades = production.move_raw_ids.filtered(lambda m: m.product_id == self.blade)
        blades.product_uom_qty = 26
        self._run()
        self.assertEqual(self._line(product=self.blade).required, 26)

    def test_a_quotation_and_a_cancelled_order_need_nothing(self):
        self._order((self.switch, 50), confirm=False)
        self._sell(30, date(2026, 3, 12))._action_cancel()
        self._run()
        self.assertFalse(self._plan())

    def test_stock_made_for_nobody_is_not_required(self):
        production = self.env["mrp.production"].create(
            {"product_id": self.fan.id, "product_qty": 5, "bom_id": self.fan_bom.id}
        )
        production.action_confirm()
        self._run()
        self.assertFalse(self._line(product=self.blade).required)

    def test_free_stock_serves_the_earliest_need(self):
        self._stock(self.switch, 70)
        self._sell(50, date(2026, 3, 20)).picking_ids.do_unreserve()
        self._sell(40, date(2026, 4, 20)).picking_ids.do_unreserve()
        self._run()
        self.assert_figures({APRIL: (20, 0, 0, 0, 20)})

    def test_reserved_stock_is_no_longer_needed_and_not_free_either(self):
        self._stock(self.switch, 30)
        order = self._sell(50, date(2026, 3, 20))
        order.picking_ids.action_assign()
        self._run()
        self.assert_figures({MARCH: (20, 0, 0, 0, 20)})

    def test_what_is_delivered_is_no_longer_needed(self):
        self._stock(self.switch, 30)
        order = self._sell(50, date(2026, 3, 20))
        order.picking_ids.action_assign()
        self._ship(order, 30)
        order.picking_ids.filtered(
            lambda p: p.state != "done"
        ).move_ids.date = datetime(2026, 3, 20)
        self._run()
        self.assert_figures({MARCH: (20, 0, 0, 0, 20)})

    def test_what_another_vendor_confirmed_is_not_asked_of_the_first(self):
        self._sell(100, date(2026, 4, 12))
        self._purchase_of(30, date(2026, 4, 2), vendor=self.other_vendor)
        self._run()
        self.assert_figures({APRIL: (70, 0, 0, 0, 70)})
        self.assertFalse(self._plan(self.other_vendor))

    def test_what_another_vendor_brings_too_late_does_not_help(self):
        self._sell(100, date(2026, 3, 12))
        self._purchase_of(30, date(2026, 4, 2), vendor=self.other_vendor)
        self._run()
        self.assert_figures({MARCH: (100, 0, 0, 0, 100)})

    def test_a_request_to_another_vendor_is_no_supply(self):
        self._sell(100, date(2026, 4, 12))
        self._purchase_of(30, date(2026, 4, 2), vendor=self.other_vendor, confirm=False)
        self._run()
        self.assert_figures({APRIL: (100, 0, 0, 0, 100)})

    def test_requests_are_requested_and_orders_confirmed_and_only_these_close_a_gap(
        self,
    ):
        self._sell(100, date(2026, 3, 12))
        self._purchase_of(25, date(2026, 3, 9), confirm=False)
        self._purchase_of(60, date(2026, 3, 10))
        self._run()
        self.assert_figures({MARCH: (100, 25, 60, 0, 40)})

    def test_a_cancelled_purchase_is_nothing(self):
        self._sell(100, date(2026, 3, 12))
        self._purchase_of(60, date(2026, 3, 10)).button_cancel()
        self._run()
        self.assert_figures({MARCH: (100, 0, 0, 0, 100)})

    def test_a_surplus_covers_later_months(self):
        self._sell(10, date(2026, 3, 12))
        self._sell(30, date(2026, 5, 12))
        self._purchase_of(25, date(2026, 3, 10))
        self._run()
        self.assert_figures({MARCH: (10, 0, 25, 0, 0), MAY: (30, 0, 0, 0, 15)})

    def test_what_is_confirmed_for_later_leaves_the_gap_where_it_is_needed(self):
        self._sell(10, date(2026, 3, 12))
        self._purchase_of(10, date(2026, 4, 10))
        self._run()
        self.assert_figures({MARCH: (10, 0, 0, 0, 10), APRIL: (0, 0, 10, 0, 0)})

    def test_received_is_shown_and_no_longer_confirmed_nor_required(self):
        self._sell(100, date(2026, 3, 12))
        purchase = self._purchase_of(60, date(2026, 3, 10))
        move = purchase.picking_ids.move_ids
        move.write({"quantity": 35, "picked": True})
        purchase.picking_ids.with_context(cancel_backorder=False)._action_done()
        self._run()
        self.assert_figures({MARCH: (65, 0, 25, 35, 40)})

    def test_an_overdue_promise_is_still_expected_in_the_first_month(self):
        self._sell(100, date(2026, 3, 12))
        self._purchase_of(60, date(2026, 2, 20))
        self._run()
        self.assert_figures({MARCH: (100, 0, 60, 0, 40)})
        self.assertEqual(self._line().overdue, 60)

    def test_overdue_demand_is_needed_today(self):
        self._sell(10, date(2026, 2, 12))
        self._run()
        self.assert_figures({MARCH: (10, 0, 0, 0, 10)})
        self.assertEqual(self._line().needed_date, TODAY)

    def test_beyond_the_horizon_nothing_is_shown_and_its_last_day_is(self):
        self._sell(7, date(2026, 8, 31))
        self._sell(9, date(2026, 9, 1))
        self._run()
        self.assert_figures({date(2026, 8, 1): (7, 0, 0, 0, 7)})

    def test_by_week_periods_begin_on_monday(self):
        self.company.material_plan_period = "week"
        self._sell(7, date(2026, 3, 8))
        self._sell(9, date(2026, 3, 9))
        self._run()
        self.assert_figures({TODAY: (7, 0, 0, 0, 7), date(2026, 3, 9): (9, 0, 0, 0, 9)})

    def test_a_month_begins_on_the_company_s_clock(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        order = self._sell(7, date(2026, 3, 31))
        order.order_line.move_ids.date = datetime(2026, 3, 31, 20)
        self._run()
        self.assert_figures({APRIL: (7, 0, 0, 0, 7)})

    def test_quantities_are_in_the_unit_the_vendor_sells_in(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.switch.seller_ids[0].product_uom_id = dozen
        self._sell(120, date(2026, 3, 12))
        self._purchase_of(2, date(2026, 3, 10), product_uom_id=dozen.id)
        self._run()
        self.assert_figures({MARCH: (10, 0, 2, 0, 8)})
        self.assertEqual(self._line().product_uom_id, dozen)

    def test_a_vendor_s_unit_of_another_kind_is_not_used(self):
        self.switch.seller_ids[0].product_uom_id = self.env.ref("uom.product_uom_kgm")
        self._sell(12, date(2026, 3, 12))
        self._run()
        self.assert_figures({MARCH: (12, 0, 0, 0, 12)})
        self.assertEqual(self._line().product_uom_id, self.switch.uom_id)

    def test_demand_with_a_purchase_of_its_own_is_asked_of_that_vendor(self):
        order = self._order((self.fan, 10))
        purchase = self._purchase(order)
        self.assertEqual(purchase.partner_id, self.vendor)
        purchase.partner_id = self.other_vendor
        self._run()
        line = self._line(product=self.blade, vendor=self.other_vendor)
        self.assertEqual((line.required, line.requested), (20, 20))
        self.assertFalse(self._line(product=self.blade))

    def test_linked_demand_takes_nothing_from_stock(self):
        self._order((self.fan, 10))
        self._stock(self.blade, 15)
        self._run()
        self.assertEqual(self._line(product=self.blade).required, 20)

    def test_two_step_receipts_and_three_step_deliveries_count_once(self):
        self.warehouse.write(
            {"reception_steps": "two_steps", "delivery_steps": "pick_pack_ship"}
        )
        self._sell(100, date(2026, 3, 12))
        self._purchase_of(60, date(2026, 3, 10))
        self._run()
        self.assert_figures({MARCH: (100, 0, 60, 0, 40)})

    def test_what_the_vendor_ships_to_the_customer_is_required_once(self):
        order = self._sell(5, date(2026, 3, 12))
        order.picking_ids.move_ids.location_id = self.env.ref(
            "stock.stock_location_suppliers"
        )
        self._run()
        self.assert_figures({MARCH: (5, 0, 0, 0, 5)})

    def test_a_return_to_the_vendor_is_taken_off_what_was_received(self):
        self._sell(100, date(2026, 3, 12))
        purchase = self._purchase_of(60, date(2026, 3, 10))
        self._receive(purchase)
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": purchase.picking_ids.id}
        )
        wizard.product_return_moves.quantity = 10
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.write({"quantity": 10, "picked": True})
        back._action_done()
        self._run()
        self.assertEqual(self._line().received, 50)

    def test_a_product_we_make_is_asked_of_nobody(self):
        self.fan.write(
            {
                "route_ids": [Command.clear()],
                "seller_ids": [Command.create({"partner_id": self.vendor.id})],
            }
        )
        self._sell(5, date(2026, 3, 12), product=self.fan)
        self._run()
        self.assertFalse(self._plan())

    def test_a_vendor_whose_price_has_ended_or_who_is_archived_is_not_asked(self):
        self.switch.seller_ids[0].date_end = TODAY - timedelta(days=1)
        self._sell(5, date(2026, 3, 12))
        self._run()
        self.assertFalse(self._plan())
        self.assert_figures({MARCH: (5, 0, 0, 0, 5)}, vendor=self.other_vendor)

    def test_a_vendor_s_contact_counts_for_his_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Mei", "parent_id": self.vendor.id}
        )
        self.switch.seller_ids[0].partner_id = contact
        self._sell(5, date(2026, 3, 12))
        self._run()
        self.assert_figures({MARCH: (5, 0, 0, 0, 5)})

    def test_another_company_s_orders_stock_and_purchases_do_not_count(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self._sell(10, date(2026, 3, 12))
        self.env["supplier.material.plan"]._run(elsewhere, TODAY)
        self.assertFalse(
            self.env["supplier.material.plan"].search(
                [("company_id", "=", elsewhere.id)]
            )
        )
        self._run()
        self.assert_figures({MARCH: (10, 0, 0, 0, 10)})

    def test_a_second_run_writes_nothing(self):
        self._sell(100, date(2026, 3, 12))
        self._run()
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, xmin::text FROM supplier_material_plan_line ORDER BY id"
        )
        before = self.env.cr.fetchall()
        self._run()
        self.env.cr.execute(
            "SELECT id, xmin::text FROM supplier_material_plan_line ORDER BY id"
        )
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_when_the_need_goes_the_unsent_draft_goes(self):
        order = self._sell(100, date(2026, 3, 12))
        self._run()
        self.assertTrue(self._plan())
        order._action_cancel()
        self._run()
        self.assertFalse(self._plan())

    def test_the_customers_behind_a_line_are_known_best_tier_first(self):
        ada, bo = self.customer, self.env["res.partner"].create({"name": "Bo"})
        card = self.env["partner.scorecard"].create(
            {
                "name": "Tiers",
                "role": "customer",
                "method": "share",
                "criterion_ids": [
                    Command.create({"metric": "invoiced_revenue", "weight": 1})
                ],
                "band_ids": [
                    Command.create(
                        {"code": c, "name": c, "threshold": t, "sequence": s}
                    )
                    for s, (c, t) in enumerate({"A": 80, "B": 100}.items())
                ],
            }
        )
        self.company.pyramid_scorecard_id = card
        for partner, band in ((ada, card.band_ids[1]), (bo, card.band_ids[0])):
            self.env["partner.score"].create(
                {
                    "partner_id": partner.id,
                    "scorecard_id": card.id,
                    "company_id": self.company.id,
                    "date": TODAY,
                    "band_id": band.id,
                    "is_current": True,
                }
            )
        self._sell(60, date(2026, 3, 12))
        self._sell(40, date(2026, 3, 20), partner_id=bo.id)
        self._run()
        line = self._line()
        self.assertEqual(line.tier_id.code, "A")
        self.assertEqual(
            [
                (need.order_partner_id.name, need.tier_id.code, need.quantity)
                for need in line.need_ids
            ],
            [("Bo", "A", 40), ("Ada", "B", 60)],
        )
        self.assertEqual(
            self.env["supplier.material.plan.line"].search(
                [("need_ids.tier_id.code", "=", "A"), ("plan_id", "=", line.plan_id.id)]
            ),
            line,
        )

    def test_a_component_names_the_order_of_the_fan_it_is_for(self):
        order = self._order((self.fan, 10))
        self._run()
        need = self._line(product=self.coil).need_ids
        self.assertEqual((need.sale_line_id, need.quantity), (order.order_line, 30))
        self.assertFalse(need.is_shared)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSupplierMaterialVersions(SupplierMaterialCase):
    """What was sent stays; the next says what changed."""

    def test_a_sent_version_keeps_its_figures(self):
        self._sell(100, date(2026, 3, 12))
        self._run()
        sent = self._send()
        self._sell(40, date(2026, 3, 12))
        self._run()
        self.assertEqual(sent.line_ids.required, 100)
        self.assertEqual((self._plan().version, self._line().required), (2, 140))

    def test_the_next_version_shows_the_change(self):
        self._sell(100, date(2026, 3, 12))
        gone = self._sell(20, date(2026, 4, 12))
        self._run()
        self._send()
        self._sell(40, date(2026, 3, 12))
        gone._action_cancel()
        self._sell(5, date(2026, 5, 12))
        self._run()
        lines = self._plan().line_ids
        self.assertEqual(
            [
                (li.period_start, li.previous_required, li.required, li.delta)
                for li in lines
            ],
            [(MARCH, 100, 140, 40), (APRIL, 20, 0, -20), (MAY, 0, 5, 5)],
        )

    def test_when_nothing_is_needed_any_more_the_supplier_is_told(self):
        order = self._sell(100, date(2026, 3, 12))
        self._run()
        self._send()
        order._action_cancel()
        self._run()
        self.assertEqual((self._line().required, self._line().delta), (0, -100))

    def test_a_month_that_has_passed_is_not_in_the_next_version(self):
        order = self._sell(100, date(2026, 3, 12))
        self._run()
        self._send()
        order._action_cancel()
        self._run(date(2026, 4, 1))
        self.assertFalse(self._plan())

    def test_a_change_of_the_vendor_s_unit_is_no_change_of_the_need(self):
        self._sell(120, date(2026, 3, 12))
        self._run()
        self._send()
        self.switch.seller_ids[0].product_uom_id = self.env.ref("uom.product_uom_dozen")
        self._run()
        line = self._line()
        self.assertEqual(
            (line.previous_required, line.required, line.delta), (10, 10, 0)
        )

    def test_a_first_version_has_no_changes(self):
        self._sell(100, date(2026, 3, 12))
        self._run()
        self.assertEqual((self._line().previous_required, self._line().delta), (0, 0))

    def test_a_version_in_weeks_is_not_compared_with_one_in_months(self):
        self._sell(100, date(2026, 3, 12))
        self._run()
        self._send()
        self.company.material_plan_period = "week"
        self._run()
        self.assertEqual(
            [(li.period_start, li.required, li.delta) for li in self._plan().line_ids],
            [(date(2026, 3, 9), 100, 0)],
        )

    def test_who_has_to_bring_nothing_gets_no_plan(self):
        self._stock(self.switch, 500)
        self._sell(100, date(2026, 3, 12)).picking_ids.do_unreserve()
        self._purchase_of(60, date(2026, 3, 10))
        self._run()
        self.assertFalse(self._plan())

    def test_sending_supersedes_the_version_before(self):
        self._sell(100, date(2026, 3, 12))
        self._run()
        first = self._send()
        self._run()
        second = self._send()
        self.assertEqual((first.state, second.state), ("superseded", "sent"))
        self.assertEqual((first.is_current, second.is_current), (False, True))

    def test_a_merged_supplier_keeps_his_versions_and_one_open_one(self):
        self._sell(100, date(2026, 3, 12))
        self._sell(10, date(2026, 3, 12), product=self._bought_of(self.other_vendor))
        self._run()
        first, second = self._send(), self._send(self.other_vendor)
        self._run()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.vendor | self.other_vendor).ids, self.vendor
        )
        self.assertEqual((first | second).partner_id, self.vendor)
        self.assertEqual(
            sorted((first | second).mapped("state")), ["sent", "superseded"]
        )
        self._run()
        self.assertEqual(len(self._plan()), 1)

    def _bought_of(self, vendor):
        return self._product(
            "Knob",
            route_ids=[Command.clear()],
            seller_ids=[Command.create({"partner_id": vendor.id})],
        )

    def test_the_horizon_is_between_1_and_60_periods(self):
        with self.assertRaisesRegex(Exception, "material_plan_periods_valid"):
            with self.env.cr.savepoint():
                self.company.material_plan_periods = 0
                self.env.flush_all()


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSupplierMaterialQueries(SupplierMaterialCase):
    """As many queries for 200 suppliers as for 10."""

    def _vendors(self, count):
        vendors = self.env["res.partner"].create(
            [{"name": f"Vendor {i}", "is_company": True} for i in range(count)]
        )
        products = self.env["product.product"].create(
            [
                {
                    "name": f"Part {i}",
                    "is_storable": True,
                    "seller_ids": [Command.create({"partner_id": vendor.id})],
                }
                for i, vendor in enumerate(vendors)
            ]
        )
        order = self._order(*((product, 1) for product in products))
        order.order_line.move_ids.date = NOW
        self.env.flush_all()

    def _count(self):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._run()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_suppliers(self):
        self._run()
        self._vendors(10)
        few = self._count()
        self._vendors(190)
        many = self._count()
        plans = self.env["supplier.material.plan"].search([("state", "=", "draft")])
        self.assertGreaterEqual(len(plans), 200)
        self.assertEqual(few, many)

    def _count_preview(self):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        rows = self.env["supplier.material.plan"].get_send_preview()["rows"]
        return self.env.cr.sql_log_count - before, len(rows)

    def test_nor_do_those_of_the_preview(self):
        self._vendors(10)
        self._run()
        self._count_preview()  # caches of the registry
        few, _rows = self._count_preview()
        self._vendors(190)
        self._run()
        many, rows = self._count_preview()
        self.assertGreaterEqual(rows, 200)
        self.assertEqual(few, many)
