from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .supplier_common import SupplierCase, noon


@tagged("post_install", "-at_install")
@freeze_time(noon(date(2026, 3, 31)))
class TestSupplierPurchase(SupplierCase):
    """Warned about and blocked vendors, and what an order must say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for _line in range(5):
            cls._buy()  # never delivered: a D
        cls._run(cls.supplier_card)
        cls.buyer = cls._create_user("buyer_w", "purchase.group_purchase_user")
        cls.boss = cls._create_user(
            "boss_w", "crm_manufacturing.group_supplier_override"
        )

    def _block(self, band="d"):
        self.company.supplier_block_band_id = self.env.ref(
            f"crm_manufacturing.scorecard_supplier_band_{band}"
        )

    def _values(self):
        return {
            "partner_id": self.vendor.id,
            "order_line": [
                Command.create({"product_id": self.screw.id, "product_qty": 1})
            ],
        }

    def _ask(self, user, **values):
        orders = self.env["purchase.order"].with_user(user)
        return orders.create({**self._values(), **values})

    def test_choosing_a_badly_rated_vendor_warns_and_stops_nobody(self):
        form = Form(self.env["purchase.order"].with_user(self.buyer))
        form.partner_id = self.vendor
        self.assertEqual(form.supplier_alarm, "warn")
        order = self._ask(self.buyer)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_bands_above_the_one_that_warns_say_nothing(self):
        self.company.supplier_warn_band_id = False
        self.assertFalse(self._ask(self.buyer).supplier_alarm)
        self.assertFalse(self.vendor.supplier_tier_alarm)

    def test_a_vendor_without_rating_is_not_warned_about(self):
        order = self._ask(self.buyer, partner_id=self._create_vendor("New").id)
        self.assertFalse(order.supplier_alarm)

    def test_nothing_is_blocked_until_the_company_says_so(self):
        self.assertFalse(self.company.supplier_block_band_id)
        self.assertTrue(self._ask(self.buyer))

    def test_a_blocked_vendor_is_refused_however_he_is_asked(self):
        other = self._create_vendor("New")
        early = self._ask(self.buyer)
        changed = self._ask(self.buyer, partner_id=other.id)
        self._block()
        message = "Vendor: Foshan is rated D"
        for attempt in (
            lambda: self._ask(self.buyer),
            lambda: changed.write({"partner_id": self.vendor.id}),
            lambda: early.button_confirm(),
            lambda: early.write({"state": "sent"}),
            lambda: early.sudo().button_confirm(),
        ):
            with self.assertRaisesRegex(UserError, message), self.cr.savepoint():
                attempt()
        self.assertTrue(self._ask(self.buyer, partner_id=other.id))

    def test_a_refused_buyer_reads_whom_to_ask(self):
        self._block()
        self.boss.name = "Grace Lin"
        with self.assertRaisesRegex(UserError, "with a reason: .*Grace Lin"):
            self._ask(self.buyer)

    def test_the_scheduler_may_propose_but_nobody_confirms(self):
        self._block()
        order = self.env["purchase.order"].sudo().create(self._values())
        self.assertEqual(order.supplier_alarm, "block")
        with self.assertRaises(UserError):
            order.with_user(self.buyer).button_confirm()

    def test_who_may_order_all_the_same_gives_a_reason(self):
        self._block()
        reason = {"supplier_override_reason": "Nobody else casts this housing"}
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._ask(self.buyer, **reason)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._ask(self.boss)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._ask(self.boss, supplier_override_reason="  ")
        order = self._ask(self.boss, **reason)
        self.assertEqual(order.supplier_override_uid, self.boss)
        order.with_user(self.buyer).button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_a_buyer_cannot_sign_with_another_name(self):
        self._block()
        with self.assertRaises(AccessError):
            self._ask(self.buyer, supplier_override_uid=self.boss.id)

    def test_a_reason_belongs_to_its_order(self):
        self._block()
        order = self._ask(self.boss, supplier_override_reason="Once")
        self.assertFalse(
            order.with_user(self.boss).copy_data()[0].get("supplier_override_reason")
        )

    def test_a_reason_belongs_to_its_vendor(self):
        other = self._create_vendor("New")
        order = self._ask(self.boss, partner_id=other.id, supplier_override_reason="Ok")
        self._block()
        with (
            self.assertRaisesRegex(UserError, "Foshan is rated D"),
            self.cr.savepoint(),
        ):
            order.with_user(self.buyer).partner_id = self.vendor
        third = self._create_vendor("Third")
        order.with_user(self.buyer).partner_id = third
        self.assertFalse(order.supplier_override_reason or order.supplier_override_uid)

    def test_settings_take_bands_of_the_company_s_own_card(self):
        band = self.card.band_ids[0]
        with self.assertRaisesRegex(ValidationError, "Block From Rating"):
            self.company.supplier_block_band_id = band
        with self.assertRaisesRegex(ValidationError, "Supplier Scorecard"):
            self.company.supplier_scorecard_id = self.card

    def test_an_archived_card_rates_and_blocks_nobody(self):
        self._block()
        self.supplier_card.active = False
        self.assertFalse(self.company.supplier_scorecard_id)
        self.assertFalse(self.vendor.supplier_tier_id)
        self.assertTrue(self._ask(self.buyer))

    def test_the_list_of_vendors_shows_the_rating_and_other_lists_do_not(self):
        action = self.env.ref("account.res_partner_action_supplier")
        views = dict((kind, view) for view, kind in action.views)
        arch = self.env["res.partner"].get_view(views["list"], "list")["arch"]
        self.assertIn("supplier_tier_alarm", arch)
        arch = self.env["res.partner"].get_view(views["kanban"], "kanban")["arch"]
        self.assertIn("supplier_tier_alarm", arch)
        contacts = self.env["res.partner"].get_view(None, "list")["arch"]
        self.assertNotIn("supplier_tier", contacts)

    # ---- what an order must say -----------------------------------------

    def _need(self, category, **needs):
        category.write({"supplier_clarity_own": True, **needs})

    def _missing(self, order):
        return order.order_line.supplier_missing

    def test_nothing_is_asked_for_unless_a_category_says_so(self):
        self.assertFalse(self._missing(self._ask(self.buyer)))

    def test_a_badge_names_what_is_missing_and_goes_when_it_is_there(self):
        category = self.env["product.category"].create({"name": "Parts"})
        self.screw.categ_id = category
        self._need(
            category,
            supplier_needs_specification=True,
            supplier_needs_drawing=True,
            supplier_needs_instruction=True,
        )
        order = self._ask(self.buyer)
        self.assertEqual(
            self._missing(order), "specification, drawing, delivery instruction"
        )
        order.order_line.name = "Screw, steel A2, M4 x 16, ISO 4762"
        self.assertEqual(self._missing(order), "drawing, delivery instruction")
        order.note = "Deliver to gate 3"
        self.env["product.document"].create(
            {
                "name": "screw.pdf",
                "res_model": "product.template",
                "res_id": self.screw.product_tmpl_id.id,
            }
        )
        order.order_line.invalidate_recordset(["supplier_missing"])
        self.assertFalse(self._missing(order))

    def test_the_nearest_category_with_rules_decides(self):
        above = self.env["product.category"].create({"name": "Above"})
        below = self.env["product.category"].create(
            {"name": "Below", "parent_id": above.id}
        )
        self.screw.categ_id = below
        self._need(above, supplier_needs_drawing=True)
        self.assertEqual(self._missing(self._ask(self.buyer)), "drawing")
        self._need(below)
        self.assertFalse(self._missing(self._ask(self.buyer)))

    def test_an_unclear_order_is_confirmed_all_the_same_and_remembered(self):
        self._need(self.screw.categ_id, supplier_needs_drawing=True)
        order = self._ask(self.buyer)
        order.button_confirm()
        self.assertTrue(order.order_line.supplier_unclear)
