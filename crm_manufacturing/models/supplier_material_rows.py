from odoo import models
from odoo.tools import SQL

FIGURES = (
    "product_uom_id",
    "needed_date",
    "required",
    "requested",
    "confirmed",
    "received",
    "gap",
    "overdue",
    "previous_required",
    "delta",
    "tier_id",
    "answer",
    "answer_quantity",
    "answer_date",
    "answer_days_late",
    "answer_comment",
    "answered_on",
    "answered_by_id",
    "answer_effect",
)
NEED = ("quantity", "is_shared", "tier_id", "tier_sequence", "promised_date")


class SupplierMaterialPlan(models.Model):
    """The part of the statement that writes: drafts, their lines, who needs them."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "supplier.material.plan"

    def _with_write(self, company, today):
        return SQL(
            "%s, %s, %s",
            self._with_drafts(company, today),
            self._with_lines(company),
            self._with_needs(company),
        )

    def _get_log(self):
        return SQL(
            "%(user)s, %(now)s, %(user)s, %(now)s",
            user=self.env.uid,
            now=SQL("NOW() AT TIME ZONE 'UTC'"),
        )

    def _with_drafts(self, company, today):
        """``draft``: the one draft of each supplier, made where there is none.

        Who has to bring nothing, and was asked for nothing, gets none.
        """
        return SQL(
            """asked AS MATERIALIZED (
                   SELECT partner_id FROM target GROUP BY partner_id
                   HAVING MAX(GREATEST(required, previous_required)) > 0),
               fresh AS (
                   INSERT INTO supplier_material_plan (partner_id, company_id, version,
                          state, period, date, is_current, create_uid, create_date,
                          write_uid, write_date)
                   SELECT partner_id, %(company)s, 1 + COALESCE((
                              SELECT MAX(old.version) FROM supplier_material_plan old
                               WHERE old.partner_id = concerned.partner_id
                                 AND old.company_id = %(company)s), 0),
                          'draft', %(period)s, %(today)s, TRUE, %(log)s
                     FROM asked concerned
                    WHERE NOT EXISTS (
                          SELECT FROM supplier_material_plan old
                           WHERE old.partner_id = concerned.partner_id
                             AND old.company_id = %(company)s AND old.state = 'draft')
                   -- made meanwhile by another transaction: the host tries again
                   ON CONFLICT (partner_id, company_id) WHERE state = 'draft' DO NOTHING
                RETURNING id, partner_id),
               outdated AS (
                   UPDATE supplier_material_plan old SET is_current = FALSE FROM fresh
                    WHERE old.partner_id = fresh.partner_id AND old.is_current
                      AND old.company_id = %(company)s),
               dated AS (
                   UPDATE supplier_material_plan SET date = %(today)s,
                          period = %(period)s
                    WHERE company_id = %(company)s AND state = 'draft'
                      AND (date, period) IS DISTINCT FROM (%(today)s, %(period)s)),
               draft AS MATERIALIZED (
                   SELECT id, partner_id FROM supplier_material_plan
                    WHERE company_id = %(company)s AND state = 'draft'
                    UNION ALL SELECT id, partner_id FROM fresh),
               goal AS MATERIALIZED (
                   SELECT draft.id AS plan_id, target.*
                     FROM target JOIN draft USING (partner_id)
                     JOIN asked USING (partner_id))""",
            company=company.id,
            period=company.material_plan_period,
            today=today,
            log=self._get_log(),
        )

    def _with_lines(self, company):
        """Update what differs, add, remove; ``kept`` are the lines there are then."""
        return SQL(
            """changed AS (
                   UPDATE supplier_material_plan_line line SET %(sets)s FROM goal
                    WHERE line.plan_id = goal.plan_id
                      AND line.product_id = goal.product_id
                      AND line.period_start = goal.period_start
                      AND (%(old)s) IS DISTINCT FROM (%(new)s)),
               added AS (
                   INSERT INTO supplier_material_plan_line (plan_id, partner_id,
                          company_id, product_id, period_start, %(names)s, create_uid,
                          create_date, write_uid, write_date)
                   SELECT goal.plan_id, goal.partner_id, %(company)s, goal.product_id,
                          goal.period_start, %(new)s, %(log)s
                     FROM goal LEFT JOIN supplier_material_plan_line line
                          USING (plan_id, product_id, period_start)
                    WHERE line.id IS NULL
                RETURNING id, partner_id, product_id, period_start),
               gone AS (
                   DELETE FROM supplier_material_plan_line line USING draft
                    WHERE line.plan_id = draft.id AND NOT EXISTS (
                          SELECT FROM goal WHERE goal.plan_id = line.plan_id
                             AND goal.product_id = line.product_id
                             AND goal.period_start = line.period_start)),
               kept AS MATERIALIZED (
                   SELECT line.id, goal.partner_id, goal.product_id,
                          goal.period_start AS period
                     FROM goal JOIN supplier_material_plan_line line
                          USING (plan_id, product_id, period_start)
                    UNION ALL
                   SELECT id, partner_id, product_id, period_start FROM added)""",
            company=company.id,
            log=self._get_log(),
            **_columns(FIGURES, "line", "goal"),
        )

    def _with_needs(self, company):
        """The same for the customers behind the lines.

        NOT IN is hashed once. Joined to an empty table, PostgreSQL would read for each
        row all that was inserted before it.
        """
        return SQL(
            """wanted AS MATERIALIZED (
                   SELECT kept.id AS line_id, root_id AS sale_line_id,
                          ROUND(quantity, %(digits)s) AS quantity, is_shared, tier_id,
                          tier_sequence, promised_date
                     FROM customer JOIN kept USING (partner_id, product_id, period)),
               need_changed AS (
                   UPDATE supplier_material_plan_need need SET %(sets)s FROM wanted
                    WHERE need.line_id = wanted.line_id
                      AND need.sale_line_id = wanted.sale_line_id
                      AND (%(old)s) IS DISTINCT FROM (%(new)s)),
               need_added AS (
                   INSERT INTO supplier_material_plan_need (line_id, sale_line_id,
                          %(names)s, create_uid, create_date, write_uid, write_date)
                   SELECT wanted.line_id, wanted.sale_line_id, %(new)s, %(log)s
                     FROM wanted
                    WHERE (line_id, sale_line_id) NOT IN (
                          SELECT need.line_id, need.sale_line_id
                            FROM supplier_material_plan_need need
                            JOIN kept ON kept.id = need.line_id)),
               need_gone AS (
                   DELETE FROM supplier_material_plan_need need
                    USING kept
                    WHERE need.line_id = kept.id
                      AND (need.line_id, need.sale_line_id) NOT IN (
                          SELECT line_id, sale_line_id FROM wanted))""",
            digits=self._get_digits(),
            log=self._get_log(),
            **_columns(NEED, "need", "wanted"),
        )


def _columns(names, old, new):
    """SQL lists of columns: to set, of the old row, of the new row, and bare."""
    return {
        "sets": SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), SQL.identifier(new, name))
            for name in names
        ),
        "old": SQL(", ").join(SQL.identifier(old, name) for name in names),
        "new": SQL(", ").join(SQL.identifier(new, name) for name in names),
        "names": SQL(", ").join(SQL.identifier(name) for name in names),
    }
