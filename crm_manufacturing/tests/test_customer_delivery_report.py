from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import SQL, mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import lose_zones
from .test_delivery_promise import FRIDAY, PROMISE, PromiseCase


@tagged("post_install", "-at_install")
@freeze_time(FRIDAY)
class TestCustomerDeliveryReport(PromiseCase):
    """Promised on Thursday 12 March 2026 at noon UTC unless said otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.tz = "UTC"

    def _deliver(self, order, quantity, day):
        """Ship ``quantity`` of the order's only open delivery at noon of ``day``."""
        with freeze_time(
            datetime.combine(day, datetime.min.time()) + timedelta(hours=12)
        ):
            picking = order.picking_ids.filtered(
                lambda p: p.state not in ("done", "cancel")
            )
            picking.move_ids.quantity = quantity
            picking.move_ids.picked = True
            picking.with_context(cancel_backorder=False)._action_done()
        return picking

    def _row(self, order, today=FRIDAY):
        with freeze_time(today):
            self.env.invalidate_all()
            return (
                self.env["customer.delivery.report"]
                .search([("sale_order_id", "=", order.id)])
                .read(load=None)[0]
            )

    def assert_row(self, row, **expected):
        self.assertEqual({name: row[name] for name in expected}, expected)

    def _verdicts(self, order, today):
        """On time against first and last promise, in full; None is no verdict."""
        self.env.flush_all()
        with freeze_time(today):
            query = SQL(
                """SELECT on_time_first, on_time_last, in_full FROM (%s) report
                    WHERE sale_order_id = %s""",
                self.env["customer.delivery.report"]._table_query,
                order.id,
            )
        return self.env.execute_query(query)[0]

    def test_two_partial_deliveries_before_the_date_are_on_time_and_in_full(self):
        order = self._order(commitment_date=PROMISE)
        self._deliver(order, 2, date(2026, 3, 9))
        self._deliver(order, 3, date(2026, 3, 11))
        self.assert_row(
            self._row(order),
            delivered_full_date=date(2026, 3, 11),
            on_time_first=1,
            in_full=1,
            fill_rate=100,
            days_late=0,
            is_due=True,
        )

    def test_an_unknown_timezone_is_utc(self):
        order = self._order(commitment_date=PROMISE)
        self._deliver(order, 5, date(2026, 3, 11))
        lose_zones(self.env)
        self.assert_row(self._row(order), delivered_full_date=date(2026, 3, 11))

    def test_a_line_not_yet_due_is_not_judged(self):
        order = self._order(commitment_date=PROMISE)
        self.assertEqual(self._verdicts(order, PROMISE), (None, None, None))
        self.assertFalse(self._row(order)["is_due"])

    def test_undelivered_is_late_from_the_day_after_its_date_on(self):
        order = self._order(commitment_date=PROMISE)
        self.assertEqual(self._verdicts(order, date(2026, 3, 12)), (None, None, None))
        for day in (13, 14):
            today = date(2026, 3, day)
            self.assertEqual(self._verdicts(order, today), (0, 0, 0))
            self.assert_row(self._row(order, today), is_due=True, days_late=day - 12)

    def test_each_verdict_falls_due_by_its_own_date(self):
        order = self._order(commitment_date=PROMISE)
        order.order_line.customer_requested_date = date(2026, 3, 9)
        order.commitment_date = PROMISE + timedelta(days=8)
        self.assertEqual(self._verdicts(order, date(2026, 3, 15)), (0, None, 0))
        self.assert_row(self._row(order, date(2026, 3, 11)), is_due=False)

    def test_a_line_whose_deliveries_were_all_cancelled_is_out(self):
        order = self._order(lines=2, commitment_date=PROMISE)
        order.order_line[0].move_ids._action_cancel()
        rows = self.env["customer.delivery.report"].search(
            [("sale_order_id", "=", order.id)]
        )
        self.assertEqual(rows.sale_line_id, order.order_line[1])

    def test_what_was_not_delivered_after_all_is_not_in_full(self):
        order = self._order(commitment_date=PROMISE)
        self._deliver(order, 3, date(2026, 3, 10))
        order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.assertEqual(self._verdicts(order, date(2026, 3, 20)), (0, 0, 0))
        self.assertEqual(self._row(order)["fill_rate"], 60)

    def test_one_day_after_is_on_time_and_two_are_not(self):
        for day, verdict in ((13, 1), (14, 0)):
            order = self._order(commitment_date=PROMISE)
            self._deliver(order, 5, date(2026, 3, day))
            self.assert_row(self._row(order), on_time_first=verdict, in_full=1)

    def test_ten_days_before_is_on_time_and_eleven_are_too_early(self):
        for day, on_time, early in ((2, 1, 0), (1, 0, 1)):
            order = self._order(commitment_date=PROMISE)
            self._deliver(order, 5, date(2026, 3, day))
            self.assert_row(self._row(order), on_time_first=on_time, is_early=early)

    def test_a_slipped_line_is_on_time_against_its_last_promise_only(self):
        order = self._order(commitment_date=PROMISE)
        order.commitment_date = PROMISE + timedelta(days=8)
        self._deliver(order, 5, date(2026, 3, 20))
        self.assert_row(
            self._row(order), on_time_first=0, on_time_last=1, slip_count=1, days_late=8
        )

    def test_over_delivery_never_exceeds_100_percent(self):
        order = self._order(commitment_date=PROMISE)
        self._deliver(order, 8, date(2026, 3, 10))
        self.assert_row(self._row(order), fill_rate=100, delivered_qty=8, in_full=1)

    def test_98_percent_is_in_full_and_less_is_not(self):
        for quantity, in_full in ((98, 1), (97, 0)):
            order = self._order(confirm=False, commitment_date=PROMISE)
            order.order_line.product_uom_qty = 100
            order.action_confirm()
            self._deliver(order, quantity, date(2026, 3, 10))
            self.assert_row(self._row(order, date(2026, 3, 20)), in_full=in_full)

    @mute_logger("odoo.sql_db")
    def test_a_tolerance_stays_within_the_calendar(self):
        for name in ("delivery_late_days", "delivery_early_days"):
            for days in (-1, 3651):
                with self.assertRaises(IntegrityError), self.cr.savepoint():
                    self.env.company.write({name: days})
                    self.env.flush_all()

    def test_a_category_above_with_its_own_tolerance_wins_over_the_company(self):
        above = self.env["product.category"].create(
            {"name": "Fans", "delivery_tolerance_own": True, "delivery_late_days": 3}
        )
        self.fan.categ_id = self.env["product.category"].create(
            {"name": "Ceiling", "parent_id": above.id}
        )
        self.env.company.delivery_late_days = 0
        order = self._order(commitment_date=PROMISE)
        self._deliver(order, 5, date(2026, 3, 15))
        self.assertEqual(self._row(order)["on_time_first"], 1)

    def test_the_wish_of_the_customer_is_measured_beside_the_promise(self):
        order = self._order(commitment_date=PROMISE)
        order.order_line.customer_requested_date = date(2026, 3, 8)
        self._deliver(order, 5, date(2026, 3, 12))
        self.assert_row(
            self._row(order), on_time_first=1, on_time_requested=0, padding_days=4
        )

    def test_cancelled_orders_and_lines_of_nothing_are_out(self):
        cancelled = self._order(commitment_date=PROMISE)
        cancelled._action_cancel()
        nothing = self._order(commitment_date=PROMISE)
        nothing.order_line.product_uom_qty = 0
        rows = self.env["customer.delivery.report"].search(
            [("sale_order_id", "in", (cancelled + nothing).ids)]
        )
        self.assertFalse(rows)

    def test_returned_and_complained_quantities_stand_in_the_row(self):
        order = self._order(commitment_date=PROMISE)
        picking = self._deliver(order, 5, date(2026, 3, 10))
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 2
        back = wizard._create_return()
        back.move_ids.quantity = 2
        back.move_ids.picked = True
        back._action_done()
        self.assert_row(
            self._row(order),
            delivered_qty=5,
            returned_qty=2,
            complained_qty=0,
            in_full=1,
        )

    def test_estimated_promises_are_left_out_of_the_verdicts(self):
        order = self._order(commitment_date=PROMISE)
        order.order_line.sudo().promise_estimated = True
        self.assertEqual(self._verdicts(order, date(2026, 4, 1)), (None, None, None))
        order.write(
            {
                "commitment_date": PROMISE + timedelta(days=1),
                "promise_reason": "customer",
            }
        )
        self.assertEqual(self._verdicts(order, date(2026, 4, 1)), (0, 0, 0))

    def test_days_are_the_company_s(self):
        self.env.company.partner_id.tz = "Asia/Shanghai"
        order = self._order(commitment_date=datetime(2026, 3, 11, 17))
        self._deliver(order, 5, date(2026, 3, 13))
        self.assert_row(self._row(order), on_time_first=1, days_late=1)

    def test_a_dozen_counts_in_the_unit_of_the_product(self):
        order = self._order(confirm=False, commitment_date=PROMISE)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        self.assert_row(self._row(order), ordered_qty=60)

    def test_a_salesperson_sees_his_own_deliveries(self):
        ann, bob = (
            new_test_user(self.env, login, "sales_team.group_sale_salesman")
            for login in ("ann", "bob")
        )
        order = self._order(commitment_date=PROMISE, user_id=ann.id)
        domain = [("sale_order_id", "=", order.id)]
        report = self.env["customer.delivery.report"]
        self.assertEqual(len(report.with_user(ann).search(domain)), 1)
        self.assertFalse(report.with_user(bob).search(domain))

    def test_a_user_of_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        boss = new_test_user(
            self.env,
            "boss",
            "sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        order = self._order(commitment_date=PROMISE)
        report = self.env["customer.delivery.report"].with_user(boss)
        self.assertFalse(report.search([("sale_order_id", "=", order.id)]))

    def test_a_month_without_lines_is_not_drawn_as_none_on_time(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.customer_delivery_report_action"
        )
        self.assertIs(safe_eval(action["context"])["fill_temporal"], False)

    def test_the_figure_on_the_customer_is_that_of_the_list_it_opens(self):
        late, good, future = (self._order(commitment_date=PROMISE) for _i in range(3))
        self._deliver(late, 5, date(2026, 3, 20))
        self._deliver(good, 5, date(2026, 3, 12))
        other = self.env["res.partner"].create({"name": "Nobody"})
        contact = other.create({"name": "Bo", "parent_id": self.customer.id})
        with freeze_time(date(2026, 3, 12)):
            self.env.invalidate_all()
            self.assertEqual(self.customer.delivery_on_time, 50)
            self.assertEqual(contact.delivery_on_time, 50)
            self.assertEqual(other.delivery_due_count, 0)
            action = self.customer.action_open_deliveries()
            rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.sale_order_id, late + good)
        self.assertNotIn(future, rows.sale_order_id)
        share = sum(rows.mapped("on_time_first")) / len(rows)
        self.assertEqual(self.customer.delivery_on_time, 100 * share)

    def test_the_figure_costs_one_query_for_3_and_30_customers(self):
        partners = self.env["res.partner"].create([{"name": str(n)} for n in range(30)])
        self.env.company._get_timezone()  # what is read once in a process
        counts = []
        for some in (partners[:3], partners):
            self.env.invalidate_all()
            some.mapped("commercial_partner_id.name")
            before = self.env.cr.sql_log_count
            some.mapped("delivery_on_time")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts, [1, 1])

    def test_a_salesperson_s_figure_counts_what_he_may_open(self):
        ann = new_test_user(self.env, "ann", "sales_team.group_sale_salesman")
        for user, day in ((ann, 12), (self.env.user, 20)):
            order = self._order(commitment_date=PROMISE, user_id=user.id)
            self._deliver(order, 5, date(2026, 3, day))
        self.assertEqual(self.customer.with_user(ann).delivery_on_time, 100)
        self.assertEqual(self.customer.delivery_on_time, 50)

    def test_a_merged_customer_takes_his_deliveries_along(self):
        order = self._order(commitment_date=PROMISE)
        self._deliver(order, 5, date(2026, 3, 12))
        target = self.env["res.partner"].create({"name": "Ada Ltd"})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer + target).ids, target)
        self.env.invalidate_all()
        self.assertEqual(target.delivery_due_count, 1)
