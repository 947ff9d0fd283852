from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.order_trace import STATES

# whose work a component is
PRODUCT_READERS = (
    "purchase.group_purchase_user,mrp.group_mrp_user,stock.group_stock_user,"
    "sales_team.group_sale_salesman"
)


class OrderTraceAffected(models.TransientModel):
    """A customer's order line that waits, as told to who has no rights on sales."""

    _name = "order.trace.affected"
    _description = "Customer Waiting"
    _order = "sequence, id"

    sequence = fields.Integer()
    sale_line_id = fields.Many2one("sale.order.line", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    order_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_tier_id = fields.Many2one(
        "partner.scorecard.band", string="Tier", readonly=True
    )
    salesman_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_uom_qty = fields.Float(string="Ordered", readonly=True)
    qty_delivered = fields.Float(string="Delivered", readonly=True)
    promised_date = fields.Datetime(string="Promised", readonly=True)
    trace_state = fields.Selection(STATES, string="State", readonly=True)
    expected_date = fields.Date(string="Expected", readonly=True)
    late_days = fields.Integer(string="Days Late", readonly=True, aggregator=None)

    @api.model
    def _open(self, records):
        """Action on rows made for this reader, of records he may read."""
        records.check_access("read")
        return self._open_rows(records)

    @api.model
    def _open_products(self, products):
        """The same for who needs the products: their open moves lead to the orders."""
        products.check_access("read")
        if not self.env.user.has_groups(PRODUCT_READERS):
            raise AccessError(
                self.env._("Who waits for a product is not yours to read.")
            )
        # sudo: who may read the product learns who waits for it, as for a document
        moves = (
            self.env["stock.move"]
            .sudo()
            .search(
                [
                    ("product_id", "in", products.ids),
                    ("state", "not in", ("done", "cancel")),
                    ("company_id", "in", self.env.companies.ids),
                ]
            )
        )
        return self._open_rows(moves)

    @api.model
    def _open_rows(self, records):
        self.check_access("read")
        trace = self.env["order.trace"]
        lines = trace._merge_affected(trace._get_affected_lines(records), records.ids)
        figures = trace._line_figures(lines)
        # sudo: rows name orders, so nobody makes them for orders of his choice
        rows = self.sudo().create(
            [
                {**self._prepare_row(place, line), **self._pick(figures[line.id])}
                for place, line in enumerate(lines)
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.order_trace_affected_action"
        )
        return {**action, "domain": [("id", "in", rows.ids)]}

    def _pick(self, figure):
        return {
            "trace_state": figure["state"],
            "expected_date": figure["expected_date"],
            "late_days": figure["late_days"],
        }

    def action_open_order(self):
        """The order, for who may read it (click on a row)."""
        self.ensure_one()
        self.order_id.check_access("read")
        return self.order_id._get_records_action()

    def _prepare_row(self, place, line):
        return {
            "sequence": place,
            "sale_line_id": line.id,
            "order_id": line.order_id.id,
            "order_partner_id": line.order_id.partner_id.id,
            "customer_tier_id": line.order_id.partner_id.customer_tier_id.id,
            "salesman_id": line.salesman_id.id,
            "product_id": line.product_id.id,
            "product_uom_qty": line.product_uom_qty,
            "qty_delivered": line.qty_delivered,
            "promised_date": line.promised_date,
        }
