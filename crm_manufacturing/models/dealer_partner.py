from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .dealer_room import without_defaults

STAGES = [
    ("candidate", "Candidate"),
    ("recruited", "Recruited"),
    ("active", "Active"),
    ("watch", "On Watch"),
    ("ended", "Ended"),
]
LIVE_STAGES = ("recruited", "active", "watch")
# of registrations that ask or are protected
OPEN_STATES = ("submitted", "approved")
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
        records = without_defaults(self, ["dealer_stage_since"])
        stage = self.env.context.get("default_dealer_stage")
        default = {"dealer_stage": stage} if stage else {}
        vals_list = [
            self._stamp_dealer_stage({**default, **vals}) for vals in vals_list
        ]
        return super(ResPartner, records).create(vals_list)

    def write(self, vals):
        if not self.env.su and "dealer_stage_since" in vals:
            vals = {k: v for k, v in vals.items() if k != "dealer_stage_since"}
        if "dealer_stage" not in vals:
            return super().write(vals)
        stage = vals["dealer_stage"]
        moved = self.filtered(lambda dealer: dealer.dealer_stage != stage)
        leaving = moved.filtered(lambda dealer: dealer.dealer_stage in LIVE_STAGES)
        super(ResPartner, self - moved).write(vals)
        result = super(ResPartner, moved).write(self._stamp_dealer_stage(vals))
        if stage not in LIVE_STAGES:
            leaving._end_registrations()
            leaving._end_territories()
        return result

    def _end_registrations(self):
        """What an ended dealer had registered is returned, and its leads are free; what
        he worked on or delivered for another falls back to that one."""
        # sudo: who ends a dealer need not answer registrations
        deals = self.env["dealer.registration"].sudo()
        live = deals.search(
            [("dealer_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        )
        live.write({"answer": self.env._("The contract with the dealer has ended.")})
        live._close("returned")
        for role in ("owner_dealer_id", "delivery_dealer_id"):
            mine = [(role, "in", self.ids)]
            for deal in deals.search([*mine, ("state", "in", OPEN_STATES)]):
                deal[role] = deal.dealer_id

    def _merge_dealer_stage(self, sources):
        """Where one of two firms that become one has a contract, the one has it."""
        # sudo: who merges firms need not have rights on dealers' fields
        live = sources.sudo().filtered(lambda firm: firm.dealer_stage in LIVE_STAGES)
        if live and self.dealer_stage not in LIVE_STAGES:
            self.write(
                {
                    "dealer_stage": live[0].dealer_stage,
                    "dealer_stage_since": live[0].dealer_stage_since,
                    "contract_end_date": live[0].contract_end_date,
                    "dealer_contract_start": live[0].dealer_contract_start,
                }
            )

    def _end_territories(self):
        """Where he worked, another may work exclusively."""
        # sudo: who ends a dealer need not be able to change territories
        territories = self.env["dealer.territory"].sudo()
        territories.search([("dealer_id", "in", self.ids)]).action_archive()

    @api.model
    def _stamp_dealer_stage(self, vals):
        """With the day; one given by hand counts in superuser mode alone."""
        if self.env.su and vals.get("dealer_stage_since"):
            return vals
        if "dealer_stage" not in vals:
            return {k: v for k, v in vals.items() if k != "dealer_stage_since"}
        today = self.env.company._get_today()
        return {**vals, "dealer_stage_since": vals["dealer_stage"] and today}

    def _make_candidate(self):
        """Contacts that are no dealers become candidates; opens a single one.

        In the contact's menu of actions.
        """
        new = self.commercial_partner_id.filtered(lambda firm: not firm.dealer_stage)
        new.write({"dealer_stage": "candidate", "dealer_manager_id": self.env.uid})
        return self[:1].action_open_dealer()

    def action_open_dealer(self):
        """The form of dealers, with contract and checklist (smart button)."""
        self.ensure_one()
        firm = self.commercial_partner_id
        form = self.env.ref("crm_manufacturing.dealer_partner_view_form")
        return {**firm.get_formview_action(), "views": [(form.id, "form")]}

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
