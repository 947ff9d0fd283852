from contextlib import ExitStack
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .order_trace_common import NOW, OrderTraceCase


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOrderRequirement(OrderTraceCase):
    """A customer's wish on a fan reaches its motor and, if allowed, the blades."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["product.category"].create({"name": "Fans"})
        cls.below = cls.env["product.category"].create(
            {"name": "Axial Fans", "parent_id": cls.category.id}
        )
        cls.fan.categ_id = cls.below

    def _wish(self, order, text="Engrave the name plate"):
        order.order_line[:1].customer_requirement = text

    def _wished(self, text="Engrave the name plate", **values):
        order = self._order((self.fan, 1), confirm=False, **values)
        self._wish(order, text)
        order.action_confirm()
        return order

    def _texts(self, order, product=None):
        return self._productions(order, product).mapped("customer_requirement")

    def _activities(self, production):
        kind = self.env.ref("crm_manufacturing.mail_activity_requirement")
        return production.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    # from the lead to the order

    def _lead(self, text="Colour RAL 5010"):
        return self.env["crm.lead"].create(
            {
                "name": "Fans for a tunnel",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "customer_requirement": text,
            }
        )

    def test_a_new_quotation_of_a_lead_shows_its_words(self):
        context = self._lead().action_new_quotation()["context"]
        self.assertEqual(context["default_customer_requirement"], "Colour RAL 5010")

    def test_a_quotation_created_for_a_lead_takes_its_words(self):
        order = self._order(
            (self.fan, 1), confirm=False, opportunity_id=self._lead().id
        )
        self.assertEqual(order.customer_requirement, "Colour RAL 5010")

    def test_words_given_with_the_quotation_are_kept(self):
        order = self._order(
            (self.fan, 1),
            confirm=False,
            opportunity_id=self._lead().id,
            customer_requirement=False,
        )
        self.assertFalse(order.customer_requirement)

    def test_merged_leads_keep_the_words_of_both(self):
        first, second = self._lead("Colour RAL 5010"), self._lead("Sea freight")
        merged = (first | second).merge_opportunity()
        self.assertIn("Colour RAL 5010", merged.customer_requirement)
        self.assertIn("Sea freight", merged.customer_requirement)

    # to the productions and purchases, as far as the category says

    def test_without_a_word_of_the_category_all_productions_know(self):
        order = self._wished()
        self.assertEqual(self._texts(order), ["Engrave the name plate"] * 2)
        self.assertFalse(
            any(self._purchase(order).order_line.mapped("customer_requirement"))
        )

    def test_the_words_of_the_order_stand_before_those_of_the_line(self):
        order = self._wished(customer_requirement="Sea freight")
        self.assertEqual(
            self._texts(order, self.fan), ["Sea freight\nEngrave the name plate"]
        )

    def test_order_only_keeps_it_on_the_order(self):
        self.category.requirement_depth = "order"
        self.assertEqual(self._texts(self._wished()), [False, False])

    def test_first_production_keeps_it_from_the_components(self):
        self.category.requirement_depth = "production"
        order = self._wished()
        self.assertEqual(self._texts(order, self.fan), ["Engrave the name plate"])
        self.assertEqual(self._texts(order, self.motor), [False])

    def test_the_category_itself_speaks_before_its_parent(self):
        self.category.requirement_depth = "purchases"
        self.below.requirement_depth = "order"
        self.assertEqual(self._texts(self._wished()), [False, False])

    def test_purchases_carry_it_in_what_the_vendor_reads(self):
        self.category.requirement_depth = "purchases"
        lines = self._purchase(self._wished()).order_line
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.assertEqual(line.customer_requirement, "Engrave the name plate")
            self.assertTrue(line.name.endswith("\nEngrave the name plate"))

    def test_vendors_do_not_learn_the_customer(self):
        self.category.requirement_depth = "purchases"
        lines = self._purchase(self._wished()).order_line
        self.assertNotIn(self.customer.name, "".join(lines.mapped("name")))

    def test_vendors_learn_the_customer_where_the_category_says_so(self):
        self.category.write(
            {"requirement_depth": "purchases", "requirement_name_customer": True}
        )
        lines = self._purchase(self._wished()).order_line
        self.assertEqual(
            set(lines.mapped("customer_requirement")), {"Ada: Engrave the name plate"}
        )

    def test_work_orders_show_the_words_of_their_production(self):
        centre = self.env["mrp.workcenter"].create({"name": "Assembly"})
        self.fan_bom.operation_ids = [
            Command.create({"name": "Mount", "workcenter_id": centre.id})
        ]
        work = self._productions(self._wished(), self.fan).workorder_ids
        self.assertEqual(
            work.mapped("customer_requirement"), ["Engrave the name plate"]
        )

    def test_a_reordering_rule_gets_nothing(self):
        self.motor.route_ids = False
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.motor.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "product_min_qty": 0,
                "product_max_qty": 10,
            }
        )
        self._wished()
        self.env["stock.rule"].run_scheduler()
        made = self.env["mrp.production"].search([("product_id", "=", self.motor.id)])
        self.assertTrue(made)
        self.assertEqual(set(made.mapped("customer_requirement")), {False})

    def test_a_line_added_to_a_confirmed_order_brings_its_words(self):
        order = self._order((self.fan, 1))
        order.order_line = [
            Command.create(
                {
                    "product_id": self.motor.id,
                    "product_uom_qty": 3,
                    "customer_requirement": "Copper wire",
                }
            )
        ]
        texts = self._texts(order, self.motor)
        self.assertIn("Copper wire", texts)

    def test_configured_attributes_travel(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Voltage",
                "create_variant": "no_variant",
                "value_ids": [
                    Command.create({"name": "220 V"}),
                    Command.create({"name": "380 V"}),
                ],
            }
        )
        self.env["product.template.attribute.line"].create(
            {
                "product_tmpl_id": self.fan.product_tmpl_id.id,
                "attribute_id": attribute.id,
                "value_ids": [Command.set(attribute.value_ids.ids)],
            }
        )
        values = self.fan.product_tmpl_id.attribute_line_ids.product_template_value_ids
        order = self._order((self.fan, 1), confirm=False)
        order.order_line.product_no_variant_attribute_value_ids = values[1]
        order.action_confirm()
        self.assertEqual(self._texts(order), ["Voltage: 380 V"] * 2)

    # split and merged

    def test_a_split_production_keeps_the_words(self):
        order = self._order((self.fan, 4), confirm=False)
        self._wish(order)
        order.action_confirm()
        production = self._productions(order, self.fan)
        parts = production._split_productions({production: [1, 3]})
        self.assertEqual(
            parts.mapped("customer_requirement"), ["Engrave the name plate"] * 2
        )

    def test_merged_productions_keep_both_texts_named_by_order(self):
        first, second = self._wished("Blue"), self._wished("Red")
        productions = self._productions(first | second, self.fan)
        action = productions.action_merge()
        merged = self.env["mrp.production"].browse(action["res_id"])
        self.assertEqual(
            merged.customer_requirement,
            f"{first.name}: Blue\n{second.name}: Red",
        )

    # changes

    def test_a_change_reaches_open_productions(self):
        order = self._wished()
        self._wish(order, "No engraving")
        self.assertEqual(self._texts(order), ["No engraving"] * 2)

    def test_words_said_first_after_confirmation_reach_the_productions(self):
        order = self._order((self.fan, 1))
        self._wish(order)
        self.assertEqual(self._texts(order), ["Engrave the name plate"] * 2)

    def test_words_taken_back_leave_the_productions(self):
        order = self._wished()
        self._wish(order, False)
        self.assertEqual(self._texts(order), [False, False])

    def test_words_of_the_order_changed_reach_the_productions(self):
        order = self._wished()
        order.customer_requirement = "Sea freight"
        self.assertEqual(
            self._texts(order), ["Sea freight\nEngrave the name plate"] * 2
        )

    def test_a_request_for_quotation_follows_and_a_confirmed_purchase_does_not(self):
        self.category.requirement_depth = "purchases"
        order = self._wished()
        purchase = self._purchase(order)
        self._wish(order, "No engraving")
        for line in purchase.order_line:
            self.assertTrue(line.name.endswith("\nNo engraving"))
            self.assertNotIn("Engrave", line.name)
        purchase.button_confirm()
        self._wish(order, "Engrave again")
        self.assertEqual(
            set(purchase.order_line.mapped("customer_requirement")), {"No engraving"}
        )

    def test_a_finished_production_is_not_rewritten(self):
        order = self._wished()
        motor = self._productions(order, self.motor)
        self._stock(self.coil, 3)
        self._produce(motor)
        self._wish(order, "No engraving")
        self.assertEqual(motor.state, "done")
        self.assertEqual(motor.customer_requirement, "Engrave the name plate")
        self.assertFalse(self._activities(motor))

    def test_the_planner_reads_it_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        planner = new_test_user(
            self.env, "mei", groups="mrp.group_mrp_user", lang="zh_CN"
        )
        order = self._wished()
        production = self._productions(order, self.fan)
        production.user_id = planner
        self._wish(order, "No engraving")
        self.assertEqual(self._activities(production).summary, "客户要求已变更")
        self._wish(order, False)
        self.assertIn("不再需要", self._activities(production).note)

    def test_the_planner_gets_one_activity_however_often_it_changes(self):
        planner = new_test_user(self.env, "pia", groups="mrp.group_mrp_user")
        order = self._wished()
        production = self._productions(order, self.fan)
        production.user_id = planner
        self.assertFalse(self._activities(production))
        self._wish(order, "No engraving")
        self._wish(order, "Engrave twice")
        activity = self._activities(production)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, planner)
        self.assertIn("Engrave twice", activity.note)

    def test_without_planner_the_one_responsible_for_the_product_is_told(self):
        owner = new_test_user(self.env, "olaf", groups="mrp.group_mrp_user")
        self.fan.responsible_id = owner
        order = self._wished()
        self._wish(order, "No engraving")
        activity = self._activities(self._productions(order, self.fan))
        self.assertEqual(activity.user_id, owner)

    def test_without_both_a_manager_of_production_is_told_and_not_who_changed_it(self):
        root = new_test_user(
            self.env, "root_too", groups="mrp.group_mrp_manager,base.group_system"
        )
        boss = new_test_user(self.env, "boss", groups="mrp.group_mrp_manager")
        group = self.env.ref("mrp.group_mrp_manager")
        others = group.all_user_ids - boss - root
        others.active = False
        order = self._wished()
        production = self._productions(order, self.fan)
        production.user_id = self.fan.responsible_id = False
        self._wish(order, "No engraving")
        self.assertEqual(self._activities(production).user_id, boss)

    def test_saving_the_same_words_tells_nobody(self):
        order = self._wished()
        self._wish(order)
        self.assertFalse(self._activities(self._productions(order)))

    def test_a_plain_salesperson_changes_words_and_the_shop_floor_reads_them(self):
        seller = new_test_user(
            self.env, "sally", groups="sales_team.group_sale_salesman"
        )
        order = self._wished(user_id=seller.id)
        order.with_user(seller).order_line.customer_requirement = "No engraving"
        maker = new_test_user(self.env, "max", groups="mrp.group_mrp_user")
        production = self._productions(order, self.fan).with_user(maker)
        self.assertEqual(production.customer_requirement, "No engraving")

    def test_a_buyer_reads_it_on_the_purchase_without_rights_on_the_order(self):
        self.category.requirement_depth = "purchases"
        order = self._wished()
        buyer = new_test_user(self.env, "bob", groups="purchase.group_purchase_user")
        line = self._purchase(order).order_line[0].with_user(buyer)
        self.assertEqual(line.customer_requirement, "Engrave the name plate")
        with self.assertRaises(AccessError):
            order.with_user(buyer).read(["customer_requirement"])

    def test_a_portal_customer_reads_no_requirement_by_rpc(self):
        portal = new_test_user(self.env, "petra", groups="base.group_portal")
        order = self._wished(partner_id=portal.partner_id.id)
        for record in (order, order.order_line):
            with self.assertRaises(AccessError):
                record.with_user(portal).read(["customer_requirement"])

    # on paper

    def test_the_production_order_prints_it(self):
        production = self._productions(self._wished(), self.fan)
        report = self.env["ir.actions.report"]
        # the picture of a bar code needs a library the server may not have
        with patch.object(type(report), "barcode", return_value=b"bars"):
            html, _kind = report._render_qweb_html(
                "mrp.report_mrporder", production.ids
            )
        self.assertIn(b"Engrave the name plate", html)

    # cost

    def _count_confirm(self, lines, text):
        order = self._order(*[(self.fan, 1)] * lines, confirm=False)
        if text:
            order.order_line.customer_requirement = text
        order._action_confirm()
        order.state = "sale"
        self.env.flush_all()
        self.env.invalidate_all()
        order.order_line.mapped("product_id.categ_id.requirement_depth")
        order.order_line.mapped("order_id.customer_requirement")
        before = self.cr.sql_log_count
        self.env["order.requirement"]._spread(order.order_line)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_thirty_lines_cost_the_queries_of_three(self):
        self.motor.route_ids = False
        few, many = self._count_confirm(3, "Blue"), self._count_confirm(30, "Blue")
        self.assertEqual(few, many)

    def test_orders_without_words_ask_nothing(self):
        order = self._order((self.fan, 1))
        with self.assertQueryCount(0):
            self.env["order.requirement"]._spread(order.order_line)

    def _cost_of_confirming(self):
        order = self._order((self.fan, 1), (self.motor, 2), confirm=False)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        order.action_confirm()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_who_uses_none_of_it_confirms_without_a_query_more(self):
        for _warm in range(2):
            self._cost_of_confirming()
        with_us = self._cost_of_confirming()
        hooks = {
            "order.requirement": ["_spread"],
            "sale.order.line": ["_sync_serials", "_spread_serials"],
            "mrp.production": ["_add_checks", "_spread_requirements"],
        }
        with ExitStack() as stack:
            for model, names in hooks.items():
                for name in names:
                    stack.enter_context(patch.object(type(self.env[model]), name))
            without = self._cost_of_confirming()
        self.assertEqual(with_us, without)
