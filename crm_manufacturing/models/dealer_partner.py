from odoo import api, fields, models
from odoo.exceptions import ValidationError

STAGES = [
    ("candidate", "Candidate"),
    ("recruited", "Recruited"),
    ("active", "Active"),
    ("watch", "On Watch"),
    ("ended", "Ended"),
]
LIVE_STAGES = ("recruited", "active", "watch")
READERS = "base.group_user"


class ResPartner(models.Model):
    """A dealer: where he stands with us, and what his contract says."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    dealer_stage = fields.Selection(
        STAGES,
        tracking=True,
        copy=False,
        index="btree_not_null",
        groups=READERS,
        group_expand=True,
        help="Candidate: we would like him. Recruited: he has a contract. Active: he "
        "sells. On watch: something must change. Ended: he is no dealer any more.",
    )
    dealer_stage_since = fields.Date(
        string="Dealer Stage Since", copy=False, readonly=True, groups=READERS
    )
    dealer_manager_id = fields.Many2one(
        "res.users",
        string="Channel Manager",
        domain=[("share", "=", False)],
        tracking=True,
        index="btree_not_null",
        groups=READERS,
        help="Who of us looks after the dealer.",
    )
    dealer_contract_start = fields.Date(
        string="Dealer Contract From", tracking=True, copy=False, groups=READERS
    )
    dealer_contract_end = fields.Date(
        string="Dealer Contract Until",
        tracking=True,
        copy=False,
        groups=READERS,
        help="Last day. A cadence rule reminds of the renewal.",
    )
    dealer_review_date = fields.Date(
        string="Dealer Review",
        tracking=True,
        copy=False,
        groups=READERS,
        help="When we look at the dealer's work together. A cadence rule reminds of it.",
    )
    dealer_no_direct_contact = fields.Boolean(
        string="No Direct Contact with End Customers",
        tracking=True,
        copy=False,
        groups=READERS,
        help="The contract leaves the end customers to the dealer: our calls and visits "
        "about his deliveries go to him.",
    )

    @api.constrains("dealer_contract_start", "dealer_contract_end")
    def _check_dealer_contract(self):
        for partner in self:
            start, end = partner.dealer_contract_start, partner.dealer_contract_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "Dealer Contract Until: the contract of %(dealer)s ends before "
                        "it starts.",
                        dealer=partner.display_name,
                    )
                )
