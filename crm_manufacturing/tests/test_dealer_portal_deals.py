import io
import re
import zipfile
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .dealer_portal_common import DealerPortalCase

DEALS = "/my/dealer/deals"
PDF = ("plan.pdf", b"%PDF-1.7 a plan", "application/pdf")
# what the portal reads of a registration by RPC; extend it after a look at the field
READABLE = {
    "answer_due_date",
    "answered_on",
    "category_ids",
    "company_id",
    "create_date",
    "currency_id",
    "dealer_id",
    "end_country_id",
    "end_name",
    "end_state_id",
    "end_vat",
    "end_website",
    "evidence",
    "expected_date",
    "expected_revenue",
    "extension_count",
    "is_escalated",
    "name",
    "product_ids",
    "progress",
    "progress_date",
    "protected_until",
    "state",
    "submitted_on",
    "volume_qty",
    "write_date",
}


def pack(*files):
    """An archive of ``(name, text)``."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files:
            archive.writestr(name, text)
    return data.getvalue()


class DealerDealCase(DealerPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deals = cls.env["dealer.registration"]
        cls.product.default_code = "FAN"
        cls.mine = cls._register(cls.ventus, cls.ada)
        cls.theirs = cls._register(cls.boreas, cls.bea, end_name="Quarry Boreal")

    @classmethod
    def _register(cls, firm, user, **values):
        """A draft as the portal makes it."""
        deals = cls.deals.with_user(user).sudo().with_company(cls.company)
        deal = deals.create(
            {
                "dealer_id": firm.id,
                "company_id": cls.company.id,
                "end_name": "Hotel Sol",
                "product_ids": [Command.set(cls.product.ids)],
                **values,
            }
        )
        return deal.with_env(cls.env)

    def setUp(self):
        super().setUp()
        self._login("ada")

    def _form(self, **fields):
        return {"end_name": "Mill 7", "product_0": "FAN", "do": "save", **fields}

    def _save(self, deal=None, files=None, **fields):
        url = f"{DEALS}/{deal.id}/save" if deal else f"{DEALS}/save"
        return self._post(url, self._form(**fields), files=files)

    def _newest(self):
        return self.deals.search([], order="id desc", limit=1)

    def _approve(self, deal=None):
        deal = deal or self.mine
        deal.action_submit()
        deal.with_user(self.channel).action_approve()
        return deal


@tagged("post_install", "-at_install")
class TestDealerPortalDeals(DealerDealCase):
    """Register a deal and follow it."""

    def test_a_deal_is_saved_as_draft_with_what_was_typed(self):
        category = self.product.categ_id
        page = self._save(
            end_country=str(self.env.ref("base.fr").id),
            end_vat="FR123",
            end_website="mill.example",
            product_1="ceiling fan",
            categories=[str(category.id)],
            volume="1 200,5",
            revenue="50000",
            expected_date=str(self.today + timedelta(days=30)),
            evidence="Met the\nowner.",
        )
        deal = self._newest()
        self.assertIn(f"{DEALS}/{deal.id}?told=saved", page.url)
        self.assertEqual((deal.dealer_id, deal.state), (self.ventus, "draft"))
        self.assertEqual(deal.company_id, self.company)
        self.assertEqual((deal.end_name, deal.end_vat), ("Mill 7", "FR123"))
        self.assertEqual(deal.end_country_id, self.env.ref("base.fr"))
        self.assertEqual(deal.product_ids, self.product)
        self.assertEqual(deal.category_ids, category)
        self.assertEqual((deal.volume_qty, deal.expected_revenue), (1200.5, 50000))
        self.assertEqual(deal.evidence, "Met the\nowner.")
        self.assertIn("Mill 7", page.text)

    def test_a_submitted_deal_waits_for_a_person_who_is_told(self):
        page = self._save(do="submit")
        deal = self._newest()
        self.assertEqual((deal.state, deal.user_id), ("submitted", self.channel))
        self.assertEqual(deal.activity_ids.user_id, self.channel)
        self.assertIn("A person looks at it", page.text)
        self.assertIn("Submitted", self._get(DEALS, "abe").text)

    def test_the_task_is_in_the_language_of_who_answers(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.channel.lang = "zh_CN"
        self._save(do="submit")
        self.assertEqual(self._newest().activity_ids.summary, "答复经销商")

    def test_without_a_manager_somebody_of_ours_is_asked_and_never_the_dealer(self):
        self.ventus.dealer_manager_id = False
        self._save(do="submit")
        self.assertFalse(self._newest().activity_ids.user_id.share)

    def test_the_answer_is_read_once_it_is_given(self):
        self._save(self.mine, do="submit")
        self.mine.answer = "A word in private."
        url = f"{DEALS}/{self.mine.id}"
        self.assertNotIn("in private", self._get(url).text)
        self.mine.answer = "Please add the tax number."
        self.mine.with_user(self.channel).action_return()
        self.assertIn("add the tax number", self._get(url).text)
        form = self._get(f"{url}/edit").text
        self.assertIn("add the tax number", form)
        self._save(self.mine, do="submit", end_vat="ES1")
        self.assertEqual((self.mine.state, self.mine.end_vat), ("submitted", "ES1"))

    def test_an_approved_deal_says_until_when_and_shows_the_firm_s_orders(self):
        self._approve()
        order = self._sell(self.ventus, 2)
        order.opportunity_id = self.mine.lead_id
        direct = self._sell(self.customer, 2)
        direct.opportunity_id = self.mine.lead_id
        page = self._get(f"{DEALS}/{self.mine.id}").text
        self.assertIn("Protected for you until", page)
        self.assertIn(order.name, page)
        self.assertNotIn(direct.name, page)
        self.assertIn("Ceiling fan", page)

    def test_more_time_is_asked_for_with_evidence(self):
        self._approve()
        url = f"{DEALS}/{self.mine.id}/progress"
        page = self._post(url, {"progress": " "})
        self.assertIn("Progress: say what has moved", page.text)
        self._post(url, {"progress": "The tender is out."}, files={"files": PDF})
        self.assertEqual(self.mine.progress, "The tender is out.")
        self.assertTrue(self.mine.has_new_progress)
        summary = "The dealer asks for more time: extend it or not"
        asked = self.mine.activity_ids.filtered(lambda one: one.summary == summary)
        self.assertEqual(asked.user_id, self.channel)
        self.assertEqual(
            self.mine._get_portal_files(self.ventus).mapped("name"), ["plan.pdf"]
        )
        page = self._post(url, {"progress": "Again"})
        self.assertIn("you told us today", page.text)
        self.assertEqual(self.mine.progress, "The tender is out.")
        before = self.mine.protected_until
        self.mine.expected_date = self.today + timedelta(days=120)
        self.mine.with_user(self.channel).action_extend()
        self.assertGreater(self.mine.protected_until, before)
        self.assertIn("Extended", self._get(f"{DEALS}/{self.mine.id}").text)

    def test_only_an_approved_deal_is_extended(self):
        page = self._post(f"{DEALS}/{self.mine.id}/progress", {"progress": "Yes"})
        self.assertIn("only an approved deal", page.text)
        self.assertFalse(self.mine.progress)

    def test_a_conflict_changes_no_word_of_the_answer_at_once(self):
        """A dealer who was told at once would fish for the deals of others."""
        self._approve(self.theirs)
        clear = self._save(do="submit", end_name="Nobody's").text
        taken = self._save(do="submit", end_name="Quarry Boreal").text
        deal = self._newest()
        self.assertEqual(deal.state, "submitted")
        self.assertIn(self.theirs, deal.conflict_ids)
        plain = [
            re.sub(r"DR\d+|deals/\d+|csrf_token: .*|value=\"\w{40,}\"", "", text)
            for text in (clear, taken.replace("Quarry Boreal", "Nobody&#39;s"))
        ]
        self.assertEqual(plain[0], plain[1])

    def test_a_draft_can_be_deleted_and_nothing_else(self):
        self._post(f"{DEALS}/{self.mine.id}/delete")
        self.assertFalse(self.mine.exists())
        deal = self._approve(self._register(self.ventus, self.ada))
        self._post(f"{DEALS}/{deal.id}/delete")
        self.assertEqual(deal.state, "approved")

    def test_what_was_submitted_is_not_changed_by_its_form(self):
        self._save(self.mine, do="submit", end_name="Hotel Sol")
        self._save(self.mine, end_name="Another")
        self.assertEqual(self.mine.end_name, "Hotel Sol")
        page = self._get(f"{DEALS}/{self.mine.id}/edit")
        self.assertNotIn("dealer_deal_form", page.text)

    # ------------------------------------------------------------------
    # What is typed
    # ------------------------------------------------------------------

    def test_each_field_that_is_wrong_has_its_sentence(self):
        before = self._newest()
        for fields, sentence in (
            ({"end_name": " "}, "End Customer&#39;s Name: say who it is."),
            ({"end_name": "x" * 201}, "at most 200 characters"),
            ({"end_vat": "x" * 41}, "Tax ID: at most 40 characters"),
            ({"evidence": "x" * 5001}, "Evidence: at most 5000 characters"),
            ({"volume": "many"}, "Volume: many is no number"),
            ({"revenue": "nan"}, "Expected Revenue: nan is no number"),
            ({"expected_date": "soon"}, "Expected Order: enter a day"),
            ({"expected_date": "2001-01-01"}, "Expected Order: enter a day"),
            ({"product_0": ""}, "Products: name at least one"),
            ({"product_0": "Rocket"}, "Products: we know no Rocket"),
        ):
            page = self._save(do="submit", **fields).text
            self.assertIn(sentence, page)
            self.assertIn("Nothing was saved yet", page)
        self.assertEqual(self._newest(), before)

    def test_an_ambiguous_product_is_asked_for(self):
        for code in ("CF1", "CF2"):
            self.env["product.product"].create(
                {"name": "Column fan", "default_code": code}
            )
        page = self._save(product_0="column").text
        self.assertIn("could be", page)
        self._save(product_0="[CF2] Column fan")
        self.assertEqual(self._newest().product_ids.default_code, "CF2")

    def test_only_named_fields_are_taken(self):
        lead = self.env["crm.lead"].create({"name": "Ours"})
        self._save(
            dealer_id=str(self.boreas.id),
            owner_dealer_id=str(self.boreas.id),
            delivery_dealer_id=str(self.boreas.id),
            user_id=str(self.eve.id),
            end_partner_id=str(self.customer.id),
            company_id="1",
            state="approved",
            protected_until="2099-01-01",
            lead_id=str(lead.id),
            name="DR-EVIL",
            answer="Yes!",
            progress="x",
            extension_count="9",
            conflict_ids="1",
            active="",
            create_uid="1",
        )
        deal = self._newest()
        firms = deal.dealer_id | deal.owner_dealer_id | deal.delivery_dealer_id
        self.assertEqual(firms, self.ventus)
        self.assertEqual((deal.state, deal.company_id), ("draft", self.company))
        self.assertEqual(deal.user_id, self.channel)
        self.assertFalse(
            deal.protected_until
            or deal.lead_id
            or deal.end_partner_id
            or deal.answer
            or deal.progress
            or deal.extension_count
        )
        self.assertNotEqual(deal.name, "DR-EVIL")

    def test_what_is_typed_is_shown_as_text_everywhere(self):
        evil = "<img src=x onerror=alert(1)>{{7*7}}"
        self._save(end_name=evil, evidence=evil, do="submit")
        deal = self._newest()
        for url in (DEALS, f"{DEALS}/{deal.id}"):
            text = self._get(url).text
            self.assertNotIn("<img src=x", text)
            self.assertIn("&lt;img src=x", text)
        self.assertNotIn("<img src=x", "".join(deal.message_ids.mapped("body")))

    def test_signs_that_are_none_are_left_out(self):
        self._save(end_name="Mill\x00 7\x07", evidence="a\x00b")
        deal = self._newest()
        self.assertEqual((deal.end_name, deal.evidence), ("Mill 7", "ab"))

    def test_a_name_is_one_line(self):
        self._save(end_name="Mill\r\nBcc: x@y.example", evidence="a\nb", do="submit")
        deal = self._newest()
        self.assertEqual(deal.end_name, "Mill Bcc: x@y.example")
        self.assertEqual(deal.evidence, "a\nb")

    def test_garbage_in_a_form_is_no_error(self):
        for typed in (
            {"end_country": "9" * 5000},
            {"end_country": "\u00b2"},
            {"product_0": "Ceiling\\"},
        ):
            self.assertEqual(self._save(**typed).status_code, 200, typed)
        for name in ("end_name", "evidence", "volume", "expected_date", "product_0"):
            form = {key: value for key, value in self._form().items() if key != name}
            page = self._post(f"{DEALS}/save", form, files={name: ("x.txt", b"x")})
            self.assertEqual(page.status_code, 200, name)

    @mute_logger("odoo.http")
    def test_the_form_does_not_say_which_deal_it_is(self):
        for deal_id in ("abc", str(self.mine.id), str(self.theirs.id)):
            self.assertEqual(self._save(deal_id=deal_id).status_code, 404)
        self.assertEqual(self.theirs.end_name, "Quarry Boreal")

    def test_signs_of_a_pattern_are_signs_of_a_name(self):
        lead = {"company_id": self.company.id, "partner_name": "Mill Seven"}
        lead = self.env["crm.lead"].create({"name": "Ours", **lead})
        for name in ("Mill\\", "%", "Mill_Seven"):
            deal = self._register(self.ventus, self.ada, end_name=name)
            self.assertNotIn(lead, deal.with_user(self.channel).conflict_lead_ids)

    def test_so_many_registrations_an_hour_and_no_more(self):
        self.company.dealer_portal_limit = 2
        self._save(end_name="Second")
        page = self._save(end_name="Third").text
        self.assertIn("as many as we take", page)
        self.assertEqual(self._newest().end_name, "Second")
        page = self._save(self._newest(), do="submit").text
        self.assertIn("as many as we take", page)
        self.assertEqual(self._newest().state, "draft")
        self._login("bea")
        self._save(end_name="Of another")
        self.assertEqual(self._newest().dealer_id, self.boreas)

    @mute_logger("odoo.http")
    def test_writing_needs_a_token_and_a_post(self):
        before = self._newest()
        for url in (f"{DEALS}/save", f"{DEALS}/{self.mine.id}/save"):
            answer = self._post(url, self._form(do="submit"), token=False)
            self.assertEqual(answer.status_code, 400)
        for name in ("save", "delete", "progress"):
            answer = self._get(f"{DEALS}/{self.mine.id}/{name}?do=submit")
            self.assertIn(answer.status_code, (404, 405))
        self.assertEqual(self._newest(), before)
        self.assertEqual(self.mine.state, "draft")

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def test_files_are_kept_with_the_deal_and_served_as_what_they_are(self):
        self._save(files={"files": ("../../a plan.pdf", PDF[1], "text/html")})
        deal = self._newest()
        file = deal._get_portal_files(self.ventus)
        self.assertEqual((file.name, file.mimetype), ("a plan.pdf", "application/pdf"))
        self.assertFalse(file.public or file.access_token)
        answer = self._get(f"{DEALS}/{deal.id}/files/{file.id}", "abe")
        self.assertEqual(answer.content, PDF[1])
        self.assertIn("attachment", answer.headers["Content-Disposition"])

    def test_other_kinds_and_large_files_are_refused_with_a_sentence(self):
        before = self._newest()
        self.company.dealer_upload_mb = 1
        for name, data, sentence in (
            ("page.html", b"<html>", "Files: page.html is no PDF"),
            ("page.pdf", b"<html>", "Files: page.pdf is no PDF"),
            ("drawing.svg", b"<svg/>", "Files: drawing.svg is no PDF"),
            ("run.exe", b"MZ", "Files: run.exe is no PDF"),
            ("big.pdf", b"%PDF-" + b"x" * 1024 * 1024, "is larger than 1 MB"),
        ):
            page = self._save(files={"files": (name, data, "application/pdf")})
            self.assertIn(sentence, page.text)
        self.assertEqual(self._newest(), before)

    def test_archives_that_are_no_document_are_refused_with_a_sentence(self):
        before = self._newest()
        text = "application/vnd.oasis.opendocument.text"
        word = (("[Content_Types].xml", ""), ("word/document.xml", ""))
        damaged = bytearray(pack(*word))
        damaged[damaged.find(b"PK\x01\x02") + 6] = 99  # made by a version to come
        renamed = pack(*word, ("\u00e4", "")).replace("\u00e4".encode(), b"\xff\xfe")
        program = pack(("mimetype", "application/x-evil"), ("run.exe", "MZ"))
        for name, data in (
            ("damaged.docx", bytes(damaged)),
            ("name.docx", renamed),
            ("program.odt", program),
            ("macro.odt", pack(("mimetype", text), ("Basic/Standard/x.xml", ""))),
            ("macro.docx", pack(*word, ("word/vbaProject.bin", ""))),
        ):
            answer = self._save(files={"files": (name, data, "application/pdf")})
            self.assertIn(f"Files: {name} is no PDF", answer.text)
        self.assertEqual(self._newest(), before)
        self._save(files={"files": ("plan.odt", pack(("mimetype", text)), "")})
        self.assertNotEqual(self._newest(), before)

    def test_so_many_files_belong_to_a_deal(self):
        files = [("files", (f"{n}.pdf", PDF[1], "")) for n in range(21)]
        page = self._save(self.mine, files=files).text
        self.assertIn("Files: at most 20 belong to a deal", page)
        self.assertFalse(self.mine._get_portal_files(self.ventus))


@tagged("post_install", "-at_install")
class TestDealerPortalDoors(DealerDealCase):
    """A user of dealer A never reaches anything of dealer B, by any door."""

    def setUp(self):
        super().setUp()
        self._post(
            f"{DEALS}/{self.mine.id}/save",
            self._form(end_name="Hotel Sol"),
            files={"files": PDF},
        )
        self.file = self.mine._get_portal_files(self.ventus)
        self.env["ir.attachment"].create(
            {
                "name": "what we know.pdf",
                "raw": PDF[1],
                "res_model": self.mine._name,
                "res_id": self.mine.id,
            }
        )
        self.inner = self.env["ir.attachment"].search(
            [("name", "=", "what we know.pdf")]
        )
        self._approve()

    @mute_logger("odoo.http")
    def test_by_url(self):
        for login in ("bea", "cid", "eve"):
            self._login(login)
            self.assert_missing(
                f"{DEALS}/{self.mine.id}",
                f"{DEALS}/{self.mine.id}/edit",
                f"{DEALS}/{self.mine.id}/files/{self.file.id}",
            )
            self.assert_missing(f"{DEALS}/2147483647", f"{DEALS}/0")
        self._login("bea")
        page = self._get(DEALS).text
        self.assertIn("Quarry Boreal", page)
        self.assertNotIn("Hotel Sol", page)
        missing = self._get(f"{DEALS}/2147483647").text
        theirs = self._get(f"{DEALS}/{self.mine.id}").text
        strip = re.compile(r"deals/\d+|csrf_token: .*")
        self.assertEqual(strip.sub("", missing), strip.sub("", theirs))

    @mute_logger("odoo.http")
    def test_by_writing(self):
        self._login("bea")
        for name, fields in (
            ("save", self._form(do="submit")),
            ("delete", {}),
            ("progress", {"progress": "Mine now"}),
        ):
            answer = self._post(f"{DEALS}/{self.mine.id}/{name}", fields)
            self.assertEqual(answer.status_code, 404)
        self.assertEqual((self.mine.state, self.mine.progress), ("approved", False))

    @mute_logger("odoo.http", "odoo.sql_db", "odoo.addons.base.models.ir_rule")
    def test_by_rpc_export_and_search(self):
        self._login("bea")
        model, ids = self.mine._name, self.mine.ids
        for domain in ([], [("id", "in", ids)], [("end_name", "like", "Sol")]):
            rows, error = self._call(model, "search_read", domain, ["end_name"])
            self.assertFalse(error)
            self.assertNotIn("Hotel Sol", str(rows))
        for method, args in (
            ("read", [ids, ["end_name"]]),
            ("web_read", [ids, {"end_name": {}}]),
            ("export_data", [ids, ["end_name"]]),
            ("write", [ids, {"end_name": "x"}]),
            ("unlink", [ids]),
            ("copy", [ids]),
            ("action_submit", [ids]),
            ("action_approve", [ids]),
            ("action_return", [ids]),
            ("action_extend", [ids]),
            ("action_check", [ids]),
            ("action_open_lead", [ids]),
            ("message_post", [ids]),
            ("activity_schedule", [ids]),
        ):
            result, error = self._call(model, method, *args)
            self.assertTrue(error, f"{method}: {result}")
        count, _error = self._call(model, "search_count", [("id", "in", ids)])
        self.assertEqual(count, 0)
        groups, _error = self._call(
            model, "formatted_read_group", [], ["end_name"], ["expected_revenue:sum"]
        )
        self.assertNotIn("Hotel Sol", str(groups))
        names, _error = self._call(model, "name_search", "Hotel")
        self.assertEqual(names, [])
        self.assertEqual(self.mine.end_name, "Hotel Sol")

    @mute_logger("odoo.http")
    def test_nobody_in_the_portal_writes_by_rpc_not_even_his_own(self):
        ids = self._register(self.ventus, self.ada).ids
        for method, args in (
            ("write", [ids, {"evidence": "x"}]),
            ("create", [{"dealer_id": self.ventus.id, "end_name": "x"}]),
            ("web_save", [ids, {"evidence": "x"}, {}]),
            ("load", [["end_name"], [["x"]]]),
            ("unlink", [ids]),
            ("action_submit", [ids]),
            ("action_approve", [ids]),
        ):
            before = self.deals.search_count([])
            _result, error = self._call(self.mine._name, method, *args)
            if method != "load":
                self.assertTrue(error, method)
            self.assertEqual(self.deals.search_count([]), before)
        deal = self.deals.browse(ids)
        self.assertEqual((deal.state, deal.evidence), ("draft", False))

    @mute_logger("odoo.http")
    def test_his_own_he_reads_by_rpc_in_the_fields_we_looked_at(self):
        rows, error = self._call(self.mine._name, "search_read", [], ["end_name"])
        self.assertFalse(error)
        self.assertEqual([row["end_name"] for row in rows], ["Hotel Sol"])
        own = {
            name
            for name, field in self.deals._fields.items()
            if set(field._modules or ()) == {"crm_manufacturing"}
            and self.deals.with_user(self.ada)._has_field_access(field, "read")
        }
        self.assertEqual(own, READABLE)
        for name in (
            "answer",
            "conflict_ids",
            "conflict_count",
            "is_blocked",
            "end_partner_id",
            "lead_id",
            "owner_dealer_id",
            "delivery_dealer_id",
            "user_id",
            "create_uid",
            "write_uid",
        ):
            for method, args in (
                ("read", [self.mine.ids, [name]]),
                ("web_read", [self.mine.ids, {name: {}}]),
                ("export_data", [self.mine.ids, [name]]),
                ("search_read", [[], ["end_name"], 0, None, name]),
                ("search_count", [[(name, "!=", False)]]),
                ("formatted_read_group", [[], [name], ["__count"]]),
            ):
                _result, error = self._call(self.mine._name, method, *args)
                self.assertTrue(error, f"{name} by {method}")

    def test_an_ended_dealer_reads_nothing_by_rpc_either(self):
        for change in ({"active": False}, {"active": True, "dealer_stage": "ended"}):
            self.ventus.sudo().write(change)
            rows, _error = self._call(self.mine._name, "search_read", [], ["end_name"])
            self.assertEqual(rows, [], change)

    @mute_logger("odoo.http")
    def test_by_attachment(self):
        for login, url in (
            ("bea", f"{DEALS}/{self.theirs.id}/files/{self.file.id}"),
            ("ada", f"{DEALS}/{self.mine.id}/files/{self.inner.id}"),
        ):
            self._login(login)
            self.assert_missing(url)
        for login in ("ada", "bea", "cid"):
            self._login(login)
            for file in (self.file, self.inner):
                for url in (f"/web/content/{file.id}", f"/web/image/{file.id}"):
                    for query in ("", "?access_token=guess", "?download=true"):
                        answer = self._get(url + query)
                        self.assertNotIn(PDF[1], answer.content, f"{login} {url}")
            rows, error = self._call(
                "ir.attachment",
                "search_read",
                [("res_id", "=", self.mine.id)],
                ["name"],
            )
            self.assertTrue(error or not rows)
        self.assertNotIn(
            "what we know", self._get(f"{DEALS}/{self.mine.id}", "ada").text
        )

    @mute_logger("odoo.http")
    def test_by_message(self):
        self.mine.message_post(
            body="Boreas is at it, too.", subtype_xmlid="mail.mt_comment"
        )
        self.mine.message_post(body="Inner note", subtype_xmlid="mail.mt_note")
        self.theirs.message_post(body="Of Boreas", subtype_xmlid="mail.mt_comment")
        for login in ("ada", "bea"):
            self._login(login)
            for domain in (
                [("model", "=", "dealer.registration")],
                [("res_id", "in", [self.mine.id, self.theirs.id])],
                [("body", "like", "Boreas")],
            ):
                rows, error = self._call(
                    "mail.message", "search_read", domain, ["body"]
                )
                self.assertTrue(error or not rows, f"{login} {domain}: {rows}")
            answer = self._chatter(self.mine)
            self.assertNotIn("Boreas is at it", answer)
            self.assertNotIn("Inner note", answer)
            rows, error = self._call(
                "dealer.registration", "read", [self.mine.id], ["message_ids"]
            )
            told = rows and rows[0]["message_ids"]
            self.assertFalse(told)

    def test_no_dealer_follows_a_registration_not_even_his_own(self):
        for user in (self.ada, self.bea):
            deal = self.mine.with_user(user)
            deal.message_subscribe(user.partner_id.ids)
            self.assertNotIn(user.partner_id, self.mine.message_partner_ids)

    def _chatter(self, deal):
        answer = self.url_open(
            "/mail/chatter_fetch",
            json={"params": {"thread_model": deal._name, "thread_id": deal.id}},
        )
        return answer.text

    def test_our_own_people_read_the_messages(self):
        self.mine.message_post(body="Look here", subtype_xmlid="mail.mt_comment")
        messages = self.mine.with_user(self.channel).message_ids
        self.assertIn("Look here", "".join(messages.mapped("body")))

    def test_a_mail_reply_is_a_note_for_us_and_no_dealer_reads_it(self):
        asked = self.mine.message_post(
            body="When does he decide?", subtype_xmlid="mail.mt_comment"
        )
        before = self.mine.message_partner_ids
        raw = (
            "From: Bea <bea@x.example>\nTo: catchall@x.example\n"
            f"Subject: Re\nMessage-Id: <evil@x.example>\n"
            f"In-Reply-To: {asked.message_id}\nReferences: {asked.message_id}\n"
            "Content-Type: text/plain\n\nGive the deal to Boreas."
        )
        self.env["mail.thread"].message_process(None, raw)
        note = self.mine.message_ids[0]
        self.assertIn("Give the deal to Boreas", note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual(self.mine.message_partner_ids, before)
        self.assertEqual(
            (self.mine.state, self.mine.dealer_id), ("approved", self.ventus)
        )
        with self.assertRaises(AccessError):
            note.with_user(self.ada).read(["body"])

    def test_what_we_know_of_an_end_customer_does_not_reach_the_dealer(self):
        known = self._create_customer(
            "Hotel Sol Holding", vat="ES B-9", website="https://sol.example"
        )
        deal = self._register(self.ventus, self.ada)
        deal.with_user(self.channel).end_partner_id = known
        self.assertEqual(deal.end_name, "Hotel Sol")
        self.assertFalse(deal.end_vat or deal.end_website)
        deal.action_submit()
        self.assertIn("Hotel Sol", self._get(f"{DEALS}/{deal.id}").text)
        self.assertNotIn("Holding", self._get(f"{DEALS}/{deal.id}").text)

    def test_people_of_one_firm_see_the_same_and_of_its_subsidiary_nothing(self):
        self.assertIn("Hotel Sol", self._get(DEALS, "abe").text)
        self.abe.partner_id.is_company = True
        rows, _error = self._call(self.mine._name, "search_read", [], ["end_name"])
        self.assertEqual(rows, [])

    @mute_logger("odoo.http")
    def test_the_answer_is_mailed_to_the_firm_s_people_with_a_link_that_is_theirs(self):
        self.ventus.email = "office@ventus.example"
        deal = self._approve(self._register(self.ventus, self.ada, end_name="Tower"))
        messages = self.env["mail.message"].search(
            [("model", "=", deal._name), ("res_id", "=", deal.id)]
        )
        told = messages.notified_partner_ids
        own = self.ventus | self.ada.partner_id | self.abe.partner_id
        self.assertEqual(told & (own | self.bea.partner_id), own)
        link = f"/mail/view?model=dealer.registration&res_id={deal.id}"
        self.assertIn(f"{DEALS}/{deal.id}", self._get(link, "ada").url)
        self.assertNotIn(f"{DEALS}/{deal.id}", self._get(link, "bea").url)
