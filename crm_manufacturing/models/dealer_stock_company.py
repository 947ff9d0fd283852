from odoo import fields, models


class ResCompany(models.Model):
    """When dealers report, and from when on their stock lies idle."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.company"

    dealer_report_days = fields.Integer(
        string="Dealers Report Within (days)",
        default=10,
        groups="base.group_user",
        help="So many days after its end a month's stock is reported in time.",
    )

    _dealer_report_days_valid = models.Constraint(
        "CHECK(dealer_report_days BETWEEN 0 AND 60)",
        "Dealers Report Within: must be between 0 and 60 days.",
    )


class ResConfigSettings(models.TransientModel):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.config.settings"

    dealer_report_days = fields.Integer(
        related="company_id.dealer_report_days", readonly=False
    )
