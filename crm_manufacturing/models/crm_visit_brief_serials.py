from dateutil.relativedelta import relativedelta

from odoo import api, models

# brought up this long before the expected life ends
AHEAD_MONTHS = 6


class CrmVisit(models.Model):
    """Delivered units that reach the end of their expected life."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.visit"

    @api.model
    def _brief_sections(self):
        return super()._brief_sections() + [
            (50, "serials", self.env._("Due for Replacement"))
        ]

    @api.model
    def _brief_serials(self, brief):
        """Units with the customer per product and month of delivery, oldest first."""
        horizon = brief["today"] + relativedelta(months=AHEAD_MONTHS)
        due = []
        for product, first, count in self._read_serials(brief):
            delivered = brief["company"]._get_day(first)
            end = delivered + relativedelta(months=product.expected_life_months)
            if end <= horizon:
                due.append((end, delivered, count, product))
        return [
            self._brief_line(
                product.display_name,
                self.env._(
                    "%(count)s delivered %(day)s",
                    count=count,
                    day=self._format_day(delivered),
                ),
                self.env._("life ends %(day)s", day=self._format_day(end)),
                product,
                alarm=end <= brief["today"],
            )
            for end, delivered, count, product in sorted(
                due, key=lambda row: (row[0], row[3].id)
            )
        ]

    @api.model
    def _read_serials(self, brief):
        """``[(product, first delivery, units)]`` per product and month, one query.

        What came back to us is with the customer no more; what a dealer got for him
        is his too.
        """
        # sudo: salespeople do not read stock moves by serial; only counts leave here
        groups = (
            self.env["stock.move.line"]
            .sudo()
            ._read_group(
                [
                    "|",
                    ("picking_id.partner_id", "child_of", brief["partner"].id),
                    ("lot_id.end_partner_id", "child_of", brief["partner"].id),
                    ("company_id", "=", brief["company"].id),
                    ("state", "=", "done"),
                    ("picking_code", "=", "outgoing"),
                    ("lot_id", "!=", False),
                    ("lot_id.location_id.usage", "not in", ["internal"]),
                    ("product_id.expected_life_months", ">", 0),
                ],
                ["product_id", "date:month"],
                ["date:min", "lot_id:count_distinct"],
            )
        )
        return [
            (product.sudo(False), first, count)
            for product, _month, first, count in groups
        ]
