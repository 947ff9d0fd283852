from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

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
    dealer_stage_since = fields.Date(copy=False, readonly=True, groups=READERS)
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
        string="Dealer Contract From",
        tracking=True,
        copy=False,
        groups=READERS,
        help="It lasts until Contract Until, of which a cadence rule reminds.",
    )
    # the end of every contract; a dealer's is worth a line in the log
    contract_end_date = fields.Date(tracking=True)
    dealer_review_date = fields.Date(
        string="Dealer Review",
        tracking=True,
        copy=False,
        groups=READERS,
        help="When we look at the dealer's work together. A cadence rule reminds "
        "of it.",
    )
    dealer_buyback_agreed = fields.Boolean(
        string="Stock Buy-Back Agreed",
        tracking=True,
        copy=False,
        groups=READERS,
        help="What becomes of the stock he has left is settled. A dealer cannot leave "
        "before.",
    )
    dealer_no_direct_contact = fields.Boolean(
        string="No Direct Contact with End Customers",
        tracking=True,
        copy=False,
        groups=READERS,
        help="The contract leaves the end customers to the dealer: our calls and "
        "visits about his deliveries go to him.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Since when a stage lasts is ours to say."""
        return super().create([self._stamp_dealer_stage(vals) for vals in vals_list])

    def write(self, vals):
        if "dealer_stage" not in vals:
            return super().write(vals)
        stage = vals["dealer_stage"]
        moved = self.filtered(lambda dealer: dealer.dealer_stage != stage)
        candidates = moved.filtered(lambda dealer: dealer.dealer_stage == "candidate")
        leaving = moved.filtered(lambda dealer: dealer.dealer_stage in LIVE_STAGES)
        super(ResPartner, self - moved).write(vals)
        result = super(ResPartner, moved).write(self._stamp_dealer_stage(vals))
        if stage in LIVE_STAGES:
            candidates._check_dealer_entry()
        else:
            leaving._check_dealer_exit()
            leaving._end_registrations()
        return result

    def _check_dealer_entry(self):
        """A candidate becomes a dealer with a contract."""
        for dealer in self:
            if not dealer.dealer_contract_start:
                raise UserError(
                    self.env._(
                        "Dealer Contract From: %(dealer)s is a dealer once there is a "
                        "contract.",
                        dealer=dealer.display_name,
                    )
                )

    def _check_dealer_exit(self):
        """What must be settled before a dealer leaves."""
        for dealer in self:
            missing = dealer._get_exit_gaps()
            if missing:
                raise UserError(
                    self.env._(
                        "%(dealer)s cannot leave yet: %(gaps)s",
                        dealer=dealer.display_name,
                        gaps=" ".join(missing),
                    )
                )

    def _get_exit_gaps(self):
        """Sentences that say what is not settled; further rooms add theirs."""
        gaps = []
        if not self.dealer_buyback_agreed:
            gaps.append(self.env._("Agree on what becomes of his stock."))
        # sudo: who looks after dealers need not be able to read users
        users = self.env["res.users"].sudo()
        if users.search_count(
            [("partner_id", "child_of", self.id), ("share", "=", True)], limit=1
        ):
            gaps.append(self.env._("Take away his access to the portal."))
        return gaps

    def _end_registrations(self):
        """What an ended dealer had registered is returned, and its leads are free."""
        # sudo: who ends a dealer need not answer registrations
        deals = self.env["dealer.registration"].sudo()
        live = deals.search(
            [("dealer_id", "in", self.ids), ("state", "in", ("submitted", "approved"))]
        )
        live.write({"answer": self.env._("The contract with the dealer has ended.")})
        live._close("returned")

    @api.model
    def _stamp_dealer_stage(self, vals):
        if "dealer_stage" not in vals or vals.get("dealer_stage_since"):
            return vals
        today = self.env.company._get_today()
        return {**vals, "dealer_stage_since": vals["dealer_stage"] and today}

    @api.constrains("dealer_contract_start", "contract_end_date")
    def _check_dealer_contract(self):
        for partner in self:
            start, end = partner.dealer_contract_start, partner.contract_end_date
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "Contract Until: the contract of %(dealer)s ends before "
                        "it starts.",
                        dealer=partner.display_name,
                    )
                )
