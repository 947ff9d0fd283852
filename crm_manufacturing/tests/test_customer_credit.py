from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from .common import ScorecardCase

NOW = datetime(2026, 3, 31, 9)


@tagged("post_install", "-at_install")
class TestCustomerCredit(ScorecardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(NOW)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.company.account_use_credit_limit = True
        cls.customer = cls._create_customer("Ventus")
        cls.customer.with_company(cls.company).credit_limit = 1000
        cls.product.write({"type": "consu", "sale_delay": 0})
        cls.rep = cls._create_user("credit_rep", "sales_team.group_sale_salesman")
        cls.finance = cls._create_user(
            "credit_finance", "account.group_account_invoice"
        )
        cls.planner = cls._create_user("credit_planner", "mrp.group_mrp_user")

    def _quote(self, amount, days=0, partner=None, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": (partner or self.customer).id,
                "user_id": self.rep.id,
                "commitment_date": NOW + timedelta(days=days),
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 10,
                            "price_unit": amount / 10,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )

    def _figures(self, partner=None):
        self.env.invalidate_all()
        report = self.env["customer.credit.report"]
        rows = report._get_figures(partner or self.customer, self.company)
        return rows.get((partner or self.customer).id, report)

    def _stop(self):
        self.company.credit_control = "stop"

    def _release(self, order, reason="Paid on Friday", user=None, **values):
        releases = self.env["customer.credit.release"].with_user(user or self.finance)
        return releases.create({"order_id": order.id, "reason": reason, **values})

    # ------------------------------------------------------------------
    # The figures
    # ------------------------------------------------------------------

    def test_who_owes_nothing_has_no_figures(self):
        self.assertFalse(self._figures())

    def test_an_open_invoice_is_owed_and_overdue_after_its_day(self):
        self._invoice(
            self.customer,
            300,
            day="2026-03-01",
            invoice_date_due="2026-03-11",
            invoice_payment_term_id=False,
        )
        row = self._figures()
        self.assertEqual(
            (row.receivable, row.overdue_amount, row.days_late), (300, 300, 20)
        )

    def test_an_invoice_due_today_is_not_overdue(self):
        self._invoice(self.customer, 300, invoice_payment_term_id=False)
        row = self._figures()
        self.assertEqual(
            (row.receivable, row.overdue_amount, row.days_late), (300, 0, 0)
        )

    def test_an_unmatched_credit_note_pays_what_is_overdue(self):
        self._invoice(
            self.customer,
            300,
            day="2026-03-01",
            invoice_date_due="2026-03-01",
            invoice_payment_term_id=False,
        )
        self._invoice(self.customer, 300, day="2026-03-02", move_type="out_refund")
        row = self._figures()
        self.assertEqual((row.receivable, row.overdue_amount, row.days_late), (0, 0, 0))

    def test_an_invoice_of_a_contact_is_owed_by_the_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.customer.id}
        )
        self._invoice(contact, 40)
        self.assertEqual(self._figures().receivable, 40)

    def test_of_a_frame_order_only_what_ships_soon_counts(self):
        order = self._quote(900, days=0)
        later = self._quote(5000, days=200)
        (order | later).action_confirm()
        row = self._figures()
        self.assertEqual((row.soon_amount, row.now_amount), (900, 900))

    def test_what_ships_this_month_is_not_what_ships_now(self):
        self._quote(900, days=20).action_confirm()
        row = self._figures()
        self.assertEqual((row.soon_amount, row.now_amount), (900, 0))

    def test_the_day_goods_leave_is_the_company_s(self):
        """Late on the third day in New York is the fourth in Greenwich already."""
        self.company.partner_id.tz = "America/New_York"
        self._quote(900, days=3.75).action_confirm()
        self.assertEqual(self._figures().now_amount, 900)

    def test_who_is_over_the_credit_is_found(self):
        within, late = self._create_customer("Within"), self._create_customer("Late")
        self._invoice(self.customer, 1001)
        self._invoice(within, 1001)
        self._invoice(late, 10).invoice_line_ids.move_id.invoice_date_due = "2026-02-01"
        self.env.flush_all()
        report = self.env["customer.credit.report"].with_user(self.finance)
        own = [("partner_id", "in", (self.customer | within | late).ids)]
        over = report.search([*own, ("is_over", "=", True)])
        self.assertEqual(over.partner_id, self.customer | late)
        others = report.search([*own, ("is_over", "=", False)])
        self.assertEqual(others.partner_id, within)

    def test_figures_of_many_customers_take_one_statement(self):
        partners = self.customer
        for number in range(20):
            partner = self._create_customer(f"Many {number}")
            self._invoice(partner, 10)
            partners |= partner
        self.env.flush_all()
        report = self.env["customer.credit.report"]
        counts = []
        for some in (partners[:2], partners):
            self.env.invalidate_all()
            some.mapped("commercial_partner_id")
            before = self.env.cr.sql_log_count
            report._get_figures(some, self.company)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # ------------------------------------------------------------------
    # Quotation and confirmation
    # ------------------------------------------------------------------

    def test_a_quotation_within_the_limit_says_nothing(self):
        self.assertFalse(self._quote(1000).credit_message)

    def test_a_quotation_over_the_limit_says_so_and_may_be_confirmed(self):
        order = self._quote(1001)
        self.assertIn("Ventus uses", order.with_user(self.rep).credit_message)
        order.with_user(self.rep).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_the_form_has_one_alert_and_it_says_what_the_host_s_says(self):
        form = self.env["sale.order"].with_user(self.rep).get_view(view_type="form")
        tree = etree.fromstring(form["arch"])
        (host,) = tree.xpath("//field[@name='partner_credit_warning']/..")
        self.assertEqual(host.get("invisible"), "1")
        order = self._quote(1001)
        limit, total = order.partner_credit_warning.splitlines()
        self.assertIn("1,000.00", limit)
        self.assertIn("uses", order.credit_message)
        self.assertTrue(order.credit_message.endswith(total))
        self.assertNotIn(limit, order.credit_message)

    def test_who_is_late_and_over_the_host_s_limit_hears_of_both(self):
        self._invoice(
            self.customer,
            5,
            day="2026-02-01",
            invoice_date_due="2026-02-01",
            invoice_payment_term_id=False,
        )
        order = self._quote(5000, days=90)
        message = order.credit_message
        self.assertIn("overdue, for up to", message)
        for line in order.partner_credit_warning.splitlines():
            self.assertIn(line, message)

    def test_a_long_frame_order_is_not_over_the_limit(self):
        self._stop()
        order = self._quote(50000, days=90)
        self.assertFalse(order.credit_message)
        order.action_confirm()
        today = self._quote(900)
        today.action_confirm()
        self.assertEqual(today.state, "sale")

    def test_one_sentence_about_the_credit_stands_on_the_order(self):
        """The host's, which counts all of a frame order, is not shown beside ours."""
        view = self.env.ref("sale.view_order_form")
        arch = etree.fromstring(self.env["sale.order"].get_view(view.id)["arch"])
        (field,) = arch.xpath("//div/field[@name='partner_credit_warning']")
        self.assertEqual(field.getparent().get("invisible"), "1")

    def test_an_old_overdue_invoice_is_enough(self):
        self._invoice(
            self.customer,
            5,
            day="2026-02-01",
            invoice_date_due="2026-02-01",
            invoice_payment_term_id=False,
        )
        message = self._quote(10).credit_message
        self.assertIn("overdue, for up to 58 days", message)

    def test_exactly_the_days_allowed_are_not_late(self):
        self._invoice(
            self.customer,
            5,
            day="2026-03-01",
            invoice_date_due="2026-03-01",
            invoice_payment_term_id=False,
        )
        self.assertFalse(self._quote(10).credit_message)

    def test_a_stop_refuses_the_confirmation(self):
        self._stop()
        order = self._quote(1001).with_user(self.rep)
        with self.assertRaisesRegex(UserError, "Accounting can release"):
            order.action_confirm()

    def test_a_stop_cannot_be_written_or_created_around(self):
        self._stop()
        order = self._quote(1001).with_user(self.rep)
        with self.assertRaisesRegex(UserError, "Accounting can release"):
            order.with_context(credit_released=True).write({"state": "sale"})
        with self.assertRaisesRegex(UserError, "Accounting can release"):
            self._quote(1001, state="sale")

    def test_orders_confirmed_together_are_owed_together(self):
        self._stop()
        orders = self._quote(600) | self._quote(600)
        with self.assertRaisesRegex(UserError, "Accounting can release"):
            orders.action_confirm()

    def test_the_shop_floor_cannot_grow_a_confirmed_order(self):
        self._stop()
        order = self._quote(900)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "Accounting can release"):
            order.order_line.with_user(self.planner).write({"price_unit": 101})

    def test_a_confirmed_order_may_always_shrink(self):
        order = self._quote(2000)
        order.action_confirm()
        self._stop()
        order.order_line.with_user(self.rep).write({"price_unit": 180})
        self.assertEqual(order.amount_total, 1800)

    def test_a_portal_user_is_not_told_his_credit(self):
        self._stop()
        portal = self._create_user("credit_portal", "base.group_portal")
        message = self._quote(1001).with_user(portal)._get_credit_stop()
        self.assertNotIn("1,0", message)
        self.assertIn("Please contact us", message)

    def test_what_a_customer_signs_over_his_credit_waits_and_is_told_of(self):
        self._stop()
        portal = self._create_user("credit_signer", "base.group_portal")
        order = self._quote(1001)
        order.with_user(portal).sudo()._validate_order()
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.activity_ids.user_id, self.rep)
        self.assertIn("Ventus uses", order.activity_ids.note)
        self._release(order)
        order.with_user(portal).sudo()._validate_order()
        self.assertEqual(order.state, "sale")

    def test_a_part_paid_over_the_credit_is_booked_and_told_of(self):
        self._stop()
        order = self._quote(2000)
        order.write({"require_payment": True, "prepayment_percent": 0.3})
        confirmed = self._pay(order, 600)._check_amount_and_confirm_order()
        self.assertFalse(confirmed)
        self.assertEqual(order.state, "draft")
        self.assertIn("Ventus uses", order.activity_ids.note)
        confirmed = self._pay(order, 1400)._check_amount_and_confirm_order()
        self.assertEqual(confirmed, order)

    def _pay(self, order, amount):
        """What a customer paid online, and the provider has told us of."""
        method = self.env["payment.method"].with_context(active_test=False)
        provider = self.env["payment.provider"].create(
            {"name": "Bank", "code": "none", "company_id": self.company.id}
        )
        payment = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.search([], limit=1).id,
                "amount": amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": f"{order.name} {amount}",
                "sale_order_ids": order.ids,
            }
        )
        payment._set_done()
        return payment

    def test_a_service_has_no_shipment_and_is_owed_all_the_same(self):
        self._stop()
        self.product.type = "service"
        later = self._quote(900, days=90)
        later.action_confirm()
        first, second = self._quote(900), self._quote(900)
        first.action_confirm()
        with self.assertRaisesRegex(UserError, "Ventus uses .*1,800"):
            second.action_confirm()
        self.assertEqual(self._figures().now_amount, 900)

    # ------------------------------------------------------------------
    # Release
    # ------------------------------------------------------------------

    def test_accounting_releases_with_a_reason_that_is_logged(self):
        self._stop()
        order = self._quote(1001)
        release = self._release(order, amount=9e9, message="none")
        self.assertEqual(release.amount, 1001)
        self.assertIn("Ventus uses", release.message)
        self.assertIn("Paid on Friday", order.message_ids[:1].body)
        order.with_user(self.rep).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_the_alert_can_open_the_release(self):
        """The client opens no action that does not say its views."""
        order = self._quote(1001).with_user(self.finance)
        action = order.action_release_credit()
        self.assertEqual(action["views"], [(False, "form")])

    def test_an_order_that_grows_after_its_release_is_asked_again(self):
        self._stop()
        order = self._quote(1001)
        self._release(order)
        order.order_line.price_unit = 101
        with self.assertRaisesRegex(UserError, "Accounting can release"):
            order.action_confirm()

    def test_a_release_is_for_the_customer_and_currency_it_was_given_for(self):
        self._stop()
        other = self._create_customer("Zephyr")
        other.with_company(self.company).credit_limit = 100
        order = self._quote(1001)
        self._release(order, partner_id=other.id)
        order.with_user(self.rep).partner_id = other
        with self.assertRaisesRegex(UserError, "Zephyr uses"):
            order.with_user(self.rep).action_confirm()
        order.partner_id = self.customer
        release = order.credit_release_ids
        release.sudo().currency_id = self.env.ref("base.JPY")
        self.assertFalse(order._is_credit_released())

    def test_releases_are_found_by_customer_and_currency(self):
        release = self._release(self._quote(1001))
        releases = self.env["customer.credit.release"].with_user(self.finance)
        views = releases.get_views([(False, "list"), (False, "search")])["views"]
        for kind in ("list", "search"):
            for name in ("partner_id", "create_uid", "order_id"):
                self.assertIn(f'name="{name}"', views[kind]["arch"], kind)
        found = releases.search([("partner_id", "child_of", self.customer.id)])
        self.assertEqual(found, release)
        self.finance.group_ids += self.env.ref("base.group_multi_currency")
        views = releases.get_views([(False, "list"), (False, "search")])["views"]
        for kind in ("list", "search"):
            tree = etree.fromstring(views[kind]["arch"])
            (field,) = tree.xpath("//field[@name='currency_id']")
            self.assertNotEqual(field.get("column_invisible"), "True")

    def test_a_release_given_before_keeps_its_order_s_customer_and_currency(self):
        order = self._quote(1001)
        release = self._release(order)
        release.sudo().write({"partner_id": False, "currency_id": False})
        self.assertFalse(order._is_credit_released())
        script = load_script(
            file_path("crm_manufacturing/migrations/19.0.1.2.0/post-migrate.py"),
            "post_migrate",
        )
        script._say_whose_releases_are(self.env)
        self.assertTrue(order._is_credit_released())

    def test_a_release_needs_a_reason(self):
        with self.assertRaisesRegex(ValidationError, "Reason: say why"):
            self._release(self._quote(1001), reason="  ")

    def test_nobody_else_releases_and_nobody_changes_a_release(self):
        order = self._quote(1001)
        with self.assertRaises(AccessError):
            self._release(order, user=self.rep)
        release = self._release(order)
        with self.assertRaises(AccessError):
            release.write({"reason": "Other"})
        with self.assertRaises(AccessError):
            release.unlink()

    # ------------------------------------------------------------------
    # Before shipping
    # ------------------------------------------------------------------

    def _check(self, **values):
        self.env["customer.credit.release"]._check_shipping(self.company, self.today)

    def test_days_before_shipping_the_salesperson_is_told_once(self):
        order = self._quote(1500, days=3)
        order.action_confirm()
        self._check()
        self._check()
        activity = order.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.rep)
        self.assertIn("Ships within 3 days. Ventus owes", activity.note)

    def test_each_salesperson_reads_it_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        order = self._quote(1500, days=3)
        order.action_confirm()
        self.rep.lang = "zh_CN"
        self._check()
        self.assertIn("3 天内发货。Ventus 欠款", order.activity_ids.note)

    def test_without_salesperson_or_after_he_left_somebody_is_told(self):
        leader = self._create_user("credit_lead", "sales_team.group_sale_manager")
        team = self.env["crm.team"].create({"name": "T", "user_id": leader.id})
        left = self._create_user("credit_left", "sales_team.group_sale_salesman")
        left.active = False
        for user in (left.browse(), left):
            order = self._quote(1500, days=3, team_id=team.id)
            order.action_confirm()
            order.user_id = user
            order.team_id = team
            self._check()
            self.assertEqual(order.activity_ids.user_id, leader)

    def test_what_ships_later_is_not_asked_for_yet(self):
        order = self._quote(1500, days=4)
        order.action_confirm()
        self._check()
        self.assertFalse(order.activity_ids)

    def test_a_released_order_ships_without_a_word(self):
        order = self._quote(1500, days=1)
        order.action_confirm()
        self._release(order)
        self._check()
        self.assertFalse(order.activity_ids)

    def test_the_truck_at_the_gate_is_loaded(self):
        order = self._quote(1500)
        order.action_confirm()
        self._stop()
        picking = order.picking_ids
        picking.move_ids.quantity = 10
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_days_are_kept_within_reason(self):
        with self.assertRaisesRegex(ValidationError, "Check Before Shipping"):
            self.company.credit_check_days = 31
