from odoo import api, models
from odoo.tools import SQL

RECEIPTS = "supplier.receipt.report"
# the figure of each metric, over the lines that count
RECEIPT_VALUES = {
    "supplier_otif": "AVG(otif_first) %(counted)s",
    "supplier_return_rate": """SUM(rejected_value) %(counted)s
                               / NULLIF(SUM(received_value) %(counted)s, 0)""",
    "supplier_price_drift": "AVG(price_drift) %(counted)s",
    "supplier_confirmation_days": "AVG(confirmation_days) %(counted)s",
    "supplier_slips": "AVG(slip_count) %(counted)s",
}
# those that need no receipts
PRICE_METRICS = {"supplier_price_drift"}


class PartnerScorecardMetric(models.AbstractModel):
    """How well suppliers keep their word, from the rows of ``supplier.receipt.report``.

    What was promised counts in the period of its first promise, what was agreed in the
    period of the order. A supplier without such lines has no figure.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.scorecard.metric"

    @api.model
    def _selection_metric(self):
        return super()._selection_metric() + [
            ("supplier_otif", self.env._("On time and in full, first promise")),
            ("supplier_return_rate", self.env._("Returned or scrapped")),
            ("supplier_price_drift", self.env._("Price drift")),
            ("supplier_confirmation_days", self.env._("Days to confirm")),
            ("supplier_slips", self.env._("Slips per promise")),
            ("manual", self.env._("Judgement by a person")),
        ]

    @api.model
    def _lower_is_better(self):
        return super()._lower_is_better() | {
            "supplier_return_rate",
            "supplier_price_drift",
            "supplier_confirmation_days",
            "supplier_slips",
        }

    @api.model
    def _get_units(self):
        return super()._get_units() | {
            "supplier_otif": "ratio",
            "supplier_return_rate": "ratio",
            "supplier_price_drift": "ratio",
            "supplier_confirmation_days": "days",
        }

    # ------------------------------------------------------------------
    # What counts
    # ------------------------------------------------------------------

    @api.model
    def _get_receipt_filters(self):
        """``{metric: (boolean columns that hold, column of the period)}``.

        A line whose promise is still to come counts as soon as it is due, that is in
        full: the period has a beginning only, beside no line ordered after it.
        """
        promised, agreed = "first_promised_date", "ordered_date"
        return {
            "supplier_otif": ({"is_rated": True}, promised),
            "supplier_return_rate": ({"is_received": True}, promised),
            "supplier_price_drift": ({"is_repeat": True}, agreed),
            "supplier_confirmation_days": ({"is_confirmed": True}, agreed),
            "supplier_slips": ({"is_promised": True}, promised),
        }

    @api.model
    def _select_receipts(self, code, company, date_from, date_to):
        """SELECT of partner_id, value and evidence over the lines that count."""
        facts = self._get_receipt_facts([code], company, date_from, date_to)
        tables = [
            SQL("%s AS MATERIALIZED (%s)", SQL.identifier(name), select)
            for name, select in facts.items()
        ]
        return SQL("WITH %s %s", SQL(", ").join(tables), self._select_figure(code))

    @api.model
    def _select_figure(self, code):
        """The same, from :meth:`_get_receipt_facts`."""
        return SQL(
            """SELECT partner_id, %(code)s AS value, %(evidence)s AS evidence
                 FROM %(figures)s WHERE %(evidence)s > 0""",
            code=SQL.identifier(code),
            evidence=SQL.identifier(f"{code}_evidence"),
            figures=SQL.identifier(
                "supplier_prices" if code in PRICE_METRICS else "supplier_figures"
            ),
        )

    @api.model
    def _get_receipt_facts(self, codes, company, date_from, date_to):
        """``{name: SELECT}``: the lines, and from them the figures of the metrics.

        Prices have figures of their own: they come without the receipts.
        """
        report = self.env[RECEIPTS]
        start = company._get_day_start(date_from)
        lines = SQL.identifier("supplier_lines")
        facts = {"supplier_lines": report._select_batch_lines(date_to, start, company)}
        prices = [code for code in codes if code in PRICE_METRICS]
        if prices:
            rows = report._select_batch_prices(lines)
            facts["supplier_prices"] = self._select_figures(prices, rows, start)
        others = [code for code in codes if code not in PRICE_METRICS]
        if others:
            rows = report._select_batch_rows(lines, date_to, start, company)
            facts["supplier_figures"] = self._select_figures(others, rows, start)
        return facts

    @api.model
    def _select_figures(self, codes, rows, start):
        """SELECT of partner_id, and per metric ``<code>`` and ``<code>_evidence``."""
        figures = [self._get_receipt_figure(code, start) for code in codes]
        # OFFSET 0: each column is worked out once, whatever asks for it
        return SQL(
            "SELECT partner_id, %s FROM (%s OFFSET 0) receipt GROUP BY partner_id",
            SQL(", ").join(figures),
            rows,
        )

    @api.model
    def _get_receipt_figure(self, code, start):
        """Value and evidence of one metric as columns of :meth:`_select_figures`."""
        columns, day = self._get_receipt_filters()[code]
        tests = [
            SQL("%s = %s", SQL.identifier(column), wanted)
            for column, wanted in columns.items()
        ]
        tests.append(SQL("%s >= %s", SQL.identifier(day), start))
        counted = SQL("FILTER (WHERE %s)", SQL(" AND ").join(tests))
        return SQL(
            "(%s)::float8 AS %s, COUNT(*) %s AS %s",
            SQL(RECEIPT_VALUES[code], counted=counted),
            SQL.identifier(code),
            counted,
            SQL.identifier(f"{code}_evidence"),
        )

    @api.model
    def _get_facts(self, codes, company, date_from, date_to):
        """The figures of all criteria of a card that count lines."""
        facts = super()._get_facts(codes, company, date_from, date_to)
        counted = [code for code in RECEIPT_VALUES if code in codes]
        if counted:
            facts |= self._get_receipt_facts(counted, company, date_from, date_to)
        return facts

    @api.model
    def _get_sql_of_facts(self, code, facts, company, date_from, date_to):
        if code in RECEIPT_VALUES and "supplier_lines" in facts:
            return self._select_figure(code)
        return super()._get_sql_of_facts(code, facts, company, date_from, date_to)

    @api.model
    def _get_receipt_action(self, code, partner, company, date_from, date_to):
        """The window action with exactly the lines counted."""
        columns, day = self._get_receipt_filters()[code]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.supplier_receipt_report_action"
        )
        action["display_name"] = self.env._(
            "Receipts from %(supplier)s", supplier=partner.display_name
        )
        action["context"] = {}
        action["view_mode"] = "list,pivot,graph"
        action["views"] = [(False, view) for view in ("list", "pivot", "graph")]
        action["domain"] = [
            ("partner_id", "=", partner.commercial_partner_id.id),
            ("company_id", "=", company.id),
            *((column, "=", wanted) for column, wanted in columns.items()),
            (day, ">=", company._get_day_start(date_from)),
            ("ordered_date", "<", company._get_day_start(date_to, days=1)),
        ]
        return action

    # ------------------------------------------------------------------
    # Their word
    # ------------------------------------------------------------------

    @api.model
    def _metric_supplier_otif(self, company, date_from, date_to):
        """Share of the due lines that came in full on the day first promised."""
        return self._select_receipts("supplier_otif", company, date_from, date_to)

    @api.model
    def _metric_supplier_otif_silence(self):
        return None

    @api.model
    def _metric_supplier_otif_action(self, *args):
        return self._get_receipt_action("supplier_otif", *args)

    @api.model
    def _metric_supplier_return_rate(self, company, date_from, date_to):
        """Share of what came that went back or to the bin, weighted by its price so
        that pieces and kilograms add up."""
        return self._select_receipts(
            "supplier_return_rate", company, date_from, date_to
        )

    @api.model
    def _metric_supplier_return_rate_silence(self):
        return None

    @api.model
    def _metric_supplier_return_rate_action(self, *args):
        return self._get_receipt_action("supplier_return_rate", *args)

    @api.model
    def _metric_supplier_price_drift(self, company, date_from, date_to):
        """Mean of the lines' prices against the 12 months before each of them."""
        return self._select_receipts(
            "supplier_price_drift", company, date_from, date_to
        )

    @api.model
    def _metric_supplier_price_drift_silence(self):
        return None

    @api.model
    def _metric_supplier_price_drift_action(self, *args):
        return self._get_receipt_action("supplier_price_drift", *args)

    @api.model
    def _metric_supplier_confirmation_days(self, company, date_from, date_to):
        """Days from our request to the vendor's confirmation, per confirmed line."""
        return self._select_receipts(
            "supplier_confirmation_days", company, date_from, date_to
        )

    @api.model
    def _metric_supplier_confirmation_days_silence(self):
        return None

    @api.model
    def _metric_supplier_confirmation_days_action(self, *args):
        return self._get_receipt_action("supplier_confirmation_days", *args)

    @api.model
    def _metric_supplier_slips(self, company, date_from, date_to):
        """How often a promise moved to a later date, per line that has one."""
        return self._select_receipts("supplier_slips", company, date_from, date_to)

    @api.model
    def _metric_supplier_slips_silence(self):
        return None

    @api.model
    def _metric_supplier_slips_action(self, *args):
        return self._get_receipt_action("supplier_slips", *args)

    # ------------------------------------------------------------------
    # Judgement
    # ------------------------------------------------------------------

    @api.model
    def _metric_manual(self, company, date_from, date_to):
        """The newest judgement of the period, 0 to 100; evidence counts them all."""
        return SQL(
            """SELECT partner_id,
                      (ARRAY_AGG(points ORDER BY date DESC, id DESC))[1]::float8
                          AS value, COUNT(*) AS evidence
                 FROM supplier_judgement
                WHERE company_id = %s AND date BETWEEN %s AND %s GROUP BY partner_id""",
            company.id,
            date_from,
            date_to,
        )

    @api.model
    def _metric_manual_silence(self):
        return None

    @api.model
    def _metric_manual_action(self, partner, company, date_from, date_to):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.supplier_judgement_action"
        )
        action["domain"] = [
            ("partner_id", "=", partner.commercial_partner_id.id),
            ("company_id", "=", company.id),
            ("date", ">=", date_from),
            ("date", "<=", date_to),
        ]
        return action
