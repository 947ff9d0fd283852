from odoo import api, fields, models
from odoo.tools import get_lang

from ..tools.day import write_month

TARGETS_SHOWN = 24


class DealerTarget(models.Model):
    """What a dealer reads of his targets."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.target"

    @api.model
    def _get_portal_rows(self, firm, company):
        """Dicts ``{period, category, amount, achieved, percent}``: those begun, newest
        first and a year before its months, then those to come; amounts as text in the
        company's currency, ``percent`` of the days passed or None."""
        own = [("dealer_id", "=", firm.id), ("company_id", "=", company.id)]
        today = company._get_today()
        begun = self.search(
            [*own, ("date_start", "<=", today)],
            order="date_end desc, date_start, id",
            limit=TARGETS_SHOWN,
        )
        coming = self.search(
            [*own, ("date_start", ">", today)],
            order="date_start, date_end desc, id",
            limit=TARGETS_SHOWN,
        )
        return [target._prepare_portal_row(today) for target in (*begun, *coming)]

    def _prepare_portal_row(self, today):
        language = get_lang(self.env).code
        return {
            "period": write_month(self.date_start, language)
            if self.month
            else str(self.year),
            "category": self.categ_id.name,
            "amount": self.currency_id.format(self.amount),
            "achieved": self.currency_id.format(self.achieved_amount),
            "percent": round(self.attainment) if self.date_start <= today else None,
        }


class PartnerScore(models.Model):
    """What a dealer reads of his rating: points and what they were given for."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.score"

    @api.model
    def _get_portal_cards(self, firm, company):
        """Dicts ``{score, band, date, months, coverage, criteria}`` of the current
        ratings.

        Margin and cost are no dealer's to read: a card that ranks by them is left out.
        Who set a rating by hand, and why, stays with us.
        """
        scores = self.search(
            [
                ("partner_id", "=", firm.id),
                ("company_id", "=", company.id),
                ("is_current", "=", True),
                ("scorecard_id.role", "=", "dealer"),
                ("scorecard_id.method", "=", "score"),
                ("scorecard_id.active", "=", True),
                ("scorecard_id.is_confidential", "=", False),
            ]
        )
        return [score._prepare_portal_card() for score in scores if score.coverage]

    def _prepare_portal_card(self):
        return {
            "score": round(self.score),
            "band": self.effective_band_id.name,
            "date": self.date,
            "months": self.scorecard_id.period_months,
            "coverage": round(self.coverage),
            "criteria": self._get_portal_criteria(),
        }

    def _get_portal_criteria(self):
        """``{name, value, points, weight}`` per criterion; points of 100, or None where
        nothing is known."""
        metrics = self.env["partner.scorecard.metric"]
        hidden, units = metrics._confidential(), metrics._get_units()
        rows = []
        for criterion in self.scorecard_id.criterion_ids:
            if criterion.metric in hidden:
                continue
            known = (self.detail or {}).get(criterion.metric, {})
            grade = known.get("grade")
            rows.append(
                {
                    "name": metrics._get_label(criterion.metric),
                    "value": self._format_portal_value(
                        known.get("value"), units.get(criterion.metric)
                    ),
                    "points": None if grade is None else round(grade),
                    "weight": round(known.get("weight") or criterion.weight),
                }
            )
        return rows

    def _format_portal_value(self, value, unit):
        if value is None:
            return self.env._("no data")
        if unit == "money":
            return self.company_id.currency_id.format(value)
        if unit == "ratio":
            return f"{100 * value:.0f} %"
        if unit == "days":
            return self.env._("%s days", f"{value:.1f}")
        return f"{value:g}" if float(value).is_integer() else f"{value:.2f}"


class DealerMonthExclusion(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.month.exclusion"

    @api.model
    def _get_portal_months(self, firm, company):
        """Months left out of the targets of this year and the last, as text."""
        since = fields.Date.to_date(f"{company._get_today().year - 1}-01-01")
        months = self.search(
            [
                ("dealer_id", "=", firm.id),
                ("company_id", "=", company.id),
                ("period", ">=", since),
            ]
        )
        language = get_lang(self.env).code
        return [write_month(month.period, language) for month in months]
