from odoo import fields, models
from odoo.tools import SQL


class DealerSellThrough(models.Model):
    """One row per dealer, month and product of the reports that count.

    Quantities are in the product's unit. ``sell_through`` is sold / (opening +
    received), NULL where the dealer had nothing. ``days_of_stock`` is the closing at
    the pace of the last three reported months (30 days each), NULL where nothing was
    sold in them. ``idle_months`` counts the reports since the product last sold.
    """

    _name = "dealer.sell.through"
    _description = "Dealer Stock and Sell-Through"
    _auto = False
    _order = "period desc, dealer_id, product_id"
    _rec_name = "product_id"

    line_id = fields.Many2one("dealer.stock.report.line", readonly=True)
    report_id = fields.Many2one("dealer.stock.report", readonly=True)
    dealer_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    period = fields.Date(string="Month", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", string="Category", readonly=True)
    opening_qty = fields.Float(string="Opening", readonly=True)
    received_qty = fields.Float(string="Received", readonly=True)
    sold_qty = fields.Float(string="Sold", readonly=True)
    returned_qty = fields.Float(string="Returned", readonly=True)
    closing_qty = fields.Float(string="Closing", readonly=True)
    derived_closing_qty = fields.Float(string="Calculated", readonly=True)
    difference_qty = fields.Float(string="Difference", readonly=True)
    sell_through = fields.Float(
        string="Sell-Through (%)",
        readonly=True,
        aggregator="avg",
        help="Sold, of what there was to sell.",
    )
    days_of_stock = fields.Float(
        string="Days of Stock",
        readonly=True,
        aggregator="avg",
        help="How long the closing lasts at the pace of the last three months.",
    )
    is_latest = fields.Boolean(string="Latest Report", readonly=True)
    idle_months = fields.Integer(
        string="Months without a Sale", readonly=True, aggregator="max"
    )

    _depends = {
        "dealer.stock.report": ["dealer_id", "is_current", "period", "state"],
        "dealer.stock.report.line": [
            "closing_qty",
            "derived_closing_qty",
            "difference_qty",
            "opening_qty",
            "product_id",
            "received_qty",
            "report_id",
            "returned_qty",
            "sold_qty",
        ],
    }

    def _read_group_select(self, aggregate_spec, query):
        """Of several rows all that was sold of all there was: a full shelf weighs more
        than an empty one."""
        if aggregate_spec != "sell_through:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100 * SUM(%(sold)s) / NULLIF(SUM(%(opening)s) + SUM(%(received)s), 0)",
            sold=self._field_to_sql(self._table, "sold_qty", query),
            opening=self._field_to_sql(self._table, "opening_qty", query),
            received=self._field_to_sql(self._table, "received_qty", query),
        )

    @property
    def _table_query(self):
        return SQL(
            """SELECT told.id, told.id AS line_id, told.report_id, told.dealer_id,
                      told.company_id, told.period, told.product_id, template.categ_id,
                      told.opening_qty, told.received_qty, told.sold_qty,
                      told.returned_qty, told.closing_qty, told.derived_closing_qty,
                      told.difference_qty, told.is_latest,
                      100 * told.sold_qty
                          / NULLIF(told.opening_qty + told.received_qty, 0)
                          AS sell_through,
                      30 * told.closing_qty / NULLIF(told.pace, 0) AS days_of_stock,
                      told.place - COALESCE(told.last_sale, 0) AS idle_months
                 FROM (%s) told
                 JOIN product_product product ON product.id = told.product_id
                 JOIN product_template template
                      ON template.id = product.product_tmpl_id""",
            self._select_told(),
        )

    def _select_told(self):
        """Lines that count, each with its place among those of dealer and product.

        What was not typed is NULL in the table and nothing in the report.
        """
        return SQL(
            """SELECT placed.*, MAX(CASE WHEN sold_qty > 0 THEN place END) OVER (
                          PARTITION BY company_id, dealer_id, product_id
                              ORDER BY period) AS last_sale
                 FROM (SELECT line.id, line.report_id, report.dealer_id,
                              report.company_id, report.period, line.product_id,
                              COALESCE(line.opening_qty, 0) AS opening_qty,
                              COALESCE(line.received_qty, 0) AS received_qty,
                              COALESCE(line.sold_qty, 0) AS sold_qty,
                              COALESCE(line.returned_qty, 0) AS returned_qty,
                              line.closing_qty,
                              line.derived_closing_qty, line.difference_qty,
                              report.period = MAX(report.period) OVER (
                                  PARTITION BY report.company_id, report.dealer_id)
                                  AS is_latest,
                              AVG(COALESCE(line.sold_qty, 0)) OVER (
                                  flow ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)
                                  AS pace,
                              ROW_NUMBER() OVER flow AS place
                         FROM dealer_stock_report_line line
                         JOIN dealer_stock_report report
                              ON report.id = line.report_id
                        WHERE report.is_current AND report.state <> 'draft'
                       WINDOW flow AS (PARTITION BY report.company_id, report.dealer_id,
                                       line.product_id
                                       ORDER BY report.period)) placed"""
        )
