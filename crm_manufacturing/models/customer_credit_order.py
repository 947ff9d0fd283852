from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

# what makes an order take more of the credit
ORDER_FIELDS = {"partner_id", "commitment_date", "currency_id", "pricelist_id"}
LINE_FIELDS = {
    "product_id",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "order_id",
}


class SaleOrder(models.Model):
    """A customer over his credit is named on the quotation, and where the company
    says so, not supplied until accounting lets the order pass."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "sale.order"

    credit_release_ids = fields.One2many(
        "customer.credit.release", "order_id", groups="base.group_user"
    )
    credit_message = fields.Char(
        string="Credit",
        compute="_compute_credit_message",
        groups="sales_team.group_sale_salesman,account.group_account_readonly,"
        "account.group_account_invoice",
    )
    credit_released = fields.Boolean(
        compute="_compute_credit_message",
        groups="sales_team.group_sale_salesman,account.group_account_readonly,"
        "account.group_account_invoice",
    )

    @api.depends("partner_id", "order_line.price_total", "state", "commitment_date")
    def _compute_credit_message(self):
        messages = self._get_credit_messages()
        for order in self:
            order.credit_message = messages.get(order.id)
            order.credit_released = bool(
                order.credit_message and order._is_credit_released()
            )

    def _get_credit_message(self):
        """The sentence that says how the customer is over his credit, or False."""
        return self._get_credit_messages().get(self.id, False)

    def _get_credit_messages(self):
        """``{order id: sentence}`` of the orders whose customer is over his credit.

        Orders of one customer are added up in their order: what is confirmed together
        is owed together. One statement per company.
        """
        messages = {}
        open_states = self.filtered(
            lambda order: order.state in ("draft", "sent", "sale")
        )
        report = self.env["customer.credit.report"]
        for company, orders in open_states.grouped("company_id").items():
            figures = report._get_figures(orders.partner_id, company)
            used = {}
            for order in orders.sudo():
                partner = order.partner_id.commercial_partner_id
                used[partner] = used.get(partner, 0) + order._get_credit_own_amount()
                message = order._say_credit(
                    figures.get(partner.id, report), used[partner]
                )
                if message:
                    messages[order.id] = message
        return messages

    def _say_credit(self, figures, own_amount):
        """The sentence for one order; ``figures`` is the customer's row or none."""
        company = self.company_id
        partner = self.partner_id.commercial_partner_id.with_company(company)
        limit = company.account_use_credit_limit and partner.credit_limit
        used = figures.receivable + figures.soon_amount + own_amount
        late = (
            figures.overdue_amount > 0 and figures.days_late > company.credit_late_days
        )
        texts = []
        if limit and company.currency_id.compare_amounts(used, limit) > 0:
            texts.append(
                self.env._(
                    "%(customer)s uses %(used)s of a credit of %(limit)s.",
                    customer=partner.name,
                    used=format_amount(self.env, used, company.currency_id),
                    limit=format_amount(self.env, limit, company.currency_id),
                )
            )
        said = len(texts)
        if late:
            texts.append(
                self.env._(
                    "%(customer)s owes %(amount)s overdue, for up to %(days)s days.",
                    customer=partner.name,
                    amount=format_amount(
                        self.env, figures.overdue_amount, company.currency_id
                    ),
                    days=figures.days_late,
                )
            )
        if texts:
            # its first line is the limit, the second what is owed with every order
            texts += (self.partner_credit_warning or "").splitlines()[said:]
        return " ".join(texts)

    def _get_credit_own_amount(self):
        """What of a quotation would ship soon, in company currency with taxes; of a
        confirmed order the report knows."""
        if self.state == "sale" or not self.order_line:
            return 0.0
        last = fields.Datetime.now() + timedelta(
            days=self.company_id.credit_horizon_days
        )
        amount = sum(
            line.price_total
            for line in self.order_line
            if not line.display_type
            and (self.commitment_date or line._expected_date()) <= last
        )
        return amount / (self.currency_rate or 1.0)

    def _is_credit_released(self):
        """Somebody of accounting let this much pass, to this customer."""
        release = self.sudo().credit_release_ids[:1]
        customer = self.partner_id.commercial_partner_id
        is_same = (
            release.partner_id.commercial_partner_id == customer
            and release.currency_id == self.currency_id
        )
        return (
            bool(release)
            and is_same
            and self.currency_id.compare_amounts(self.amount_total, release.amount) <= 0
        )

    def _is_paid_ahead(self):
        return self.amount_total > 0 and (
            self.currency_id.compare_amounts(self.amount_paid, self.amount_total) >= 0
        )

    def _get_credit_stop(self):
        """The sentence that refuses these orders, or False."""
        asked = self.sudo().filtered(
            lambda order: (
                order.company_id.credit_control == "stop"
                and not order._is_credit_released()
                and not order._is_paid_ahead()
            )
        )
        messages = asked._get_credit_messages() if asked else {}
        if not messages:
            return False
        if self.env.user.share:
            return self.env._(
                "We will confirm this order ourselves. Please contact us."
            )
        order_id, message = next(iter(messages.items()))
        return self.env._(
            "%(order)s: %(message)s Accounting can release the order with a reason.",
            order=self.browse(order_id).display_name,
            message=message,
        )

    def _check_credit(self):
        message = self._get_credit_stop()
        if message:
            raise UserError(message)

    def _confirmation_error_message(self):
        return super()._confirmation_error_message() or self._get_credit_stop()

    @api.model_create_multi
    def create(self, vals_list):
        """An order is not confirmed by creating it so."""
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sale")._check_credit()
        return orders

    def write(self, vals):
        """Whoever writes, and by whatever way, the credit is asked first."""
        if vals.get("state") == "sale":
            self.filtered(lambda order: order.state != "sale")._check_credit()
        result = super().write(vals)
        if vals.keys() & ORDER_FIELDS:
            self.filtered(lambda order: order.state == "sale")._check_credit()
        return result

    def action_release_credit(self):
        """Let the order pass with a reason (button of accounting)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release the Order"),
            "res_model": "customer.credit.release",
            "view_mode": "form",
            # the alert of the form calls it itself, and opens no action without
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_id": self.id},
        }


class SaleOrderLine(models.Model):
    """What grows a confirmed order asks for the credit again, whoever grows it."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            orders = lines.order_id.filtered(lambda order: order.state == "sale")
            orders._check_credit()
        return lines

    def write(self, vals):
        if self.env.su or not vals.keys() & LINE_FIELDS:
            return super().write(vals)
        orders = self.order_id.filtered(lambda order: order.state == "sale")
        before = {order: order.amount_total for order in orders}
        result = super().write(vals)
        grown = orders.filtered(lambda order: order.amount_total > before[order])
        grown._check_credit()
        return result
