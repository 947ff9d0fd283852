from odoo import models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

TIER_FIELDS = {"customer_tier_id", "customer_tier_overridden"}


class PartnerScorecard(models.Model):
    """A pyramid's filter cannot ask for the tiers that the pyramid decides."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.scorecard"

    def _check_circle(self):
        # sudo: also the companies that the user is not in
        companies = self.env["res.company"].sudo()
        pyramids = companies.search(
            [("pyramid_scorecard_id", "in", self.ids)]
        ).pyramid_scorecard_id
        for card in self & pyramids.with_env(self.env):
            card._refuse_circle()

    def _refuse_circle(self):
        """Raise when the card, which is a pyramid, chooses its customers by tier."""
        if self and _reads_tier(self._get_partner_domain()):
            raise ValidationError(
                self.env._(
                    "Only Partners: %(card)s is a customer pyramid and decides the "
                    "tiers, so it cannot choose its customers by tier.",
                    card=self.name,
                )
            )


def _reads_tier(domain):
    """Whether a tier is asked for, be it of a parent, of a child or of a document."""
    for condition in domain.iter_conditions():
        if TIER_FIELDS & set(condition.field_expr.split(".")):
            return True
        if "any" in condition.operator and _reads_tier(Domain(condition.value)):
            return True
    return False
