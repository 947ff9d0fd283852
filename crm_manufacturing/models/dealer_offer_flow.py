from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date, plaintext2html


class DealerOffer(models.Model):
    """What the dealer answers, what we take back, and who is told."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.offer"

    def action_accept(self):
        """The dealer takes the lead (button)."""
        self.check_access("write")
        self._accept()
        return True

    def action_decline(self):
        """The dealer does not want it, and is never offered it again (button)."""
        self.check_access("write")
        for offer in self:
            offer._decline(offer.answer)
        return True

    def action_take_back(self):
        """We take the lead from him, for a reason of our own (button)."""
        self.check_access("write")
        self._check_state("offered", "accepted")
        for offer in self:
            offer._check_answer(offer.answer)
            offer._take_back("ours", offer._get_today(), offer.answer)
        return True

    def action_open_lead(self):
        """The lead itself (smart button)."""
        self.ensure_one()
        return self.lead_id._get_records_action()

    # ------------------------------------------------------------------
    # What the dealer says: also for the portal, which asks who he is
    # ------------------------------------------------------------------

    def _accept(self):
        self._check_state("offered")
        for company, offers in self.grouped("company_id").items():
            today = company._get_today()
            offers._move(
                "accepted",
                accepted_on=today,
                progress_date=today,
                due_date=company._get_progress_due(today),
                warned_on=False,
            )
        self._tell_accepted()

    def _decline(self, answer):
        self.ensure_one()
        self._check_state("offered", "accepted")
        self._check_answer(answer)
        today = self._get_today()
        self._move("declined", answer=answer, closed_on=today, due_date=False)
        self._free_leads(self.env._("%(dealer)s declined.", dealer=self.dealer_id.name))
        self._tell_declined()

    def _report(self, text):
        """Progress on an accepted lead, in the dealer's words."""
        self.ensure_one()
        self._check_state("accepted")
        if not (text or "").strip():
            raise UserError(self.env._("Progress: say what has moved."))
        # sudo: the dealer has no rights on the row, the portal has found it for him
        self.sudo().progress = text

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for offer in self:
            if offer.state not in states:
                raise UserError(
                    self.env._(
                        "%(offer)s is %(state)s.",
                        offer=offer.display_name,
                        state=labels[offer.state],
                    )
                )

    def _check_answer(self, answer):
        if not (answer or "").strip():
            raise UserError(self.env._("Reason: say why."))

    # ------------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------------

    def _get_today(self):
        return self.company_id._get_today()

    def _move(self, state, **values):
        # sudo: state and dates are written by the buttons and the clock alone
        self.sudo().write({"state": state, **values})

    def _take_back(self, taken_for, today, answer):
        """The lead is free; by our own reason without cool-down."""
        for company, offers in self.grouped("company_id").items():
            # sudo: whoever takes it back need not read the settings
            days = company.sudo().dealer_offer_cool_down_days
            until = taken_for != "ours" and today + timedelta(days=days)
            offers._move(
                "taken_back",
                taken_for=taken_for,
                answer=answer,
                closed_on=today,
                due_date=False,
                cool_down_until=until,
            )
        for dealer, offers in self.grouped("dealer_id").items():
            offers._free_leads(
                self.env._(
                    "Taken back from %(dealer)s: %(why)s",
                    dealer=dealer.name,
                    why=answer,
                )
            )
        self._tell_taken_back()

    def _take_leads(self):
        """The leads are with whom they are offered to; those without a salesperson of
        ours become those of the one who is credited."""
        # sudo: the lead may be a colleague's
        for (dealer, territory), offers in (
            self.sudo().grouped(lambda one: (one.dealer_id, one.territory_id)).items()
        ):
            reason = self.env._("Chosen by a person; offered to him.")
            if territory:
                reason = self.env._("%(name)s; offered to him.", name=territory.name)
            offers.lead_id.write(
                {
                    "dealer_id": dealer.id,
                    "dealer_territory_id": territory.id,
                    "dealer_source": "offer",
                    "dealer_reason": reason,
                }
            )
        for user, offers in self.sudo().grouped("credited_user_id").items():
            unowned = offers.lead_id.filtered(lambda lead: not lead.user_id)
            if user:
                unowned._give_to_salesperson(user)

    def _free_leads(self, text):
        """Nobody's again, unless somebody else has them meanwhile."""
        # sudo: the clock, the dealer and a colleague free them too
        offers = self.sudo()
        freed = offers.lead_id.browse(
            offer.lead_id.id
            for offer in offers
            if offer.lead_id.dealer_source == "offer"
            and offer.lead_id.dealer_id == offer.dealer_id
        )
        freed.write(freed._prepare_no_dealer())
        leads = offers.lead_id
        leads._message_log_batch(bodies=dict.fromkeys(leads.ids, text))

    # ------------------------------------------------------------------
    # Who is told: one message per person, whatever the number of leads
    # ------------------------------------------------------------------

    def _tell_offered(self):
        for dealer, offers in self.grouped("dealer_id").items():
            own = offers.with_context(lang=dealer.lang)
            own._tell(
                dealer,
                own.env._("Leads offered to you"),
                own.env._("Please accept or decline each of them in time."),
            )
        for user, offers in self.grouped("credited_user_id").items():
            own = offers.with_context(lang=user.lang)
            own._tell_user(user, own.env._("Leads offered to dealers"))

    def _tell_accepted(self):
        for user, offers in self.grouped("credited_user_id").items():
            own = offers.with_context(lang=user.lang)
            own._tell_user(user, own.env._("Leads accepted by dealers"))

    def _tell_declined(self):
        for user, offers in self.grouped("credited_user_id").items():
            own = offers.with_context(lang=user.lang)
            own._tell_user(user, own.env._("Leads declined by dealers"))

    def _tell_taken_back(self):
        for dealer, offers in self.grouped("dealer_id").items():
            own = offers.with_context(lang=dealer.lang)
            own._tell(dealer, own.env._("Leads taken back from you"))
        for user, offers in self.grouped("credited_user_id").items():
            own = offers.with_context(lang=user.lang)
            own._tell_user(user, own.env._("Leads taken back from dealers"))

    def _tell_won(self):
        for user, offers in self.grouped("credited_user_id").items():
            own = offers.with_context(lang=user.lang)
            own._tell_user(user, own.env._("Leads won by dealers, credited to you"))

    def _tell_user(self, user, subject):
        """Who is credited, unless it is he who did it."""
        if user and user != self.env.user:
            self._tell(user.partner_id, subject, with_names=True)

    def _tell(self, partner, subject, text="", with_names=False):
        # sudo: the address of who is told need not be readable by who causes it
        partner = partner.sudo()
        if not partner.email:
            return
        lines = [offer._get_line(with_names) for offer in self.sudo()]
        self.env["mail.thread"].sudo().message_notify(
            partner_ids=partner.ids,
            subject=subject,
            body=plaintext2html("\n".join(filter(None, [*lines, text]))),
        )

    def _get_line(self, with_names):
        """One lead in a message: to the dealer without the customer's name."""
        brief = self._get_brief()
        names = (self.lead_id.name, self.dealer_id.name) if with_names else ()
        place = (brief["city"], brief["state"], brief["country"])
        words = [*names, *place, *brief["products"][:3], self.answer]
        if self.due_date:
            day = format_date(self.env, self.due_date)
            words.append(self.env._("until %(day)s", day=day))
        return ", ".join(filter(None, words))
