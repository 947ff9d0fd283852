import io
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.mail.tests.common import MailCommon

from .order_trace_common import NOW
from .supplier_material_common import SupplierMaterialCase


class SendCase(SupplierMaterialCase, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = new_test_user(
            cls.env,
            login="material_buyer",
            groups="purchase.group_purchase_user",
            email="buyer@ours.example",
            company_id=cls.company.id,
        )
        cls.env["ir.config_parameter"].search(
            [("key", "=", "database.is_neutralized")]
        ).unlink()

    def setUp(self):
        super().setUp()
        self._sell(100, date(2026, 3, 12))
        self._run()
        self.plan = self._plan().with_user(self.buyer)

    def _send_some(self, plans):
        with self.mock_mail_gateway(mail_unlink_sent=False):
            results = plans.send_some()
            self.env.cr.postcommit.run()
            self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()
        return results


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSupplierMaterialSend(SendCase):
    """One mail for each supplier, and a result for each."""

    def test_a_plan_goes_once_to_its_supplier_and_is_frozen(self):
        results = self._send_some(self.plan)
        self.assertEqual([r["state"] for r in results], ["sent"])
        self.assertEqual((self.plan.state, self.plan.user_id), ("sent", self.buyer))
        mails = [m for m in self._mails if "plan@foshan.example" in str(m["email_to"])]
        self.assertEqual(len(mails), 1)
        self.assertIn("This is not an order", mails[0]["body"])
        told = self.plan.get_send_results(self.plan.ids)
        self.assertEqual(told, [{"id": self.plan.id, "state": "sent", "text": ""}])

    def test_a_repeated_call_sends_nothing_again(self):
        self._send_some(self.plan)
        results = self._send_some(self.plan)
        self.assertEqual([r["state"] for r in results], ["skipped"])
        self.assertFalse(self._mails)
        self.assertEqual(self.plan.version, 1)

    def test_a_missing_or_senseless_address_is_reported_and_the_rest_goes_out(self):
        self.switch.seller_ids[0].partner_id = self.other_vendor
        self._sell(3, date(2026, 3, 12), product=self.blade)
        for email, sentence in (
            (False, "Ningbo Switch has no e-mail address."),
            ("call me", "Ningbo Switch: call me is no e-mail address."),
        ):
            with self.subTest(email=email):
                self._sell(3, date(2026, 3, 12))
                self._sell(3, date(2026, 3, 12), product=self.blade)
                self.other_vendor.email = email
                self._run()
                plans = self._plan(self.other_vendor) | self._plan()
                results = {
                    r["id"]: (r["state"], r["text"])
                    for r in self._send_some(plans.with_user(self.buyer))
                }
                bad = self._plan(self.other_vendor)
                self.assertEqual(results.pop(bad.id), ("failed", sentence))
                self.assertEqual([s for s, _text in results.values()], ["sent"])
                self.assertEqual(bad.state, "draft")

    def test_an_archived_contact_is_reported(self):
        self.vendor.active = False
        self.assertIn("archived", self._send_some(self.plan)[0]["text"])

    def test_who_changed_to_another_company_gets_no_plan(self):
        mei = self.env["res.partner"].create(
            {"name": "Mei", "parent_id": self.vendor.id, "email": "mei@foshan.example"}
        )
        self.vendor.material_plan_contact_id = mei
        self.assertEqual(self.plan.contact_id, mei)
        mei.parent_id = self.other_vendor
        self.assertEqual(self.plan.contact_id, self.vendor)
        self._send_some(self.plan)
        self.assertNotIn("mei@foshan.example", str(self._mails[0]["email_to"]))
        with self.assertRaisesRegex(ValidationError, "Mei is no contact of Foshan"):
            self.vendor.write({"material_plan_contact_id": mei.id})

    def test_it_goes_to_the_chosen_contact_in_his_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        contact = self.env["res.partner"].create(
            {
                "name": "Mei",
                "parent_id": self.vendor.id,
                "email": "mei@foshan.example",
                "lang": "fr_FR",
            }
        )
        self.vendor.material_plan_contact_id = contact
        template = self.env.ref("crm_manufacturing.supplier_material_plan_mail")
        template.with_context(lang="fr_FR").subject = "Plan de besoins"
        self.switch.with_context(lang="fr_FR").name = "Interrupteur"
        self._send_some(self.plan)
        mail = self._mails[0]
        self.assertIn("mei@foshan.example", str(mail["email_to"]))
        self.assertEqual(mail["subject"], "Plan de besoins")
        html = self._html(self.plan)
        self.assertIn("Interrupteur", html)
        self.assertEqual(self._sheet(self.plan)[4][0], "Interrupteur")

    def _html(self, plan):
        report = self.env["ir.actions.report"]
        name = "crm_manufacturing.supplier_material_plan_report"
        return report._render_qweb_html(name, plan.ids)[0].decode()

    def _sheet(self, plan):
        from openpyxl import load_workbook

        _name, content = plan.sudo()._make_sheet()
        book = load_workbook(io.BytesIO(content))
        return [[cell.value for cell in row] for row in book.active.iter_rows()]

    def test_document_and_sheet_say_not_an_order_and_name_no_customer(self):
        self.customer.name = "Zanzibar Cooling"
        html, sheet = self._html(self.plan), str(self._sheet(self.plan))
        for text in (html, sheet):
            self.assertIn("This is not an order", text)
            self.assertIn("Switch", text)
            self.assertNotIn("Zanzibar", text)
        self.assertEqual(self._sheet(self.plan)[4][5:], [100, 0, 0, 0, 0, 100])

    def test_a_product_named_like_a_formula_stays_text_in_the_sheet(self):
        self.switch.name = "=1+1"
        self.plan.invalidate_recordset()
        from openpyxl import load_workbook

        _name, content = self.plan.sudo()._make_sheet()
        cell = load_workbook(io.BytesIO(content)).active["A5"]
        self.assertEqual((cell.value, cell.data_type), ("=1+1", "s"))

    def test_without_a_pdf_maker_a_web_page_goes_and_the_result_says_so(self):
        report = type(self.env["ir.actions.report"])
        with patch.object(report, "get_wkhtmltopdf_state", lambda self: "install"):
            results = self._send_some(self.plan)
        self.assertIn("cannot make PDF", results[0]["text"])
        names = self.plan.sudo().sent_message_id.attachment_ids.mapped("name")
        self.assertEqual(
            sorted(names),
            ["material-plan-2026-03-02-v1.html", "material-plan-2026-03-02-v1.xlsx"],
        )

    def test_nothing_leaves_a_neutralised_database(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        with self.assertRaisesRegex(UserError, "neutralized"):
            self._send_some(self.plan)
        self.assertEqual(self.plan.state, "draft")
        self.assertFalse(
            self.env["mail.mail"].search([("model", "=", self.plan._name)])
        )

    def test_a_failed_mail_is_shown_and_a_bounce_reaches_the_sender(self):
        self._send_some(self.plan)
        notes = self.plan.sudo().sent_message_id.notification_ids
        notes.write({"notification_status": "bounce", "failure_type": "mail_bounce"})
        result = (
            self.env["supplier.material.plan"]
            .with_user(self.buyer)
            .get_send_results(self.plan.ids)
        )
        self.assertEqual(result[0]["state"], "failed")
        self.assertTrue(result[0]["text"])
        self.plan.sudo()._message_receive_bounce("plan@foshan.example", self.vendor)
        self.assertEqual(self.plan.activity_ids.user_id, self.buyer)

    def test_the_buyer_reads_of_a_bounce_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.plan.sudo().user_id = self.buyer
        self.buyer.lang = "zh_CN"
        self.plan.sudo()._message_receive_bounce("plan@foshan.example", self.vendor)
        self.assertEqual(self.plan.activity_ids.summary, "物料计划未送达")

    def test_one_that_fails_on_the_way_is_rolled_back_alone(self):
        model = type(self.env["supplier.material.plan"])
        with patch.object(model, "_make_document", side_effect=UserError("No paper")):
            results = self._send_some(self.plan)
        self.assertEqual(
            (results[0]["state"], results[0]["text"]), ("failed", "No paper")
        )
        self.assertEqual(self.plan.state, "draft")

    def test_the_preview_shows_the_differences_to_the_last_version(self):
        self._send_some(self.plan)
        self._sell(40, date(2026, 3, 12))
        self._sell(7, date(2026, 4, 12))
        self._run()
        preview = (
            self.env["supplier.material.plan"].with_user(self.buyer).get_send_preview()
        )
        row = preview["rows"][0]
        self.assertEqual(
            [row[k] for k in ("version", "previous", "added", "changed", "dropped")],
            [2, 1, 1, 1, 0],
        )
        self.assertEqual(
            [(d["before"], d["now"], d["delta"]) for d in row["differences"]],
            [(100, 140, 40), (0, 7, 7)],
        )

    def test_the_preview_of_a_first_plan_lists_what_it_asks(self):
        plans = self.env["supplier.material.plan"].with_user(self.buyer)
        row = plans.get_send_preview()["rows"][0]
        self.assertEqual((row["previous"], row["lines"]), (False, 1))
        self.assertEqual(
            [(d["period"], d["now"]) for d in row["differences"]], [("March 2026", 100)]
        )

    def test_one_call_speaks_to_each_supplier_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self._sell(5, date(2026, 3, 12), self._product_of(self.other_vendor))
        self._run()
        self.vendor.lang, self.other_vendor.lang = "zh_CN", "en_US"
        plans = self.plan | self._plan(self.other_vendor).with_user(self.buyer)
        self._send_some(plans)
        titles = [self._sheet(plan)[0][0] for plan in plans]
        self.assertEqual(
            titles, ["Foshan Motor，物料计划 1", "Ningbo Switch, material plan 1"]
        )
        for plan, title in zip(plans, titles, strict=True):
            address = plan.contact_id.email
            [mail] = [m for m in self._mails if address in str(m["email_to"])]
            self.assertIn(title, mail["body"])

    def _product_of(self, vendor):
        return self._product(
            "Knob",
            route_ids=[Command.clear()],
            seller_ids=[Command.create({"partner_id": vendor.id})],
        )

    def test_months_are_written_as_the_reader_writes_them(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        line = self.plan.line_ids
        self.assertEqual(line.period_name, "March 2026")
        self.assertEqual(line.with_context(lang="zh_CN").period_name, "2026年3月")

    def test_the_buyer_may_not_change_what_is_planned_or_sent(self):
        for record, values in (
            (self.plan, {"state": "draft"}),
            (self.plan.line_ids, {"required": 1}),
            (self.plan.line_ids, {"answer": "as_asked"}),
        ):
            with self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(AccessError):
            self.plan.unlink()

    def test_salespeople_planners_and_accountants_see_no_plan(self):
        for group in (
            "sales_team.group_sale_manager",
            "mrp.group_mrp_user",
            "account.group_account_manager",
        ):
            user = new_test_user(self.env, login=group, groups=group)
            for model in ("plan", "plan.line", "plan.need"):
                with self.assertRaises(AccessError):
                    self.env[f"supplier.material.{model}"].with_user(user).search([])
            with self.assertRaises(AccessError):
                self.plan.with_user(user).send_some()
            with self.assertRaises(AccessError):
                self.plan.with_user(user).get_send_preview()

    def test_a_buyer_of_another_company_sees_and_sends_nothing(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env,
            login="elsewhere",
            groups="purchase.group_purchase_manager",
            company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)],
        )
        plans = self.env["supplier.material.plan"].with_user(user)
        self.assertFalse(plans.search([]))
        self.assertFalse(plans.get_send_preview()["rows"])
        with self.assertRaises(AccessError):
            plans.browse(self.plan.id).send_some()

    def test_the_buyer_sees_who_needs_it_without_rights_on_sales(self):
        needs = self.plan.line_ids.need_ids
        self.assertEqual(needs.order_partner_id.sudo().name, "Ada")
        rows = needs.web_read(
            {"order_partner_id": {"fields": {"display_name": {}}}, "quantity": {}}
        )
        self.assertEqual(rows[0]["order_partner_id"]["display_name"], "Ada")
        self.assertEqual(rows[0]["quantity"], 100)

    def test_the_night_brings_all_companies_to_today(self):
        self._sell(20, date(2026, 3, 12))
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_manufacturing.ir_cron_supplier_material_plan"
            ).method_direct_trigger()
        self.assertEqual(self.plan.line_ids.required, 120)

    def test_the_buyer_updates_the_figures_himself(self):
        self._sell(20, date(2026, 3, 12))
        self.plan.with_company(self.company).action_refresh()
        self.assertEqual(self.plan.line_ids.required, 120)
