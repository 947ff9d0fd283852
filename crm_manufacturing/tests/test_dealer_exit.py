from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from .common import TODAY, ScorecardCase

SCRIPT = "crm_manufacturing/migrations/19.0.1.2.0/post-migrate.py"
CHANNEL = "crm_manufacturing.group_channel_manager,base.group_partner_manager"
MANAGER = "crm_manufacturing.group_manager,base.group_partner_manager"


class DealerLifeCase(ScorecardCase):
    """A candidate, who looks after him, and who may decide more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(f"{TODAY} 10:00:00")
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.channel = cls._create_user("life_channel", CHANNEL)
        cls.manager = cls._create_user("life_manager", MANAGER)
        cls.rep = cls._create_user(
            "life_rep", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        cls.dealer = cls._create_customer("Ventus Trading", dealer_stage="candidate")
        cls.as_channel = cls.dealer.with_user(cls.channel)

    def _set_stage(self, stage, user=None):
        self.dealer.with_user(user or self.channel).dealer_stage = stage

    def _checklist(self, user=None):
        action = self.dealer.with_user(user or self.channel).action_end_dealer()
        exits = self.env["dealer.exit"].with_user(user or self.channel)
        return exits.browse(action["res_id"])

    def _item(self, checklist, code):
        return checklist.item_ids.filtered(lambda item: item.code == code)


@tagged("post_install", "-at_install")
class TestDealerEntry(DealerLifeCase):
    """What a dealer must have before he enters a stage."""

    def test_a_recruited_dealer_has_a_manager_and_a_contract(self):
        with self.assertRaisesRegex(
            UserError, "Ventus Trading needs a channel manager, a contract with its"
        ):
            self._set_stage("recruited")
        self.as_channel.write(
            {
                "dealer_manager_id": self.channel.id,
                "dealer_contract_start": TODAY,
                "dealer_stage": "recruited",
            }
        )
        self.assertEqual(self.dealer.dealer_stage, "recruited")

    def test_an_active_dealer_has_what_a_recruited_one_has_and_an_order(self):
        self.dealer.dealer_review_date = TODAY
        with self.assertRaisesRegex(UserError, "channel manager.*confirmed order"):
            self._set_stage("active")
        self.dealer.write(
            {"dealer_manager_id": self.channel.id, "dealer_contract_start": TODAY}
        )
        self._order(self.dealer, TODAY)
        self._set_stage("active")
        self.assertEqual(self.dealer.dealer_stage, "active")

    def test_a_contract_that_has_not_begun_or_is_over_does_not_run(self):
        criteria = self.env["dealer.entry.criterion"]
        self.assertFalse(criteria._has_running_contract(self.dealer))
        self.dealer.dealer_contract_start = TODAY + timedelta(days=1)
        self.assertFalse(criteria._has_running_contract(self.dealer))
        self.dealer.dealer_contract_start = TODAY - timedelta(days=9)
        self.assertTrue(criteria._has_running_contract(self.dealer))
        self.dealer.contract_end_date = TODAY - timedelta(days=1)
        self.assertFalse(criteria._has_running_contract(self.dealer))

    def test_a_criterion_switched_off_asks_for_nothing_and_one_switched_on_does(self):
        criteria = self.env["dealer.entry.criterion"].with_context(active_test=False)
        criteria.search([]).active = False
        self._set_stage("active")
        self.dealer.sudo().dealer_stage = "candidate"
        needs = criteria.search([("need", "in", ["territory", "vat", "portal"])])
        needs.active = True
        with self.assertRaisesRegex(UserError, "a territory, a tax ID, somebody with"):
            self._set_stage("active")

    def test_the_form_says_what_is_missing_for_the_next_stage(self):
        self.assertEqual(
            self.as_channel.dealer_entry_missing,
            "Recruited needs: a channel manager, a contract with its first day.",
        )
        self.as_channel.write(
            {"dealer_manager_id": self.channel.id, "dealer_contract_start": TODAY}
        )
        self.assertFalse(self.as_channel.dealer_entry_missing)

    def test_a_dealer_is_not_born_into_a_stage_he_has_nothing_for(self):
        partners = self.env["res.partner"].with_user(self.channel)
        values = {"name": "Born Active", "is_company": True, "dealer_stage": "active"}
        with self.assertRaisesRegex(UserError, "Born Active needs a channel manager"):
            partners.create(values)
        partners.create({**values, "dealer_stage": "candidate"})

    def test_a_contact_becomes_a_candidate_in_his_own_form(self):
        firm = self._create_customer("Calm Air")
        person = self.env["res.partner"].create({"name": "Ann", "parent_id": firm.id})
        action = person.with_user(self.channel)._make_candidate()
        self.assertEqual(firm.dealer_stage, "candidate")
        self.assertEqual(firm.dealer_manager_id, self.channel)
        self.assertEqual(action["res_id"], firm.id)
        form = self.env["ir.ui.view"].browse(action["views"][0][0])
        self.assertEqual(form.name, "res.partner.form.dealer")
        self.dealer._make_candidate()
        self.assertFalse(self.dealer.dealer_manager_id)

    def test_criteria_stand_in_the_order_of_the_stages(self):
        criteria = self.env["dealer.entry.criterion"]
        stages = list(dict.fromkeys(criteria.search([]).mapped("stage")))
        self.assertEqual(stages, ["recruited", "active"])
        self.assertNotIn("group_by", criteria.get_view(view_type="list")["arch"])

    def test_who_looks_after_dealers_reads_criteria_and_a_manager_sets_them(self):
        criterion = self.env.ref("crm_manufacturing.entry_active_order")
        with self.assertRaises(AccessError):
            criterion.with_user(self.channel).active = False
        criterion.with_user(self.manager).active = False


@tagged("post_install", "-at_install")
class TestDealerExit(DealerLifeCase):
    """A dealer with a contract leaves by the checklist."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dealer.dealer_stage = "active"
        cls.user = cls._create_user(
            "life_portal", "base.group_portal", name="Ada Ventus"
        )
        cls.user.partner_id.parent_id = cls.dealer

    def _tick_all(self, checklist):
        self._item(checklist, "stock").note = "We take back 12 fans at cost."
        self._item(checklist, "access").action_settle()
        for item in checklist.item_ids.filtered(lambda item: not item.is_done):
            item.action_tick()

    def test_nobody_ends_a_dealer_by_writing_his_stage(self):
        for user in (self.channel, self.manager):
            for stage in ("ended", "candidate", False):
                with self.assertRaisesRegex(UserError, "Press End Dealer"):
                    self._set_stage(stage, user)
        self.assertEqual(self.dealer.dealer_stage, "active")

    def test_nobody_archives_a_dealer_with_a_contract(self):
        self.dealer.sudo().dealer_stage = "active"
        with self.assertRaisesRegex(UserError, "Press End Dealer on his form"):
            self.as_channel.action_archive()
        self.dealer.sudo().dealer_stage = "ended"
        self.as_channel.action_archive()
        self.assertFalse(self.dealer.active)

    def test_a_candidate_leaves_without_a_list(self):
        self.dealer.sudo().dealer_stage = "candidate"
        self._set_stage("ended")
        self.assertEqual(self.dealer.dealer_stage, "ended")

    def test_the_list_is_one_and_has_what_must_be_done(self):
        checklist = self._checklist()
        self.assertEqual(self._checklist(self.manager).id, checklist.id)
        self.assertEqual(
            checklist.item_ids.mapped("code"), ["registrations", "stock", "access"]
        )
        access = self._item(checklist, "access")
        self.assertEqual(access.status, "Portal access: Ada Ventus.")
        self.assertTrue(access.can_settle)
        others = (checklist.item_ids - access).mapped("status")
        self.assertEqual(others, [False, False])

    def test_what_is_not_so_cannot_be_ticked(self):
        checklist = self._checklist()
        with self.assertRaisesRegex(UserError, "Portal access: Ada Ventus"):
            self._item(checklist, "access").action_tick()
        with self.assertRaisesRegex(UserError, "say what happens to the stock"):
            self._item(checklist, "stock").action_tick()

    def test_each_tick_has_who_and_when_and_can_be_undone(self):
        checklist = self._checklist()
        stock = self._item(checklist, "stock")
        stock.note = "None left."
        stock.action_tick()
        self.assertEqual(stock.done_by_id, self.channel)
        self.assertEqual(str(stock.done_on), f"{TODAY} 10:00:00")
        with self.assertRaisesRegex(UserError, "ticked already"):
            stock.note = "Something else"
        stock.action_undo()
        self.assertFalse(stock.is_done or stock.done_by_id)

    def test_ticks_and_the_end_are_not_written_by_hand(self):
        checklist = self._checklist()
        for vals in ({"state": "done"}, {"dealer_id": 1}, {"is_forced": True}):
            with self.assertRaisesRegex(UserError, "use its buttons"):
                checklist.write(vals)
        for vals in ({"is_done": True}, {"code": "stock"}, {"done_by_id": 1}):
            with self.assertRaisesRegex(UserError, "use its buttons"):
                checklist.item_ids[0].write(vals)
        with self.assertRaises(AccessError):
            checklist.unlink()

    def test_the_dealer_ends_once_all_is_ticked_and_the_log_says_by_whom(self):
        checklist = self._checklist()
        checklist.reason = "Sells for somebody else now."
        with self.assertRaisesRegex(UserError, "Checklist: "):
            checklist.action_end()
        self._tick_all(checklist)
        checklist.action_end()
        self.assertEqual(self.dealer.dealer_stage, "ended")
        self.assertFalse(self.user.active)
        log = self.dealer.message_ids[0].body
        for text in ("somebody else now", "life_channel", "12 fans", "2026-03-31"):
            self.assertIn(text, log)
        with self.assertRaisesRegex(UserError, "ended already"):
            checklist.reason = "No"

    def test_a_reason_is_asked_for(self):
        checklist = self._checklist()
        self._tick_all(checklist)
        with self.assertRaisesRegex(UserError, "Reason: "):
            checklist.action_end()

    def test_what_was_ticked_and_is_no_longer_so_is_asked_again(self):
        checklist = self._checklist()
        checklist.reason = "Leaves."
        self._tick_all(checklist)
        bob = self._create_user("life_bob", "base.group_portal", name="Bob Ventus")
        bob.partner_id.parent_id = self.dealer
        with self.assertRaisesRegex(UserError, "Portal access: Bob Ventus"):
            checklist.action_end()

    def test_a_manager_may_end_him_without_the_list_for_a_reason(self):
        with self.assertRaises(AccessError):
            self._checklist().action_force()
        checklist = self._checklist(self.manager)
        with self.assertRaisesRegex(UserError, "Reason: "):
            checklist.action_force()
        checklist.reason = "Insolvent."
        checklist.action_force()
        self.assertEqual(self.dealer.dealer_stage, "ended")
        self.assertIn("without the checklist", self.dealer.message_ids[0].body)
        self.assertFalse(self.dealer._get_portal_dealer())

    def test_a_salesperson_ends_nobody(self):
        with self.assertRaises(AccessError):
            self.dealer.with_user(self.rep).action_end_dealer()
        checklist = self._checklist()
        with self.assertRaises(AccessError):
            checklist.with_user(self.rep).action_end()

    def test_who_is_no_dealer_does_not_end(self):
        self.dealer.sudo().dealer_stage = "ended"
        with self.assertRaisesRegex(UserError, "is no dealer now"):
            self._checklist()


@tagged("post_install", "-at_install")
class TestDealerCadence(DealerLifeCase):
    """Review and renewal are rules on dates."""

    def _due(self, rule):
        cadence = self.env.ref(f"crm_manufacturing.{rule}")
        # plain dates, whenever the database was made
        cadence.go_live_date = False
        cadence._run(self.company, TODAY)
        return self.env["partner.touchpoint"].search(
            [("partner_id", "=", self.dealer.id), ("cadence_id", "=", cadence.id)]
        )

    def setUp(self):
        super().setUp()
        self.dealer.write(
            {
                "dealer_stage": "active",
                "dealer_manager_id": self.channel.id,
                "dealer_contract_start": TODAY - timedelta(days=300),
                "contract_end_date": TODAY + timedelta(days=100),
                "dealer_review_date": TODAY + timedelta(days=5),
            }
        )

    def test_the_review_is_due_on_its_day_with_who_looks_after_the_dealer(self):
        touch = self._due("cadence_dealer_review")
        self.assertEqual(touch.due_date, TODAY + timedelta(days=5))
        self.assertEqual(touch.user_id, self.channel)

    def test_the_contract_is_brought_up_90_days_before_and_by_one_rule(self):
        touch = self._due("cadence_dealer_renewal")
        self.assertEqual(touch.due_date, TODAY + timedelta(days=10))
        self.assertEqual(touch.user_id, self.channel)
        self.assertFalse(self._due("cadence_contract"))

    def test_nobody_is_reminded_of_the_contract_of_an_ended_dealer(self):
        self.dealer.dealer_stage = "ended"
        self.assertFalse(self._due("cadence_contract"))
        self.assertFalse(self._due("cadence_dealer_renewal"))

    def test_who_is_no_dealer_keeps_the_rule_on_contracts_of_customers(self):
        self.dealer.dealer_stage = False
        self.assertTrue(self._due("cadence_contract"))
        self.assertFalse(self._due("cadence_dealer_renewal"))
        self.assertFalse(self._due("cadence_dealer_review"))

    def test_an_upgrade_leaves_dealers_contracts_to_their_own_rule(self):
        rule = self.env.ref("crm_manufacturing.cadence_contract")
        rule.partner_domain = "[]"
        self.env.ref("crm_manufacturing.scorecard_dealer").unlink()
        script = load_script(file_path(SCRIPT), "post_migrate")
        script.migrate(self.env.cr, "19.0.1.1.0")
        self.assertIn("ended", rule.partner_domain)
        rule.partner_domain = "[('country_id', '=', 1)]"
        self.env.ref("crm_manufacturing.scorecard_dealer").unlink()
        script.migrate(self.env.cr, "19.0.1.1.0")
        self.assertEqual(rule.partner_domain, "[('country_id', '=', 1)]")
