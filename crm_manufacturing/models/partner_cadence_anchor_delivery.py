from odoo import models
from odoo.tools import SQL

MERGE_DAYS = 14


class PartnerCadence(models.Model):
    """Anchors on what reached the customer; a delivery begins on its arrival."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.cadence"

    def _select_arrivals(self, company):
        """SELECT of picking_id, partner_id, date and is_sample of the deliveries done.

        Arrival is the day entered, else the day shipped plus the transit days of the
        address, its company or its country; at home goods arrive the day they leave.
        A sample is a delivery of an order that costs nothing.
        """
        return SQL(
            """SELECT picking.id AS picking_id, customer.id AS partner_id,
                      COALESCE(picking.arrival_date,
                          (picking.date_done AT TIME ZONE 'UTC'
                              AT TIME ZONE %(tz)s)::date
                          + COALESCE(NULLIF(address.transit_days, 0),
                              NULLIF(customer.transit_days, 0),
                              CASE WHEN country.id = %(home)s THEN 0
                                   ELSE country.transit_days END, 0)) AS date,
                      so.id IS NOT NULL AND so.amount_untaxed = 0 AS is_sample
                 FROM stock_picking picking
                 JOIN stock_location place ON place.id = picking.location_dest_id
                      AND place.usage = 'customer'
                 JOIN res_partner address ON address.id = picking.partner_id
                 JOIN res_partner customer
                      ON customer.id = address.commercial_partner_id
            LEFT JOIN res_country country
                      ON country.id = COALESCE(address.country_id, customer.country_id)
            LEFT JOIN sale_order so ON so.id = picking.sale_id
                WHERE picking.state = 'done' AND picking.company_id = %(company)s""",
            tz=company._get_timezone(),
            home=company.country_id.id or 0,
            company=company.id,
        )

    def _select_merged(self, company):
        """Deliveries to one partner within 14 days are one: SELECT of partner_id, date
        and picking_id of the first of each group.

        A chain of close deliveries is cut into stretches of 15 days from its first, so
        that a customer supplied every week is not called once in his life.
        """
        return SQL(
            """SELECT DISTINCT ON (partner_id, chain, (date - chain_start) / %(days)s)
                      partner_id, date, picking_id
                 FROM (SELECT *, MIN(date) OVER (PARTITION BY partner_id, chain)
                              AS chain_start
                         FROM (SELECT *, COUNT(*) FILTER (WHERE apart) OVER (
                                  PARTITION BY partner_id ORDER BY date, picking_id
                              ) AS chain
                                 FROM (SELECT *, date - LAG(date) OVER (
                                          PARTITION BY partner_id
                                          ORDER BY date, picking_id) >= %(days)s
                                          AS apart
                                         FROM (%(arrivals)s) arrival) gaps
                              ) chains) dated
             ORDER BY partner_id, chain, (date - chain_start) / %(days)s, date,
                      picking_id""",
            days=MERGE_DAYS + 1,
            arrivals=self._select_arrivals(company),
        )

    def _anchor_each_delivery(self, company, today):
        return SQL(
            """SELECT partner_id, date, 'stock.picking' AS res_model,
                      picking_id AS res_id, NULL::int AS activity_type_id
                 FROM (%s) merged""",
            self._select_merged(company),
        )

    def _anchor_first_delivery(self, company, today):
        return SQL(
            """SELECT DISTINCT ON (partner_id) partner_id, date,
                      'stock.picking' AS res_model, picking_id AS res_id,
                      NULL::int AS activity_type_id
                 FROM (%s) arrival ORDER BY partner_id, date, picking_id""",
            self._select_arrivals(company),
        )

    def _anchor_sample_delivered(self, company, today):
        return SQL(
            """SELECT partner_id, date, 'stock.picking' AS res_model,
                      picking_id AS res_id, NULL::int AS activity_type_id
                 FROM (%s) arrival WHERE is_sample""",
            self._select_arrivals(company),
        )

    def _select_serials(self, company):
        """SELECT of partner_id, product_id, date and lot_id: serials and lots that are
        with a customer, grouped per product and month of arrival."""
        return SQL(
            """SELECT partner_id, product_id, MIN(date) AS date, MIN(lot_id) AS lot_id
                 FROM (%s) place
             GROUP BY partner_id, product_id, DATE_TRUNC('month', date)""",
            self._select_serial_places(company),
        )

    def _select_serial_places(self, company):
        """SELECT of lot_id, product_id, partner_id and date: with whom each serial is,
        and since when."""
        return SQL(
            """SELECT lot_id, product_id, partner_id, date
                 FROM (SELECT DISTINCT ON (line.lot_id, COALESCE(arrival.partner_id,
                                  back.partner_id))
                              line.lot_id, line.product_id, arrival.partner_id,
                              arrival.date
                         FROM stock_move_line line
                    LEFT JOIN (%(arrivals)s) arrival
                              ON arrival.picking_id = line.picking_id
                    LEFT JOIN (%(returns)s) back ON back.picking_id = line.picking_id
                        WHERE line.lot_id IS NOT NULL AND line.state = 'done'
                          AND line.company_id = %(company)s
                          AND (arrival.picking_id IS NOT NULL
                               OR back.picking_id IS NOT NULL)
                     ORDER BY line.lot_id,
                              COALESCE(arrival.partner_id, back.partner_id),
                              line.date DESC, line.id DESC) latest
                WHERE partner_id IS NOT NULL""",
            arrivals=self._select_arrivals(company),
            returns=SQL(
                """SELECT picking.id AS picking_id,
                          address.commercial_partner_id AS partner_id
                     FROM stock_picking picking
                     JOIN stock_location place ON place.id = picking.location_id
                          AND place.usage = 'customer'
                     JOIN res_partner address ON address.id = picking.partner_id
                    WHERE picking.state = 'done' AND picking.company_id = %s""",
                company.id,
            ),
            company=company.id,
        )

    def _anchor_serial_age(self, company, today):
        return SQL(
            """SELECT partner_id, date, 'stock.lot' AS res_model, lot_id AS res_id,
                      NULL::int AS activity_type_id
                 FROM (%s) serials""",
            self._select_serials(company),
        )

    def _anchor_serial_replacement(self, company, today):
        """The day the expected life of the products delivered in a month ends."""
        return SQL(
            """SELECT serials.partner_id, (serials.date + MAKE_INTERVAL(
                          months => template.expected_life_months))::date AS date,
                      'stock.lot' AS res_model, serials.lot_id AS res_id,
                      NULL::int AS activity_type_id
                 FROM (%s) serials
                 JOIN product_product product ON product.id = serials.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                WHERE template.expected_life_months > 0""",
            self._select_serials(company),
        )
