import pytz

from odoo import fields, models

from ..tools.working_day import add_working_days

WEEKDAYS = set(range(5))


class ResCompany(models.Model):
    """How fast we answer, and how long a registered deal is protected."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.company"

    dealer_answer_days = fields.Integer(
        string="Answer Within (working days)", default=2, groups="base.group_user"
    )
    dealer_escalation_user_id = fields.Many2one(
        "res.users",
        string="Late Answers Go To",
        domain=[("share", "=", False)],
        groups="base.group_user",
    )
    dealer_protection_days = fields.Integer(
        string="Protected For (days)",
        default=90,
        groups="base.group_user",
        help="From the approval, unless the dealer's level says otherwise.",
    )
    dealer_protection_after = fields.Integer(
        string="Protected After the Expected Order (days)",
        default=30,
        groups="base.group_user",
        help="Where this is later.",
    )
    dealer_protection_max = fields.Integer(
        string="Protected At Most (days)", default=180, groups="base.group_user"
    )
    dealer_reminder_days = fields.Integer(
        string="Remind Before the End (days)", default=14, groups="base.group_user"
    )

    _dealer_registration_days_valid = models.Constraint(
        "CHECK(dealer_answer_days BETWEEN 1 AND 30"
        " AND dealer_protection_days BETWEEN 1 AND 730"
        " AND dealer_protection_after BETWEEN 0 AND 365"
        " AND dealer_protection_max BETWEEN 1 AND 730"
        " AND dealer_reminder_days BETWEEN 0 AND 90)",
        "Registered deals: the days must be 1 to 30 for the answer, up to 730 for the "
        "protection, up to 365 after the expected order and up to 90 for the reminder.",
    )

    def _add_working_days(self, day, count):
        """The ``count``-th working day after ``day``, by the company's calendar."""
        # sudo: whoever asks the time need not read calendars
        calendar = self.sudo().resource_calendar_id
        start = pytz.utc.localize(self._get_day_start(day, days=1))
        end = calendar and calendar.plan_days(count, start, compute_leaves=True)
        if not end:
            return add_working_days(day, count, WEEKDAYS)
        return self._get_day(end.astimezone(pytz.utc).replace(tzinfo=None))


class ResConfigSettings(models.TransientModel):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.config.settings"

    dealer_answer_days = fields.Integer(
        related="company_id.dealer_answer_days", readonly=False
    )
    dealer_escalation_user_id = fields.Many2one(
        related="company_id.dealer_escalation_user_id", readonly=False
    )
    dealer_protection_days = fields.Integer(
        related="company_id.dealer_protection_days", readonly=False
    )
    dealer_protection_after = fields.Integer(
        related="company_id.dealer_protection_after", readonly=False
    )
    dealer_protection_max = fields.Integer(
        related="company_id.dealer_protection_max", readonly=False
    )
    dealer_reminder_days = fields.Integer(
        related="company_id.dealer_reminder_days", readonly=False
    )


class ResPartnerGrade(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner.grade"

    dealer_protection_days = fields.Integer(
        string="Deals Protected For (days)",
        groups="sales_team.group_sale_salesman",
        help="0: as the company's settings say.",
    )
