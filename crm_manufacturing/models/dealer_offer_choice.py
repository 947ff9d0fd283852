from collections import Counter

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from ..tools.lead_offer import rate_answers
from .dealer_offer import OPEN_STATES
from .dealer_partner import LIVE_STAGES
from .dealer_room import without_defaults

# the record of answers looks back so far
RECORD_MONTHS = 12
LAST = 10**6


class DealerOffer(models.Model):
    """To whom a lead is offered.

    Among the dealers whose territory has the lead: exclusive territories first, then
    those named for the product, then the higher level, then who has fewer leads open,
    then who answered better in the last 12 months, then the order of the territories.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.offer"

    @api.model
    def _give(self, leads, today):
        """Offer each of the leads to its own best dealer; returns the offers made.

        A lead that is with a dealer, or that nobody may get, is left as it is.
        """
        offers = self.sudo().browse()
        for company, part in self._group_by_company(leads):
            offers += self._give_company(company, part, today)
        return offers.with_env(self.env)

    @api.model
    def _group_by_company(self, leads):
        # sudo: whose turn it is does not depend on who asks
        for company, part in leads.sudo().grouped("company_id").items():
            yield (company or self.env.company).sudo(), part

    def _give_company(self, company, leads, today):
        choice = self._prepare_choice(company, today)
        vals_list = [
            self._prepare_offer(lead, choice, *found)
            for lead, *found in self._choose_company(leads, choice)
        ]
        offers = without_defaults(self.sudo(), self._fields).create(vals_list)
        offers = offers.with_env(self.sudo().env)
        offers._take_leads()
        offers._tell_offered()
        return offers

    @api.model
    def _choose_company(self, leads, choice):
        """``[(lead, dealer, territory, reason)]`` of those that may be offered now; who
        is chosen has one lead more for the next."""
        chosen = []
        for lead in leads:
            found = not lead._get_offer_obstacle() and self._choose(lead, choice)
            if found:
                choice["loads"][found[0]] += 1
                chosen.append((lead, *found))
        return chosen

    @api.model
    def _prepare_choice(self, company, today):
        """What all the leads of a company are judged by, read once."""
        return {
            "company": company,
            "today": today,
            "territories": self.env["dealer.territory"]._get_valid(company, today),
            "loads": self._get_loads(company),
            "records": self._get_answer_records(company, today),
            "most": company.dealer_offer_max_open or LAST,
            "due": company._get_offer_due(today),
        }

    @api.model
    def _get_loads(self, company):
        """``Counter({dealer: leads he has open})``."""
        groups = self.sudo()._read_group(
            [("company_id", "=", company.id), ("state", "in", OPEN_STATES)],
            ["dealer_id"],
            ["__count"],
        )
        return Counter(dict(groups))

    @api.model
    def _get_answer_records(self, company, today):
        """``{dealer: (well, all)}``: leads answered in time and worked on, of those he
        was offered in the last 12 months and that are decided."""
        decided = Domain("state", "!=", "offered") & Domain("taken_for", "!=", "ours")
        start = today - relativedelta(months=RECORD_MONTHS)
        groups = self.sudo()._read_group(
            Domain("company_id", "=", company.id)
            & Domain("offered_on", ">", start)
            & decided,
            ["dealer_id", "state"],
            ["__count"],
        )
        records = {}
        for dealer, state, count in groups:
            well, total = records.get(dealer, (0, 0))
            well += count if state != "taken_back" else 0
            records[dealer] = well, total + count
        return records

    @api.model
    def _choose(self, lead, choice):
        """``(dealer, territory, reason)`` of who is offered the lead; None: nobody."""
        rows = [
            (territory, reason)
            for territory, reason in lead._get_dealer_territories(choice["territories"])
            if not lead._is_refused(territory.dealer_id, choice["today"])
        ]
        if lead.dealer_source == "manual" and lead.dealer_id:
            return self._choose_named(lead, rows, choice)
        rows = [
            (self._rank(territory, choice), territory, reason)
            for territory, reason in rows
            if choice["loads"][territory.dealer_id] < choice["most"]
        ]
        if not rows:
            return None
        _rank, territory, reason = min(rows, key=lambda row: row[0])
        return (
            territory.dealer_id,
            territory,
            self._explain(territory, reason, choice),
        )

    @api.model
    def _choose_named(self, lead, rows, choice):
        """Whom a person chose is offered the lead, in his territory or not."""
        dealer = lead.dealer_id
        if lead._is_refused(dealer, choice["today"]):
            return None
        if dealer.dealer_stage not in LIVE_STAGES:
            return None
        own = [
            territory for territory, _reason in rows if territory.dealer_id == dealer
        ]
        territory = own[0] if own else choice["territories"].browse()
        return dealer, territory, lead.dealer_reason

    @api.model
    def _rank(self, territory, choice):
        dealer = territory.dealer_id
        grade = dealer.grade_id
        return (
            not territory.is_exclusive,
            not territory.category_ids,
            grade.sequence if grade else LAST,
            choice["loads"][dealer],
            -rate_answers(*choice["records"].get(dealer, (0, 0))),
            territory.sequence,
            territory.id,
        )

    @api.model
    def _explain(self, territory, reason, choice):
        dealer = territory.dealer_id
        well, total = choice["records"].get(dealer, (0, 0))
        return self.env._(
            "%(reason)s %(grade)s, %(load)s open, %(well)s of %(total)s answered.",
            reason=reason,
            grade=dealer.grade_id.name or self.env._("No level"),
            load=choice["loads"][dealer],
            well=well,
            total=total,
        )

    @api.model
    def _prepare_offer(self, lead, choice, dealer, territory, reason):
        return {
            "lead_id": lead.id,
            "dealer_id": dealer.id,
            "company_id": choice["company"].id,
            "territory_id": territory.id,
            "credited_user_id": (territory.user_id or dealer.dealer_manager_id).id,
            "reason": reason,
            "offered_on": choice["today"],
            "due_date": choice["due"],
        }
