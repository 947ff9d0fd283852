from odoo import models
from odoo.tools import SQL

from .supplier_material_engine import STEPS


class SupplierMaterialPlan(models.Model):
    """From measures to figures, and from figures to rows."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "supplier.material.plan"

    def _with_figures(self, company, today):
        """``target``: the lines as they are to be, in the vendor's unit."""
        return SQL(
            """flow AS MATERIALIZED (%(flow)s),
               net AS MATERIALIZED (%(net)s),
               figure AS MATERIALIZED (%(figure)s),
               unit AS MATERIALIZED (%(unit)s),
               before AS MATERIALIZED (%(before)s),
               customer AS MATERIALIZED (%(customer)s),
               best AS MATERIALIZED (%(best)s),
               target AS MATERIALIZED (%(target)s)""",
            flow=self._select_flow(company, today),
            net=self._select_net(),
            figure=self._select_figure(),
            unit=self._select_unit(company),
            before=self._select_before(company, today),
            customer=self._select_customer(company),
            best=self._select_best(),
            target=self._select_target(company),
        )

    def _select_flow(self, company, today):
        """Every supplier and product concerned, in every period, cumulated.

        ``linked`` demand has its purchase, ``loose`` demand may take from stock.
        """
        step = STEPS[company.material_plan_period]
        return SQL(
            """SELECT pair.partner_id, pair.product_id, period.start::date AS period,
                      demand.day, COALESCE(supply.requested, 0) AS requested,
                      COALESCE(supply.confirmed, 0) AS confirmed,
                      COALESCE(supply.received, 0) AS received,
                      COALESCE(supply.overdue, 0) AS overdue,
                      SUM(COALESCE(demand.linked, 0)) OVER so_far AS linked_so_far,
                      SUM(COALESCE(demand.loose, 0)) OVER so_far AS loose_so_far,
                      SUM(COALESCE(supply.confirmed, 0)) OVER so_far
                          AS confirmed_so_far,
                      SUM(COALESCE(demand.linked, 0) + COALESCE(demand.loose, 0))
                          OVER (PARTITION BY pair.partner_id, pair.product_id) AS asked
                 FROM (SELECT partner_id, product_id FROM demand
                        UNION SELECT partner_id, product_id FROM supply) pair
           CROSS JOIN generate_series(%(first)s::timestamp, %(last)s::timestamp,
                                      %(step)s::interval) period(start)
            LEFT JOIN (SELECT partner_id, product_id, period, MIN(day) AS day,
                              SUM(quantity) FILTER (WHERE linked_id IS NOT NULL)
                                  AS linked,
                              SUM(quantity) FILTER (WHERE linked_id IS NULL) AS loose
                         FROM demand GROUP BY partner_id, product_id, period) demand
                      ON demand.partner_id = pair.partner_id
                     AND demand.product_id = pair.product_id
                     AND demand.period = period.start
            LEFT JOIN supply ON supply.partner_id = pair.partner_id
                     AND supply.product_id = pair.product_id
                     AND supply.period = period.start
               WINDOW so_far AS (PARTITION BY pair.partner_id, pair.product_id
                                 ORDER BY period.start)""",
            first=self._get_first_period(company, today),
            last=self._get_end(company, today) - step,
            step=f"1 {company.material_plan_period}",
        )

    def _select_net(self):
        """Required so far: all linked demand, and the loose beyond stock and others'
        surplus. Once lacking stays lacking: later supply of others is too late."""
        return SQL(
            """SELECT flow.*, linked_so_far + MAX(GREATEST(0, loose_so_far
                          - COALESCE(stock.free, 0) - others)) OVER (
                              PARTITION BY partner_id, product_id ORDER BY period)
                          AS required_so_far
                 FROM (SELECT flow.*, SUM(surplus) OVER (
                                  PARTITION BY product_id, period) - surplus AS others
                         FROM (SELECT flow.*, GREATEST(0, confirmed_so_far
                                          - linked_so_far) AS surplus
                                 FROM flow) flow) flow
            LEFT JOIN stock USING (product_id)"""
        )

    def _select_figure(self):
        """Per period again, in the product's unit; only suppliers who are asked, and
        those who were told of the product."""
        return SQL(
            """SELECT partner_id, product_id, period, day, requested, confirmed,
                      received, overdue,
                      required_so_far - LAG(required_so_far, 1, 0::numeric) OVER own
                          AS required,
                      gap_so_far - LAG(gap_so_far, 1, 0::numeric) OVER own AS gap
                 FROM (SELECT net.*, MAX(GREATEST(0, required_so_far
                                  - confirmed_so_far)) OVER (
                                  PARTITION BY partner_id, product_id
                                  ORDER BY period) AS gap_so_far
                         FROM net) net
                WHERE asked > 0 OR EXISTS (
                      SELECT FROM supplier_material_plan_line line
                        JOIN told USING (plan_id)
                       WHERE told.partner_id = net.partner_id
                         AND line.product_id = net.product_id)
               WINDOW own AS (PARTITION BY partner_id, product_id ORDER BY period)"""
        )

    def _select_unit(self, company):
        """The unit this supplier sells the product in, and how many of the product's
        unit are in it."""
        return SQL(
            """SELECT pair.partner_id, pair.product_id,
                      COALESCE(own.id, unit.id) AS uom_id,
                      COALESCE(own.factor / unit.factor, 1) AS size
                 FROM (SELECT partner_id, product_id FROM figure
                        UNION
                       SELECT told.partner_id, line.product_id
                         FROM supplier_material_plan_line line
                         JOIN told USING (plan_id)) pair
                 JOIN product_product product ON product.id = pair.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 JOIN uom_uom unit ON unit.id = template.uom_id
            LEFT JOIN LATERAL (
                      SELECT sold.id, sold.factor
                        FROM product_supplierinfo info
                        JOIN res_partner seller ON seller.id = info.partner_id
                        JOIN uom_uom sold ON sold.id = info.product_uom_id
                       WHERE info.product_tmpl_id = template.id
                         AND COALESCE(info.product_id, product.id) = product.id
                         AND COALESCE(info.company_id, %(company)s) = %(company)s
                         AND seller.commercial_partner_id = pair.partner_id
                         AND split_part(sold.parent_path, '/', 1)
                             = split_part(unit.parent_path, '/', 1)
                    ORDER BY info.sequence, info.min_qty DESC, info.price, info.id
                       LIMIT 1) own ON TRUE""",
            company=company.id,
        )

    def _select_before(self, company, today):
        """What the supplier was told and said, of periods still shown."""
        return SQL(
            """SELECT told.partner_id, line.product_id, line.period_start AS period,
                      line.required * old.factor / (unit.size * product_unit.factor)
                          AS told_required,
                      line.answer, line.answer_quantity * old.factor
                          / (unit.size * product_unit.factor) AS answer_quantity,
                      line.answer_date, line.answer_days_late, line.answer_comment,
                      line.answered_on, line.answered_by_id, line.answer_effect
                 FROM told
                 JOIN supplier_material_plan_line line ON line.plan_id = told.plan_id
                 JOIN unit ON unit.partner_id = told.partner_id
                          AND unit.product_id = line.product_id
                 JOIN uom_uom old ON old.id = line.product_uom_id
                 JOIN product_product product ON product.id = line.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 JOIN uom_uom product_unit ON product_unit.id = template.uom_id
                WHERE told.period = %s AND line.period_start >= %s""",
            company.material_plan_period,
            self._get_first_period(company, today),
        )

    def _select_customer(self, company):
        """The order lines behind the demand, with the tier of their customer."""
        return SQL(
            """SELECT need.*, score.effective_band_id AS tier_id,
                      band.sequence AS tier_sequence, line.promised_date
                 FROM (SELECT partner_id, product_id, period, reached.root_id,
                              SUM(demand.quantity / unit.size) AS quantity,
                              BOOL_OR(reached.roots > 1) AS is_shared
                         FROM demand
                         JOIN (SELECT reached.*, COUNT(*) OVER (PARTITION BY move_id)
                                          AS roots FROM reached) reached USING (move_id)
                         JOIN unit USING (partner_id, product_id)
                     GROUP BY partner_id, product_id, period, reached.root_id) need
                 JOIN sale_order_line line ON line.id = need.root_id
                 JOIN sale_order sale ON sale.id = line.order_id
                 JOIN res_partner customer ON customer.id = sale.partner_id
            LEFT JOIN partner_score score ON score.partner_id = %(subject)s
                      AND score.is_current AND score.company_id = %(company)s
                      AND score.scorecard_id = %(card)s
            LEFT JOIN partner_scorecard_band band ON band.id = score.effective_band_id
                 """,
            subject=self.env["partner.scorecard"]._get_subject_sql(
                SQL.identifier("customer", "commercial_partner_id")
            ),
            company=company.id,
            card=company.pyramid_scorecard_id.id or 0,
        )

    def _select_best(self):
        return SQL(
            """SELECT DISTINCT ON (partner_id, product_id, period)
                      partner_id, product_id, period, tier_id
                 FROM customer
             ORDER BY partner_id, product_id, period, tier_sequence, tier_id"""
        )

    def _select_target(self, company):
        """One row per figure that says something, or said something last time.

        An answer stays with its line as long as the same quantity is asked. A first
        version has no changes, nor one in other periods than the last.
        """
        return SQL(
            """SELECT line.partner_id, line.product_id, line.period AS period_start,
                      line.product_uom_id,
                      CASE WHEN required > 0 THEN GREATEST(
                          COALESCE(line.day, line.period), line.period)
                          END AS needed_date,
                      required, requested, confirmed, received, gap, overdue,
                      previous_required, CASE WHEN line.partner_id IN (
                          SELECT partner_id FROM told WHERE period = %(unit)s)
                          THEN required - previous_required ELSE 0 END AS delta,
                      best.tier_id, said.answer,
                      ROUND(said.answer_quantity, %(digits)s) AS answer_quantity,
                      said.answer_date, said.answer_days_late, said.answer_comment,
                      said.answered_on, said.answered_by_id, said.answer_effect
                 FROM (%(line)s) line
            LEFT JOIN best USING (partner_id, product_id, period)
            LEFT JOIN before said ON said.partner_id = line.partner_id
                      AND said.product_id = line.product_id
                      AND said.period = line.period AND required = previous_required
                WHERE GREATEST(required, requested, confirmed, received,
                               previous_required) > 0""",
            line=self._select_rounded(),
            digits=self._get_digits(),
            unit=company.material_plan_period,
        )

    def _get_digits(self):
        return self.env["decimal.precision"].precision_get("Product Unit")

    def _select_rounded(self):
        """Figures of today beside what was told, in the vendor's unit."""
        figures = SQL(", ").join(
            SQL(
                "ROUND(COALESCE(%s, 0) / unit.size, %s) AS %s",
                SQL.identifier("figure", name),
                self._get_digits(),
                SQL.identifier(name),
            )
            for name in (
                "required",
                "requested",
                "confirmed",
                "received",
                "gap",
                "overdue",
            )
        )
        return SQL(
            """SELECT partner_id, product_id, period, unit.uom_id AS product_uom_id,
                      figure.day, %s, ROUND(COALESCE(before.told_required, 0), %s)
                          AS previous_required
                 FROM figure FULL JOIN before USING (partner_id, product_id, period)
                 JOIN unit USING (partner_id, product_id)""",
            figures,
            self._get_digits(),
        )
