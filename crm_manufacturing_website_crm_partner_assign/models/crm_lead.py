from odoo import api, fields, models
from odoo.exceptions import AccessDenied

from odoo.addons.crm_manufacturing.models.dealer_partner import LIVE_STAGES


class CrmLead(models.Model):
    """The partner assigned is the dealer, whichever of the two is written; what the
    host finds by distance and weight is found by territory.

    While the room of dealers is off everything is the host's.
    """

    _inherit = "crm.lead"

    partner_assigned_id = fields.Many2one(
        compute="_compute_partner_assigned_id",
        inverse="_inverse_partner_assigned_id",
        store=True,
        readonly=False,
        copy=False,
    )

    @api.depends("dealer_id")
    def _compute_partner_assigned_id(self):
        """A reseller who is no dealer of ours stays where there is no dealer."""
        for lead in self:
            firm = lead.partner_assigned_id.commercial_partner_id
            if lead.dealer_id and lead.dealer_id != firm:
                lead.partner_assigned_id = lead.dealer_id
            elif not lead.dealer_id and firm.dealer_stage:
                lead.partner_assigned_id = False

    def _inverse_partner_assigned_id(self):
        self._join_dealer()

    def _join_dealer(self):
        if self._has_no_dealers():
            return
        # sudo: who assigns a partner need not have rights on dealers
        for lead in self.sudo():
            firm = lead.partner_assigned_id.commercial_partner_id
            dealer = firm if firm.dealer_stage in LIVE_STAGES else firm.browse()
            if lead.dealer_id != dealer:
                lead.dealer_id = dealer

    @api.model
    def _has_no_dealers(self):
        return "dealer" in self.env["partner.scorecard"]._get_resting_roles()

    def _may_take_dealer(self):
        """A reseller who was chosen is not replaced by the place's dealer."""
        is_chosen = self.partner_assigned_id and not self.dealer_id
        return not is_chosen and super()._may_take_dealer()

    def _is_refused(self, dealer, today):
        declined = self.sudo().partner_declined_ids.commercial_partner_id
        return dealer in declined or super()._is_refused(dealer, today)

    def _merge_data(self, fnames=None):
        """The dealer goes with what was offered or registered, not with the first."""
        data = super()._merge_data(fnames)
        if self.sudo().dealer_id:
            data.pop("partner_assigned_id", None)
        return data

    # ------------------------------------------------------------------
    # The host's buttons
    # ------------------------------------------------------------------

    def action_assign_partner(self):
        if self._has_no_dealers():
            return super().action_assign_partner()
        return self.action_offer_to_dealers()

    def assign_partner(self, partner_id=False):
        """Each lead by itself: the host gives all of them to the first one's."""
        leads = self
        if not partner_id and not self._has_no_dealers():
            self.env["dealer.offer"]._give(self, self.env.company._get_today())
            leads = self.filtered(lambda one: not one.sudo()._get_open_offer())
        for lead in leads:
            super(CrmLead, lead).assign_partner(partner_id)
        return False

    def search_geo_partner(self):
        """``{lead id: dealer id}`` of those who would be offered them now."""
        if self._has_no_dealers():
            return super().search_geo_partner()
        offers, today = self.env["dealer.offer"], self.env.company._get_today()
        return {
            lead.id: dealer.id
            for company, leads in offers._group_by_company(self)
            for lead, dealer, _territory, _reason in offers._choose_company(
                leads, offers._prepare_choice(company, today)
            )
        }

    def _get_open_offer(self):
        return self.dealer_offer_ids._filter_open()

    def _offer_to(self, firm):
        """To a dealer by name, unless our rules refuse it.

        :raise UserError: where they do
        """
        # sudo: who forwards a lead need not have rights on what is given to dealers
        lead = self.sudo()
        if lead._get_open_offer().dealer_id == firm:
            return
        if not lead._get_open_offer() and lead._get_offer_obstacle():
            self.action_offer_to_dealers()  # says why not
        lead.dealer_id = firm
        if not lead._get_open_offer():
            lead._offer_to_chosen()

    # ------------------------------------------------------------------
    # The host's portal
    # ------------------------------------------------------------------

    def _assert_portal_write_access(self):
        result = super()._assert_portal_write_access()
        # sudo: dealers' fields are not the portal's
        if self.env.user._is_portal() and self.sudo().dealer_id:
            raise AccessDenied()
        return result

    @api.model
    def create_opp_portal(self, values):
        """A dealer registers his deal, and a person answers."""
        if self.env.user.partner_id._get_portal_dealer():
            raise AccessDenied()
        return super().create_opp_portal(values)
