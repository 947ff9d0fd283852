from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .dealer_room import write_number

TYPED = {
    "opening_qty": "Opening",
    "received_qty": "Received",
    "sold_qty": "Sold",
    "returned_qty": "Returned",
    "closing_qty": "Closing",
}


class DealerStockReportLine(models.Model):
    """One product of a dealer's month, in the product's unit.

    ``derived_closing_qty`` is opening + received - sold - returned. ``difference_qty``
    is what was reported less that: shown, never put right by us.
    """

    _name = "dealer.stock.report.line"
    _description = "Dealer Stock Report Line"
    _order = "report_id, product_id, id"

    report_id = fields.Many2one(
        "dealer.stock.report", required=True, index=True, ondelete="cascade"
    )
    dealer_id = fields.Many2one(related="report_id.dealer_id", store=True)
    company_id = fields.Many2one(related="report_id.company_id", store=True)
    period = fields.Date(related="report_id.period", store=True)
    state = fields.Selection(related="report_id.state")
    product_id = fields.Many2one("product.product", required=True, index=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    opening_qty = fields.Float(string="Opening", digits="Product Unit")
    received_qty = fields.Float(
        string="Received", digits="Product Unit", help="Proposed from our deliveries."
    )
    sold_qty = fields.Float(string="Sold", digits="Product Unit")
    returned_qty = fields.Float(
        string="Returned",
        digits="Product Unit",
        help="Sent back to us; proposed from our receipts.",
    )
    closing_qty = fields.Float(
        string="Closing",
        digits="Product Unit",
        compute="_compute_closing_qty",
        store=True,
        readonly=False,
        precompute=True,
    )
    derived_closing_qty = fields.Float(
        string="Calculated",
        digits="Product Unit",
        compute="_compute_derived",
        store=True,
        help="Opening + received - sold - returned.",
    )
    difference_qty = fields.Float(
        string="Difference",
        digits="Product Unit",
        compute="_compute_derived",
        store=True,
        help="Closing as reported, less the calculated one.",
    )
    known_note = fields.Char(
        string="We Know",
        compute="_compute_known_note",
        help="What we know of opening, deliveries and returns where the report says "
        "something else. Goods on the way at the end of a month are a good reason.",
    )
    sale_ids = fields.One2many("dealer.stock.sale", "line_id", copy=True)

    _product_uniq = models.Constraint(
        "UNIQUE(report_id, product_id)", "A product stands once in a report."
    )

    def _compute_closing_qty(self):
        """A new line closes as calculated; after that it is what was typed."""
        for line in self:
            line.closing_qty = line._get_derived()

    @api.depends(*TYPED)
    def _compute_derived(self):
        for line in self:
            line.derived_closing_qty = line._get_derived()
            line.difference_qty = line.closing_qty - line.derived_closing_qty

    @api.depends("opening_qty", "product_id", "received_qty", "returned_qty")
    def _compute_known_note(self):
        for report, lines in self.grouped("report_id").items():
            is_asked = report.dealer_id and report.company_id and report.period
            known = report._get_known() if is_asked else {}
            names = ["received_qty", "returned_qty"]
            if is_asked and report._get_previous():
                names.insert(0, "opening_qty")
            for line in lines:
                quantities = known.get(line.product_id, {})
                line.known_note = is_asked and line._say_known(names, quantities)

    def _say_known(self, names, known):
        """``Opening: 5, Received: 10`` of the figures we know otherwise."""
        unit, texts = self.product_id.uom_id, []
        for name in names:
            quantity = known.get(name, 0)
            if unit and unit.compare(self[name], quantity):
                label = self._fields[name]._description_string(self.env)
                texts.append(f"{label}: {write_number(self.env, quantity)}")
        return ", ".join(texts)

    def _get_derived(self):
        return self.opening_qty + self.received_qty - self.sold_qty - self.returned_qty

    @api.constrains(*TYPED)
    def _check_quantities(self):
        for line in self:
            for name in TYPED:
                if line[name] < 0:
                    raise ValidationError(
                        self.env._(
                            "%(field)s: %(product)s cannot be below zero.",
                            field=self._fields[name].get_description(self.env)[
                                "string"
                            ],
                            product=line.product_id.display_name,
                        )
                    )

    @api.constrains("sold_qty", "sale_ids")
    def _check_sales(self):
        for line in self:
            named = sum(line.sale_ids.mapped("quantity"))
            if line.product_id.uom_id.compare(named, line.sold_qty) > 0:
                raise ValidationError(
                    self.env._(
                        "End Customers: %(named)s of %(product)s are named, more than "
                        "the %(sold)s sold.",
                        named=write_number(self.env, named),
                        sold=write_number(self.env, line.sold_qty),
                        product=line.product_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._refuse_sent()
        return lines

    def write(self, vals):
        self._refuse_sent()
        result = super().write(vals)
        # nor does anything come to what was sent
        self._refuse_sent()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self._refuse_sent()

    def _refuse_sent(self):
        sent = self.report_id.filtered(lambda report: report.state != "draft")
        if sent:
            sent._refuse_change()


class DealerStockSale(models.Model):
    """To whom a dealer sold, where he says so."""

    _name = "dealer.stock.sale"
    _description = "Dealer Sell-Out"
    _order = "line_id, id"

    line_id = fields.Many2one(
        "dealer.stock.report.line", required=True, index=True, ondelete="cascade"
    )
    dealer_id = fields.Many2one(related="line_id.dealer_id", store=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    period = fields.Date(related="line_id.period", store=True)
    product_id = fields.Many2one(related="line_id.product_id", store=True)
    end_partner_id = fields.Many2one(
        "res.partner", string="End Customer", index="btree_not_null"
    )
    end_name = fields.Char(
        string="End Customer's Name", help="Where he is not one of our contacts."
    )
    quantity = fields.Float(required=True, digits="Product Unit")

    @api.constrains("end_partner_id", "end_name", "quantity")
    def _check_sale(self):
        for sale in self:
            if not sale.end_partner_id and not (sale.end_name or "").strip():
                raise ValidationError(self.env._("End Customer: say who it is."))
            if sale.quantity <= 0:
                raise ValidationError(self.env._("Quantity: must be above zero."))
        self.line_id._check_sales()

    @api.model_create_multi
    def create(self, vals_list):
        sales = super().create(vals_list)
        sales._refuse_sent()
        return sales

    def write(self, vals):
        self._refuse_sent()
        result = super().write(vals)
        # nor does anything come to what was sent
        self._refuse_sent()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self._refuse_sent()

    def _refuse_sent(self):
        if not self:
            return
        if any(report.state != "draft" for report in self.line_id.report_id):
            raise UserError(
                self.env._("What was sold in a submitted report is not changed.")
            )
