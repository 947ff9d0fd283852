from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

CHANNEL = "crm_manufacturing.group_channel_manager"
MANAGER = "crm_manufacturing.group_manager"
SALES = "sales_team.group_sale_salesman"
KEEPERS = f"{CHANNEL},{MANAGER}"
# whoever sells may propose a candidate
PROPOSED = (False, "candidate")
KEPT = {
    "dealer_contract_start",
    "dealer_manager_id",
    "dealer_no_direct_contact",
    "dealer_review_date",
    "dealer_stage",
}
# by which of its fields a row is a dealer's, where it is not `dealer_id` alone
ROLES = {
    "dealer.registration": ("dealer_id", "owner_dealer_id", "delivery_dealer_id"),
}


class ResPartner(models.Model):
    """A dealer's own form: who may change it, and the buttons to all he has with us."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    may_keep_dealer = fields.Boolean(
        compute="_compute_may_keep_dealer", groups="base.group_user"
    )
    dealer_registration_count = fields.Integer(
        compute="_compute_dealer_registration_count", groups=SALES
    )
    dealer_offer_count = fields.Integer(
        compute="_compute_dealer_offer_count", groups=SALES
    )
    dealer_territory_count = fields.Integer(
        compute="_compute_dealer_territory_count", groups=SALES
    )
    dealer_report_count = fields.Integer(
        compute="_compute_dealer_report_count", groups=KEEPERS
    )

    @api.depends_context("uid")
    @api.depends("dealer_stage")
    def _compute_may_keep_dealer(self):
        is_keeper = self._is_dealer_keeper()
        for partner in self:
            partner.may_keep_dealer = is_keeper or partner.dealer_stage in PROPOSED

    @api.model
    def _is_dealer_keeper(self):
        user = self.env.user
        return self.env.su or user.has_group(CHANNEL) or user.has_group(MANAGER)

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._check_dealer_keeper()
        return partners

    def write(self, vals):
        if not vals.keys() & KEPT:
            return super().write(vals)
        self._check_dealer_keeper()
        result = super().write(vals)
        self._check_dealer_keeper()
        return result

    def _check_dealer_keeper(self):
        """Stage and contract of a dealer are the channel manager's."""
        if self._is_dealer_keeper():
            return
        for partner in self:
            if partner.dealer_stage not in PROPOSED:
                raise AccessError(
                    self.env._(
                        "Dealer: stage and contract of %(dealer)s are changed by "
                        "channel managers.",
                        dealer=partner.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # What he has with us
    # ------------------------------------------------------------------

    def _compute_dealer_registration_count(self):
        self._count_dealer_rows("dealer_registration_count", "dealer.registration")

    def _compute_dealer_offer_count(self):
        self._count_dealer_rows("dealer_offer_count", "dealer.offer")

    def _compute_dealer_territory_count(self):
        self._count_dealer_rows("dealer_territory_count", "dealer.territory")

    def _compute_dealer_report_count(self):
        self._count_dealer_rows("dealer_report_count", "dealer.stock.report")

    def _count_dealer_rows(self, name, model):
        """A form has one dealer; lists do not show these figures."""
        for dealer in self:
            domain = dealer._get_dealer_domain(model)
            dealer[name] = self.env[model].search_count(domain)

    def _get_dealer_domain(self, model):
        """What is the dealer's, in whichever role."""
        roles = ROLES.get(model, ("dealer_id",))
        return Domain.OR(Domain(role, "in", self.ids) for role in roles)

    def action_open_dealer_registrations(self):
        """All he brought, works on or delivers (smart button)."""
        return self._open_dealer_rows("dealer_registration_action")

    def action_open_dealer_offers(self):
        """All the leads he was given (smart button)."""
        return self._open_dealer_rows("dealer_offer_action")

    def action_open_dealer_territories(self):
        """Where he works, or did (smart button)."""
        return self._open_dealer_rows("dealer_territory_action")

    def action_open_dealer_reports(self):
        """All his reports, those that were corrected too (smart button)."""
        return self._open_dealer_rows("dealer_stock_report_action")

    def _open_dealer_rows(self, name):
        """The list without the filters its menu starts with."""
        self.ensure_one()
        actions = self.env["ir.actions.act_window"]
        action = actions._for_xml_id(f"crm_manufacturing.{name}")
        domain = list(self._get_dealer_domain(action["res_model"]))
        context = {"default_dealer_id": self.id}
        return {**action, "domain": domain, "context": context}
