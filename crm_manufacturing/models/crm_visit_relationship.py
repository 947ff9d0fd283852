from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

KEY_TIERS = ("A", "B")


class CrmVisit(models.Model):
    """How well we know a customer: touches of 12 months, by whom, and with whom."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.visit"

    @api.model
    def _get_touch_domain(self):
        """Touches of the last 12 months in the company; attempts are none."""
        today = self.env.company._get_today()
        return Domain(
            [
                ("company_id", "=", self.env.company.id),
                ("state", "=", "done"),
                ("outcome", "!=", "not_reached"),
                ("day", ">", today - relativedelta(months=12)),
                ("day", "<=", today),
            ]
        )

    @api.model
    def _get_relationships(self, partners):
        """``{commercial partner id: figures}`` in one query for any number.

        Figures are ``touches``, ``shares`` (``[{name, percent}]``, most first),
        ``met_decider`` and ``one_colleague``: an A or B customer whom at most one of us
        has met.
        """
        # sudo: counts and colleagues' names only; the visits themselves stay unread
        groups = self.sudo()._read_group(
            self._get_touch_domain()
            & Domain("commercial_partner_id", "in", partners.commercial_partner_id.ids),
            ["commercial_partner_id", "user_id"],
            ["__count", "met_decider:bool_or"],
        )
        found = {}
        for customer, user, count, decider in groups:
            found.setdefault(customer.id, []).append((count, user.name, decider))
        return {
            customer.id: self._summarise(customer, found.get(customer.id, []))
            for customer in partners.commercial_partner_id
        }

    @api.model
    def _summarise(self, customer, touches):
        """Figures of one customer from ``[(count, colleague, decider met)]``."""
        total = sum(count for count, _name, _decider in touches)
        is_key = customer.customer_tier_id.code in KEY_TIERS
        return {
            "touches": total,
            "shares": [
                {"name": name, "percent": round(100 * count / total)}
                for count, name, _decider in sorted(touches, reverse=True)
            ],
            "met_decider": any(decider for _count, _name, decider in touches),
            "one_colleague": is_key and len(touches) < 2,
        }

    @api.model
    def _search_one_colleague(self, operator, value):
        """Domain on res.partner: A and B customers met by at most one of us."""
        if operator != "in":
            return NotImplemented
        # sudo: as in the figures, whoever met him
        known = self.sudo()._read_group(
            self._get_touch_domain(),
            ["commercial_partner_id"],
            having=[("user_id:count_distinct", ">", 1)],
        )
        several = [customer.id for (customer,) in known]
        flagged = Domain("customer_tier_id.code", "in", KEY_TIERS) & Domain(
            "commercial_partner_id", "not in", several
        )
        return Domain.OR(flagged if wanted else ~flagged for wanted in value)
