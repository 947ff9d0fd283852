"""The least that anybody could do: the pyramid in bare SQL on a table of five columns.

This is the unit L of the results: one SELECT over the year's invoices, cumulative
shares, bands, and an UPDATE guarded against rows that do not change.
"""

from datetime import date

from odoo.tools.date_utils import relativedelta

TIERS = """
    SELECT partner_id, value, share, place,
           CASE WHEN share < 80 THEN 1 WHEN share < 95 THEN 2
                WHEN share < 99 THEN 3 ELSE 4 END AS band
      FROM (SELECT partner_id, value, rank() OVER byvalue AS place,
                   100 * (sum(value) OVER byvalue - value) / sum(value) OVER () AS share
              FROM (SELECT move.commercial_partner_id AS partner_id,
                           sum(move.amount_untaxed_signed) AS value
                      FROM account_move move
                     WHERE move.state = 'posted'
                       AND move.move_type IN ('out_invoice', 'out_refund')
                       AND move.company_id = %(company)s
                       AND move.invoice_date BETWEEN %(start)s AND %(end)s
                  GROUP BY 1) revenue
              JOIN res_partner partner ON partner.id = revenue.partner_id
             WHERE partner.active AND partner.customer_rank > 0
            WINDOW byvalue AS (ORDER BY value DESC)) ranked
"""
UPDATE = f"""
    UPDATE bench_tier tier
       SET value = new.value, share = new.share, place = new.place, band = new.band
      FROM ({TIERS}) new
     WHERE tier.partner_id = new.partner_id
       AND (tier.value, tier.share, tier.place, tier.band)
           IS DISTINCT FROM (new.value, new.share, new.place, new.band)
"""


class Reference:
    def __init__(self, env):
        self.cursor = env.cr
        end = date.today()
        start = end - relativedelta(years=1) + relativedelta(days=1)
        self.values = {"company": env.company.id, "start": start, "end": end}

    def create(self):
        """Make and fill the table; the caller commits and vacuums."""
        self.cursor.execute(
            """DROP TABLE IF EXISTS bench_tier;
               CREATE TABLE bench_tier (partner_id int PRIMARY KEY, value numeric,
                                        share numeric, place int, band int)"""
        )
        self.cursor.execute(
            f"INSERT INTO bench_tier SELECT * FROM ({TIERS}) tiers", self.values
        )

    def run(self):
        """Bring the table up to date: L."""
        self.cursor.execute(UPDATE, self.values)
