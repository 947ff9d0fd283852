"""The demo company: its pyramid is right, its filters find somebody, people use it."""

from lxml import etree

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

SUM_OF_INVOICES = """
    SELECT commercial_partner_id, SUM(amount_untaxed_signed)
      FROM account_move
     WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
       AND company_id = %s AND invoice_date > %s::date - INTERVAL '12 months'
       AND invoice_date <= %s
  GROUP BY 1"""


@tagged("post_install", "-at_install", "-standard", "demo_factory")
class TestDemoFactory(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].search([], order="id", limit=1)
        cls.today = cls.company._get_today()
        cls.card = cls.company.pyramid_scorecard_id
        (cls.card | cls.env.ref("crm_manufacturing.scorecard_value"))._run_figures(
            cls.company, cls.today
        )
        cls.scores = cls.env["partner.score"].search([("is_current", "=", True)])

    def test_each_value_is_the_sum_of_the_invoices(self):
        self.env.cr.execute(SUM_OF_INVOICES, [self.company.id, self.today, self.today])
        expected = {
            partner: round(float(v), 2) for partner, v in self.env.cr.fetchall()
        }
        self.assertGreater(len(expected), 100)
        scores = self.scores.filtered(lambda score: score.scorecard_id == self.card)
        found = {score.partner_id.id: round(score.value, 2) for score in scores}
        for partner, value in expected.items():
            self.assertEqual(found[partner], value)
        self.assertFalse(any(found[p] for p in found.keys() - expected.keys()))

    def test_the_hosts_records_are_named_in_the_language_of_who_reads(self):
        call = self.env.ref("mail.mail_activity_data_call")
        self.assertEqual(call.with_context(lang="zh_CN").name, "电话")
        self.assertEqual(call.with_context(lang="en_US").name, "Call")

    def test_each_filter_finds_somebody(self):
        view = self.env.ref("crm_manufacturing.partner_score_view_search")
        arch = etree.fromstring(self.scores.get_view(view.id, "search")["arch"])
        sales = self.env["res.users"].search([("login", "=", "sales")])
        for node in arch.iter("filter"):
            if not node.get("domain"):
                continue
            domain = safe_eval(node.get("domain"), {"uid": sales.id})
            self.assertTrue(self.scores.search(domain), node.get("string"))

    def test_alerts_say_the_day_that_the_trace_says(self):
        alerts = self.env["order.trace.alert"]
        late = alerts._find_late(self.company, fields.Datetime.now())
        opened = alerts._get_open(self.company)
        self.assertGreater(len(opened), 3)
        for alert in opened:
            self.assertEqual(
                alert.planned_day, late[alert.sale_line_id.id]["planned_day"]
            )

    def test_two_are_overridden_one_of_them_without_revenue(self):
        overridden = self.scores.filtered("override_band_id")
        self.assertEqual(len(overridden), 2)
        self.assertEqual(len(overridden.filtered("override_until")), 1)
        self.assertEqual(len(overridden.filtered(lambda s: not s.value)), 1)

    def test_two_are_large_and_worth_little(self):
        poor = self.scores.filtered(
            lambda score: (
                score.scorecard_id.method == "score"
                and score.effective_band_id.code in ("C", "D")
                and score.partner_id.customer_tier_id.code == "A"
                and not score.partner_id.customer_tier_overridden
            )
        )
        self.assertGreaterEqual(len(poor), 2)

    def test_a_salesperson_reads_why_a_customer_is_where_he_is(self):
        self.start_tour(
            "/odoo/customer-pyramid",
            "crm_manufacturing.demo_salesperson",
            login="sales",
            timeout=180,
        )

    def test_a_manager_finds_who_is_large_and_worth_little(self):
        self.start_tour(
            "/odoo/customer-pyramid",
            "crm_manufacturing.demo_manager",
            login="manager",
            timeout=180,
        )
