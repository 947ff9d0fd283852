from dateutil.relativedelta import relativedelta

from odoo import api, models

ALL_CUSTOMERS = "sales_team.group_sale_salesman_all_leads"


class PartnerScorecard(models.Model):
    """What the pyramid screen shows, in one call, as far as its user may read it.

    A salesperson sees the rows of his own customers: counts, revenue and shares are
    then of his customers alone. Beside each band stands the same card one period
    earlier, computed from the documents of that period, so that it is there from the
    first day and does not depend on how long the card has been running.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.scorecard"

    @api.model
    @api.readonly
    def get_pyramid(self, card_id=False):
        """The whole screen. ``state`` is one of

        * ``none``: the company has no pyramid card;
        * ``confidential``: the card ranks by a figure that this user may not read;
        * ``computing``: nobody is judged yet, though customers have documents;
        * ``empty``: no customer has documents, or none that this user may see;
        * ``ready``: ``bands`` are there.
        """
        company = self.env.company
        cards = self.search(
            [("role", "=", "customer"), ("company_id", "in", [company.id, False])]
        )
        pyramid = company.pyramid_scorecard_id
        card = cards.filtered(lambda card: card.id == card_id) or pyramid or cards[:1]
        result = {
            "state": "none",
            "company": company.display_name,
            "cards": [{"id": c.id, "name": c.name} for c in cards | card],
            "can_recompute": self.has_access("write"),
            "only_own": not self.env.user.has_group(ALL_CUSTOMERS),
        }
        return result | card._get_pyramid(company) if card else result

    def _get_pyramid(self, company):
        """The part of the screen that is one card's."""
        result = self._get_pyramid_header(company)
        if (
            self.is_confidential
            and not self.env["partner.score"]._can_read_confidential()
        ):
            return result | {"state": "confidential"}
        bands = self._get_pyramid_bands(company)
        if bands:
            return result | {"state": "ready", "bands": bands}
        scored, total = self._count_judged(company)
        computing = total and not scored
        return result | {
            "state": "computing" if computing else "empty",
            "scored": scored,
            "total": total,
        }

    def _get_pyramid_header(self, company):
        today = company._get_today()
        start, end = self._get_period(today)
        metric = self.criterion_ids[:1].metric
        metrics = self.env["partner.scorecard.metric"]
        is_money = metrics._get_units().get(metric) == "money"
        return {
            "card": {
                "id": self.id,
                "company_id": company.id,
                "name": self.name,
                "method": self.method,
                "figure": metrics._get_label(metric),
                "currency_id": is_money and company.currency_id.id,
                "period_months": self.period_months,
                "date_from": start,
                "date_to": end,
                "then_to": start - relativedelta(days=1),
                "figures_date": self.figures_date,
                "next_run_date": self.next_run_date,
            }
        }

    def _get_pyramid_bands(self, company):
        """Bands, best first, then who has none; empty when nobody has a row."""
        domain = [
            ("scorecard_id", "=", self.id),
            ("company_id", "=", company.id),
            ("is_current", "=", True),
        ]
        scores = self.env["partner.score"]
        figures = ["__count", "value:sum", "score:avg"]
        now = {
            band.id: values
            for band, *values in scores._read_group(
                domain, ["effective_band_id"], figures
            )
        }
        if not now:
            return []
        total = scores._read_group([*domain, ("value", ">", 0)], [], ["value:sum"])[0][
            0
        ]
        then = self._get_past(company)
        then_total = sum(value or 0 for _count, value, _score in then.values())
        bands = [
            {
                "id": band.id,
                "code": band.code,
                "name": band.name,
                "color": band.color,
                "advice": dict(
                    band._fields["advice"]._description_selection(self.env)
                ).get(band.advice),
                **self._get_pyramid_figures(now.get(band.id), total),
                "then": self._get_pyramid_figures(then.get(place), then_total),
            }
            for place, band in enumerate(self._get_ladder(), 1)
        ]
        nobody = self._get_pyramid_figures(now.get(False), total)
        return [*bands, {"id": False, "code": "", "name": "", "color": 0, **nobody}]

    @api.model
    def _get_pyramid_figures(self, values, total):
        """Count, value, average score and share in percent; None is no data."""
        count, value, score = values or (0, 0, None)
        return {
            "count": count,
            "value": value or 0,
            "score": None if score is False else score,
            "share": 100 * (value or 0) / total if total else None,
        }
