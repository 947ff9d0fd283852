from contextlib import nullcontext
from datetime import timedelta
from unittest.mock import Mock, patch

from odoo.tests import tagged
from odoo.tools import SQL

from .common import TODAY
from .common_cadence import CadenceCase


@tagged("post_install", "-at_install")
class TestFirstRun(CadenceCase):
    """The shipped rules meet a database of years: nobody is flooded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipped = cls.rules.with_context(active_test=False).search(
            [("rule_set", "=", "standard")]
        )
        cls.shipped.write({"active": True, "go_live_date": TODAY})
        # the same tiers of the test's own card
        for rule in cls.shipped.filtered("band_ids"):
            codes = set(rule.band_ids.mapped("code"))
            rule.band_ids = cls.card.band_ids.filtered(
                lambda band, codes=codes: band.code in codes
            )

    def _points_of_rep(self, *domain):
        return self.env["partner.touchpoint"].search(
            [("partner_id.user_id", "=", self.rep.id), *domain]
        )

    def _silent_customers(self, tier, count):
        customers = self.env["res.partner"].create(
            [
                {"name": f"{tier}{number}", "is_company": True, "user_id": self.rep.id}
                for number in range(count)
            ]
        )
        for customer in customers:
            customer.customer_rank = 1
            self._set_tier(customer, tier)
        return customers

    def test_nothing_is_overdue_and_the_inbox_holds_eight(self):
        best = self._silent_customers("A", 40)
        others = self._silent_customers("C", 15)
        self._plan()
        points = self._points_of_rep()
        self.assertEqual(points.partner_id & (best | others), best | others)
        self.assertFalse(points.filtered("is_late"))
        self.assertGreaterEqual(min(points.mapped("due_date")), TODAY)
        made = self.env["partner.touchpoint"]._create_activities(self.company, TODAY)
        self.assertEqual(len(made.filtered(lambda one: one.user_id == self.rep)), 8)
        self._plan()
        again = self.env["partner.touchpoint"]._create_activities(self.company, TODAY)
        self.assertFalse(again.filtered(lambda one: one.user_id == self.rep))

    def test_calls_of_30_customers_are_spread_over_the_interval(self):
        customers = self._silent_customers("A", 30)
        self._plan()
        rule = self.env.ref("crm_manufacturing.cadence_a_call")
        points = self._points_of_rep(("cadence_id", "=", rule.id))
        days = points.filtered(lambda one: one.partner_id in customers).mapped(
            "due_date"
        )
        self.assertEqual(len(set(days)), 30)
        self.assertLess(max(days), TODAY + timedelta(days=31))

    def test_a_contract_that_ends_is_brought_up_60_days_before(self):
        self.customer.contract_end_date = TODAY + timedelta(days=70)
        self._plan()
        rule = self.env.ref("crm_manufacturing.cadence_contract")
        point = self._open(rule=rule)
        self.assertEqual(point.due_date, TODAY + timedelta(days=10))
        self.assertEqual(point.state, "soon")

    def test_a_review_with_a_dealer_is_due_on_its_day(self):
        self.customer.write(
            {"dealer_stage": "active", "dealer_review_date": TODAY + timedelta(days=10)}
        )
        self._plan()
        rule = self.env.ref("crm_manufacturing.cadence_dealer_review")
        self.assertEqual(self._open(rule=rule).due_date, TODAY + timedelta(days=10))

    def test_a_company_that_is_being_planned_is_tried_again_soon(self):
        cron = self.env.ref("crm_manufacturing.ir_cron_partner_cadence")
        domain = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(domain)
        path = "odoo.addons.base.models.ir_cron.IrCron._commit_progress"
        with (
            patch(path, lambda *args, **kwargs: False),
            patch.object(type(self.company), "_try_lock", lambda *args: False),
        ):
            self.rules._cron_run()
        self.assertEqual(self.env["ir.cron.trigger"].search_count(domain), before + 1)

    def test_everybody_is_joined_by_hashing_and_the_setting_put_back(self):
        def read():
            return self.env.execute_query(SQL("SHOW enable_nestloop"))[0][0]

        for subjects, expected in ((None, "off"), ([1], "on"), ([1] * 500, "off")):
            with self.rules._planned_for(subjects):
                self.assertEqual(read(), expected)
            self.assertEqual(read(), "on")

    def test_so_is_everybody_when_the_load_is_shown(self):
        planned = Mock(return_value=nullcontext())
        with patch.object(type(self.rules), "_planned_for", planned):
            self.shipped._get_load(self.company, TODAY)
        planned.assert_called_once_with(None)

    def test_meetings_are_not_compared_with_all_attendances(self):
        # which join is taken depends on the statistics, what can be joined does not
        meetings = self.env["partner.touchpoint.touch"]._select_booked(self.company)
        plan = self.env.execute_query(SQL("EXPLAIN (FORMAT JSON) %s", meetings))
        names = {"calendar_attendee", "calendar_event"}
        found = {
            (node["Relation Name"], "Index Cond" in node)
            for node, within in self._walk(plan[0][0][0]["Plan"])
            if not within and node.get("Relation Name") in names
        }
        self.assertEqual(found, {("calendar_event", True)})

    def _walk(self, node, within=False):
        """The nodes of a plan, and whether each belongs to the attendances."""
        within = within or node.get("Subplan Name") == "CTE attendance"
        yield node, within
        for child in node.get("Plans", []):
            yield from self._walk(child, within)

    def test_what_can_be_set_is_on_a_screen(self):
        for model, name in (
            ("res.config.settings", "touchpoint_activity_max"),
            ("res.config.settings", "service_user_id"),
            ("res.country", "transit_days"),
            ("res.country", "video_counts_as_visit"),
            ("product.template", "expected_life_months"),
            ("mail.activity.type", "touch_kind"),
            ("stock.picking", "arrival_date"),
            ("res.partner", "contract_end_date"),
        ):
            arch = self.env[model].get_view(view_type="form")["arch"]
            self.assertIn(f'name="{name}"', arch, model)
