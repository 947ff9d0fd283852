from odoo import api, fields, models
from odoo.tools import SQL


class PartnerScoreMovement(models.AbstractModel):
    """Who was in which tier on one day, and in which on a later day.

    Counted are computed tiers: an override is a decision, not a movement. Everything
    is limited to the scores the user may read.
    """

    _name = "partner.score.movement"
    _description = "Movement between Tiers"

    @api.model
    @api.readonly
    def get_matrix(self, card_id=False, date_from=False, date_to=False):
        """``{card, cards, bands, date_from, date_to, cells}``.

        ``cells`` is ``[{"from": band id, "to": band id, "count"}]``; band False is no
        tier on that day. Without dates: the last 12 months, or since the first score.
        """
        company = self.env.company
        cards = self.env["partner.scorecard"].search(
            [("role", "=", "customer"), ("company_id", "in", [company.id, False])]
        )
        card = cards.filtered(lambda card: card.id == card_id)
        card = card or company.pyramid_scorecard_id or cards[:1]
        start, end = self._get_dates(card, company, date_from, date_to)
        cells = self._count_cells(card, company, start, end) if card else []
        return {
            "card": card.id,
            "cards": [{"id": c.id, "name": c.name} for c in cards | card],
            "bands": card._get_ladder().read(["code", "name", "color"]) if card else [],
            "date_from": start,
            "date_to": end,
            "cells": cells,
        }

    @api.model
    def get_cell_action(self, card_id, date_from, date_to, band_from, band_to):
        """The contacts behind one cell."""
        company = self.env.company
        card = self.env["partner.scorecard"].browse(card_id)
        query = SQL(
            "%s SELECT partner_id FROM moved WHERE band_from = %s AND band_to = %s",
            self._with_moved(
                card, company, *map(fields.Date.to_date, (date_from, date_to))
            ),
            band_from or 0,
            band_to or 0,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers who moved"),
            "res_model": "res.partner",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", [row[0] for row in self.env.execute_query(query)])],
        }

    @api.model
    def _get_dates(self, card, company, date_from, date_to):
        """The days asked for, else the longest stretch of at most 12 months."""
        end = fields.Date.to_date(date_to) or company._get_today()
        if date_from:
            return min(fields.Date.to_date(date_from), end), end
        first = self.env["partner.score"].search_fetch(
            [("scorecard_id", "=", card.id), ("company_id", "=", company.id)],
            ["date"],
            order="date",
            limit=1,
        )
        year_ago = fields.Date.subtract(end, months=12)
        return max(first.date or year_ago, year_ago), end

    @api.model
    def _count_cells(self, card, company, start, end):
        query = SQL(
            """%s SELECT band_from, band_to, COUNT(*) FROM moved
                GROUP BY 1, 2 ORDER BY 1, 2""",
            self._with_moved(card, company, start, end),
        )
        return [
            {"from": band_from or False, "to": band_to or False, "count": count}
            for band_from, band_to, count in self.env.execute_query(query)
        ]

    @api.model
    def _with_moved(self, card, company, start, end):
        """``moved``: partner_id, band_from and band_to, 0 where there was no tier.

        A row of history is in force from its date until its successor's; without
        successor until it was closed, which its last write tells. The current row has
        none, and goes before what was merged into its customer.
        """
        readable = self.env["partner.score"]._search(
            [("scorecard_id", "=", card.id), ("company_id", "=", company.id)]
        )
        self.env.flush_all()
        return SQL(
            """WITH history AS (
                   SELECT id, partner_id, band_id, is_current, date AS since,
                          CASE WHEN NOT is_current THEN COALESCE(
                              LEAD(date) OVER ladder, write_date::date) END AS until
                     FROM partner_score WHERE id IN %(readable)s
                   WINDOW ladder AS (PARTITION BY partner_id ORDER BY date, id)),
               moved AS (
                   SELECT partner_id, COALESCE(%(band)s FILTER (WHERE %(first)s))[1], 0)
                              AS band_from,
                          COALESCE(%(band)s FILTER (WHERE %(last)s))[1], 0) AS band_to
                     FROM history GROUP BY partner_id
                   HAVING COUNT(*) FILTER (WHERE %(first)s OR %(last)s) > 0)""",
            readable=readable.subselect(),
            band=SQL(
                "(ARRAY_AGG(band_id ORDER BY is_current DESC, since DESC, id DESC)"
            ),
            first=self._in_force(start),
            last=self._in_force(end),
        )

    @api.model
    def _in_force(self, day):
        return SQL("since <= %s AND (until IS NULL OR until > %s)", day, day)
