from odoo.tests import new_test_user, tagged

from .supplier_common import SupplierCase

ROOM = "crm_manufacturing.group_supplier_room"


@tagged("post_install", "-at_install")
class TestSupplierRoom(SupplierCase):
    """The room can be switched off in Settings, and on again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = new_test_user(
            cls.env, "room_buyer", groups="base.group_user,purchase.group_purchase_user"
        )

    def switch(self, is_on):
        settings = self.env["res.config.settings"].create({})
        settings.group_supplier_room = is_on
        settings.execute()

    def run_cron(self):
        cron = self.env.ref("crm_manufacturing.ir_cron_partner_scorecard")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def get_form(self):
        partners = self.env["res.partner"].with_user(self.buyer)
        return partners.get_view(view_type="form")["arch"]

    def get_menus(self, user):
        menus = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        ours = ("menu_supplier_ratings", "menu_supplier_material")
        return [
            name
            for name in ours
            if self.env.ref(f"crm_manufacturing.{name}").id in menus
        ]

    def test_it_is_on_after_install(self):
        self.assertTrue(self.env["res.config.settings"].create({}).group_supplier_room)
        self.assertTrue(self.buyer.has_group(ROOM))
        self.assertEqual(len(self.get_menus(self.buyer)), 2)

    def test_off_it_hides_menus_and_views_and_on_again_it_shows_them(self):
        self.switch(False)
        self.assertEqual(self.get_menus(self.buyer), [])
        self.assertNotIn('name="supplier_mirror"', self.get_form())
        self.switch(True)
        self.assertEqual(len(self.get_menus(self.buyer)), 2)
        self.assertIn('name="supplier_mirror"', self.get_form())

    def test_off_no_supplier_is_judged_and_nobody_is_warned(self):
        cards = self.env["partner.scorecard"]
        self.assertEqual(cards._get_resting_roles(), [])
        self.switch(False)
        self.assertEqual(cards._get_resting_roles(), ["supplier"])
        self.assertEqual(self.env.company._get_supplier_alarms(), {})
        self.supplier_card.next_run_date = False
        self.run_cron()
        self.assertFalse(self.supplier_card.next_run_date)
        self.switch(True)
        self.run_cron()
        self.assertTrue(self.supplier_card.next_run_date)

    def test_off_what_was_judged_is_kept_and_not_shown(self):
        card = self.supplier_card
        band = card.band_ids[:1]
        self.env["partner.score"].sudo().create(
            {
                "scorecard_id": card.id,
                "partner_id": self.vendor.id,
                "company_id": self.env.company.id,
                "date": self.env.company._get_today(),
                "band_id": band.id,
            }
        )
        self.env["res.partner"]._invalidate_tiers()
        self.assertEqual(self.vendor.supplier_tier_id, band)
        self.switch(False)
        self.env["res.partner"]._invalidate_tiers()
        self.assertFalse(self.vendor.supplier_tier_id)
        self.switch(True)
        self.env["res.partner"]._invalidate_tiers()
        self.assertEqual(self.vendor.supplier_tier_id, band)
