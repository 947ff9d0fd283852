from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class OrderRequirementCheck(models.Model):
    """What the shop floor must confirm on every production of a product or category.

    With an attribute value only where the customer chose it.
    """

    _name = "order.requirement.check"
    _description = "Production Check"
    _order = "sequence, id"

    name = fields.Char(
        string="Check",
        required=True,
        translate=True,
        help="What the shop floor confirms, as it is read there.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    product_tmpl_id = fields.Many2one(
        "product.template",
        string="Product",
        ondelete="cascade",
        index="btree_not_null",
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Product Category",
        ondelete="cascade",
        index="btree_not_null",
        help="Holds for the products of this category and of those below.",
    )
    attribute_value_id = fields.Many2one(
        "product.attribute.value",
        ondelete="cascade",
        index="btree_not_null",
        help="Only where this value was chosen, for the product or for what it is "
        "made for. Empty: always.",
    )
    operation_id = fields.Many2one(
        "mrp.routing.workcenter",
        string="On Operation",
        ondelete="set null",
        index="btree_not_null",
        help="The work order that cannot be finished before. Empty, or when the "
        "production has no such work order: the manufacturing order as a whole.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )

    @api.constrains("name", "product_tmpl_id", "categ_id")
    def _check_scope(self):
        for check in self:
            if bool(check.product_tmpl_id) == bool(check.categ_id):
                raise ValidationError(
                    self.env._(
                        "%(check)s: choose either a product or a product category.",
                        check=check.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _get_cached(self):
        """Ids of the active checks; none is the usual case and costs nothing."""
        # sudo: the cache is one for all users
        return tuple(self.sudo()._search([]))

    def _holds_for(self, production, chosen):
        """Whether a production whose chosen attribute values these are needs it."""
        self.ensure_one()
        product = production.product_id
        return (
            (not self.company_id or self.company_id == production.company_id)
            and (not self.attribute_value_id or self.attribute_value_id in chosen)
            and (
                self.product_tmpl_id == product.product_tmpl_id
                or self._has_in_category(product)
            )
        )

    def _has_in_category(self, product):
        path = (product.categ_id.parent_path or "").split("/")
        return bool(self.categ_id) and str(self.categ_id.id) in path
