from odoo import api, fields, models


class PurchaseOrderLine(models.Model):
    """Whether the vendor can know what we want: said before the order is sent.

    What must be there is chosen per product category; nothing is ever refused for it.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "purchase.order.line"

    supplier_missing = fields.Char(
        string="Missing for the Vendor",
        compute="_compute_supplier_missing",
        groups="base.group_user",
        help="What the vendor needs and this line does not say.",
    )
    supplier_unclear = fields.Boolean(
        string="Sent Unclear",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Something the category asks for was missing when the order was promised.",
    )

    @api.depends("name", "product_id", "order_id.note", "order_id.incoterm_id")
    @api.depends_context("lang")
    def _compute_supplier_missing(self):
        labels = {
            "specification": self.env._("specification"),
            "drawing": self.env._("drawing"),
            "instruction": self.env._("delivery instruction"),
        }
        for line in self:
            missing = [labels[code] for code in line._get_missing()]
            line.supplier_missing = ", ".join(missing)

    def _get_missing(self):
        """Codes of what the category asks for and the line lacks; extension point."""
        self.ensure_one()
        if self.display_type or not self.product_id:
            return []
        tests = {
            "specification": self._has_specification,
            "drawing": self._has_drawing,
            "instruction": self._has_instruction,
        }
        wanted = self.product_id.categ_id._get_clarity()
        return [code for code, test in tests.items() if code in wanted and not test()]

    def _has_specification(self):
        """The line says more than the product's name."""
        said = (self.name or "").strip()
        product = self.product_id
        return said not in (
            "",
            product.name,
            product.display_name,
            product.with_context(display_default_code=False).display_name,
            self.selected_seller_id.product_name,
        )

    def _has_drawing(self):
        product = self.product_id
        return bool(product.product_document_ids or self._get_template_documents())

    def _get_template_documents(self):
        return self.product_id.product_tmpl_id.product_document_ids

    def _has_instruction(self):
        """Terms of delivery, or anything said to the vendor below the lines."""
        order = self.order_id
        return bool(order.incoterm_id or order.note)


class ProductCategory(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "product.category"

    supplier_clarity_own = fields.Boolean(
        string="Own Rules for Orders",
        groups="base.group_user",
        help="Products of this category and those below have rules of their own about "
        "what an order to a vendor must say.",
    )
    supplier_needs_specification = fields.Boolean(
        string="Specification",
        groups="base.group_user",
        help="The line's description says more than the product's name.",
    )
    supplier_needs_drawing = fields.Boolean(
        string="Drawing",
        groups="base.group_user",
        help="A document is attached to the product.",
    )
    supplier_needs_instruction = fields.Boolean(
        string="Delivery Instruction",
        groups="base.group_user",
        help="The order has an incoterm, or terms written below its lines.",
    )

    def _get_clarity(self):
        """Codes of what an order must say: those of the nearest category with rules."""
        # sudo: the rules are the same for whoever orders
        category = self.sudo()
        while category and not category.supplier_clarity_own:
            category = category.parent_id
        return {
            code
            for code, field in (
                ("specification", "supplier_needs_specification"),
                ("drawing", "supplier_needs_drawing"),
                ("instruction", "supplier_needs_instruction"),
            )
            if category[field]
        }
