from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .order_trace_common import NOW, OrderTraceCase


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOrderRequirementCheck(OrderTraceCase):
    """The shop floor ticks a fan's check list before the fan is finished."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.motor.route_ids = cls.blade.route_ids = False
        cls.maker = new_test_user(cls.env, "max", groups="mrp.group_mrp_user")
        cls.planner = new_test_user(cls.env, "pia", groups="mrp.group_mrp_manager")
        cls.check = cls._check("Name plate engraved")

    @classmethod
    def _check(cls, name, **values):
        values = values or {"product_tmpl_id": cls.fan.product_tmpl_id.id}
        return cls.env["order.requirement.check"].create({"name": name, **values})

    def _production(self, quantity=1):
        for product in (self.motor, self.blade):
            self._stock(product, 100)
        return self._productions(self._order((self.fan, quantity)), self.fan)

    def _as_maker(self, production):
        return production.with_user(self.maker)

    def _names(self, production):
        return production.requirement_check_ids.mapped("name")

    def _fill(self, production):
        production.qty_producing = production.product_qty
        production._set_qty_producing()
        production.move_raw_ids.picked = True

    def _printed(self, production):
        """Return the cells of each check as the shop floor reads them on paper."""
        block = "crm_manufacturing.order_requirement_block"
        html = self.env["ir.qweb"]._render(block, {"o": production})
        rows = etree.fromstring(str(html)).iter("tr")
        return [["".join(cell.itertext()).strip() for cell in row] for row in rows]

    # on paper

    def test_an_open_check_is_printed_without_a_name_and_a_date(self):
        printed = self._printed(self._production())
        self.assertEqual(printed, [["☐", "Name plate engraved", "", ""]])

    def test_a_check_passed_is_printed_with_who_passed_it(self):
        production = self._production()
        self._as_maker(production).requirement_check_ids.is_done = True
        printed = self._printed(production)
        self.assertEqual(printed[0][:3], ["☑", "Name plate engraved", self.maker.name])

    # what is checked

    def test_a_confirmed_production_has_the_checks_of_its_product(self):
        self.assertEqual(self._names(self._production()), ["Name plate engraved"])

    def test_a_production_confirmed_by_hand_has_them_too(self):
        production = self.env["mrp.production"].create(
            {"product_id": self.fan.id, "bom_id": self.fan_bom.id}
        )
        self.assertFalse(production.requirement_check_ids)
        production.action_confirm()
        self.assertEqual(self._names(production), ["Name plate engraved"])

    def test_another_product_has_none(self):
        production = self.env["mrp.production"].create({"product_id": self.motor.id})
        production.action_confirm()
        self.assertFalse(production.requirement_check_ids)

    def test_a_check_of_a_category_holds_for_the_categories_below(self):
        above = self.env["product.category"].create({"name": "Fans"})
        self.fan.categ_id = self.env["product.category"].create(
            {"name": "Axial", "parent_id": above.id}
        )
        self._check("Balanced", categ_id=above.id, sequence=20)
        names = self._names(self._production())
        self.assertEqual(names, ["Name plate engraved", "Balanced"])

    def test_a_check_of_an_attribute_value_holds_where_it_was_chosen(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Paint",
                "create_variant": "no_variant",
                "value_ids": [
                    Command.create({"name": "Grey"}),
                    Command.create({"name": "Epoxy"}),
                ],
            }
        )
        template = self.fan.product_tmpl_id
        self.env["product.template.attribute.line"].create(
            {
                "product_tmpl_id": template.id,
                "attribute_id": attribute.id,
                "value_ids": [Command.set(attribute.value_ids.ids)],
            }
        )
        self._check(
            "Paint thickness measured",
            product_tmpl_id=template.id,
            attribute_value_id=attribute.value_ids[1].id,
        )
        grey, epoxy = template.attribute_line_ids.product_template_value_ids
        for value, expected in ((grey, 1), (epoxy, 2)):
            order = self._order((self.fan, 1), confirm=False)
            order.order_line.product_no_variant_attribute_value_ids = value
            order.action_confirm()
            production = self._productions(order, self.fan)
            self.assertEqual(len(production.requirement_check_ids), expected)

    def test_a_check_of_another_company_does_not_hold(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._check(
            "Theirs", product_tmpl_id=self.fan.product_tmpl_id.id, company_id=other.id
        )
        self.assertEqual(self._names(self._production()), ["Name plate engraved"])

    def test_a_check_needs_a_product_or_a_category_and_not_both(self):
        category = self.env["product.category"].create({"name": "Fans"})
        for values in (
            {"sequence": 1},
            {
                "product_tmpl_id": self.fan.product_tmpl_id.id,
                "categ_id": category.id,
            },
        ):
            with self.assertRaisesRegex(ValidationError, "Odd: choose either"):
                self._check("Odd", **values)

    def test_a_changed_template_leaves_running_productions_as_they_are(self):
        production = self._production()
        self.check.name = "Something else"
        self.assertEqual(self._names(production), ["Name plate engraved"])

    # ticking

    def test_open_checks_are_listed_unfolded(self):
        view = self.env.ref("crm_manufacturing.order_requirement_check_item_view_list")
        checks = self.env["order.requirement.check.item"]
        arch = checks.get_view(view.id, "list")["arch"]
        self.assertEqual(etree.fromstring(arch).get("expand"), "1")

    def test_a_tick_is_signed_with_name_and_time(self):
        item = self._production().requirement_check_ids.with_user(self.maker)
        item.is_done = True
        self.assertEqual((item.done_uid, item.done_on), (self.maker, NOW))
        item.is_done = False
        self.assertFalse(item.done_uid or item.done_on)

    def test_nobody_ticks_in_the_name_of_another(self):
        item = self._production().requirement_check_ids.with_user(self.maker)
        item.write({"is_done": True, "done_uid": self.planner.id})
        self.assertEqual(item.done_uid, self.maker)
        item.write({"done_uid": self.planner.id})
        self.assertEqual(item.done_uid, self.maker)

    def test_the_shop_floor_does_not_rewrite_or_remove_checks(self):
        item = self._production().requirement_check_ids.with_user(self.maker)
        with self.assertRaisesRegex(AccessError, "the planner changes what they say"):
            item.name = "Nothing"
        with self.assertRaises(AccessError):
            item.unlink()
        item.with_user(self.planner).name = "Name plate engraved and photographed"

    # finishing

    def test_a_production_with_an_open_check_is_not_finished(self):
        production = self._production()
        self._fill(production)
        sentence = f"{production.name} cannot be finished: the check “Name plate"
        with self.assertRaisesRegex(UserError, sentence):
            self._as_maker(production).button_mark_done()
        production.requirement_check_ids.with_user(self.maker).is_done = True
        self._as_maker(production).button_mark_done()
        self.assertEqual(production.state, "done")

    def test_writing_the_state_does_not_finish_it_either(self):
        production = self._production()
        with self.assertRaisesRegex(UserError, "Name plate engraved"):
            self._as_maker(production).write({"state": "done"})

    def test_the_backorder_wizard_does_not_finish_it_either(self):
        production = self._production(3)
        production.qty_producing = 1
        production._set_qty_producing()
        production.move_raw_ids.picked = True
        with self.assertRaisesRegex(UserError, "Name plate engraved"):
            self._as_maker(production).with_context(
                skip_backorder=True, mo_ids_to_backorder=production.ids
            ).button_mark_done()

    def test_a_backorder_has_its_own_open_checks(self):
        production = self._production(3)
        production.requirement_check_ids.is_done = True
        first, rest = production._split_productions({production: [1, 2]})
        self.assertTrue(first.requirement_check_ids.is_done)
        self.assertEqual(self._names(rest), ["Name plate engraved"])
        self.assertFalse(rest.requirement_check_ids.is_done)

    def test_a_check_after_the_production_does_not_change(self):
        production = self._production()
        item = production.requirement_check_ids
        item.is_done = True
        self._fill(production)
        production.button_mark_done()
        with self.assertRaisesRegex(UserError, "is finished"):
            item.with_user(self.maker).is_done = False

    def test_a_cancelled_production_needs_no_tick(self):
        production = self._production()
        production.action_cancel()
        self.assertEqual(production.state, "cancel")

    # work orders

    def _work(self):
        centre = self.env["mrp.workcenter"].create({"name": "Assembly"})
        self.fan_bom.operation_ids = [
            Command.create({"name": "Mount", "workcenter_id": centre.id}),
            Command.create({"name": "Test", "workcenter_id": centre.id}),
        ]
        self.check.operation_id = self.fan_bom.operation_ids[1]
        return self._production().workorder_ids

    def test_a_check_of_an_operation_hangs_on_its_work_order(self):
        mount, test = self._work()
        self.assertFalse(mount.requirement_check_ids)
        self.assertEqual(self._names(test), ["Name plate engraved"])

    def test_a_work_order_with_an_open_check_is_not_finished(self):
        mount, test = self._work().with_user(self.maker)
        mount.button_start()
        mount.button_finish()
        self.assertEqual(mount.state, "done")
        test.button_start()
        for finish in (
            test.button_finish,
            test.action_mark_as_done,
            lambda: test.write({"state": "done"}),
        ):
            with self.assertRaisesRegex(UserError, "Test.*Name plate engraved"):
                finish()
        test.requirement_check_ids.is_done = True
        test.button_finish()
        self.assertEqual(test.state, "done")

    # who sees them, what they cost

    def test_another_company_sees_no_checks(self):
        item = self._production().requirement_check_ids
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "sven",
            groups="mrp.group_mrp_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(
            self.env["order.requirement.check.item"].with_user(stranger).search([])
        )
        with self.assertRaises(AccessError):
            item.with_user(stranger).is_done = True

    def _count(self, number):
        productions = self.env["mrp.production"].create(
            [
                {"product_id": self.fan.id, "bom_id": self.fan_bom.id}
                for _number in range(number)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        productions._add_checks()
        self.env.flush_all()
        self.assertEqual(len(productions.requirement_check_ids), number)
        return self.cr.sql_log_count - before

    def test_checks_of_thirty_productions_cost_the_queries_of_three(self):
        self._count(3)
        self.assertEqual(self._count(3), self._count(30))

    def test_without_check_lists_nothing_is_asked(self):
        self.check.active = False
        production = self._production()
        self.env["order.requirement.check"]._get_cached()
        with self.assertQueryCount(0):
            production._add_checks()
