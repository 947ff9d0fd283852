from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmLead(models.Model):
    """A lead finds the dealer of its place; a registered deal is what becomes of it."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _name = "crm.lead"
    _inherit = ["crm.lead", "dealer.assignment.mixin"]

    dealer_registration_ids = fields.One2many(
        "dealer.registration", "lead_id", groups="sales_team.group_sale_salesman"
    )

    def action_open_dealer_registrations(self):
        """The registered deal behind it (smart button)."""
        return self.dealer_registration_ids._get_records_action()

    def _get_dealer_triggers(self):
        return super()._get_dealer_triggers() | {"country_id", "state_id"}

    def _get_dealer_clues(self):
        return self.partner_id, self.country_id, self.state_id

    def _get_dealer_categories(self):
        # sudo: the products quoted decide, also where the quotation is a colleague's
        return self.sudo().order_ids.order_line.product_id.categ_id

    def _merge_dependences(self, opportunities):
        """The deals registered for merged leads are the remaining one's."""
        # sudo: who merges leads need not have rights on registrations
        deals = self.env["dealer.registration"].sudo()
        moved = deals.search([("lead_id", "in", opportunities.ids)])
        moved.lead_id = self
        for deal in moved.filtered(lambda deal: deal.state == "approved"):
            self.sudo().write(deal._prepare_dealer_vals())
        return super()._merge_dependences(opportunities)

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        """The registered deals behind the leads are won and lost with them."""
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        # sudo: who wins a lead need not have rights on registrations
        deals = self.env["dealer.registration"].sudo()
        states = ("won", "lost")
        begun, ended = ({state: [] for state in states} for _turn in range(2))
        for lead_id, status in new_status_by_lead.items():
            before = old_status_by_lead.get(lead_id, {})
            for state in states:
                was, is_now = bool(before.get(f"is_{state}")), status[f"is_{state}"]
                if was != is_now:
                    (begun if is_now else ended)[state].append(lead_id)
        for state in states:
            back = [("lead_id", "in", ended[state]), ("state", "=", state)]
            deals.search(back)._reopen()
        for state in states:
            deals.search([("lead_id", "in", begun[state])])._follow_lead(state)
        return result

    @api.constrains("company_id")
    def _check_dealer_company(self):
        """What a dealer has stays in the company that gave it to him."""
        # sudo: who moves a lead need not read what dealers have
        for lead in self.sudo().filtered("company_id"):
            others = lead._get_dealer_companies() - lead.company_id
            if others:
                raise ValidationError(
                    self.env._(
                        "Company: %(lead)s is with a dealer of %(company)s. Take it "
                        "back first.",
                        lead=lead.name,
                        company=others[0].name,
                    )
                )

    def _get_dealer_companies(self):
        """The companies in which a dealer has the lead."""
        deals = self.dealer_registration_ids
        live = deals.filtered(lambda deal: deal.state in ("submitted", "approved"))
        return live.company_id

    @api.ondelete(at_uninstall=False)
    def _unlink_without_registration(self):
        # sudo: who deletes a lead need not read what dealers registered
        deals = self.sudo().dealer_registration_ids
        kept = deals.filtered(lambda deal: deal.state in ("approved", "won"))
        if kept:
            raise UserError(
                self.env._(
                    "The lead belongs to the registered deal %s. Mark it as lost "
                    "instead.",
                    kept[0].name,
                )
            )
