from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain


class ResCompany(models.Model):
    """How much a dealer may enter in the portal, and how large his files may be."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.company"

    dealer_portal_limit = fields.Integer(
        string="Dealers' Entries per Hour",
        default=20,
        groups="base.group_user",
        help="So many registrations, and so many reports, a dealer may enter within an "
        "hour.",
    )
    dealer_upload_mb = fields.Integer(
        string="Dealers' Files up to (MB)", default=10, groups="base.group_user"
    )

    _dealer_portal_valid = models.Constraint(
        "CHECK(dealer_portal_limit BETWEEN 1 AND 10000"
        " AND dealer_upload_mb BETWEEN 1 AND 100)",
        "Dealers' portal: entries per hour must be 1 to 10,000, files 1 to 100 MB.",
    )

    def _get_dealer_rate_problem(self, model_name, firm, moments=("create_date",)):
        """A sentence when a dealer entered as much within an hour as he may.

        :param moments: names of the fields that say when something was entered
        """
        since = fields.Datetime.now() - timedelta(hours=1)
        domain = Domain("dealer_id", "=", firm.id) & Domain.OR(
            Domain(name, ">=", since) for name in moments
        )
        # sudo: the firm's own rows, counted
        entered = self.env[model_name].sudo().search_count(domain)
        return entered >= self.dealer_portal_limit and self.env._(
            "You have entered %s within an hour, as many as we take. Please go on "
            "later.",
            entered,
        )


class ResConfigSettings(models.TransientModel):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.config.settings"

    dealer_portal_limit = fields.Integer(
        related="company_id.dealer_portal_limit", readonly=False
    )
    dealer_upload_mb = fields.Integer(
        related="company_id.dealer_upload_mb", readonly=False
    )
