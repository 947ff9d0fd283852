from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class PartnerScorecard(models.Model):
    """The same card one period earlier, from the documents of that period."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.scorecard"

    def _get_past(self, company):
        """``{place: (count, value, average score)}`` as of the day before the period.

        Nobody is in a band yet for this look back: no hysteresis, no override. Only
        customers whose scores the user may read are counted.
        """
        if not self._is_complete():
            return {}
        start, _end = self._get_period(company._get_today())
        blank = self.new(self.copy_data({"hysteresis": 0})[0])
        self.env.flush_all()
        value = (
            SQL("GREATEST(value_1, 0)")
            if self.method == "share"
            else SQL("NULL::float8")
        )
        query = SQL(
            """WITH %s SELECT place, COUNT(*), SUM(%s)::float8, AVG(score) FROM judged
                WHERE place IS NOT NULL AND partner_id IN %s GROUP BY place""",
            blank._with_judged(company, start - relativedelta(days=1), None, True),
            value,
            self._get_readable_partners().subselect(),
        )
        return {place: rest for place, *rest in self.env.execute_query(query)}

    def _get_readable_partners(self):
        """Query of the partners whose scores the user may read, by the record rules.

        The rules of partner.score are said of the partner, as who left before the
        card's first run has no row to apply them to. A rule about anything else than
        partner, card and company hides its customers here.
        """
        rules = self.env["ir.rule"]._compute_domain("partner.score", "read")
        domain = rules.map_conditions(self._get_partner_condition)
        partners = self.env["res.partner"].with_context(active_test=False)
        return partners._search(domain, bypass_access=True)

    def _get_partner_condition(self, condition):
        """A condition on partner.score as one on res.partner."""
        path, _dot, rest = condition.field_expr.partition(".")
        if path == "partner_id":
            return Domain(rest or "id", condition.operator, condition.value)
        if path == "scorecard_id":
            leaf = Domain(rest or "id", condition.operator, condition.value)
            return Domain(bool(self.filtered_domain(leaf)))
        return Domain.TRUE if path == "company_id" else Domain.FALSE

    def _count_judged(self, company):
        """How many customers have a score, and how many should, company-wide."""
        if not self._is_complete():
            return 0, 0
        self.env.flush_all()
        query = SQL(
            "SELECT COUNT(old_id), COUNT(*) FROM (%s) measured",
            self._select_measured(company, company._get_today(), None),
        )
        return self.env.execute_query(query)[0]
