from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from .dealer_offer import OPEN_STATES

# leads offered by themselves in one night and company
MOST_OFFERED = 500


class DealerOffer(models.Model):
    """The clock: warned, then taken back, then offered to the next.

    While the room or the scheduled action is off nothing is taken back and the days go
    on. Who ran out meanwhile is warned first and has the days of the warning; the log
    says so. Settings count from the next date that is set, for no date that is.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.offer"

    @api.model
    def _cron_run(self):
        if "dealer" in self.env["partner.scorecard"]._get_resting_roles():
            return
        for company in self.env["res.company"]._get_all():
            self.with_company(company)._run(company, company._get_today())
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _run(self, company, today):
        """What is due on a day, in one company."""
        self._warn(company, today)
        self._take_back_due(company, today)
        if company.dealer_offer_auto:
            self._give_waiting(company, today)

    @api.model
    def _warn(self, company, today):
        """Once, some days before an accepted lead is taken back.

        Also who missed his day while nothing counted: it was not taken the day after.
        """
        days = company.dealer_offer_warning_days
        if not days:
            return
        last = today + timedelta(days=days)
        ending = Domain("state", "=", "accepted") & Domain("due_date", "<=", last)
        missed = Domain("state", "=", "offered")
        missed &= Domain("due_date", "<", today - timedelta(days=1))
        offers = self.search(
            Domain("company_id", "=", company.id)
            & Domain("warned_on", "=", False)
            & (ending | missed)
        )
        late = offers.filtered(lambda offer: offer.due_date < last)
        (offers - late).write({"warned_on": today})
        late.write({"warned_on": today, "due_date": last})
        late._log_moved(last)
        offers._tell_warned()

    def _log_moved(self, last):
        text = self.env._(
            "Warned late, because nothing was counted for a while: due %(day)s now.",
            day=format_date(self.env, last),
        )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, text))

    @api.model
    def _take_back_due(self, company, today):
        late = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", OPEN_STATES),
                ("due_date", "<", today),
            ]
        )
        # he reads why: in his language
        for lang, offers in late.grouped(lambda offer: offer.dealer_id.lang).items():
            own = offers.with_context(lang=lang)
            unanswered = own.filtered(lambda offer: offer.state == "offered")
            unanswered._take_back(
                "unanswered", today, own.env._("It was not accepted in time.")
            )
            (own - unanswered)._take_back(
                "idle", today, own.env._("No progress was reported.")
            )

    @api.model
    def _give_waiting(self, company, today):
        """Leads nobody of us has, and those that came back, to the next dealer."""
        leads = self.env["crm.lead"].search(
            Domain("company_id", "in", [company.id, False])
            & Domain("won_status", "=", "pending")
            & Domain("dealer_source", "not in", ["self", "registration", "offer"])
            & (Domain("user_id", "=", False) | Domain("dealer_offer_ids", "!=", False)),
            limit=MOST_OFFERED,
            order="id",
        )
        self._give(leads, today)

    def _tell_warned(self):
        for dealer, offers in self.grouped("dealer_id").items():
            own = offers.with_context(lang=dealer.lang)
            own._tell(
                dealer,
                own.env._("Leads that will be taken back"),
                own.env._("Please tell us what has moved, or give them back."),
            )
        for user, offers in self.grouped("credited_user_id").items():
            own = offers.with_context(lang=user.lang)
            own._tell_user(
                user, own.env._("Leads that will be taken back from dealers")
            )
