from datetime import date, datetime

from odoo.fields import Command
from odoo.tests import freeze_time

from .order_trace_common import NOW, OrderTraceCase

TODAY = date(2026, 3, 2)
MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


@freeze_time(NOW)
class SupplierMaterialCase(OrderTraceCase):
    """Foshan Motor brings blades and coils; nothing is bought by itself.

    Demand is booked on moves of deliveries: a switch is sold as it is bought.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.material_plan_period = "month"
        cls.company.material_plan_periods = 6
        cls.vendor.write({"is_company": True, "email": "plan@foshan.example"})
        cls.other_vendor = cls.env["res.partner"].create(
            {"name": "Ningbo Switch", "is_company": True, "email": "x@ningbo.example"}
        )
        cls.switch = cls._product(
            "Switch",
            route_ids=[Command.clear()],
            seller_ids=[
                Command.create({"partner_id": cls.vendor.id, "sequence": 1}),
                Command.create({"partner_id": cls.other_vendor.id, "sequence": 2}),
            ],
        )

    @classmethod
    def _sell(cls, quantity, day, product=None, **values):
        """A confirmed order whose delivery is planned for noon of ``day``."""
        moment = datetime.combine(day, datetime.min.time()).replace(hour=12)
        order = cls._order(
            (product or cls.switch, quantity), commitment_date=moment, **values
        )
        order.order_line.move_ids.date = moment
        return order

    @classmethod
    def _purchase_of(
        cls, quantity, day, vendor=None, product=None, confirm=True, **line
    ):
        moment = datetime.combine(day, datetime.min.time()).replace(hour=12)
        purchase = cls.env["purchase.order"].create(
            {
                "partner_id": (vendor or cls.vendor).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.switch).id,
                            "product_qty": quantity,
                            "date_planned": moment,
                            **line,
                        }
                    )
                ],
            }
        )
        if confirm:
            purchase.button_confirm()
            purchase.order_line.date_planned = moment
        return purchase

    @classmethod
    def _run(cls, today=TODAY):
        cls.env["supplier.material.plan"]._run(cls.company, today)

    def _plan(self, vendor=None, state="draft"):
        return self.env["supplier.material.plan"].search(
            [
                ("partner_id", "=", (vendor or self.vendor).id),
                ("company_id", "=", self.company.id),
                ("state", "=", state),
            ]
        )

    def _line(self, period=MARCH, product=None, vendor=None, state="draft"):
        plan = self._plan(vendor, state)
        return plan.line_ids.filtered(
            lambda line: (
                line.period_start == period
                and line.product_id == (product or self.switch)
            )
        )

    def assert_figures(self, expected, product=None, vendor=None):
        """The draft: ``{period: (required, requested, confirmed, received, gap)}``."""
        lines = self._plan(vendor).line_ids.filtered(
            lambda line: line.product_id == (product or self.switch)
        )
        found = {
            line.period_start: (
                line.required,
                line.requested,
                line.confirmed,
                line.received,
                line.gap,
            )
            for line in lines
        }
        self.assertEqual(found, expected)

    def _send(self, vendor=None):
        """Freeze the draft as sending does, without a mail."""
        plan = self._plan(vendor)
        plan._freeze(datetime(2026, 3, 2, 9))
        return plan
