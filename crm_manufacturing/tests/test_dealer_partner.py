from odoo.tests import TransactionCase, new_test_user, tagged

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

    def test_off_no_dealer_is_judged(self):
        cards = self.env["partner.scorecard"]
        self.assertNotIn("dealer", cards._get_resting_roles())
        self.switch(False)
        self.assertIn("dealer", cards._get_resting_roles())
