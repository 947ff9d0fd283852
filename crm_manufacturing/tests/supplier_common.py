from datetime import date, datetime, time

from odoo.fields import Command
from odoo.tests import freeze_time
from odoo.tools import SQL

from .common import ScorecardCase

ORDERED = date(2026, 3, 2)
PROMISE = date(2026, 3, 12)


def noon(day):
    return datetime.combine(day, time(12))


class SupplierCase(ScorecardCase):
    """Foshan sells screws by the piece; days are of March 2026, in UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"
        cls.vendor = cls._create_vendor("Foshan")
        category = cls.env["product.category"].create({"name": "Small parts"})
        cls.screw = cls._create_part("Screw", categ_id=category.id)
        cls.supplier_card = cls.env.ref("crm_manufacturing.scorecard_supplier")
        cls.supplier_card.active = True
        cls.company.supplier_scorecard_id = cls.supplier_card
        cls.company.supplier_warn_band_id = cls.env.ref(
            "crm_manufacturing.scorecard_supplier_band_c"
        )

    @classmethod
    def _create_vendor(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, "supplier_rank": 1, **values}
        )

    @classmethod
    def _create_part(cls, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "supplier_taxes_id": False,
                **values,
            }
        )

    @classmethod
    def _buy(
        cls,
        quantity=100,
        promised=PROMISE,
        ordered=ORDERED,
        price=1.0,
        confirm=True,
        line=None,
        **values,
    ):
        """A purchase of one line, confirmed at noon of ``ordered``."""
        with freeze_time(noon(ordered)):
            order = cls.env["purchase.order"].create(
                {
                    "partner_id": cls.vendor.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": cls.screw.id,
                                "product_qty": quantity,
                                "price_unit": price,
                                "date_planned": noon(promised),
                                "tax_ids": [Command.clear()],
                                **(line or {}),
                            }
                        )
                    ],
                    **values,
                }
            )
            if confirm:
                order.button_confirm()
        return order

    @classmethod
    def _receive(cls, order, day, quantity=None, lot=None):
        """Take in the open receipt, or part of it and leave the rest open."""
        with freeze_time(noon(day)):
            picking = order.picking_ids.filtered(
                lambda p: p.state not in ("done", "cancel")
            )
            for move in picking.move_ids:
                if lot:
                    move.move_line_ids.unlink()
                    move.move_line_ids = [
                        Command.create(
                            {
                                "product_id": move.product_id.id,
                                "lot_id": lot.id,
                                "quantity": quantity or move.product_uom_qty,
                            }
                        )
                    ]
                else:
                    move.quantity = quantity or move.product_uom_qty
                move.picked = True
            picking.with_context(cancel_backorder=False)._action_done()
        return picking

    @classmethod
    def _return(cls, picking, day, quantity):
        with freeze_time(noon(day)):
            wizard = cls.env["stock.return.picking"].create({"picking_id": picking.id})
            wizard.product_return_moves.quantity = quantity
            back = wizard._create_return()
            back.move_ids.quantity = quantity
            back.move_ids.picked = True
            back._action_done()
        return back

    def _row(self, order, today=None):
        """The order's only line as the report gives it; NULL stays None."""
        self.env.flush_all()
        with freeze_time(noon(today or self.today)):
            report = self.env["supplier.receipt.report"]._get_query()
            query = SQL("SELECT * FROM (%s) r WHERE order_id = %s", report, order.id)
            return next(iter(self.env.execute_query_dict(query)), None)

    def assert_row(self, order, _today=None, **expected):
        row = self._row(order, _today)
        self.assertEqual({name: row[name] for name in expected}, expected)

    def _rate(self, card=None, today=None):
        return self._run(card or self.supplier_card, today)

    def _rating(self, vendor=None):
        return self._score(vendor or self.vendor, self.supplier_card)

    def _figure(self, metric, vendor=None):
        """(value, evidence) of the current judgement."""
        figures = self._rating(vendor).detail[metric]
        return figures["value"], figures["evidence"]
