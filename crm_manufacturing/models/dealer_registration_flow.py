from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tools.end_customer import find_name, get_protection_end
from .dealer_registration import CHANNEL, MANAGER


class DealerRegistration(models.Model):
    """From draft to won: what a person decides, and what follows."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.registration"

    def write(self, vals):
        """The opportunity is with who works on the deal."""
        result = super().write(vals)
        if "owner_dealer_id" in vals:
            self._hand_on_lead()
        return result

    def action_submit(self):
        """Ask for the approval. A conflict is noted, and refuses nothing (button)."""
        self._check_state("draft", "returned")
        self.check_access("write")
        self._check_dealers()
        for deal in self:
            now = fields.Datetime.now()
            deal._move(
                "submitted",
                submitted_on=now,
                answer_due_date=deal._get_answer_due(now),
                answered_on=False,
                answer=False,
                is_escalated=False,
            )
        self._sync_keys()
        self._note_conflicts()
        for deal in self:
            deal._ask_for_answer()
            deal._tell_dealer("submitted")
        return True

    def action_check(self):
        """Look for conflicts again (button)."""
        self.check_access("write")
        self._sync_keys()
        self._note_conflicts()
        return True

    def action_approve(self):
        """Protect the deal for its dealer (button).

        :raise UserError: where another approved one has the end customer and a product
        """
        self._check_answerer()
        self._check_state("submitted")
        self._check_dealers()
        for deal in self.sorted("id"):
            deal._sync_keys()
            deal._move(
                "approved",
                answered_on=fields.Datetime.now(),
                protected_until=deal._get_protection(),
                extension_count=0,
                has_new_progress=False,
                is_reminded=False,
            )
            deal._note_conflicts()
            deal._take_lead()
            deal._tell_dealer("approved")
        self._finish_activities()
        return True

    def action_return(self):
        """Give it back to the dealer: he may change it and ask again (button)."""
        self._check_answerer()
        self._check_state("submitted", "approved")
        self._check_answer()
        self._close("returned")
        for deal in self:
            deal._tell_dealer("returned")
        return True

    def action_reject(self):
        """Refuse it (button)."""
        self._check_answerer()
        self._check_state("submitted", "approved")
        self._check_answer()
        self._close("rejected")
        for deal in self:
            deal._tell_dealer("rejected")
        return True

    def action_extend(self):
        """Protect it longer, because it has moved (button)."""
        self._check_answerer()
        self._check_state("approved")
        for deal in self:
            if not deal.has_new_progress or not (deal.progress or "").strip():
                raise UserError(
                    self.env._(
                        "Progress: say what has moved since %(deal)s was approved or "
                        "last extended.",
                        deal=deal.name,
                    )
                )
            deal._move(
                "approved",
                protected_until=max(deal.protected_until, deal._get_protection()),
                extension_count=deal.extension_count + 1,
                has_new_progress=False,
                is_reminded=False,
            )
        return True

    def action_open_lead(self):
        """The opportunity behind it (smart button)."""
        self.ensure_one()
        return self.lead_id._get_records_action()

    # ------------------------------------------------------------------
    # Who may decide what
    # ------------------------------------------------------------------

    def _check_answerer(self):
        """The answer is a person's: a dealer who gets one at once would fish."""
        user = self.env.user
        if not (user.has_group(CHANNEL) or user.has_group(MANAGER)):
            raise AccessError(
                self.env._("Registrations are answered by channel managers.")
            )
        self.check_access("write")

    def _check_state(self, *states):
        for deal in self:
            if deal.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(deal)s is %(state)s.",
                        deal=deal.name,
                        state=labels[deal.state],
                    )
                )

    def _check_dealers(self):
        """A deal is protected for who is a dealer of ours."""
        # sudo: the portal submits without rights on dealers' fields
        for dealer in self.sudo().dealer_id | self.sudo().owner_dealer_id:
            if dealer.dealer_stage in (False, "ended"):
                raise UserError(
                    self.env._("Dealer: %s is no dealer now.", dealer.display_name)
                )

    def _check_answer(self):
        """The answer says why, and names no other dealer."""
        for deal in self:
            if not (deal.answer or "").strip():
                raise UserError(self.env._("Answer: tell the dealer why."))
        names = self._get_dealer_names()
        for deal in self:
            own = deal.dealer_id | deal.owner_dealer_id | deal.delivery_dealer_id
            told = {deal.end_name, *own.mapped("name")} - {False}
            named = find_name(deal.answer, names, told)
            if named:
                raise UserError(
                    self.env._(
                        "Answer: it names %(dealer)s. Say why, not who.", dealer=named
                    )
                )

    @api.model
    def _get_dealer_names(self):
        """Whatever a dealer is called, whether he sells now or did once."""
        # sudo: the names that must not be told need not be read by who answers
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        dealers = partners.search_fetch(
            [("dealer_stage", "!=", False)], ["name", "commercial_company_name"]
        )
        names = [(firm.name, firm.commercial_company_name) for firm in dealers]
        return list(dict.fromkeys(name for pair in names for name in pair if name))

    # ------------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------------

    def _move(self, state, **values):
        # sudo: the state is written by the buttons and the clock alone
        self.sudo().write({"state": state, **values})

    def _close(self, state):
        """End protection or request, and free the opportunity at once."""
        unanswered = self.filtered(lambda deal: deal.state == "submitted")
        unanswered._move(state, answered_on=fields.Datetime.now())
        (self - unanswered)._move(state)
        self._free_lead()
        self._finish_activities()

    def _finish_activities(self):
        """What was asked of our people is answered."""
        # sudo: the activity may be a colleague's
        self.sudo().activity_feedback(["mail.mail_activity_data_todo"])

    def _get_protection(self):
        """The last protected day, were it approved or extended today."""
        company = self.company_id
        days = self.dealer_id.grade_id.dealer_protection_days
        return get_protection_end(
            company._get_today(),
            self.expected_date,
            days or company.dealer_protection_days,
            company.dealer_protection_after,
            company.dealer_protection_max,
        )

    def _get_territory(self):
        """The territory of the dealer that has the end customer, if any."""
        company = self.company_id
        valid = self.env["dealer.territory"]._get_valid(company, company._get_today())
        own = valid.filtered(lambda one: one.dealer_id == self.owner_dealer_id)
        categories = self.category_ids | self.product_ids.categ_id
        place = (self.end_partner_id, self.end_country_id, self.end_state_id)
        territory, _reason = own._find(*place, categories)
        return territory.with_env(self.env)

    def _take_lead(self):
        """The approved deal has one opportunity: the one chosen, else a new one."""
        if not self.lead_id:
            lead = self.env["crm.lead"].create(self._prepare_lead_vals())
            # sudo: after the approval the link is written by the engine alone
            self.sudo().lead_id = lead
        self.lead_id.check_access("write")
        # sudo: why it is this dealer's is written by the server alone
        self.lead_id.sudo().write(self._prepare_dealer_vals())
        self.lead_id._message_log(
            body=self.env._(
                "Registered by %(dealer)s: %(deal)s, protected until %(date)s.",
                dealer=self.dealer_id.name,
                deal=self.name,
                date=format_date(self.env, self.protected_until),
            )
        )

    def _hand_on_lead(self):
        # sudo: the opportunity may be a colleague's
        approved = self.sudo().filtered(lambda one: one.state == "approved")
        approved._check_dealers()
        for deal in approved:
            if deal.lead_id.dealer_source == "registration":
                deal.lead_id.write(deal._prepare_dealer_vals())

    def _prepare_dealer_vals(self):
        reason = self.env._("Registered deal %(deal)s.", deal=self.name)
        return {
            "dealer_id": self.owner_dealer_id.id,
            "dealer_territory_id": self._get_territory().id,
            "dealer_source": "registration",
            "dealer_reason": reason,
        }

    def _prepare_lead_vals(self):
        """The opportunity is the territory's salesperson's, who is credited with it."""
        known = (self._get_territory().user_id, self.user_id)
        present = [user for user in known if self._is_present(user)]
        salesperson = present[0] if present else self.env.user
        title = self.env._(
            "%(customer)s by %(dealer)s",
            customer=self.end_name,
            dealer=self.dealer_id.name,
        )
        return {
            "name": title,
            "type": "opportunity",
            "partner_id": self.end_partner_id.id,
            "partner_name": self.end_name,
            "country_id": self.end_country_id.id,
            "state_id": self.end_state_id.id,
            "website": self.end_website,
            "expected_revenue": self.expected_revenue,
            "date_deadline": self.expected_date,
            "user_id": salesperson.id,
            "company_id": self.company_id.id,
        }

    def _free_lead(self):
        """The opportunity is nobody's again, unless a person gave it to a dealer."""
        # sudo: the clock and a colleague's decision free it too
        leads = self.sudo().lead_id
        freed = leads.filtered(lambda lead: lead.dealer_source == "registration")
        freed.write(freed._prepare_no_dealer() | {"dealer_source": False})
        for lead in freed:
            lead._message_log(
                body=self.env._("The registration has ended; the lead is free.")
            )

    def _hand_over_lead(self):
        """The opportunity is his who works on the deal, unless a person gave it."""
        for deal in self.filtered(lambda deal: deal.state == "approved"):
            # sudo: the opportunity may be a colleague's
            lead = deal.sudo().lead_id
            if lead.dealer_source == "registration":
                lead.write(deal._prepare_dealer_vals())

    def _follow_lead(self, state):
        """Won or lost with its opportunity."""
        live = self.filtered(lambda deal: deal.state == "approved")
        live._move(state)

    def _reopen(self):
        """Protected again with an opportunity that is open again, while the days last
        and nobody else has the deal meanwhile; else it has expired."""
        for deal in self:
            until = deal.protected_until
            is_over = not until or until < deal.company_id._get_today()
            is_his = deal.lead_id.dealer_source == "registration"
            others = deal._find_conflicts().mapped("state")
            if is_over or not is_his or "approved" in others:
                deal._close("expired")
            else:
                deal._move("approved")

    def _tell_dealer(self, event):
        """An e-mail to the dealer, to each reader in his language: what was decided and
        why, never who: it is the company's. ``event`` has a method that says it."""
        # sudo: who answers, or the clock, need not read the dealer's address
        deals = self.sudo()
        for lang, people in deals._get_told_partners().grouped("lang").items():
            deal = deals.with_context(lang=lang)
            sender = deal.company_id.partner_id
            deal.message_notify(
                partner_ids=people.ids,
                author_id=sender.id,
                email_from=sender.email_formatted or self.env.user.email_formatted,
                subject=deal.display_name,
                body=getattr(deal, f"_say_{event}")(),
            )

    def _get_told_partners(self):
        return self.dealer_id.filtered("email")

    def _say_submitted(self):
        return self.env._(
            "We have received your registration %(deal)s. You have our answer by "
            "%(date)s.",
            deal=self.display_name,
            date=format_date(self.env, self.answer_due_date),
        )

    def _say_approved(self):
        return self.env._(
            "Your registration %(deal)s was approved. It is protected until %(date)s.",
            deal=self.display_name,
            date=format_date(self.env, self.protected_until),
        )

    def _say_returned(self):
        return self.env._(
            "Your registration %(deal)s was returned: %(answer)s",
            deal=self.display_name,
            answer=self.answer,
        )

    def _say_rejected(self):
        return self.env._(
            "Your registration %(deal)s was rejected: %(answer)s",
            deal=self.display_name,
            answer=self.answer,
        )

    def _say_expired(self):
        return self.env._(
            "Your registration %(deal)s has expired.", deal=self.display_name
        )

    def _say_ending(self):
        return self.env._(
            "Your registration %(deal)s is protected until %(date)s. Tell us what has "
            "moved, to have it extended.",
            deal=self.display_name,
            date=format_date(self.env, self.protected_until),
        )
