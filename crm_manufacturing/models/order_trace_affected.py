from odoo import api, models


class OrderTrace(models.AbstractModel):
    """Backwards: whom a late part hurts."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    @api.model
    def _get_affected_lines(self, records):
        """``{record id: sale order lines}``, in superuser mode, that wait for a record.

        Confirmed lines not yet delivered, the best tier first, then the earliest
        promise. A direct link and a shared reference count alike.
        """
        reached = {}
        for row in self._walk(records, "demand"):
            if row["model"] == "sale.order.line":
                reached.setdefault(row["root_id"], set()).add(row["id"])
        ordered = self._sort_affected(set().union(*reached.values()))
        return {
            record: ordered.filtered(lambda line, lines=lines: line.id in lines)
            for record, lines in reached.items()
        }

    @api.model
    def _merge_affected(self, affected, records):
        """The lines that wait for any of the records, in the same order."""
        # sudo: as the lines are; see _sort_affected
        empty = self.env["sale.order.line"].sudo()
        lines = empty.union(*(affected.get(record, empty) for record in records))
        return lines.sorted(self._get_affected_key)

    def _sort_affected(self, lines):
        # sudo: a buyer has no rights on sales and learns who waits; see the wizard
        found = (
            self.env["sale.order.line"]
            .sudo()
            .search(
                [
                    ("id", "in", list(lines)),
                    ("state", "=", "sale"),
                    ("company_id", "in", self.env.companies.ids),
                ]
            )
        )
        waiting = found.filtered(lambda line: line.qty_delivered < line.product_uom_qty)
        return waiting.sorted(self._get_affected_key)

    def _get_affected_key(self, line):
        tier = line.order_id.partner_id.customer_tier_id
        promise = line.promised_date or line.order_id.date_order
        return (not tier, tier.sequence, promise, line.id)
