from odoo.fields import Command
from odoo.tests import tagged

from .common import MeasureCase


@tagged("post_install", "-at_install")
class TestHooks(MeasureCase):
    """What an integrator may extend works by extension alone."""

    def test_a_metric_of_another_addon_ranks_customers(self):
        card = self._create_card("share", {"test_total": {}})
        self._measure("total", {self.partners[0]: 85, self.partners[1]: 15})
        self._run(card)
        self.assertEqual(self._bands(card), {"P00": "A", "P01": "B"})

    def test_the_population_can_be_narrowed(self):
        card = self._create_card("share", {"test_total": {}})
        self.partners[0].ref = "not scored"
        self._measure("total", {self.partners[0]: 85, self.partners[1]: 15})
        self._run(card)
        self.assertEqual(self._bands(card), {"P01": "A"})

    def test_promotion_and_demotion_are_told_once_and_not_on_the_first_fill(self):
        card = self._create_card("share", {"test_total": {}})
        first, second = self.partners[:2]
        self._measure("total", {first: 85, second: 15})
        self._run(card)
        self.assertEqual((first.ref, second.ref), (False, False))
        self._measure("total", {first: 15, second: 85})
        self._run(card)
        self.assertEqual((first.ref, second.ref), ("A > B", "B > A"))
        first.ref = second.ref = False
        self._run(card)
        self.assertEqual((first.ref, second.ref), (False, False))

    def test_a_metric_opens_its_documents(self):
        card = self._create_card("share", {"test_total": {}})
        self._measure("total", {self.partners[0]: 85})
        self._run(card)
        action = self._current(card)[self.partners[0]].action_open_documents(
            "test_total"
        )
        self.assertEqual(
            self.env[action["res_model"]].search_count(action["domain"]), 1
        )

    def test_an_edge_of_another_addon_is_walked_both_ways(self):
        product = self.env["product.product"].create({"name": "Fan"})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partners[0].id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        node = self.env["test.measure"].create(
            {
                "partner_id": self.partners[0].id,
                "code": "edge",
                "evidence": order.order_line.id,
            }
        )
        trace = self.env["order.trace"]
        self.assertIn(
            {
                "root_id": order.order_line.id,
                "model": "test.measure",
                "id": node.id,
                "strength": "line",
                "depth": 1,
            },
            trace._walk(order.order_line, "supply"),
        )
        back = trace._walk(node, "demand")
        self.assertEqual([row["id"] for row in back], order.order_line.ids)
        self.assertEqual(
            trace._status(order.order_line)[order.order_line.id]["state"], "to_plan"
        )
