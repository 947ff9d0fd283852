from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

SALES = "sales_team.group_sale_salesman"


class CrmLead(models.Model):
    """A lead is offered to dealers, one after the other; none of them reads it."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.lead"

    dealer_source = fields.Selection(selection_add=[("offer", "Lead Given")])
    dealer_offer_ids = fields.One2many("dealer.offer", "lead_id", groups=SALES)

    def write(self, vals):
        """A lead moved by hand to another dealer leaves the first and is offered to
        the second; whose of ours it is makes no difference."""
        result = super().write(vals)
        if "dealer_id" in vals:
            self._follow_dealer()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_without_dealer(self):
        # sudo: who deletes a lead need not read what was offered
        if self.sudo().dealer_offer_ids._filter_open():
            raise UserError(
                self.env._("The lead is with a dealer. Take it back first.")
            )

    def action_offer_to_dealers(self):
        """Offer each lead to its best dealer (button, and action of the list).

        What is with a dealer stays with him, and his days go on.
        """
        self.check_access("write")
        offers = self.env["dealer.offer"]._give(self, self.env.company._get_today())
        left = self - offers.lead_id
        if len(self) == 1 and left:
            raise UserError(
                self.env._(
                    "%(lead)s is not offered: %(why)s.",
                    lead=self.name,
                    why=self._get_why_left(),
                )
            )
        reasons = Counter(lead._get_why_left() for lead in left)
        message = self.env._("%(count)s offered.", count=len(offers))
        for why, count in reasons.most_common():
            more = self.env._("%(count)s not: %(why)s.", count=count, why=why)
            message = f"{message} {more}"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if offers else "warning",
                "sticky": bool(left),
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------------
    # Who may get it
    # ------------------------------------------------------------------

    def _get_offer_obstacle(self):
        """Why the lead is not offered now, in a few words; empty: it may be."""
        self.ensure_one()
        # sudo: what stands in the way does not depend on who asks
        lead = self.sudo()
        if lead.dealer_offer_ids._filter_open():
            return self.env._("with a dealer already")
        if lead.won_status != "pending" or not lead.active:
            return self.env._("closed")
        if lead.dealer_source == "registration":
            return self.env._("a registered deal")
        if lead.dealer_source == "self":
            return self.env._("from a dealer himself")
        return ""

    def _get_why_left(self):
        return self._get_offer_obstacle() or self.env._(
            "no dealer has its place and products, or who has them declined it, lost "
            "it lately, or has enough leads"
        )

    def _get_dealer_territories(self, territories):
        """``[(territory, reason)]`` that have the lead's customer, place and products.
        A territory for certain products needs one of them on the lead."""
        partner, country, state = self._get_dealer_clues()
        limited = any(territory.category_ids for territory in territories)
        categories = self._get_dealer_categories() if limited else ()
        found = []
        for territory in territories:
            reason = territory._covers_customer(partner, country, state)
            if reason and territory._covers_categories(categories):
                found.append((territory, reason))
        return found

    def _get_dealer_products(self):
        """What it is about, as far as known."""
        return self.order_ids.order_line.product_id

    def _is_refused(self, dealer, today):
        """Whether he declined the lead, or lost it not long enough ago."""
        # sudo: what stands in the way does not depend on who asks
        return any(
            offer.dealer_id == dealer
            and (
                offer.state == "declined"
                or (offer.cool_down_until and offer.cool_down_until >= today)
            )
            for offer in self.sudo().dealer_offer_ids
        )

    # ------------------------------------------------------------------
    # Whose it is
    # ------------------------------------------------------------------

    def _may_take_dealer(self):
        return self.dealer_source != "offer" and super()._may_take_dealer()

    def _find_dealer(self, territories):
        """Not again the dealer who declined, or from whom it was taken."""
        if self.id and territories:
            today = self.env.company._get_today()
            territories = territories.filtered(
                lambda one: not self._is_refused(one.dealer_id, today)
            )
        return super()._find_dealer(territories)

    def _give_to_salesperson(self, user):
        """His, in his team: the host would look for the team once per lead."""
        quiet = self.with_context(mail_auto_subscribe_no_notify=True)
        for team, leads in quiet.grouped("team_id").items():
            if user not in team.member_ids | team.user_id:
                team = team._get_default_team_id(user_id=user.id) or team
            leads.write({"user_id": user.id, "team_id": team.id})

    def _follow_dealer(self):
        # sudo: who moves a lead need not have rights on what is given to dealers
        moved = self.sudo().dealer_offer_ids._filter_open()
        moved = moved.filtered(lambda offer: offer._has_left())
        for reason, offers in moved.grouped(lambda one: one._get_new_reason()).items():
            offers._take_back("ours", self.env.company._get_today(), reason)
        chosen = moved.lead_id.filtered(lambda lead: lead.dealer_source == "manual")
        if chosen:
            chosen._offer_to_chosen()

    def _offer_to_chosen(self):
        """Offer the leads to whom a person chose.

        :raise UserError: where our rules refuse him
        """
        self.env["dealer.offer"]._give(self, self.env.company._get_today())
        for lead in self.filtered(lambda lead: lead.dealer_source != "offer"):
            raise UserError(
                self.env._(
                    "%(dealer)s cannot be offered %(lead)s: he declined it, lost it "
                    "lately, or is no dealer now.",
                    dealer=lead.dealer_id.name,
                    lead=lead.name,
                )
            )

    def _get_dealer_companies(self):
        given = self.dealer_offer_ids._filter_open()
        return super()._get_dealer_companies() | given.company_id

    # ------------------------------------------------------------------
    # What becomes of it
    # ------------------------------------------------------------------

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        """What was given ends with its lead, and lives again with it."""
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        nothing = {"is_won": False, "is_lost": False}
        for state in ("won", "lost"):
            before = {
                lead
                for lead in new_status_by_lead
                if old_status_by_lead.get(lead, nothing)[f"is_{state}"]
            }
            after = {
                lead
                for lead, status in new_status_by_lead.items()
                if status[f"is_{state}"]
            }
            # sudo: who wins a lead need not have rights on what is given to dealers
            offers = self.env["dealer.offer"].sudo()
            offers._reopen(self.browse(before - after), state)
            offers._follow_lead(self.browse(after - before), state)
        return result

    def _merge_dependences(self, opportunities):
        """What was offered of the merged leads was offered of this one; of several
        dealers who have it, the first accepted or offered keeps it."""
        result = super()._merge_dependences(opportunities)
        # sudo: who merges leads need not have rights on what is given to dealers
        (self | opportunities).sudo().dealer_offer_ids._join(self)
        return result
