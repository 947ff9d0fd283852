from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import file_path

SCRIPT = "crm_manufacturing/migrations/19.0.1.2.0/post-migrate.py"
ROOM = "crm_manufacturing.group_dealer_room"


@tagged("post_install", "-at_install")
class TestDealerRoom(TransactionCase):
    """The room can be switched off in Settings, and on again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = new_test_user(
            cls.env,
            "room_rep",
            groups="base.group_user,sales_team.group_sale_salesman",
        )

    def switch(self, is_on):
        settings = self.env["res.config.settings"].create({})
        settings.group_dealer_room = is_on
        settings.execute()

    def sees_menu(self):
        menus = self.env["ir.ui.menu"].with_user(self.rep)._visible_menu_ids()
        return self.env.ref("crm_manufacturing.menu_dealers").id in menus

    def get_form(self):
        partners = self.env["res.partner"].with_user(self.rep)
        return partners.get_view(view_type="form")["arch"]

    def test_it_is_on_after_install(self):
        self.assertTrue(self.env["res.config.settings"].create({}).group_dealer_room)
        self.assertTrue(self.rep.has_group(ROOM))
        self.assertTrue(self.sees_menu())

    def test_off_it_hides_menus_and_fields_and_on_again_it_shows_them(self):
        self.assertIn('name="dealer_stage"', self.get_form())
        self.switch(False)
        self.assertFalse(self.sees_menu())
        self.assertNotIn('name="dealer_stage"', self.get_form())
        self.switch(True)
        self.assertTrue(self.sees_menu())
        self.assertIn('name="dealer_stage"', self.get_form())

    def test_off_no_lead_finds_a_dealer_and_no_deal_expires(self):
        dealer = self.env["res.partner"].create(
            {"name": "Ventus", "is_company": True, "dealer_stage": "active"}
        )
        self.env["dealer.territory"].create({"name": "World", "dealer_id": dealer.id})
        deals = self.env.registry["dealer.registration"]
        self.switch(False)
        lead = self.env["crm.lead"].create({"name": "Fans"})
        self.assertFalse(lead.dealer_id)
        with patch.object(deals, "_run") as run:
            self.env["dealer.registration"]._cron_run()
        run.assert_not_called()
        self.switch(True)
        self.assertEqual(self.env["crm.lead"].create({"name": "F"}).dealer_id, dealer)

    def test_off_no_dealer_is_judged(self):
        cards = self.env["partner.scorecard"]
        self.assertNotIn("dealer", cards._get_resting_roles())
        self.switch(False)
        self.assertIn("dealer", cards._get_resting_roles())


@tagged("post_install", "-at_install")
class TestDealerPartner(TransactionCase):
    """Where a dealer stands, and since when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dealer = cls.env["res.partner"].create(
            {"name": "Ventus Trading", "is_company": True, "dealer_stage": "candidate"}
        )

    def test_a_new_stage_says_since_when(self):
        today = self.env.company._get_today()
        self.assertEqual(self.dealer.dealer_stage_since, today)
        self.dealer.dealer_stage_since = "2026-01-01"
        self.dealer.dealer_stage = "candidate"
        self.assertEqual(str(self.dealer.dealer_stage_since), "2026-01-01")
        self.dealer.dealer_stage = "active"
        self.assertEqual(self.dealer.dealer_stage_since, today)
        self.dealer.dealer_stage = False
        self.assertFalse(self.dealer.dealer_stage_since)

    def test_since_when_is_not_written_by_hand(self):
        user = new_test_user(
            self.env, "since", groups="crm_manufacturing.group_channel_manager"
        )
        today = self.env.company._get_today()
        dealers = self.env["res.partner"].with_user(user)
        past = {"dealer_stage_since": "2020-01-01"}
        made = dealers.with_context(default_dealer_stage_since="2020-01-01").create(
            [{"name": "Notus", "dealer_stage": "candidate"}, {"name": "Eurus", **past}]
        )
        self.assertEqual(made.mapped("dealer_stage_since"), [today, False])
        by_default = dealers.with_context(default_dealer_stage="candidate")
        self.assertEqual(by_default.create({"name": "Zep"}).dealer_stage_since, today)
        dealer = self.dealer.with_user(user)
        dealer.write({"comment": "x", **past})
        self.assertEqual(dealer.dealer_stage_since, today)
        dealer.write({"dealer_stage": "candidate", **past})
        self.assertEqual(dealer.dealer_stage_since, today)
        dealer.dealer_stage = False
        dealer.write({"dealer_stage": "candidate", **past})
        self.assertEqual(dealer.dealer_stage_since, today)

    def test_a_contract_that_ends_before_it_starts_is_refused(self):
        self.dealer.dealer_contract_start = "2026-05-01"
        with self.assertRaisesRegex(ValidationError, "Ventus Trading ends before"):
            self.dealer.contract_end_date = "2026-04-30"

    def test_an_upgrade_keeps_who_had_a_level_as_dealer(self):
        grade = self.env["res.partner.grade"].create({"name": "Gold"})
        firm = self.env["res.partner"].create(
            {"name": "Fans Ltd", "is_company": True, "grade_id": grade.id}
        )
        contact = self.env["res.partner"].create({"name": "A", "parent_id": firm.id})
        self.dealer.grade_id = grade
        self.env.ref("crm_manufacturing.scorecard_dealer").unlink()
        script = load_script(file_path(SCRIPT), "post_migrate")
        script.migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertTrue(self.env.ref("crm_manufacturing.scorecard_dealer").band_ids)
        self.assertEqual(firm.dealer_stage, "active")
        self.assertFalse(contact.dealer_stage)
        self.assertEqual(self.dealer.dealer_stage, "candidate")
