from odoo import fields, models


class SupplierMaterialPlanNeed(models.Model):
    """A customer's order line a plan line is needed for. Never shown to a supplier."""

    _name = "supplier.material.plan.need"
    _description = "Customer Behind a Material Plan"
    _order = "line_id, tier_sequence, promised_date, id"
    _rec_name = "sale_line_id"

    line_id = fields.Many2one(
        "supplier.material.plan.line", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="line_id.company_id")
    sale_line_id = fields.Many2one(
        "sale.order.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What this order still needs, before free stock is deducted.",
    )
    product_uom_id = fields.Many2one(related="line_id.product_uom_id", string="Unit")
    is_shared = fields.Boolean(
        readonly=True,
        help="The same quantity serves other orders too.",
    )
    tier_id = fields.Many2one(
        "partner.scorecard.band", readonly=True, ondelete="set null"
    )
    tier_sequence = fields.Integer(readonly=True, export_string_translation=False)
    # related fields are read in superuser mode: a buyer learns who waits, as he does
    # from a purchase order
    order_id = fields.Many2one(related="sale_line_id.order_id")
    order_partner_id = fields.Many2one(
        related="sale_line_id.order_id.partner_id", string="Customer"
    )
    order_product_id = fields.Many2one(
        related="sale_line_id.product_id", string="Ordered Product"
    )
    promised_date = fields.Datetime(string="Promised", readonly=True)
    salesman_id = fields.Many2one(related="sale_line_id.salesman_id")

    _one_order_line = models.UniqueIndex("(line_id, sale_line_id)")
