from contextlib import contextmanager
from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .common import ScorecardCase

NOON = datetime(2026, 3, 31, 12, 0)


@freeze_time(NOON)
class VisitCase(ScorecardCase):
    """Customers of two salespeople and ways to visit them; it is noon of ``TODAY``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls._create_user("visit_rep", "sales_team.group_sale_salesman")
        cls.rep2 = cls._create_user("visit_rep2", "sales_team.group_sale_salesman")
        cls.rep_all = cls._create_user(
            "visit_all", "sales_team.group_sale_salesman_all_leads"
        )
        cls.manager = cls._create_user("visit_manager", "sales_team.group_sale_manager")
        cls.customer = cls._create_customer("Gulf Breeze", user_id=cls.rep.id)
        cls.other = cls._create_customer("Red Lotus", user_id=cls.rep2.id)
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Hassan", "parent_id": cls.customer.id}
        )

    @classmethod
    def _visit(cls, partner=None, **values):
        """A done visit at noon of ``TODAY`` by the first salesperson."""
        return cls.env["crm.visit"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "user_id": cls.rep.id,
                "date": NOON,
                "state": "done",
                "outcome": "positive",
                **values,
            }
        )

    @classmethod
    def _note(cls, topic, text="What he said", visit=None, **values):
        visit = visit or cls._visit()
        return cls.env["crm.visit.note"].create(
            {"visit_id": visit.id, "topic": topic, "text": text, **values}
        )

    @classmethod
    def _deliver(cls, partner, promised=None, done=None):
        """An order of one stored fan, delivered at ``done`` (a naive UTC datetime)."""
        cls.product.is_storable = True
        stock = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.product, stock.lot_stock_id, 1
        )
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "user_id": partner.user_id.id,
                "commitment_date": promised,
                "order_line": [
                    Command.create({"product_id": cls.product.id, "product_uom_qty": 1})
                ],
            }
        )
        order.action_confirm()
        if done:
            order.picking_ids.move_ids.write({"quantity": 1, "picked": True})
            with freeze_time(done):
                order.picking_ids.button_validate()
        return order

    @contextmanager
    def assert_refused(self, words):
        """The block is refused with a sentence, and nothing of it stays."""
        with self.assertRaisesRegex((UserError, ValidationError), words):
            with self.env.cr.savepoint():
                yield
        self.env.invalidate_all()

    def _section(self, code, partner=None, visit=None):
        """Lines of a section of the brief; None when it is left out."""
        brief = self.env["crm.visit"]._get_brief(partner or self.customer, visit)
        found = [s["lines"] for s in brief["sections"] if s["code"] == code]
        return found[0] if found else None
