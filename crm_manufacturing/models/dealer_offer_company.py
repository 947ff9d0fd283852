from datetime import timedelta

from odoo import fields, models

READERS = "base.group_user"


class ResCompany(models.Model):
    """How long a dealer may keep a lead he was given."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.company"

    dealer_offer_answer_days = fields.Integer(
        string="Dealers Accept Within (working days)",
        default=2,
        groups=READERS,
        help="A lead not accepted by then is taken back.",
    )
    dealer_offer_progress_days = fields.Integer(
        string="Dealers Report Progress Within (days)",
        default=14,
        groups=READERS,
        help="An accepted lead on which nothing was reported for so long is taken "
        "back.",
    )
    dealer_offer_warning_days = fields.Integer(
        string="Warn Before Taking Back (days)", default=3, groups=READERS
    )
    dealer_offer_cool_down_days = fields.Integer(
        string="Not Offered Again For (days)",
        default=30,
        groups=READERS,
        help="A lead taken back from a dealer is not offered to him again for so long.",
    )
    dealer_offer_max_open = fields.Integer(
        string="Leads a Dealer May Have Open",
        groups=READERS,
        help="Who has so many is offered no more. 0: no limit.",
    )
    dealer_offer_auto = fields.Boolean(
        string="Offer Leads Every Night",
        groups=READERS,
        help="Leads without a salesperson, and those that came back from a dealer, go "
        "to the next dealer by themselves.",
    )

    _dealer_offer_days_valid = models.Constraint(
        "CHECK(dealer_offer_answer_days BETWEEN 1 AND 30"
        " AND dealer_offer_progress_days BETWEEN 1 AND 365"
        " AND dealer_offer_warning_days BETWEEN 0 AND dealer_offer_progress_days - 1"
        " AND dealer_offer_cool_down_days BETWEEN 0 AND 730"
        " AND dealer_offer_max_open >= 0)",
        "Leads given to dealers: 1 to 30 working days to accept, 1 to 365 days for "
        "progress, a warning within those, and up to 730 days before a lead is offered "
        "to the same dealer again.",
    )

    def _get_offer_due(self, today):
        """The last day to accept a lead offered ``today``."""
        # sudo: whoever gives a lead need not read the settings
        return self._add_working_days(today, self.sudo().dealer_offer_answer_days)

    def _get_progress_due(self, today):
        """The last day to report progress, when something was reported ``today``."""
        # sudo: whoever hears of progress need not read the settings
        return today + timedelta(days=self.sudo().dealer_offer_progress_days)


class ResConfigSettings(models.TransientModel):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.config.settings"

    dealer_offer_answer_days = fields.Integer(
        related="company_id.dealer_offer_answer_days", readonly=False
    )
    dealer_offer_progress_days = fields.Integer(
        related="company_id.dealer_offer_progress_days", readonly=False
    )
    dealer_offer_warning_days = fields.Integer(
        related="company_id.dealer_offer_warning_days", readonly=False
    )
    dealer_offer_cool_down_days = fields.Integer(
        related="company_id.dealer_offer_cool_down_days", readonly=False
    )
    dealer_offer_max_open = fields.Integer(
        related="company_id.dealer_offer_max_open", readonly=False
    )
    dealer_offer_auto = fields.Boolean(
        related="company_id.dealer_offer_auto", readonly=False
    )
