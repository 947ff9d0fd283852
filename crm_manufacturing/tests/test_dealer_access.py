from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_dealer_exit import DealerLifeCase


@tagged("post_install", "-at_install")
class TestDealerAccess(DealerLifeCase):
    """Who of a dealer may use the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dealer.dealer_stage = "active"
        cls.ada = cls.env["res.partner"].create(
            {"name": "Ada", "email": "ada@ventus.example", "parent_id": cls.dealer.id}
        )
        cls.plain_channel = cls._create_user(
            "access_channel", "crm_manufacturing.group_channel_manager"
        )

    def _access(self, user=None):
        dealer = self.dealer.with_user(user or self.plain_channel)
        action = dealer.action_dealer_access()
        wizard = self.env["dealer.access"].with_user(user or self.plain_channel)
        return wizard.browse(action["res_id"])

    def _line(self, access):
        return access.line_ids.filtered(lambda line: line.partner_id == self.ada)

    def test_who_looks_after_dealers_invites_and_revokes_their_people(self):
        line = self._line(self._access())
        self.assertFalse(line.is_portal)
        line.action_invite()
        user = self.ada.user_ids
        self.assertTrue(user._is_portal() and line.is_portal)
        self.assertEqual(user.login, "ada@ventus.example")
        self.assertEqual(self.dealer._get_portal_users(), user)
        line.action_invite_again()
        line.action_revoke()
        self.assertFalse(user.active)
        self.assertFalse(self.dealer._get_portal_users())

    def test_somebody_new_is_added_to_the_firm_and_invited(self):
        access = self._access()
        access.write({"new_name": "Bob", "new_email": "Bob@Ventus.example"})
        access.action_invite_new()
        bob = self.dealer.child_ids - self.ada
        self.assertEqual((bob.name, bob.email), ("Bob", "bob@ventus.example"))
        self.assertTrue(bob.user_ids._is_portal())
        self.assertEqual(bob._get_portal_dealer(), self.dealer)

    def test_what_is_missing_is_said(self):
        access = self._access()
        access.new_email = "bob"
        with self.assertRaisesRegex(UserError, "Name: "):
            access.action_invite_new()
        access.new_name = "Bob"
        with self.assertRaisesRegex(UserError, "Email: "):
            access.action_invite_new()
        self._line(access).email = False
        with self.assertRaisesRegex(UserError, "valid email"):
            self._line(access).action_invite()

    def test_nobody_of_another_firm_and_no_colleague_is_touched(self):
        access = self._access()
        other = self._create_customer("Other", email="x@other.example")
        line = access.line_ids.create(
            {"access_id": access.id, "partner_id": other.id, "email": other.email}
        )
        with self.assertRaisesRegex(AccessError, "does not belong to the dealer"):
            line.action_invite()
        self.assertFalse(other.user_ids)
        colleague = self.rep.partner_id
        colleague.parent_id = self.dealer
        line = access.line_ids.create(
            {"access_id": access.id, "partner_id": colleague.id, "email": "r@x.example"}
        )
        for action in (line.action_invite, line.action_revoke):
            with self.assertRaises(UserError):
                action()
        self.assertTrue(self.rep._is_internal() and self.rep.active)

    def test_a_candidate_and_who_is_no_dealer_get_no_access(self):
        self.dealer.sudo().dealer_stage = "candidate"
        with self.assertRaisesRegex(UserError, "has no contract"):
            self._line(self._access()).action_invite()
        self.dealer.sudo().dealer_stage = False
        with self.assertRaisesRegex(UserError, "is no dealer"):
            self._access()

    def test_the_dialog_cannot_be_turned_to_another_firm(self):
        access = self._access()
        other = self._create_customer("Other", email="x@other.example")
        with self.assertRaisesRegex(UserError, "open it from the dealer"):
            access.dealer_id = other

    def test_salespeople_give_no_access(self):
        with self.assertRaises(AccessError):
            self._access(self.rep)
        line = self._line(self._access())
        with self.assertRaises(AccessError):
            line.with_user(self.rep).action_invite()

    def test_switched_off_the_room_has_no_portal(self):
        self.assertTrue(self.ada._get_portal_dealer())
        settings = self.env["res.config.settings"].create({})
        settings.group_dealer_room = False
        settings.execute()
        self.assertFalse(self.ada._get_portal_dealer())
