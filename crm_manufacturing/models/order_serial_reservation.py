from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

LIVE = ("reserved", "used")
# a production that has begun keeps its numbers: they may be on metal already
BEGUN = ("progress", "to_close", "done")


class OrderSerialReservation(models.Model):
    """A serial number promised to an order line, one row per number.

    Reserved: no such serial exists yet. Used: it was made, for good. Freed: may be
    offered again. Of the live rows a number is held by one alone, by index.
    """

    _name = "order.serial.reservation"
    _description = "Reserved Serial Number"
    _order = "product_id, name, id"

    name = fields.Char(string="Serial Number", required=True)
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    order_id = fields.Many2one(related="sale_line_id.order_id")
    partner_id = fields.Many2one(related="sale_line_id.order_id.partner_id")
    production_id = fields.Many2one(
        "mrp.production",
        string="Manufacturing Order",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Serial",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    state = fields.Selection(
        [("reserved", "Reserved"), ("used", "Made"), ("freed", "Free Again")],
        required=True,
        readonly=True,
        default="reserved",
    )
    place = fields.Char(
        compute="_compute_place", help="Where the serial is, or is being made."
    )

    _one_live = models.UniqueIndex(
        "(product_id, name) WHERE state IN ('reserved', 'used')",
        "This serial number is already reserved by another order.",
    )
    _freed = models.Index("(product_id, company_id) WHERE state = 'freed'")

    @api.depends("sale_line_id", "name")
    def _compute_place(self):
        lots = self.env["order.trace"]._get_lots(self.sale_line_id)
        places = {
            (line, lot["name"]): lot["place"]
            for line, found in lots.items()
            for lot in found
        }
        for row in self:
            row.place = places.get((row.sale_line_id.id, row.name))

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        if not self._has_any():
            self.env.registry.clear_cache()
        return rows

    @api.model
    @tools.ormcache()
    def _has_any(self):
        """Whether numbers were ever reserved here; where not, nothing is asked."""
        # sudo: the cache is one for all users
        return bool(self.sudo().search(Domain.TRUE, limit=1))

    def write(self, vals):
        """A person may choose another number for what is not made yet."""
        if not self.env.su and vals.keys() - {"name"}:
            raise AccessError(
                self.env._("Of a reserved serial only its number can be changed.")
            )
        if "name" in vals:
            self._leave_name(vals["name"] or "")
        return super().write(vals)

    def _leave_name(self, name):
        """The number left is free for the next order."""
        taken = self._find_taken(self.product_id, [name], besides=self)
        if taken:
            raise ValidationError(next(iter(taken.values())))
        for row in self:
            if row.state != "reserved" or row.production_id.state in BEGUN:
                raise ValidationError(
                    self.env._(
                        "%(serial)s is being made or was made; its number stays.",
                        serial=row.name,
                    )
                )
        # sudo: freed rows belong to no order, so nobody may create them
        self.sudo().create(
            [
                {
                    "name": row.name,
                    "product_id": row.product_id.id,
                    "company_id": row.company_id.id,
                    "state": "freed",
                }
                for row in self
                if row.name != name
            ]
        )

    @api.constrains("name", "product_id", "state")
    def _check_name(self):
        """A number that exists as a serial, or is held by another line, is refused."""
        reserved = self.filtered(lambda row: row.state == "reserved")
        taken = self._find_taken(
            reserved.product_id, reserved.mapped("name"), besides=reserved
        )
        for row in reserved:
            if reason := taken.get((row.product_id.id, row.name)):
                raise ValidationError(reason)
            if not row.name.strip():
                raise ValidationError(self.env._("Serial Number: enter a number."))

    @api.model
    def _find_taken(self, products, names, besides):
        """``{(product id, name): sentence}`` of numbers nobody else can have."""
        # sudo: numbers of other companies and orders are refused, not shown
        held = self.sudo().search(
            [
                ("product_id", "in", products.ids),
                ("name", "in", names),
                ("state", "in", LIVE),
                ("id", "not in", besides.ids),
            ]
        )
        lots = (
            self.env["stock.lot"]
            .sudo()
            .search([("product_id", "in", products.ids), ("name", "in", names)])
        )
        return {
            (row.product_id.id, row.name): self.env._(
                "%(serial)s is already reserved by another order.", serial=row.name
            )
            for row in held
        } | {
            (lot.product_id.id, lot.name): self.env._(
                "%(serial)s already exists as a serial of %(product)s.",
                serial=lot.name,
                product=lot.product_id.display_name,
            )
            for lot in lots
        }

    def _free(self):
        """Offer the numbers again; one that was made is never given twice."""
        self.filtered(lambda row: row.state == "reserved").write(
            {"state": "freed", "sale_line_id": False, "production_id": False}
        )

    def _is_bound(self):
        """Whether the number can no longer be taken from the line."""
        return self.state == "used" or self.production_id.state in BEGUN
