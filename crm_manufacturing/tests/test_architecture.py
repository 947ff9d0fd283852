"""The addon's shape, read from its source: rooms, pure tools, SQL, size, permissions.

A finding is either repaired or, where a list below allows it, added with its reason.
"""

from pathlib import Path

from odoo.tests import BaseCase, tagged

from . import architecture

ADDON = Path(__file__).resolve().parent.parent

# path: why this file executes SQL itself and the ORM would not do
SQL_FILES = {
    "models/supplier_material_engine.py": "one statement plans and writes a company",
    "models/order_trace.py": "one recursive statement walks whatever the records",
    "models/order_trace_facts.py": "one statement has the facts of all lines",
    "models/order_trace_lots.py": "one statement places the serials of all lines",
    "models/delivery_promise_purchase_mixin.py": "freezes all open orders at install",
    "models/delivery_promise_sale_mixin.py": "freezes all open orders at install",
    "models/partner_scorecard_engine.py": "one statement measures, bands and writes",
    "models/partner_scorecard_metric_customer.py": "the ids behind a figure",
    "models/partner_stage.py": "one statement judges all customers of a company",
}

# "path:Class.method call": why the call is right there
REVIEWED_CALLS = {
    "controllers/portal.py:SupplierPortal._get_material_plans sudo": (
        "suppliers have no rights on plans; each search has the domain of their own"
    ),
    "models/supplier_material_plan.py:SupplierMaterialPlan.action_refresh sudo": (
        "figures come from documents a buyer may not read; none of them is shown"
    ),
    "models/supplier_material_send.py:SupplierMaterialPlan.send_some sudo": (
        "buyers may not write plans, so that what was sent stays what it was"
    ),
    "models/supplier_material_send.py:SupplierMaterialPlan._compute_mail_state sudo": (
        "a colleague of the sender sees whether the mail arrived"
    ),
    "models/supplier_material_send.py:SupplierMaterialPlan._is_neutralized sudo": (
        "everybody's mail stays in a copy; the flag is no secret"
    ),
    "models/supplier_material_trace.py:OrderTraceLineMixin._get_answered_late sudo": (
        "a salesperson learns which of his orders an answer hurts, not the answer"
    ),
    "models/order_trace_alert.py:OrderTraceAlert._get_note Markup": (
        "a list whose items are escaped when they are put in"
    ),
    "models/order_trace_alert.py:OrderTraceAlert._run_soon sudo": (
        "who moves a date need not have rights on scheduled actions"
    ),
    "models/order_trace_affected.py:OrderTrace._sort_affected sudo": (
        "a buyer has no rights on sales and learns which customers wait"
    ),
    "models/order_trace_sentence.py:OrderTrace._get_blockings sudo": (
        "the name of the product the reader's own order waits for"
    ),
    "models/order_trace_sentence.py:OrderTrace._get_purchases sudo": (
        "promise and slips of a purchase are told to every reader, its number is not"
    ),
    "models/order_trace_sentence.py:OrderTrace._get_readable sudo": (
        "takes rights away: the reader's own decide, not the caller's"
    ),
    "models/delivery_promise_change.py:DeliveryPromiseChange._explain sudo": (
        "who may move a date may say why, and nothing else of the history"
    ),
    "models/delivery_promise_change.py:DeliveryPromiseChange._record sudo": (
        "nobody may create history, so that it cannot be forged"
    ),
    "models/delivery_promise_mixin.py:DeliveryPromiseMixin._follow_host_date sudo": (
        "a salesperson or the scheduler moves the date, the engine records it"
    ),
    "models/delivery_promise_mixin.py:DeliveryPromiseMixin._start_promise sudo": (
        "the promise is written by the engine alone"
    ),
    "models/delivery_promise_purchase_mixin.py:DeliveryPromisePurchaseMixin"
    "._freeze_vendor_promise sudo": "the promise is written by the engine alone",
    "wizard/base_partner_merge.py:BasePartnerMergeAutomaticWizard"
    "._update_foreign_keys sudo": (
        "who may merge partners need not have rights on their scores"
    ),
    "models/partner_score.py:PartnerScore._get_tiers sudo": (
        "every employee sees the tier, few may read the score behind it"
    ),
    "models/partner_score.py:PartnerScore._join_tier sudo": (
        "reads which card is the company's pyramid, nothing of the card"
    ),
    "models/partner_score.py:PartnerScore._log_override sudo": (
        "nobody may create in the log, so that it cannot be forged"
    ),
    "models/partner_score.py:PartnerScore._take_override sudo": (
        "a merge carries an override over in the name of its author"
    ),
    "models/partner_score.py:PartnerScore.action_open_documents sudo": (
        "reads the card's period; the documents themselves are read as the user"
    ),
    "models/partner_score_why.py:PartnerScore._get_why_criteria sudo": (
        "the detail holds margins too; they are left out for who may not read them"
    ),
    "models/partner_score_dirty.py:PartnerScoreDirty._drain sudo": (
        "the cron reads marks and companies of everybody"
    ),
    "models/partner_score_dirty.py:PartnerScoreDirty._mark sudo": (
        "who posts an invoice marks its customer, without rights on scores"
    ),
    "models/partner_score_override.py:PartnerScoreOverride._post_on_partner sudo": (
        "who may override need not be able to write the contact"
    ),
    "models/partner_scorecard.py:PartnerScorecard._leave_pyramids sudo": (
        "an archived card is no company's pyramid, also where the user is not"
    ),
    "models/partner_scorecard.py:PartnerScorecard._get_partner_domain safe_eval": (
        "a literal that only configurers write, read without names of records"
    ),
    "models/partner_scorecard.py:PartnerScorecard._check_pyramid sudo": (
        "a card may be the pyramid of a company that its editor is not in"
    ),
    "models/partner_scorecard.py:PartnerScorecard._try_partner_domain sudo": (
        "a filter is tried as the run will read it"
    ),
    "models/partner_scorecard_band.py:PartnerScorecardBand._check_threshold context": (
        "compared with an object of ours, which no caller can send"
    ),
    "models/partner_scorecard_criterion.py:PartnerScorecardCriterion"
    "._check_weight context": (
        "compared with an object of ours, which no caller can send"
    ),
    "models/partner_scorecard_band.py:PartnerScorecardBand._get_codes sudo": (
        "the cache is one for all users; a code is no secret"
    ),
    "models/partner_scorecard_band.py:PartnerScorecardBand._unlink_except_used sudo": (
        "a band is in use also where its user may not look"
    ),
    "models/partner_scorecard_engine.py:PartnerScorecard._select_population sudo": (
        "figures must not depend on who starts the computation"
    ),
    "models/partner_stage.py:PartnerStage._get_stages sudo": (
        "every employee sees the stage, few may read its history"
    ),
    "models/res_company.py:ResCompany._get_all sudo": (
        "a card is computed for all companies, also those the user is not in"
    ),
    "models/res_company.py:ResCompany._check_pyramid sudo": (
        "another company's card cannot be read, only refused"
    ),
    "models/res_config_settings.py:ResConfigSettings.set_values sudo": (
        "who saves other settings need not be able to read scorecards"
    ),
    "models/res_company.py:ResCompany._set_default_pyramid sudo": (
        "the install gives the companies that exist their pyramid"
    ),
}


def _sources():
    """Yield (path, text) of the addon's Python files."""
    for file in sorted(ADDON.rglob("*.py")):
        yield file.relative_to(ADDON).as_posix(), file.read_text("utf-8")


def _product_sources():
    return [pair for pair in _sources() if not pair[0].startswith("tests/")]


@tagged("standard")
class TestArchitecture(BaseCase):
    """Every rule holds for the addon."""

    def assert_holds(self, check, sources, *args):
        problems = [p for pair in sources for p in check(*pair, *args)]
        self.assertFalse(problems, "\n" + "\n".join(problems))

    def test_a_room_names_no_model_of_a_room_it_may_not_know(self):
        self.assert_holds(architecture.check_rooms, _product_sources())

    def test_tools_import_no_odoo(self):
        self.assert_holds(architecture.check_tools, _product_sources())

    def test_only_reports_and_reviewed_engines_execute_sql(self):
        self.assert_holds(architecture.check_raw_sql, _product_sources(), SQL_FILES)

    def test_a_reviewed_engine_that_executes_no_sql_leaves_the_list(self):
        sources = dict(_product_sources())
        idle = [
            path
            for path in SQL_FILES
            if not architecture.check_raw_sql(path, sources.get(path, ""), {})
        ]
        self.assertFalse(idle)

    def test_no_method_is_longer_than_a_screen(self):
        self.assert_holds(architecture.check_method_length, _sources())

    def test_calls_that_bypass_permissions_or_escaping_are_reviewed(self):
        found = set()
        for path, source in _product_sources():
            found |= architecture.guarded_calls(path, source)
        self.assertEqual(found - set(REVIEWED_CALLS), set(), "not reviewed")
        self.assertEqual(set(REVIEWED_CALLS) - found, set(), "reviewed, but gone")

    def test_every_access_has_a_group_and_outsiders_only_read(self):
        files = ADDON.rglob("ir.model.access.csv")
        sources = [(file.name, file.read_text("utf-8")) for file in files]
        self.assert_holds(architecture.check_access, sources)


@tagged("standard")
class TestArchitectureChecks(BaseCase):
    """Every check finds its offender, and nothing in a clean sample."""

    def assert_found(self, problems, *words):
        self.assertEqual(len(problems), 1, problems)
        for word in words:
            self.assertIn(word, problems[0])

    def test_the_longest_prefix_gives_the_room(self):
        self.assertEqual(architecture.room_of("partner_score_report"), "scorecard")
        self.assertEqual(architecture.room_of("partner.scorecard.metric"), "scorecard")
        self.assertEqual(architecture.room_of("partner_scorecard_metric_sale"), "ring")
        self.assertIsNone(architecture.room_of("res_partner"))

    def test_a_room_to_the_right_is_found_however_it_is_named(self):
        for line in (
            'x = fields.Many2one("partner.stage")',
            'x = fields.One2many(comodel_name="partner.stage")',
            '_inherit = "partner.stage"',
            '_inherit = ["mail.thread", "partner.stage"]',
            'def f(self): return self.env["partner.stage"]',
            'def f(self): return SQL("SELECT 1 FROM partner_stage")',
            'def f(self): return SQL("SELECT 1 FROM a JOIN partner_stage s ON true")',
        ):
            with self.subTest(line=line):
                source = f"class A(models.Model):\n    {line}\n"
                problems = architecture.check_rooms("models/partner_score.py", source)
                self.assert_found(problems, "scorecard names partner", "room stage")

    def test_every_room_but_the_lobby_and_the_ring_has_neighbours_it_may_not_know(self):
        source = 'x = self.env["supplier.material.plan"]'
        for stem in ("crm_visit", "sale_price_policy", "order_trace", "dealer_target"):
            problems = architecture.check_rooms(f"models/{stem}.py", source)
            self.assert_found(problems, "room supply")
        for stem in ("res_partner", "partner_scorecard_metric_supplier", "supplier_x"):
            self.assertFalse(architecture.check_rooms(f"models/{stem}.py", source))

    def test_a_room_may_name_the_host_itself_and_the_rooms_to_its_left(self):
        source = 'a = env["res.partner"], env["order.trace"], env["delivery.promise.x"]'
        self.assertFalse(architecture.check_rooms("models/order_trace.py", source))

    def test_a_new_model_without_a_room_is_found(self):
        source = 'class A(models.Model):\n    _name = "{}"\n    _inherit = "{}"\n'
        for name, inherit, found in (
            ("shiny.thing", "mail.thread", 1),
            ("res.partner", "res.partner", 0),
            ("crm.horizon.step", "mail.thread", 0),
        ):
            path = "models/crm_horizon.py"
            problems = architecture.check_rooms(path, source.format(name, inherit))
            self.assertEqual(len(problems), found, name)

    def test_an_odoo_import_in_tools_is_found(self):
        for source in (
            "import odoo",
            "import odoo.tools",
            "from odoo import fields",
            "def f():\n    from odoo.tools import SQL",
        ):
            problems = architecture.check_tools("tools/period.py", source)
            self.assert_found(problems, "imports odoo")
        source = "import datetime\nfrom . import odoo"
        self.assertFalse(architecture.check_tools("tools/period.py", source))

    def test_executed_sql_is_found_outside_reports_and_engines(self):
        for call in (
            'self.env.cr.execute("SELECT 1")',
            "self.env.execute_query(query)",
            "self.env.execute_query_dict(query)",
            "cr.executemany(query, rows)",
        ):
            source = f"class A:\n    def f(self):\n        {call}\n"
            problems = architecture.check_raw_sql("models/crm_lead.py", source, {})
            self.assert_found(problems, "A.f")
            for path in ("report/crm_lead.py", "models/engine.py"):
                reviewed = {"models/engine.py": "a batch"}
                self.assertFalse(architecture.check_raw_sql(path, source, reviewed))

    def test_a_method_of_61_lines_is_found_and_one_of_60_is_not(self):
        for lines, found in ((60, 0), (61, 1)):
            source = "class A:\n    def f(self):\n" + "        pass\n" * (lines - 1)
            problems = architecture.check_method_length("models/a.py", source)
            self.assertEqual(len(problems), found, lines)

    def test_guarded_calls_are_found_with_their_place(self):
        for line, call in (
            ("self.env['res.partner'].sudo().search([])", "sudo"),
            ("Markup('<b>')", "Markup"),
            ("markupsafe.Markup('<b>')", "Markup"),
            ("safe_eval(text)", "safe_eval"),
            ("self.env.context.get('skip')", "context"),
            ("self.env.context['skip']", "context"),
            ("'skip' in self.env.context", "context"),
        ):
            source = f"class A:\n    def f(self):\n        return {line}\n"
            found = architecture.guarded_calls("models/a.py", source)
            self.assertEqual(found, {f"models/a.py:A.f {call}"}, line)
        source = "class A:\n    def f(self):\n        return self.with_context(a=1)\n"
        self.assertFalse(architecture.guarded_calls("models/a.py", source))

    def test_access_without_group_or_writable_by_outsiders_is_found(self):
        header = "id,group_id:id,perm_read,perm_write,perm_create,perm_unlink\n"
        for line, found in (
            ("a,,1,0,0,0", 1),
            ("a,base.group_portal,1,1,0,0", 1),
            ("a,base.group_public,1,0,0,1", 1),
            ("a,base.group_portal,1,0,0,0", 0),
            ("a,base.group_user,1,1,1,1", 0),
        ):
            problems = architecture.check_access("a.csv", header + line)
            self.assertEqual(len(problems), found, line)
