from datetime import timedelta

from odoo import api, models

from .dealer_registration import MANAGER

TO_DO = "mail.mail_activity_data_todo"


class DealerRegistration(models.Model):
    """Our own clock, and the dealer's: answers due, protection that ends."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.registration"

    @api.model
    def _cron_run(self):
        """Each company as of its own day, while the room is on."""
        if "dealer" in self.env["partner.scorecard"]._get_resting_roles():
            return
        for company in self.env["res.company"]._get_all():
            self.with_company(company)._run(company, company._get_today())
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _run(self, company, today):
        """Expire, remind and escalate what is due on a day."""
        self._expire(company, today)
        self._remind(company, today)
        self._escalate(company, today)

    def _get_answer_due(self, moment):
        """The last day for the answer: so many working days after that of asking."""
        company = self.company_id
        days = company.dealer_answer_days
        return company._add_working_days(company._get_day(moment), days)

    def _ask_for_answer(self):
        asker = self.env.user
        user = self._get_present_user() or (
            self._get_deputy() if asker.share else asker
        )
        self._schedule(user, self.answer_due_date, "answer")

    def _get_present_user(self):
        """Who answers, while he works for the company."""
        user = self.user_id
        return user if self._is_present(user) else user.browse()

    def _is_present(self, user):
        # sudo: who submits need not read users
        user = user.sudo()
        return user.active and self.company_id in user.company_ids

    def _schedule(self, user, day, task):
        """Ask somebody, in his language; ``task`` is a key of `_get_tasks`."""
        # sudo: whoever submits or the clock asks somebody else
        deal = self.sudo().with_context(lang=user.sudo().lang or self.env.lang)
        deal.activity_schedule(
            TO_DO,
            date_deadline=day,
            summary=deal._get_tasks()[task],
            user_id=user.id,
        )

    @api.model
    def _get_tasks(self):
        """``{code: what somebody of us is asked to do}``; extend ``super() | {}``."""
        return {
            "answer": self.env._("Answer the dealer"),
            "ending": self.env._("Protection ends: extend it or let it go"),
            "late": self.env._("A dealer waits for our answer"),
            "progress": self.env._("The dealer asks for more time: extend it or not"),
            "clash": self.env._("Another approved deal has this end customer now"),
        }

    @api.model
    def _expire(self, company, today):
        """What is not protected any more frees its opportunity."""
        ended = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "approved"),
                ("protected_until", "<", today),
            ]
        )
        ended._close("expired")
        for deal in ended:
            deal._tell_dealer("expired")

    @api.model
    def _remind(self, company, today):
        """Before the protection ends, once: our manager and the dealer."""
        ending = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "approved"),
                ("is_reminded", "=", False),
                (
                    "protected_until",
                    "<=",
                    today + timedelta(days=company.dealer_reminder_days),
                ),
            ]
        )
        for deal in ending:
            user = deal._get_present_user() or deal._get_deputy()
            if user:
                deal._schedule(user, deal.protected_until, "ending")
            deal._tell_dealer("ending")
        ending.sudo().write({"is_reminded": True})

    @api.model
    def _escalate(self, company, today):
        """An answer of ours that is late is somebody else's business too."""
        late = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "submitted"),
                ("is_escalated", "=", False),
                ("answer_due_date", "<", today),
            ]
        )
        for deal in late:
            user = company.dealer_escalation_user_id
            if not user.active:
                user = deal._get_deputy()
            deal._schedule(user, today, "late")
        late.sudo().write({"is_escalated": True})

    def _get_deputy(self):
        """A manager of the room who is not the one that did not answer."""
        managers = self.env.ref(MANAGER).all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and user != self.user_id
                and self.company_id in user.company_ids
            )
        )
        return managers.sorted("id")[-1:] or self._get_present_user()
