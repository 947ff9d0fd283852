from odoo import api, models
from odoo.tools import SQL


class DealerTargetReport(models.AbstractModel):
    """How much of each target was bought: the statement behind field and metric."""

    _name = "dealer.target.report"
    _description = "Attainment of Dealer Targets"

    @api.model
    def _select(self, where, date_from=None, date_to=None):
        """SELECT of id, partner_id, achieved, part: what was invoiced in the days that
        target and period share, and that share of the target. Months left out for our
        own failure count on neither side."""
        return SQL(
            """SELECT target.id, target.dealer_id AS partner_id,
                      COALESCE(bought.amount, 0) AS achieved,
                      target.amount * asked.days
                          / (target.date_end - target.date_start + 1) AS part
                 FROM dealer_target target
            LEFT JOIN product_category category ON category.id = target.categ_id
         CROSS JOIN LATERAL (
                      SELECT GREATEST(target.date_start, %(start)s::date) AS first,
                             LEAST(target.date_end, %(end)s::date) AS last) shared
         CROSS JOIN LATERAL (
                      SELECT COUNT(*) AS days
                        FROM generate_series(shared.first, shared.last, '1 day') day
                       WHERE NOT EXISTS (
                             SELECT 1 FROM dealer_month_exclusion month
                              WHERE month.dealer_id = target.dealer_id
                                AND month.company_id = target.company_id
                                AND month.period = DATE_TRUNC('month', day)::date)
                      ) asked
            LEFT JOIN LATERAL (
                      SELECT -SUM(line.balance) AS amount
                        FROM account_move_line line
                        JOIN account_move move ON move.id = line.move_id
                   LEFT JOIN product_product product
                             ON product.id = line.product_id
                   LEFT JOIN product_template template
                             ON template.id = product.product_tmpl_id
                   LEFT JOIN product_category own ON own.id = template.categ_id
                       WHERE move.commercial_partner_id = target.dealer_id
                         AND move.company_id = target.company_id
                         AND move.state = 'posted'
                         AND move.move_type IN ('out_invoice', 'out_refund')
                         AND move.invoice_date BETWEEN shared.first AND shared.last
                         AND line.display_type = 'product'
                         AND NOT EXISTS (
                             SELECT 1 FROM dealer_month_exclusion month
                              WHERE month.dealer_id = target.dealer_id
                                AND month.company_id = target.company_id
                                AND month.period
                                    = DATE_TRUNC('month', move.invoice_date)::date)
                         AND (category.id IS NULL
                              OR own.parent_path LIKE category.parent_path || '%%')
                      ) bought ON TRUE
                WHERE shared.first <= shared.last AND %(where)s""",
            start=date_from,
            end=date_to,
            where=where,
        )

    @api.model
    def _get_figures(self, targets):
        """``{target id: (achieved, part of the target so far)}``; one statement."""
        if not targets.ids:
            return {}
        self.env.flush_all()
        query = self._select(
            SQL("target.id IN %s", tuple(targets.ids)),
            date_to=self.env.company._get_today(),
        )
        rows = self.env.execute_query(query)
        return {row[0]: (row[2], row[3]) for row in rows}
