from odoo import fields, models


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
            self.write(deal._prepare_dealer_vals())
        return super()._merge_dependences(opportunities)

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        """The registered deals behind the leads are won and lost with them."""
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        for state in ("won", "lost"):
            moved = [
                lead_id
                for lead_id, status in new_status_by_lead.items()
                if status[f"is_{state}"]
                and not old_status_by_lead.get(lead_id, {}).get(f"is_{state}")
            ]
            if moved:
                # sudo: who wins a lead need not have rights on registrations
                deals = self.env["dealer.registration"].sudo()
                deals.search([("lead_id", "in", moved)])._follow_lead(state)
        return result
