from odoo import api, models
from odoo.tools import SQL

CLOSE_DAYS = 14


class PartnerTouchpoint(models.Model):
    """The host's activities for what is due: few, late, and gone with their touchpoint.

    A user has at most so many generated activities open as his company says; the rest
    waits as touchpoints, best tier and oldest first. None is created twice.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.touchpoint"

    @api.model
    def _create_activities(self, company, today):
        """Create what the users' shares of the maximum leave room for; returns it."""
        self.env.flush_all()
        rows = self.env.execute_query(self._select_next_activities(company, today))
        # sudo: the scheduler creates for all users
        points = self.sudo().browse(row[0] for row in rows)
        # the host asks for the name of each customer by itself
        points.partner_id.mapped("display_name")
        activities = self.env["mail.activity"].sudo()
        activities = activities.with_context(mail_activity_quick_update=True).create(
            [point.cadence_id._prepare_activity_vals(point) for point in points]
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE partner_touchpoint point SET activity_created = TRUE,
                          activity_id = made.activity_id
                     FROM UNNEST(%s::int[], %s::int[]) made(point_id, activity_id)
                    WHERE point.id = made.point_id""",
                points.ids,
                activities.ids,
            )
        )
        self.invalidate_model(["activity_id", "activity_created"])
        return activities

    @api.model
    def _select_next_activities(self, company, today):
        """Ids of touchpoints within their lead time that get an activity now.

        Of what is due with a customer within 14 days the highest touch stands for all.
        """
        return SQL(
            """WITH due AS (%(due)s), covered AS MATERIALIZED (
               SELECT lower.id FROM due lower
                 JOIN due higher ON higher.partner_id = lower.partner_id
                      AND ABS(higher.due_date - lower.due_date) <= %(close)s
                      AND (higher.rank, higher.id) > (lower.rank, lower.id)
                WHERE lower.rank > 0
               ), open AS MATERIALIZED (
               SELECT due.*, NOT COALESCE(is_waiting, FALSE) AND id NOT IN (
                      SELECT id FROM covered) AS is_next
                 FROM due
               ), queue AS (
               SELECT open.*, COUNT(activity_id) OVER (PARTITION BY user_id) AS taken,
                      COUNT(*) FILTER (WHERE is_next) OVER (
                          PARTITION BY user_id
                          ORDER BY tier NULLS LAST, due_date, id) AS place
                 FROM open)
               SELECT id FROM queue WHERE is_next AND taken + place <= %(most)s
             ORDER BY user_id, place""",
            due=self._select_due(company, today),
            close=CLOSE_DAYS,
            most=company.sudo().touchpoint_activity_max,
        )

    @api.model
    def _select_due(self, company, today):
        """What is within its lead time; ``is_waiting``: had its activity, or is put
        off."""
        rank = self.env["partner.touchpoint.touch"]._get_rank
        return SQL(
            """SELECT point.id, point.user_id, point.partner_id, point.due_date,
                      %(rank)s AS rank, band.sequence AS tier, act.id AS activity_id,
                      point.activity_created OR point.state = 'planned'
                      OR GREATEST(point.snooze_until, point.retry_date) > %(today)s
                          AS is_waiting
                 FROM partner_touchpoint point
                 JOIN mail_activity_type kind ON kind.id = point.activity_type_id
            LEFT JOIN partner_scorecard_band band ON band.id = point.band_id
            LEFT JOIN mail_activity act ON act.id = point.activity_id AND act.active
                WHERE point.is_open AND point.company_id = %(company)s
                  AND point.user_id IS NOT NULL AND point.state <> 'scheduled'""",
            rank=rank(SQL("kind.touch_kind")),
            today=today,
            company=company.id,
        )

    @api.model
    def _sync_activities(self, company):
        """Activities follow their touchpoint: gone with it, else its user and day.

        A day that a person chose for the activity stays as long as the due date does.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT point.id, act.id, point.is_open
                     FROM partner_touchpoint point
                     JOIN mail_activity act ON act.id = point.activity_id AND act.active
                    WHERE point.company_id = %s AND (NOT point.is_open
                          OR point.user_id IS DISTINCT FROM act.user_id
                          OR act.date_deadline < point.due_date)""",
                company.id,
            )
        )
        # sudo: activities of all users
        activities = self.env["mail.activity"].sudo()
        activities = activities.with_context(mail_activity_quick_update=True)
        activities.browse(act for _id, act, is_open in rows if not is_open).unlink()
        for point_id, activity_id, is_open in rows:
            if is_open:
                point = self.sudo().browse(point_id)
                activities.browse(activity_id).write(
                    {
                        "user_id": point.user_id.id,
                        "date_deadline": point._get_deadline(),
                    }
                )
