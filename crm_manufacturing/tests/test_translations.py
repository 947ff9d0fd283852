"""The catalogues against the terms of the running addon, and Chinese screens."""

import re
from io import BytesIO
from pathlib import Path

import polib
from lxml import etree

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import trans_export

ADDON = "crm_manufacturing"
LANGUAGES = ("zh_CN", "zh_TW")
# named and bare placeholders, and the tags of a term with markup
MARKS = re.compile(r"%(?:\(\w+\))?[a-z]|</?\w+")
# names of demo records are in no catalogue: they are not part of what is sold
DEMO = re.compile(rf":{ADDON}\.demo_")
# a word or sentence of English as a literal of JavaScript
LITERAL = re.compile(r"['\"`]([A-Z][a-z]+(?: \w+)*)['\"`]")


def marks_of(text):
    return sorted(MARKS.findall(text))


def problems(terms, catalogue):
    """List what a catalogue lacks of the terms: ``["missing: Tier"]``."""
    found = {entry.msgid: entry for entry in catalogue if not entry.obsolete}
    wrong = []
    for term in terms:
        entry = found.get(term)
        if entry is None or not entry.msgstr:
            wrong.append(f"missing: {term}")
        elif entry.fuzzy:
            wrong.append(f"fuzzy: {term}")
        elif marks_of(entry.msgstr) != marks_of(term):
            wrong.append(f"differs in placeholders: {term}")
    return wrong


def read_catalogue(language):
    return polib.pofile(file_path(f"{ADDON}/i18n/{language}.po"))


@tagged("post_install", "-at_install")
class TestCatalogues(TransactionCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exported = BytesIO()
        trans_export(False, [ADDON], exported, "po", cls.env)
        cls.template = polib.pofile(exported.getvalue().decode())
        cls.terms = {
            entry.msgid
            for entry in cls.template
            if not all(DEMO.search(place) for place, _line in entry.occurrences)
        }

    def test_the_terms_come_from_code_screens_models_and_data(self):
        sources = {
            place.split(":")[0]
            for entry in self.template
            for place, _line in entry.occurrences
        }
        self.assertEqual(sources, {"code", "model", "model_terms"})
        samples = {
            "Hysteresis: must be between 0 and 100 points.",  # Python
            "%s (overridden)",  # JavaScript
            "This company has no pyramid",  # template
            "Before you save",  # view
            "Salesperson",  # field
            "Prospect",  # selection
            "Customer Pyramid",  # data
        }
        self.assertFalse(samples - self.terms)

    def test_each_term_is_translated_in_each_catalogue(self):
        for language in LANGUAGES:
            with self.subTest(language=language):
                self.assertFalse(problems(self.terms, read_catalogue(language)))

    def test_the_catalogues_hold_no_term_that_is_gone(self):
        for name in (f"{ADDON}.pot", *(f"{language}.po" for language in LANGUAGES)):
            with self.subTest(file=name):
                catalogue = polib.pofile(file_path(f"{ADDON}/i18n/{name}"))
                self.assertEqual({entry.msgid for entry in catalogue}, self.terms)
                self.assertFalse(catalogue.obsolete_entries())

    def test_a_missing_a_fuzzy_and_a_differing_entry_are_each_found(self):
        sample = [
            polib.POEntry(msgid="Tier", msgstr="等级"),
            polib.POEntry(msgid="Empty", msgstr=""),
            polib.POEntry(msgid="Doubtful", msgstr="可疑", flags=["fuzzy"]),
            polib.POEntry(msgid="%(count)s customers", msgstr="%(counts)s 个客户"),
            polib.POEntry(msgid="%s days", msgstr="天"),
            polib.POEntry(msgid="<b>of</b>", msgstr="/"),
        ]
        terms = [entry.msgid for entry in sample] + ["Not there"]
        self.assertEqual(
            problems(terms, sample),
            [
                "missing: Empty",
                "fuzzy: Doubtful",
                "differs in placeholders: %(count)s customers",
                "differs in placeholders: %s days",
                "differs in placeholders: <b>of</b>",
                "missing: Not there",
            ],
        )

    def test_taking_one_entry_out_of_a_catalogue_is_found(self):
        for language in LANGUAGES:
            catalogue = read_catalogue(language)
            before = problems(self.terms, catalogue)
            catalogue.remove(catalogue.find("Customer Pyramid"))
            added = set(problems(self.terms, catalogue)) - set(before)
            self.assertEqual(added, {"missing: Customer Pyramid"})

    def test_no_word_hides_in_an_expression_of_a_template(self):
        """The export reads texts and attributes of a template, not its code."""
        hidden = []
        for path in Path(file_path(f"{ADDON}/static/src")).rglob("*.xml"):
            for node in etree.parse(path).iter(etree.Element):
                for name, code in node.attrib.items():
                    if name.startswith(("t-out", "t-att", "t-value")):
                        hidden += [(path.name, text) for text in LITERAL.findall(code)]
        self.assertFalse(hidden)

    def test_what_differs_for_the_reader_has_different_words(self):
        pairs = (
            ("Touchpoints", "Touches"),  # planned, done
            ("Target", "Target Amount"),  # a suspect, what a dealer should buy
            ("Lost", "Deal Lost"),  # a customer, a deal
            ("By", "Next Step By"),  # who, until when
            ("From", "Valid From"),
        )
        for language in LANGUAGES:
            catalogue = read_catalogue(language)
            for one, other in pairs:
                with self.subTest(language=language, one=one, other=other):
                    words = {catalogue.find(term).msgstr for term in (one, other)}
                    self.assertEqual(len(words), 2)

    def test_a_dealer_is_never_called_a_channel(self):
        words = {"zh_CN": ("经销商", "渠道"), "zh_TW": ("經銷商", "渠道")}
        for language, (dealer, channel) in words.items():
            catalogue = read_catalogue(language)
            self.assertEqual(catalogue.find("Dealers").msgstr, dealer)
            wrong = [entry.msgid for entry in catalogue if channel in entry.msgstr]
            self.assertFalse(wrong)


@tagged("post_install", "-at_install")
class TestChineseScreens(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        addon = cls.env["ir.module.module"]._get(ADDON)
        for language in LANGUAGES:
            cls.env["res.lang"]._activate_lang(language)
        addon._update_translations(list(LANGUAGES))
        cls.env.registry.clear_all_caches()

    def _env_of_manager(self, language):
        user = new_test_user(
            self.env,
            f"translations_{language}",
            f"base.group_system,{ADDON}.group_manager,stock.group_stock_user,"
            "mrp.group_mrp_user,purchase.group_purchase_user,"
            "account.group_account_invoice",
            lang=language,
        )
        return self.env(user=user, context={"lang": language})

    def _get_ours(self, env, model):
        """Records of the model that the addon brought."""
        data = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", model)]
        )
        return env[model].sudo().browse(data.mapped("res_id"))

    def test_every_action_of_ours_opens_in_chinese(self):
        for language in LANGUAGES:
            env = self._env_of_manager(language)
            for action in self._get_ours(env, "ir.actions.act_window"):
                with self.subTest(language=language, action=action.xml_id):
                    views = [*action.views, (action.search_view_id.id, "search")]
                    got = env[action.res_model].get_views(views)
                    self.assertEqual(set(got["views"]), {kind for _id, kind in views})

    def test_every_view_of_ours_is_composed_in_chinese(self):
        for language in LANGUAGES:
            env = self._env_of_manager(language)
            for view in self._get_ours(env, "ir.ui.view"):
                while view.mode == "extension":
                    view = view.inherit_id
                with self.subTest(language=language, view=view.xml_id):
                    self.assertTrue(self._compose(env, view))

    def _compose(self, env, view):
        """The text of a screen; a template has no model."""
        if view.type == "qweb":
            return view.with_env(env).sudo().get_combined_arch()
        return env[view.model].get_view(view.id, view.type)["arch"]

    def test_screens_say_the_agreed_words(self):
        words = {
            "zh_CN": "可能客户 客户金字塔 重点客户 评分卡 等级 立即重新计算",
            "zh_TW": "可能客戶 客戶金字塔 重點客戶 評分卡 等級 立即重新計算",
        }
        for language, agreed in words.items():
            env = self._env_of_manager(language)
            with self.subTest(language=language):
                self.assertEqual(self._get_words_on_screens(env), agreed.split())

    def _get_words_on_screens(self, env):
        """The words for target, pyramid, band A, scorecard, tier and recompute."""
        names = ("scorecard_pyramid", "scorecard_pyramid_band_a", "menu_scorecards")
        pyramid, band, menu = (
            self.env.ref(f"{ADDON}.{name}").with_env(env).name for name in names
        )
        stages = dict(env["partner.stage"]._fields["stage"]._description_selection(env))
        form = etree.fromstring(env["res.partner"].get_view(view_type="form")["arch"])
        [tier] = form.xpath("//page[@name='customer_tier']/@string")
        web = self.env["ir.http"]._get_translations_for_webclient([ADDON], env.lang)[0]
        texts = {term["id"]: term["string"] for term in web[ADDON]["messages"]}
        return [stages["suspect"], pyramid, band, menu, tier, texts["Recompute now"]]

    def test_a_refusal_speaks_the_language_of_its_user(self):
        env = self._env_of_manager("zh_CN")
        card = self.env.ref(f"{ADDON}.scorecard_pyramid").with_env(env)
        with self.assertRaisesRegex(
            ValidationError, "滞后幅度：必须介于 0 和 100 点之间。"
        ):
            card.hysteresis = 101
