from odoo import models
from odoo.fields import Domain

from .dealer_offer import OPEN_STATES


class DealerOffer(models.Model):
    """Won, lost, merged, or without its dealer."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.offer"

    def _follow_lead(self, leads, state):
        """An accepted lead is won or lost by its dealer; one only offered is over."""
        if not leads:
            return
        domain = Domain("lead_id", "in", leads.ids)
        offers = self.search(domain & Domain("state", "in", OPEN_STATES))
        accepted = offers.filtered(lambda offer: offer.state == "accepted")
        for offer in accepted:
            offer._move(
                state,
                closed_on=offer._get_today(),
                won_revenue=offer.lead_id.expected_revenue if state == "won" else 0,
            )
        if state == "won":
            accepted._tell_won()
        for offer in offers - accepted:
            own = offer._in_his_language()
            own._take_back("ours", own._get_today(), own.env._("The lead was closed."))

    def _in_his_language(self):
        """For what is kept for the dealer to read."""
        return self.with_context(lang=self.dealer_id.lang)

    def _reopen(self, leads, state):
        """A lead that is open again is with its dealer again, by the former day."""
        if not leads:
            return
        domain = Domain("lead_id", "in", leads.ids) & Domain("state", "=", state)
        for offer in self.search(domain):
            if not offer.lead_id.dealer_offer_ids._filter_open():
                offer._move("accepted", closed_on=False, won_revenue=0)

    def _has_left(self):
        """Whether the lead is another dealer's now, or a registered deal."""
        lead = self.lead_id
        return lead.dealer_id != self.dealer_id or lead.dealer_source == "registration"

    def _get_new_reason(self):
        return self.lead_id.dealer_reason or self.env._("The lead was freed by hand.")

    def _join(self, lead):
        """All of these are of ``lead`` now, and one of them at most is open: none
        where the lead is a registered deal."""
        by_age = self._filter_open().sorted(
            lambda offer: (offer.state != "accepted", offer.offered_on, offer.id)
        )
        kept = by_age[: lead.dealer_source != "registration"]
        for offer in by_age - kept:
            own = offer._in_his_language()
            own._take_back(
                "ours", own._get_today(), own.env._("The lead was merged with another.")
            )
        self.flush_recordset()  # before two of them meet at one lead
        self.write({"lead_id": lead.id})
        kept._take_leads()


class ResPartner(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    def _end_registrations(self):
        """Nor does who leaves keep the leads he was given."""
        result = super()._end_registrations()
        self._end_offers()
        return result

    def _end_offers(self):
        """An ended dealer works on no lead."""
        # sudo: who ends a dealer need not have rights on what was given to him
        domain = Domain("dealer_id", "in", self.ids) & Domain(
            "state", "in", OPEN_STATES
        )
        for offer in self.env["dealer.offer"].sudo().search(domain):
            own = offer._in_his_language()
            own._take_back(
                "ours",
                own._get_today(),
                own.env._("The contract with the dealer has ended."),
            )
