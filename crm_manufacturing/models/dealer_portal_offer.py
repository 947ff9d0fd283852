from odoo import api, models
from odoo.exceptions import UserError

from .dealer_offer import OPEN_STATES
from .dealer_portal_registration import clean_text

LONGEST_WORDS = 2000
# what a phone does with a tap
LINKS = {"phone": "tel:", "email": "mailto:"}
TONES = {"offered": "warning", "accepted": "info", "won": "success"}


class DealerOffer(models.Model):
    """A lead given to a dealer in the portal: what he reads, and what he answers.

    Called in superuser mode for a firm and company that the portal has found. Of the
    lead itself he reads what :meth:`_get_brief` allows; who is credited stays with us.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.offer"

    @api.model
    def _get_portal_domain(self, firm, company):
        return [("dealer_id", "=", firm.id), ("company_id", "=", company.id)]

    def _get_portal_page(self):
        """``{id, state, state_name, tone, place, products, due, can_accept,
        can_decline, can_report, progress, progress_date, why, contact}``; the contact
        is ``[(name, value, link)]``, empty until the lead is accepted."""
        names = dict(self._fields["state"]._description_selection(self.env))
        brief = self._get_brief()
        place = (brief["city"], brief["state"], brief["country"])
        return {
            "id": self.id,
            "state": self.state,
            "state_name": names[self.state],
            "tone": TONES.get(self.state, "secondary"),
            "customer": brief.get("customer"),
            "place": ", ".join(filter(None, place)),
            "products": brief["products"],
            "due": self.state in OPEN_STATES and self.due_date,
            "can_accept": self.state == "offered",
            "can_decline": self.state in OPEN_STATES,
            "can_report": self.state == "accepted",
            "progress": self.progress,
            "progress_date": self.progress_date,
            "why": self.state in ("declined", "taken_back") and self.answer,
            "contact": [
                (name, brief[key], LINKS.get(key) and f"{LINKS[key]}{brief[key]}")
                for key, name in self._get_contact_names()
                if brief.get(key)
            ],
        }

    @api.model
    def _get_contact_names(self):
        return [
            ("contact", self.env._("Contact")),
            ("phone", self.env._("Phone")),
            ("email", self.env._("Email")),
            ("street", self.env._("Street")),
        ]

    def _take_portal_answer(self, do, words):
        """Accept, decline or report; ``None``, or a sentence why it is not taken."""
        words = clean_text(words)
        if len(words) > LONGEST_WORDS:
            return self.env._("Your Words: at most %s characters.", LONGEST_WORDS)
        if do == "report" and self.progress_date == self._get_today() and self.progress:
            return self.env._("Progress: you told us today; thank you.")
        try:
            with self.env.cr.savepoint():
                if do == "accept":
                    self._accept()
                elif do == "decline":
                    self._decline(words)
                elif do == "report":
                    self._report(words)
        except UserError as error:
            return str(error)
        return None
