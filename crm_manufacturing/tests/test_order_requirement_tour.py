from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .order_trace_common import OrderTraceCase


@tagged("post_install", "-at_install")
class TestOrderRequirementTour(OrderTraceCase, HttpCase):
    """From what a customer wants to the serial that carries it."""

    freeze_time = None  # the browser has the real one

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep, cls.worker = (
            new_test_user(
                cls.env,
                login=login,
                groups=group,
                company_ids=[Command.set(cls.company.ids)],
                tour_enabled=False,
            )
            for login, group in (
                ("tour_rep", "sales_team.group_sale_salesman"),
                ("tour_worker", "mrp.group_mrp_user"),
            )
        )
        cls.motor.route_ids = cls.blade.route_ids = False
        cls.fan.write(
            {
                "name": "Tour Fan",
                "tracking": "serial",
                "serial_prefix_format": "TOUR-",
                "serial_reserve_on_order": True,
            }
        )
        cls.fan.lot_sequence_id.write({"padding": 5, "number_next": 120})
        cls.env["order.requirement.check"].create(
            {
                "name": "Name plate engraved",
                "product_tmpl_id": cls.fan.product_tmpl_id.id,
            }
        )

    def _tour(self, record, name, login):
        path = f"/odoo/{record._name}/{record.id}"
        self.start_tour(path, f"crm_manufacturing.{name}", login=login, timeout=180)

    def test_a_wish_becomes_a_serial_with_every_check_ticked(self):
        self._stock(self.motor, 2)
        self._stock(self.blade, 4)
        order = self._order((self.fan, 2), confirm=False, user_id=self.rep.id)
        self._tour(order, "requirement_salesperson", "tour_rep")
        self.assertEqual(order.state, "sale")

        production = self._productions(order, self.fan)
        production.action_assign()
        self._tour(production, "requirement_shop_floor", "tour_worker")
        self.assertEqual(production.state, "done")
        self.assertEqual(
            production.lot_producing_ids.mapped("name"), ["TOUR-00120", "TOUR-00121"]
        )
        self.assertEqual(production.requirement_check_ids.done_uid, self.worker)
        label = production._get_serial_labels()[0]
        self.assertEqual(
            (label["serial"], label["order"], label["requirement"]),
            ("TOUR-00120", order.name, "Colour RAL 5010"),
        )
