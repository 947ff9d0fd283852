from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from .partner_scorecard_band import KEY_PLACES


class CrmVisit(models.Model):
    """How well we know a customer: touches of 12 months, by whom, and with whom.

    A touch is what counts for the rules: a call or visit reported, an activity of the
    host done, a meeting held. Two on one day by one colleague are one.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.visit"

    @api.model
    def _get_period_domain(self):
        """The last 12 months of the company, today included."""
        today = self.env.company._get_today()
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("day", ">", today - relativedelta(months=12))
            & Domain("day", "<=", today)
        )

    @api.model
    def _get_touch_domain(self):
        """Touches by one of us; what a customer writes is none of ours."""
        return (
            self._get_period_domain()
            & Domain("user_id", "!=", False)
            & Domain("rank", ">", 0)
        )

    @api.model
    def _get_relationships(self, partners):
        """``{commercial partner id: figures}`` in two queries for any number.

        Figures are ``touches``, ``shares`` (``[{name, percent}]``, most first),
        ``met_decider``, and for customers of the two best tiers ``one_colleague`` (at
        most one of us met him) and ``no_deputy``.
        """
        customers = partners.commercial_partner_id
        domain = self._get_touch_domain() & Domain("partner_id", "in", customers.ids)
        # sudo: counts and colleagues' names only; what was said stays unread
        groups = (
            self.env["partner.touchpoint.touch"]
            .sudo()
            ._read_group(domain, ["partner_id", "user_id"], ["day:count_distinct"])
        )
        touches = {}
        for customer, user, count in groups:
            touches.setdefault(customer.id, []).append((count, user.name))
        deciders = self._get_met_deciders(customers)
        return {
            customer.id: self._summarise(customer, touches.get(customer.id, []))
            | {"met_decider": customer.id in deciders}
            for customer in customers
        }

    @api.model
    def _get_met_deciders(self, customers):
        """Ids of the customers whose decision maker one of us met."""
        # sudo: whether, not by whom or what about
        groups = self.sudo()._read_group(
            self._get_period_domain()
            & Domain("commercial_partner_id", "in", customers.ids)
            & Domain("state", "=", "done")
            & Domain("outcome", "!=", "not_reached")
            & Domain("met_decider", "=", True),
            ["commercial_partner_id"],
        )
        return {customer.id for (customer,) in groups}

    @api.model
    def _summarise(self, customer, touches):
        """Figures of one customer from ``[(count, colleague)]``."""
        total = sum(count for count, _name in touches)
        is_key = customer.customer_tier_id.place in KEY_PLACES
        return {
            "touches": total,
            "shares": [
                {"name": name, "percent": round(100 * count / total)}
                for count, name in sorted(touches, key=lambda row: (-row[0], row[1]))
            ],
            "one_colleague": is_key and len(touches) < 2,
            "no_deputy": is_key and not customer.deputy_user_id,
        }

    @api.model
    def _search_one_person_risk(self, operator, value):
        """Domain on res.partner: the best customers who depend on one of us."""
        if operator != "in":
            return NotImplemented
        # sudo: as in the figures, whoever met him
        known = (
            self.env["partner.touchpoint.touch"]
            .sudo()
            ._read_group(
                self._get_touch_domain(),
                ["partner_id"],
                having=[("user_id:count_distinct", ">", 1)],
            )
        )
        several = [customer.id for (customer,) in known]
        flagged = Domain("customer_tier_id.place", "in", KEY_PLACES) & (
            Domain("commercial_partner_id", "not in", several)
            | Domain("commercial_partner_id.deputy_user_id", "=", False)
        )
        return Domain.OR(flagged if wanted else ~flagged for wanted in value)
