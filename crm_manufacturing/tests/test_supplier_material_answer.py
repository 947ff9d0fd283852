from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .order_trace_common import NOW
from .supplier_material_common import APRIL, MARCH, SupplierMaterialCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSupplierMaterialAnswer(SupplierMaterialCase):
    """What a supplier's word does, and what it does not."""

    def setUp(self):
        super().setUp()
        self.buyer = new_test_user(
            self.env, login="answer_buyer", groups="purchase.group_purchase_user"
        )
        self.order = self._sell(100, date(2026, 3, 12))

    def _open(self):
        self._run()
        plan = self._send()
        plan.user_id = self.buyer
        return plan

    def _reply(self, plan, **post):
        line = plan.line_ids[:1]
        fields = {
            f"{name}_{line.id}" if name != "confirm" else name: value
            for name, value in post.items()
        }
        answers, problems = plan._read_answers(fields)
        plan._answer(answers, self.vendor)
        return problems.get(line.id)

    def test_a_confirmation_is_the_quantity_and_the_day_as_asked(self):
        plan = self._open()
        self._reply(plan, confirm="all")
        line = plan.line_ids
        self.assertEqual(
            (line.answer, line.answer_quantity, line.answer_date),
            ("as_asked", 100, date(2026, 3, 12)),
        )
        self.assertEqual(plan.state, "answered")
        self.assertFalse(plan.activity_ids)

    def test_another_answer_is_shown_to_the_buyer_with_an_activity(self):
        plan = self._open()
        self._reply(plan, quantity="60", date="2026-03-20", comment="<b>Press</b>")
        line = plan.line_ids
        self.assertEqual((line.answer, line.answer_days_late), ("other", 8))
        self.assertEqual(plan.activity_ids.user_id, self.buyer)
        self.assertIn("60 of 100", plan.message_ids[0].body)
        self.assertNotIn("<b>", plan.message_ids[0].body)
        self.assertNotIn("<b>", plan.activity_ids.note)

    def test_an_answer_becomes_the_promise_of_the_purchase_and_not_its_quantity(self):
        purchase = self._purchase_of(100, date(2026, 3, 10))
        plan = self._open()
        self._reply(plan, quantity="60", date="2026-03-20")
        line = purchase.order_line
        self.assertEqual(line.product_qty, 100)
        self.assertEqual(line.promised_date.date(), date(2026, 3, 20))
        self.assertEqual(line.first_promised_date.date(), date(2026, 3, 10))
        self.assertEqual((line.promise_source, line.promise_slip_count), ("vendor", 1))
        self.assertEqual(plan.line_ids.answer_effect, purchase.name)
        self.assertTrue(purchase.activity_ids)

    def test_who_confirms_what_was_asked_keeps_his_earlier_promise(self):
        purchase = self._purchase_of(100, date(2026, 3, 10))
        self._reply(self._open(), confirm="all")
        line = purchase.order_line
        self.assertEqual(line.promised_date.date(), date(2026, 3, 10))
        self.assertEqual((line.promise_source, line.promise_slip_count), ("vendor", 0))
        self.assertFalse(purchase.activity_ids)

    def test_who_confirms_an_earlier_day_than_promised_promises_it(self):
        purchase = self._purchase_of(100, date(2026, 3, 17))
        self._reply(self._open(), confirm="all")
        line = purchase.order_line
        self.assertEqual(line.promised_date.date(), date(2026, 3, 12))
        self.assertEqual(line.promise_slip_count, 0)

    def test_who_answers_again_moves_the_same_order_back(self):
        purchase = self._purchase_of(100, date(2026, 3, 10))
        other = self._purchase_of(5, date(2026, 4, 20))
        plan = self._open()
        self._reply(plan, quantity="100", date="2026-04-20")
        self.assertEqual(purchase.order_line.promised_date.date(), date(2026, 4, 20))
        self._reply(plan, confirm=str(plan.line_ids[:1].id))
        self.assertEqual(purchase.order_line.promised_date.date(), date(2026, 3, 12))
        self.assertEqual(other.order_line.promised_date.date(), date(2026, 4, 20))

    def test_the_buyer_is_told_in_his_own_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        plan = self._open().with_context(lang="zh_CN")
        self._reply(plan, quantity="60", date="2026-03-20")
        self.assertEqual(self.buyer.lang, "en_US")
        self.assertIn("answered otherwise", plan.activity_ids.summary)
        for text in (plan.activity_ids.note, plan.message_ids[0].body):
            self.assertIn("Answers of the supplier", text)
            self.assertIn("March 2026: 60 of 100", text)

    def test_the_slip_is_recorded_with_its_reason(self):
        purchase = self._purchase_of(100, date(2026, 3, 10))
        self._reply(self._open(), quantity="100", date="2026-03-20")
        change = self.env["delivery.promise.change"].search(
            [("purchase_line_id", "=", purchase.order_line.id)]
        )[0]
        self.assertEqual(
            (change.reason, change.is_slip, change.days), ("supplier", True, 10)
        )

    def test_a_request_for_quotation_is_left_alone(self):
        purchase = self._purchase_of(100, date(2026, 3, 10), confirm=False)
        before = purchase.order_line.date_planned
        self._reply(self._open(), quantity="100", date="2026-03-20")
        self.assertEqual(purchase.order_line.date_planned, before)
        self.assertFalse(purchase.order_line.promised_date)

    def test_orders_of_other_months_products_and_suppliers_are_left_alone(self):
        others = (
            self._purchase_of(10, date(2026, 4, 10)),
            self._purchase_of(10, date(2026, 3, 10), product=self.blade),
            self._purchase_of(10, date(2026, 3, 10), vendor=self.other_vendor),
        )
        before = [purchase.order_line.date_planned for purchase in others]
        plan = self._open()
        line = plan.line_ids.filtered(
            lambda li: (li.product_id, li.period_start) == (self.switch, MARCH)
        )
        post = {f"quantity_{line.id}": "90", f"date_{line.id}": "2026-03-25"}
        plan._answer(plan._read_answers(post)[0], self.vendor)
        self.assertEqual(
            [purchase.order_line.date_planned for purchase in others], before
        )

    def test_the_earliest_orders_follow_as_far_as_the_quantity_reaches(self):
        first = self._purchase_of(40, date(2026, 3, 5))
        second = self._purchase_of(60, date(2026, 3, 10))
        self._reply(self._open(), quantity="40", date="2026-03-20")
        self.assertEqual(first.order_line.date_planned.date(), date(2026, 3, 20))
        self.assertEqual(second.order_line.date_planned.date(), date(2026, 3, 10))

    def test_nothing_can_be_answered_and_moves_no_order(self):
        purchase = self._purchase_of(40, date(2026, 3, 5))
        plan = self._open()
        self.assertFalse(self._reply(plan, quantity="0"))
        self.assertEqual(plan.line_ids.answer_quantity, 0)
        self.assertEqual(purchase.order_line.date_planned.date(), date(2026, 3, 5))

    def test_bad_input_gets_a_sentence_and_nothing_is_kept(self):
        plan = self._open()
        for quantity, day, sentence in (
            ("many", "2026-03-20", "Quantity: many is no quantity."),
            ("-5", "2026-03-20", "Quantity: -5 is no quantity."),
            ("nan", "2026-03-20", "Quantity: nan is no quantity."),
            ("1e300", "2026-03-20", "Quantity: 1e300 is no quantity."),
            ("", "2026-03-20", "Quantity: - is no quantity."),
            ("5", "", "Date: enter the day you deliver."),
            ("5", "31/02/2026", "Date: 31/02/2026 is no date."),
            ("5", "2026-02-31", "Date: 2026-02-31 is no date."),
            ("5", "2026-03-01", "Date: enter a day from today on, within two years."),
            ("5", "2126-03-01", "Date: enter a day from today on, within two years."),
        ):
            with self.subTest(quantity=quantity, day=day):
                problem = self._reply(plan, quantity=quantity, date=day)
                self.assertEqual(problem, sentence)
        self.assertEqual(
            self._reply(plan, comment="Later"),
            "Quantity: enter one with the remark.",
        )
        self.assertFalse(plan.line_ids.answer)
        self.assertEqual(plan.state, "sent")

    def test_an_answer_stays_with_the_next_draft_while_the_same_is_asked(self):
        plan = self._open()
        self._run()
        self._reply(plan, quantity="100", date="2026-03-20")
        self.assertEqual(self._line().answer_date, date(2026, 3, 20))
        self._run()
        self.assertEqual(self._line().answer_date, date(2026, 3, 20))
        self._sell(1, date(2026, 3, 12))
        self._run()
        self.assertFalse(self._line().answer)

    def _at_risk(self):
        action = self.env["sale.order.line"].action_orders_at_risk()
        return self.env["sale.order.line"].search(action["domain"])

    def test_a_late_answer_puts_the_orders_behind_it_at_risk(self):
        far = self._sell(10, date(2026, 4, 20))
        plan = self._open()
        self.assertNotIn(far.order_line, self._at_risk())
        line = plan.line_ids.filtered(lambda li: li.period_start == APRIL)
        post = {f"quantity_{line.id}": "10", f"date_{line.id}": "2026-05-20"}
        plan._answer(plan._read_answers(post)[0], self.vendor)
        self.assertIn(far.order_line, self._at_risk())

    def test_a_short_answer_in_time_hurts_whom_was_promised_last(self):
        near = self._sell(10, date(2026, 4, 20))
        far = self._sell(20, date(2026, 4, 25))
        self._purchase_of(30, date(2026, 4, 10))
        plan = self._open()
        line = plan.line_ids.filtered(lambda li: li.period_start == APRIL)
        self.assertEqual((line.required, line.gap), (30, 0))
        post = {f"quantity_{line.id}": "15", f"date_{line.id}": "2026-04-10"}
        plan._answer(plan._read_answers(post)[0], self.vendor)
        self.assertNotIn(near.order_line, self._at_risk())
        self.assertIn(far.order_line, self._at_risk())

    def test_the_salesperson_reads_which_answer_hurts_his_order(self):
        far = self._sell(10, date(2026, 4, 20))
        plan = self._open()
        line = plan.line_ids.filtered(lambda li: li.period_start == APRIL)
        post = {f"quantity_{line.id}": "10", f"date_{line.id}": "2026-05-20"}
        plan._answer(plan._read_answers(post)[0], self.vendor)
        seller = new_test_user(
            self.env, login="told_seller", groups="sales_team.group_sale_salesman"
        )
        far.user_id = seller
        sentence = far.order_line.with_user(seller).trace_sentence
        self.assertRegex(sentence, "Switch: the supplier answered 10 of 10 on 20 May$")
        self.assertNotIn(self.vendor.name, sentence)
        near = self.order.order_line.with_user(seller).sudo()
        self.assertNotIn("answered", near.trace_sentence or "")

    def test_an_answer_as_asked_puts_nothing_at_risk(self):
        far = self._sell(10, date(2026, 4, 20))
        self._reply(self._open(), confirm="all")
        self.assertNotIn(far.order_line, self._at_risk())

    def test_a_slip_of_a_purchase_runs_back_to_the_order_and_its_salesperson(self):
        seller = new_test_user(
            self.env, login="answer_seller", groups="sales_team.group_sale_salesman"
        )
        order = self._order((self.fan, 10))
        order.user_id = seller
        purchase = self._buy(order, arrival=datetime(2026, 3, 6, 12))
        self._run()
        plan = self._send()
        line = plan.line_ids.filtered(lambda li: li.product_id == self.blade)
        post = {f"quantity_{line.id}": "20", f"date_{line.id}": "2026-03-25"}
        plan._answer(plan._read_answers(post)[0], self.vendor)
        blades = purchase.order_line.filtered(lambda li: li.product_id == self.blade)
        self.assertEqual(blades.date_planned.date(), date(2026, 3, 25))
        late = order.order_line.with_user(seller)
        self.assertGreater(late.trace_late_days, 0)
        action = late.browse().action_orders_at_risk()
        self.assertIn(late, late.search(action["domain"]))

    def test_a_moved_promise_wakes_the_alert(self):
        purchase = self._purchase_of(100, date(2026, 3, 10))
        cron = self.env.ref("crm_manufacturing.ir_cron_order_trace_alert")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self._reply(self._open(), quantity="100", date="2026-03-20")
        self.assertEqual(purchase.order_line.date_planned.date(), date(2026, 3, 20))
        now = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertTrue(now - triggers)


@tagged("post_install", "-at_install")
class TestSupplierMaterialPortal(SupplierMaterialCase, HttpCase):
    """Supplier A against B, by every door."""

    def setUp(self):
        super().setUp()
        self.customer.name = "Zanzibar Cooling"
        today = date.today()
        day = date(today.year + 1, 1, 15)
        self._sell(100, day)
        self.knob = self._product(
            "Knob",
            route_ids=[],
            seller_ids=[(0, 0, {"partner_id": self.other_vendor.id})],
        )
        self.company.material_plan_periods = 24
        self._sell(7, day, product=self.knob)
        self._run(today)
        self.ours, self.theirs = self._plan(), self._plan(self.other_vendor)
        (self.ours | self.theirs)._freeze(datetime.now())
        self.supplier = new_test_user(
            self.env,
            login="supplier_a",
            password="supplier_a_pass",
            groups="base.group_portal",
            parent_id=self.vendor.id,
        )
        self.supplier.partner_id.write(
            {"parent_id": self.vendor.id, "is_company": False}
        )
        self.day = day
        self.authenticate("supplier_a", "supplier_a_pass")

    def _url(self, plan, more=""):
        return f"/my/material-plans/{plan.id}{more}"

    def _get_token(self):
        text = self.url_open(self._url(self.ours)).text.split('name="csrf_token"')[1]
        return text.split('value="')[1].split('"')[0]

    def _post(self, plan, fields, token=True):
        if token:
            fields = {"csrf_token": self._get_token(), **fields}
        return self.url_open(self._url(plan, "/answer"), data=fields)

    def _fields(self, line, quantity="5", comment="", day=None):
        return {
            f"quantity_{line.id}": quantity,
            f"date_{line.id}": str(day or self.day),
            f"comment_{line.id}": comment,
        }

    def test_a_supplier_sees_his_own_plan_and_no_customer(self):
        page = self.url_open("/my/material-plans")
        self.assertIn(self._url(self.ours), page.text)
        self.assertNotIn(self._url(self.theirs), page.text)
        text = self.url_open(self._url(self.ours)).text
        self.assertIn("Switch", text)
        self.assertIn("This is not an order", text)
        for secret in ("Zanzibar", "Knob", "Ningbo"):
            self.assertNotIn(secret, text)

    @mute_logger("odoo.http")
    def test_another_supplier_s_plan_and_a_draft_do_not_exist_for_him(self):
        self._sell(3, self.day)
        self._run(date.today())
        draft = self._plan()
        self.assertEqual(draft.version, 2)
        for plan in (self.theirs, draft):
            self.assertEqual(self.url_open(self._url(plan)).status_code, 404)
            self.assertEqual(self._post(plan, {"confirm": "all"}).status_code, 404)
        self.assertFalse(self.theirs.line_ids.answer)

    def test_he_answers_quantity_and_date_and_nothing_else(self):
        line = self.ours.line_ids
        post = {
            **self._fields(line, "40", "Soon"),
            f"required_{line.id}": "1",
            "state": "draft",
            "required": "1",
            "product_id": "1",
        }
        self.assertEqual(self._post(self.ours, post).status_code, 200)
        self.assertEqual(
            (
                line.answer_quantity,
                line.answer_date,
                line.answer_comment,
                line.required,
            ),
            (40, self.day, "Soon", 100),
        )
        self.assertEqual(line.answered_by_id, self.supplier.partner_id)
        self.assertEqual(self.ours.state, "answered")

    def test_lines_of_another_supplier_in_the_own_form_are_not_touched(self):
        self._post(self.ours, self._fields(self.theirs.line_ids))
        self._post(self.ours, {"confirm": str(self.theirs.line_ids.id)})
        self.assertFalse(self.theirs.line_ids.answer)
        self.assertFalse(self.ours.line_ids.answer)

    @mute_logger("odoo.http")
    def test_answers_need_a_token_and_a_post(self):
        fields = self._fields(self.ours.line_ids)
        self.assertEqual(self._post(self.ours, fields, token=False).status_code, 400)
        query = "&".join(f"{key}={value}" for key, value in fields.items())
        page = self.url_open(self._url(self.ours, f"/answer?{query}"))
        self.assertIn(page.status_code, (404, 405))
        self.url_open(self._url(self.ours, f"?{query}&confirm=all"))
        self.assertFalse(self.ours.line_ids.answer)

    def test_a_remark_is_shown_as_text(self):
        evil = "<script>alert(1)</script>"
        self._post(self.ours, self._fields(self.ours.line_ids, comment=evil))
        text = self.url_open(self._url(self.ours)).text
        self.assertNotIn(evil, text)
        self.assertIn("&lt;script&gt;", text)
        self.assertNotIn("<script", self.ours.message_ids[0].body)

    def test_nonsense_is_answered_with_a_sentence_and_kept_in_the_form(self):
        page = self._post(self.ours, self._fields(self.ours.line_ids, "a lot"))
        self.assertIn("Quantity: a lot is no quantity.", page.text)
        self.assertIn('value="a lot"', page.text)
        self.assertFalse(self.ours.line_ids.answer)

    def test_thousands_are_read_as_the_page_writes_them(self):
        line = self.ours.line_ids
        for text, quantity in (("1,200", 1200), ("1,200.5", 1200.5), ("1,5", 1.5)):
            self._post(self.ours, self._fields(line, text))
            self.assertEqual(line.answer_quantity, quantity, text)

    def test_a_sign_no_database_keeps_and_a_file_do_no_harm(self):
        line = self.ours.line_ids
        fields = self._fields(line, "4\0", "So\0on")
        self.assertEqual(self._post(self.ours, fields).status_code, 200)
        self.assertEqual((line.answer_quantity, line.answer_comment), (4, "Soon"))
        fields = {f"date_{line.id}": str(self.day), "csrf_token": self._get_token()}
        page = self.url_open(
            self._url(self.ours, "/answer"),
            data=fields,
            files={f"quantity_{line.id}": ("plan.txt", b"5")},
        )
        self.assertIn("Quantity: - is no quantity.", page.text)

    def test_the_second_click_of_a_double_click_is_no_error(self):
        plans = type(self.env["supplier.material.plan"])
        busy = patch.object(plans, "lock_for_update", side_effect=LockError("busy"))
        with busy:
            page = self._post(self.ours, self._fields(self.ours.line_ids, "4"))
        self.assertEqual(page.status_code, 200)
        self.assertEqual(self.ours.line_ids.answer_quantity, 4)

    def test_history_cannot_be_answered(self):
        self._sell(3, self.day)
        self._run(date.today())
        self._plan()._freeze(datetime.now())
        page = self._post(self.ours, self._fields(self.ours.line_ids))
        self.assertIn("cannot be answered", page.text)
        self.assertFalse(self.ours.line_ids.answer)

    @mute_logger("odoo.http")
    def test_an_archived_supplier_has_no_page(self):
        self.vendor.active = False
        self.assertEqual(self.url_open(self._url(self.ours)).status_code, 404)
        page = self.url_open("/my/material-plans")
        self.assertNotIn(self._url(self.ours), page.text)

    def test_another_company_s_plan_with_another_supplier_is_not_his(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.env["supplier.material.plan"].create(
            {
                "partner_id": self.other_vendor.id,
                "company_id": elsewhere.id,
                "version": 1,
                "state": "sent",
                "date": self.day,
            }
        )
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(self._url(foreign)).status_code, 404)

    def test_he_has_no_rights_on_the_models(self):
        for name in ("plan", "plan.line", "plan.need"):
            model = self.env[f"supplier.material.{name}"].with_user(self.supplier)
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(model.has_access(operation), (name, operation))
        plan = self.ours.with_user(self.supplier)
        for call in (plan.send_some, plan.get_send_preview, plan.action_refresh):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            plan.get_send_results(plan.ids)

    def test_visitors_must_log_in(self):
        self.authenticate(None, None)
        page = self.url_open(self._url(self.ours))
        self.assertIn("/web/login", page.url)
