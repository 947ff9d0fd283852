from odoo import api, fields, models
from odoo.exceptions import UserError

from .dealer_partner import LIVE_STAGES, READERS

# what a dealer must fulfil, in the order the stages come
ENTERED = {
    "recruited": ("recruited",),
    "active": ("recruited", "active"),
    "watch": ("recruited", "active"),
}
# a dealer with a contract leaves by the checklist alone
LEAVING = ("candidate", "ended", False)


class DealerEntryCriterion(models.Model):
    """What a dealer must have before he enters a stage.

    A need is a code in :meth:`_selection_need` and a method ``_has_<code>(dealer)``
    that returns whether the dealer has it.
    """

    _name = "dealer.entry.criterion"
    _description = "Entry Criterion of Dealers"
    _order = "stage desc, sequence, id"

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    stage = fields.Selection(
        [("recruited", "Recruited"), ("active", "Active")], required=True
    )
    need = fields.Selection(
        lambda self: self._selection_need(), string="He Must Have", required=True
    )

    _need_uniq = models.Constraint(
        "UNIQUE(stage, need)", "A stage asks for a thing once."
    )

    @api.model
    def _selection_need(self):
        """``[(code, label)]``; the label ends the sentence of a refusal."""
        return [
            ("manager", self.env._("a channel manager")),
            ("contract", self.env._("a contract with its first day")),
            ("running_contract", self.env._("a contract that runs today")),
            ("review", self.env._("a day for the next review")),
            ("order", self.env._("a confirmed order")),
            ("territory", self.env._("a territory")),
            ("vat", self.env._("a tax ID")),
            ("portal", self.env._("somebody with portal access")),
        ]

    @api.depends("need")
    def _compute_display_name(self):
        labels = dict(self._selection_need())
        for criterion in self:
            criterion.display_name = labels.get(criterion.need)

    def _get_missing(self, dealer, stage):
        """What the dealer lacks for a stage, as labels."""
        # sudo: orders and users count, whoever moves the dealer
        asked = self.sudo().search([("stage", "in", ENTERED.get(stage, ()))])
        labels = dict(self._selection_need())
        return [
            labels[criterion.need]
            for criterion in asked
            if not getattr(self.sudo(), f"_has_{criterion.need}")(dealer.sudo())
        ]

    def _has_manager(self, dealer):
        return bool(dealer.dealer_manager_id)

    def _has_contract(self, dealer):
        return bool(dealer.dealer_contract_start)

    def _has_running_contract(self, dealer):
        start, end = dealer.dealer_contract_start, dealer.contract_end_date
        today = self.env.company._get_today()
        return bool(start) and start <= today and (not end or end >= today)

    def _has_review(self, dealer):
        return bool(dealer.dealer_review_date)

    def _has_order(self, dealer):
        orders = self.env["sale.order"].search_count(
            [
                ("partner_id.commercial_partner_id", "=", dealer.id),
                ("state", "=", "sale"),
            ],
            limit=1,
        )
        return bool(orders)

    def _has_territory(self, dealer):
        territories = self.env["dealer.territory"]
        return bool(territories.search_count([("dealer_id", "=", dealer.id)], limit=1))

    def _has_vat(self, dealer):
        return bool(dealer.vat)

    def _has_portal(self, dealer):
        return bool(dealer._get_portal_users())


class ResPartner(models.Model):
    """A stage is entered with what it asks for, and left by the checklist."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    dealer_entry_missing = fields.Char(
        string="For the Next Stage",
        compute="_compute_dealer_entry_missing",
        groups=READERS,
    )

    @api.depends(
        "contract_end_date",
        "dealer_contract_start",
        "dealer_manager_id",
        "dealer_review_date",
        "dealer_stage",
        "vat",
    )
    def _compute_dealer_entry_missing(self):
        """What a candidate or recruited dealer still lacks, as a sentence."""
        following = {"candidate": "recruited", "recruited": "active"}
        for dealer in self:
            stage = following.get(dealer.dealer_stage)
            missing = stage and self._get_entry_missing(dealer, stage)
            dealer.dealer_entry_missing = missing and self.env._(
                "%(stage)s needs: %(missing)s.", stage=missing[0], missing=missing[1]
            )

    @api.model
    def _get_entry_missing(self, dealer, stage):
        """``(name of the stage, what is missing)``; None when nothing is."""
        missing = self.env["dealer.entry.criterion"]._get_missing(dealer, stage)
        names = dict(self._fields["dealer_stage"]._description_selection(self.env))
        return (names[stage], ", ".join(missing)) if missing else None

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if not self.env.su:
            for stage, dealers in partners.grouped("dealer_stage").items():
                dealers._check_entry(stage)
        return partners

    def write(self, vals):
        if vals.get("active") is False and not self.env.su:
            self._refuse_leaving()
        if "dealer_stage" not in vals or self.env.su:
            return super().write(vals)
        stage = vals["dealer_stage"]
        moved = self.filtered(lambda dealer: dealer.dealer_stage != stage)
        if stage in LEAVING:
            moved._refuse_leaving()
        result = super().write(vals)
        moved._check_entry(stage)
        return result

    def _refuse_leaving(self):
        for dealer in self:
            if dealer.dealer_stage in LIVE_STAGES:
                raise UserError(
                    self.env._(
                        "Stage: %(dealer)s has a contract. Press End Dealer on his "
                        "form; it asks for what must be done first.",
                        dealer=dealer.display_name,
                    )
                )

    def _check_entry(self, stage):
        for dealer in self:
            missing = self._get_entry_missing(dealer, stage)
            if missing:
                raise UserError(
                    self.env._(
                        "Stage: to be %(stage)s, %(dealer)s needs %(missing)s.",
                        stage=missing[0],
                        dealer=dealer.display_name,
                        missing=missing[1],
                    )
                )
