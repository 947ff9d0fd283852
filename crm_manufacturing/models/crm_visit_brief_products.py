from dateutil.relativedelta import relativedelta

from odoo import api, models

from ..tools.rhythm import find_rhythm, is_dropped

# far enough back for a yearly product to show a rhythm
MONTHS = 48


class CrmVisit(models.Model):
    """What the customer buys, what he stopped buying; all of it for a review."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.visit"

    @api.model
    def _brief_sections(self):
        return super()._brief_sections() + [
            (40, "dropped", self.env._("Products Dropped")),
            (80, "review", self.env._("24 Months by Product")),
            (81, "lost", self.env._("Bought Before, Not in the Last 12 Months")),
        ]

    @api.model
    def _brief_dropped(self, brief):
        """Products silent for longer than the customer's own rhythm of buying them."""
        factor = brief["company"].stage_dormant_factor
        dropped = [
            (max(days), product, find_rhythm(days))
            for product, days in self._get_purchase_days(brief).items()
            if is_dropped(days, brief["today"], factor)
        ]
        return [
            self._brief_line(
                product.display_name,
                self.env._("used to buy every %(days)s days", days=round(rhythm)),
                self.env._("last %(day)s", day=self._format_day(last)),
                product,
                alarm=True,
            )
            for last, product, rhythm in sorted(
                dropped, key=lambda row: (row[0], row[1].id), reverse=True
            )
        ]

    @api.model
    def _get_purchase_days(self, brief):
        """``{product: [company's days of its confirmed orders]}``, two queries."""
        start = brief["today"] - relativedelta(months=MONTHS)
        lines = self.env["sale.order.line"].search_fetch(
            [
                ("order_id.partner_id", "child_of", brief["partner"].id),
                ("company_id", "=", brief["company"].id),
                ("state", "=", "sale"),
                ("product_id.sale_ok", "=", True),
                ("product_id.type", "=", "consu"),
                (
                    "order_id.date_order",
                    ">=",
                    brief["company"]._get_day_start(start),
                ),
            ],
            ["product_id", "order_id"],
        )
        days = {}
        for line in lines:
            day = brief["company"]._get_day(line.order_id.date_order)
            days.setdefault(line.product_id, []).append(day)
        return days

    # ------------------------------------------------------------------
    # Product-line review
    # ------------------------------------------------------------------

    @api.model
    def _brief_review(self, brief):
        """Invoiced by product in 12 months and the 12 before; for reviews alone."""
        if brief["visit"].visit_type != "review":
            return None
        now, before = self._get_revenue_by_product(brief)
        products = sorted(
            now | before, key=lambda product: (-now.get(product, 0), product.id)
        )
        return [
            self._brief_line(
                product.display_name,
                self.env._(
                    "12 months before: %(amount)s",
                    amount=self._format_money(before.get(product, 0), brief["company"]),
                ),
                self._format_money(now.get(product, 0), brief["company"]),
                product,
            )
            for product in products
        ]

    @api.model
    def _brief_lost(self, brief):
        """Products invoiced in the year before and not since; for reviews alone."""
        if brief["visit"].visit_type != "review":
            return None
        now, before = self._get_revenue_by_product(brief)
        lost = [product for product in before if product not in now]
        lost.sort(key=lambda product: (-before[product], product.id))
        return [
            self._brief_line(
                product.display_name,
                self.env._("nothing in the last 12 months"),
                self._format_money(before[product], brief["company"]),
                product,
                alarm=True,
            )
            for product in lost
        ]

    @api.model
    def _get_revenue_by_product(self, brief):
        """``({product: revenue of 12 months}, {product: of the 12 before})``."""
        edge = brief["today"] - relativedelta(months=12)
        start = edge - relativedelta(months=12)
        return (
            self._read_revenue(brief, edge, brief["today"]),
            self._read_revenue(brief, start, edge),
        )

    @api.model
    def _read_revenue(self, brief, after, until):
        groups = self.env["account.move.line"]._read_group(
            [
                ("move_id.commercial_partner_id", "=", brief["partner"].id),
                ("company_id", "=", brief["company"].id),
                ("parent_state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("display_type", "=", "product"),
                ("product_id", "!=", False),
                ("move_id.invoice_date", ">", after),
                ("move_id.invoice_date", "<=", until),
            ],
            ["product_id"],
            ["balance:sum"],
        )
        return {product: -balance for product, balance in groups if balance}
