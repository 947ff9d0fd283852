from odoo import api, models


class PartnerScore(models.Model):
    """Why a customer is in his tier: the panel on the contact, in one call."""

    _inherit = "partner.score"

    @api.model
    @api.readonly
    def get_why(self, partner_id):
        """Every active card that judges the customer in the company, the pyramid first.

        False when the user reads no scores at all. ``cards`` is empty when there is no
        judgement yet, or none that he may read (another salesperson's customer).
        """
        if not self.has_access("read"):
            return False
        company = self.env.company
        partner = self.env["res.partner"].browse(partner_id).commercial_partner_id
        rows = self.search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)],
            order="date, id",
        )
        pyramid = company.pyramid_scorecard_id
        current = rows.filtered(
            lambda score: score.is_current and score.scorecard_id.active
        )
        current = current.sorted(
            lambda score: (score.scorecard_id != pyramid, score.scorecard_id.sequence)
        )
        places = self._get_why_places(current)
        return {
            "can_override": self.has_access("write"),
            "currency_id": company.currency_id.id,
            "today": company._get_today(),
            "cards": [
                score._get_why_card(places.get(score.id, {}), rows) for score in current
            ],
        }

    @api.model
    def _get_why_places(self, scores):
        """``{score id: {rank, ranked, share}}`` from the ranking."""
        columns = ["rank", "ranked", "share"]
        report = self.env["partner.score.report"]
        rows = report.search_read([("id", "in", scores.ids)], columns) if scores else []
        return {row["id"]: row for row in rows}

    def _get_why_card(self, place, rows):
        """One card: tier, place, criteria, history."""
        card = self.scorecard_id
        metrics = self.env["partner.scorecard.metric"]
        codes = card.criterion_ids.mapped("metric")
        hidden = not self._can_read_confidential() and metrics._confidential() & set(
            codes
        )
        known = bool(self.coverage)
        return {
            "score_id": self.id,
            "name": card.name,
            "method": card.method,
            "tier": self._get_why_band(self.effective_band_id),
            "computed": self._get_why_band(self.band_id),
            "since": self.date,
            "note": self.band_note,
            "override": self._get_why_override(),
            "rank": known and place.get("rank"),
            "ranked": known and place.get("ranked"),
            "share": place.get("share") if known and card.method == "share" else None,
            "score": self.score if known and card.method == "score" else None,
            "coverage": self.coverage,
            "criteria": self._get_why_criteria(hidden or ()),
            "hidden_weight": self._get_hidden_weight(hidden or ()),
            "history": [
                {
                    "date": row.date,
                    "place": row._get_place_in_ladder(),
                    "code": row.band_id.code,
                }
                for row in rows
                if row.scorecard_id == card
            ],
            "steps": len(card.band_ids),
        }

    def _get_why_band(self, band):
        return {"code": band.code, "name": band.name, "color": band.color}

    def _get_why_override(self):
        if not self.override_band_id:
            return False
        return {
            "reason": self.override_reason,
            "until": self.override_until,
            "by": self.override_uid.name,
        }

    def _get_why_criteria(self, hidden):
        """Figures of the criteria that the user may read, in the card's order."""
        metrics = self.env["partner.scorecard.metric"]
        units = metrics._get_units()
        # sudo: the detail holds margins too; the confidential ones are left out here
        detail = self.sudo().detail or {}
        return [
            {
                "metric": criterion.metric,
                "label": metrics._get_label(criterion.metric),
                "unit": units.get(criterion.metric, "number"),
                "minimum": criterion.min_evidence,
                **detail.get(criterion.metric, {}),
            }
            for criterion in self.scorecard_id.criterion_ids
            if criterion.metric not in hidden
        ]

    def _get_hidden_weight(self, hidden):
        """Percent of the weights used that belong to figures the user may not read."""
        # sudo: weights alone, so that those he sees add up to 100
        detail = self.sudo().detail or {}
        return sum(detail.get(metric, {}).get("weight") or 0 for metric in hidden)

    def _get_place_in_ladder(self):
        """1 for the best band; one below the last for none."""
        ladder = self.scorecard_id._get_ladder()
        return (
            ladder.ids.index(self.band_id.id) if self.band_id in ladder else len(ladder)
        ) + 1
