from odoo import api, fields, models
from odoo.exceptions import UserError

REASONS = [
    ("customer", "Customer asked"),
    ("supplier", "Supplier"),
    ("plant", "Plant"),
    ("transport", "Transport"),
    ("planning", "Our planning"),
    ("error", "Wrong entry"),
]


class DeliveryPromiseChange(models.Model):
    """One move of one line's promise. Rows are added and never changed.

    The reason may come after the move (it is asked in the client, and the scheduler
    gives none), once.
    """

    _name = "delivery.promise.change"
    _description = "Change of a Promised Date"
    _order = "id desc"
    _rec_name = "new_date"

    sale_line_id = fields.Many2one(
        "sale.order.line", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    sale_order_id = fields.Many2one(
        related="sale_line_id.order_id", string="Sales Order", store=True
    )
    purchase_order_id = fields.Many2one(
        related="purchase_line_id.order_id", string="Purchase Order", store=True
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, readonly=True
    )
    old_date = fields.Datetime(required=True, readonly=True)
    new_date = fields.Datetime(required=True, readonly=True)
    days = fields.Float(
        string="Days Later",
        compute="_compute_days",
        store=True,
        aggregator="avg",
        help="Negative when the promise moved to an earlier date.",
    )
    is_slip = fields.Boolean(
        string="Slip", readonly=True, help="Later by at least a day, and our doing."
    )
    reason = fields.Selection(REASONS, readonly=True)
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True)
    customer_share = fields.Float(
        string="Customer Asked (%)",
        compute="_compute_customer_share",
        store=True,
        aggregator="avg",
    )

    _one_line = models.Constraint(
        "CHECK (num_nonnulls(sale_line_id, purchase_line_id) = 1)",
        "A change belongs to one order line.",
    )

    @api.depends("sale_line_id", "purchase_line_id")
    def _compute_company_id(self):
        for change in self:
            line = change.sale_line_id or change.purchase_line_id
            change.company_id = line.order_id.company_id

    @api.depends("old_date", "new_date")
    def _compute_days(self):
        for change in self:
            change.days = (change.new_date - change.old_date).total_seconds() / 86400

    @api.depends("reason")
    def _compute_customer_share(self):
        for change in self:
            change.customer_share = 100 if change.reason == "customer" else 0

    def write(self, vals):
        """A reason may be added to a row without one; the rest is history."""
        if vals.keys() - {"reason", "is_slip"} or self.filtered("reason"):
            raise UserError(
                self.env._("The history of promised dates cannot be changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The history of promised dates cannot be deleted."))

    @api.model
    def _record(self, vals_list):
        # sudo: nobody may create history, so that it cannot be forged
        return self.sudo().create(vals_list)

    @api.model
    def _get_line_field(self, lines):
        return (
            "sale_line_id" if lines._name == "sale.order.line" else "purchase_line_id"
        )

    @api.model
    def _get_history(self, lines):
        # sudo: who may move the date may say why, and nothing else of the row
        return self.sudo().search([(self._get_line_field(lines), "in", lines.ids)])

    @api.model
    def _explain(self, lines, reason):
        """Give the last change of each line its reason, where it has none.

        What the customer asked for is said by who moved the date: his share counts.
        """
        if not reason or not lines:
            return
        field, changes = self._get_line_field(lines), self._get_history(lines)
        latest = [max(rows.ids) for rows in changes.grouped(field).values()]
        unexplained = changes.browse(latest).filtered(lambda change: not change.reason)
        if reason == "customer":
            unexplained = unexplained.filtered(
                lambda change: change.user_id == self.env.user
            )
            for date, alike in unexplained.grouped("new_date").items():
                alike[field]._start_promise(date)
            unexplained.write({"reason": reason, "is_slip": False})
        else:
            unexplained.write({"reason": reason})
