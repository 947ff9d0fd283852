from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    serial_reserve_on_order = fields.Boolean(
        string="Reserve Serials on Order",
        groups="base.group_user",
        help="Quotations take the next serial numbers of this product when a line is "
        "saved, and the manufacturing order makes exactly those. They are free again "
        "when the quotation expires or is cancelled.",
    )
    requirement_check_ids = fields.One2many(
        "order.requirement.check",
        "product_tmpl_id",
        string="Production Checks",
        groups="base.group_user",
    )
