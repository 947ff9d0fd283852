from odoo import models
from odoo.tools import SQL

from .partner_cadence_engine import CHANGING

NOW = SQL("CLOCK_TIMESTAMP() AT TIME ZONE 'UTC'")


class PartnerCadence(models.Model):
    """Writing what ``judged`` says: close, skip, change and open touchpoints."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.cadence"

    def _with_writes(self, company, today):
        """The CTEs ``closed``, ``skipped``, ``changed`` and ``opened``.

        A row is opened where the one before left the unique index: joined to
        ``closed``.
        """
        return SQL(
            "closed AS (%s), skipped AS (%s), changed AS (%s), opened AS (%s)",
            self._update_closed(),
            self._update_skipped(today),
            self._update_changed(),
            self._insert_opened(company),
        )

    def _update_closed(self):
        """Done, and on time or not; credited to who did it."""
        return SQL(
            """UPDATE partner_touchpoint point SET state = 'done', is_open = FALSE,
                      done_date = judged.hit_day, done_user_id = judged.hit_user_id,
                      on_time = judged.hit_day <= COALESCE(point.excused_until,
                          point.due_date) + COALESCE(rule.grace_days, 0),
                      last_touch_date = latest.touched, write_date = %s
                 FROM judged JOIN partner_cadence rule ON rule.id = judged.rule_id
            LEFT JOIN latest ON latest.partner_id = judged.partner_id
                WHERE point.id = judged.old_id AND judged.hit_day IS NOT NULL
            RETURNING point.id""",
            NOW,
        )

    def _update_skipped(self, today):
        """Overtaken by another rule, or the reason to call is gone."""
        return SQL(
            """UPDATE partner_touchpoint point SET state = 'skipped', is_open = FALSE,
                      skip_reason = CASE WHEN person.id IS NULL THEN 'stopped'
                                         ELSE 'overtaken' END,
                      done_date = %s, write_date = %s
                 FROM judged LEFT JOIN population person
                      ON person.id = judged.partner_id
                WHERE point.id = judged.old_id AND judged.hit_day IS NULL
                  AND judged.is_wanted IS NOT TRUE
            RETURNING point.id""",
            today,
            NOW,
        )

    def _update_changed(self):
        changes = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), self._get_new("judged", name))
            for name in CHANGING
        )
        return SQL(
            """UPDATE partner_touchpoint point SET %s, write_date = %s FROM judged
                WHERE point.id = judged.old_id AND judged.hit_day IS NULL
                  AND judged.is_wanted
            RETURNING point.id""",
            changes,
            NOW,
        )

    def _get_new(self, alias, name):
        """What ``judged`` says for a column."""
        return SQL.identifier(alias, "backlog" if name == "is_spread" else name)

    def _insert_opened(self, company):
        """New rows; what was done before it was opened is recorded as done.

        A clock of contacts that was reset by a touch opens the next row at once.
        """
        return SQL(
            """INSERT INTO partner_touchpoint (company_id, cadence_id, partner_id,
                      activity_type_id, res_model, res_id, anchor_date, due_date, state,
                      is_open, is_late, is_spread, user_id, team_id, band_id,
                      last_touch_date, done_date, done_user_id, on_time,
                      attempt_count, create_date, write_date)
               SELECT %(company)s, judged.rule_id, judged.partner_id,
                      judged.activity_type_id, judged.res_model, judged.res_id,
                      judged.anchor_date, judged.due_date,
                      CASE WHEN judged.is_done THEN 'done' ELSE judged.state END,
                      NOT judged.is_done, judged.is_late AND NOT judged.is_done,
                      judged.backlog, judged.user_id, usr.sale_team_id, judged.band_id,
                      judged.last_touch_date,
                      CASE WHEN judged.is_done THEN judged.hit_day END,
                      CASE WHEN judged.is_done THEN judged.hit_user_id END,
                      CASE WHEN judged.is_done
                           THEN judged.hit_day <= judged.due_date + judged.grace_days
                      END, 0, %(now)s, %(now)s
                 FROM (SELECT judged.*,
                              old_id IS NULL AND hit_day IS NOT NULL AS is_done
                         FROM judged) judged
            LEFT JOIN closed ON closed.id = judged.old_id
            LEFT JOIN res_users usr ON usr.id = judged.user_id
                WHERE judged.is_wanted AND (judged.old_id IS NULL
                      OR (closed.id IS NOT NULL AND judged.of_contact
                          AND judged.anchor_date > COALESCE(judged.old_anchor_date,
                              '-infinity')))
             ORDER BY judged.partner_id
            RETURNING id""",
            company=company.id,
            now=NOW,
        )
