from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class CustomerCreditRelease(models.Model):
    """Somebody of accounting let an order pass, up to an amount, and said why.

    Rows are never changed: they are the log. An order that grows beyond the amount it
    was released for is asked again.
    """

    _name = "customer.credit.release"
    _description = "Credit Release"
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    # as they were: the release is good for them alone
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    reason = fields.Char(required=True)
    amount = fields.Monetary(
        string="Up To", readonly=True, help="Total of the order when it was released."
    )
    message = fields.Char(
        string="Over by", readonly=True, help="What the check said at that moment."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """What was checked and how far it goes is the system's to write."""
        for vals in vals_list:
            if not (vals.get("reason") or "").strip():
                raise ValidationError(
                    self.env._("Reason: say why the order may pass all the same.")
                )
            for name in ("amount", "currency_id", "message", "partner_id"):
                vals.pop(name, None)
        releases = super().create(vals_list)
        releases.order_id.check_access("read")
        for release in releases:
            release._note()
        return releases

    def write(self, vals):
        """A release stays as it was given."""
        if not self.env.su:
            raise AccessError(self.env._("A credit release cannot be changed."))
        return super().write(vals)

    def _note(self):
        # sudo: the amount, the sentence and the log are written by nobody else
        own = self.sudo()
        order = own.order_id
        own.write(
            {
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "message": order._get_credit_message(),
                "partner_id": order.partner_id.id,
            }
        )
        order._message_log(
            body=self.env._(
                "Credit released by %(user)s: %(reason)s",
                user=self.env.user.name,
                reason=own.reason,
            )
        )
        order.invalidate_recordset(["credit_message", "credit_released"])

    def action_close(self):
        """The dialog saves before it asks, so that there is nothing left (button)."""
        return {"type": "ir.actions.act_window_close"}
