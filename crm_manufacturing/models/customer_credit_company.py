from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """How a customer's credit is looked at."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.company"

    credit_control = fields.Selection(
        [("warn", "Warn"), ("stop", "Stop until released")],
        string="Customer Over His Credit",
        default="warn",
        required=True,
        groups="base.group_user",
        help="Warn: the quotation says it. Stop: the order is not confirmed until "
        "somebody of accounting releases it with a reason.",
    )
    credit_late_days = fields.Integer(
        string="Late From (days)",
        default=30,
        groups="base.group_user",
        help="A customer whose oldest open invoice is overdue for longer than this is "
        "over his credit. 0: as soon as anything is overdue.",
    )
    credit_horizon_days = fields.Integer(
        string="Ships Within (days)",
        default=30,
        groups="base.group_user",
        help="Of an order only what ships within these days uses up the credit.",
    )
    credit_check_days = fields.Integer(
        string="Check Before Shipping (days)",
        default=3,
        groups="base.group_user",
        help="So many days before a delivery its customer's credit is checked again.",
    )

    @api.constrains("credit_late_days", "credit_horizon_days", "credit_check_days")
    def _check_credit_settings(self):
        for company in self:
            for name in ("credit_late_days", "credit_horizon_days"):
                if not 0 <= company[name] <= 365:
                    raise ValidationError(
                        self.env._(
                            "%(field)s: must be between 0 and 365.",
                            field=company._fields[name].string,
                        )
                    )
            if not 0 <= company.credit_check_days <= 30:
                raise ValidationError(
                    self.env._("Check Before Shipping: must be between 0 and 30 days.")
                )


class ResConfigSettings(models.TransientModel):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.config.settings"

    credit_control = fields.Selection(
        related="company_id.credit_control", readonly=False
    )
    credit_late_days = fields.Integer(
        related="company_id.credit_late_days", readonly=False
    )
    credit_horizon_days = fields.Integer(
        related="company_id.credit_horizon_days", readonly=False
    )
    credit_check_days = fields.Integer(
        related="company_id.credit_check_days", readonly=False
    )
