from odoo import api, fields, models
from odoo.exceptions import UserError

from .dealer_room import without_defaults

SOURCES = [
    ("territory", "Territory"),
    ("self", "Customer Himself"),
    ("opportunity", "Opportunity"),
    ("registration", "Registered Deal"),
    ("manual", "Chosen"),
]
# what a person or a registered deal decided stays when the customer's place changes
KEPT_SOURCES = ("registration", "manual")
# why he is it: the server's to say
ENGINE = ("dealer_territory_id", "dealer_source", "dealer_reason")
READERS = "base.group_user"


class DealerAssignmentMixin(models.AbstractModel):
    """A document finds the dealer it belongs to, and keeps why."""

    _name = "dealer.assignment.mixin"
    _description = "Finds Its Dealer"

    dealer_id = fields.Many2one(
        "res.partner",
        domain=[("dealer_stage", "!=", False)],
        index="btree_not_null",
        copy=False,
        groups=READERS,
    )
    dealer_territory_id = fields.Many2one(
        "dealer.territory",
        string="Territory",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=READERS,
    )
    dealer_source = fields.Selection(SOURCES, readonly=True, copy=False, groups=READERS)
    dealer_reason = fields.Char(
        string="Why This Dealer", readonly=True, copy=False, groups=READERS
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = without_defaults(self, ENGINE)
            vals_list = [
                {name: value for name, value in vals.items() if name not in ENGINE}
                for vals in vals_list
            ]
        records = super().create([self._explain_chosen(vals) for vals in vals_list])
        chosen = [bool(vals.get("dealer_id")) for vals in vals_list]
        open_ones = self.browse(
            record.id
            for record, is_chosen in zip(records, chosen, strict=True)
            if not is_chosen
        )
        open_ones._assign_dealer()
        return records

    def write(self, vals):
        if not self.env.su and vals.keys() & set(ENGINE):
            raise UserError(self.env._("Why This Dealer: choose the dealer alone."))
        result = super().write(self._explain_chosen(vals))
        if "dealer_id" not in vals and vals.keys() & self._get_dealer_triggers():
            self._assign_dealer()
        return result

    @api.model
    def _explain_chosen(self, vals):
        """A dealer given without a reason was chosen by who gives him."""
        if "dealer_id" not in vals or "dealer_source" in vals:
            return vals
        if not vals["dealer_id"]:
            return {**vals, **self._prepare_no_dealer()}
        firm = self.env["res.partner"].browse(vals["dealer_id"]).commercial_partner_id
        reason = self.env._("Chosen by %(user)s.", user=self.env.user.name)
        return {
            **vals,
            "dealer_id": firm.id,
            "dealer_territory_id": False,
            "dealer_source": "manual",
            "dealer_reason": reason,
        }

    @api.model
    def _prepare_no_dealer(self):
        return dict.fromkeys(("dealer_id", *ENGINE), False)

    def _get_dealer_triggers(self):
        """Names of the fields whose change may bring another dealer."""
        return {"partner_id", "company_id"}

    def _get_dealer_clues(self):
        """``(customer, country, state)`` the territory is found by."""
        raise NotImplementedError

    def _get_dealer_categories(self):
        """What it is about, as far as known."""
        raise NotImplementedError

    def _may_take_dealer(self):
        """Whether the document is still looking for its dealer."""
        return self.dealer_source not in KEPT_SOURCES

    def _assign_dealer(self):
        """Find dealer and reason; what was found before and is so still is not
        written. Nobody's while the room is off."""
        if "dealer" in self.env["partner.scorecard"]._get_resting_roles():
            return
        for company, records in self.grouped("company_id").items():
            company = company or self.env.company
            territories = self.env["dealer.territory"]
            if territories._has_any():
                territories = territories._get_valid(company, company._get_today())
            for record in records.filtered(lambda one: one._may_take_dealer()):
                found = record._find_dealer(territories)
                if any(record[name] != value for name, value in found.items()):
                    # sudo: the dealer is found, whoever may write the document
                    record.sudo().write(
                        {
                            name: getattr(value, "id", value)
                            for name, value in found.items()
                        }
                    )

    def _find_dealer(self, territories):
        """``{field: value or record}`` of the dealer and why it is he."""
        partner, country, state = self._get_dealer_clues()
        firm = partner.commercial_partner_id
        # sudo: the portal confirms an order without rights on dealers' fields
        stage = firm.sudo().dealer_stage
        nobody = self.env["dealer.territory"]
        if stage and stage not in ("candidate", "ended"):
            reason = self.env._("The customer is the dealer himself.")
            return self._prepare_found(firm, nobody, "self", reason)
        limited = any(territory.category_ids for territory in territories)
        categories = limited and self._get_dealer_categories() or ()
        territory, reason = territories._find(partner, country, state, categories)
        if not territory:
            return self._prepare_found(self.env["res.partner"], nobody, False, False)
        found = territory.with_env(self.env)
        return self._prepare_found(
            territory.dealer_id.with_env(self.env), found, "territory", reason
        )

    @api.model
    def _prepare_found(self, dealer, territory, source, reason):
        return {
            "dealer_id": dealer,
            "dealer_territory_id": territory,
            "dealer_source": source,
            "dealer_reason": reason,
        }
