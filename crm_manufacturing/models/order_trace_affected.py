from odoo import api, models


class OrderTrace(models.AbstractModel):
    """Backwards: whom a late part hurts."""

    _inherit = "order.trace"

    @api.model
    def _get_affected_lines(self, records):
        """``{record id: sale order lines}`` that wait for each record.

        Confirmed lines not yet delivered, the best tier first, then the earliest
        promise. A direct link and a shared reference count alike.
        """
        reached = {}
        for row in self._walk(records, "demand"):
            if row["model"] == "sale.order.line":
                reached.setdefault(row["root_id"], set()).add(row["id"])
        order = self._sort_affected(set().union(*reached.values()))
        return {
            record: self.env["sale.order.line"].browse(
                line for line in order if line in lines
            )
            for record, lines in reached.items()
        }

    def _sort_affected(self, lines):
        """The ids of the open lines, by tier and promise."""
        if not lines:
            return []
        # sudo: who waits is shown by the caller under the reader's own rules
        open_lines = self.env["sale.order.line"].sudo().search(
            [("id", "in", list(lines)), ("state", "=", "sale")]
        )
        waiting = open_lines.filtered(lambda line: line.qty_delivered < line.product_uom_qty)
        return waiting.sorted(self._get_affected_key).ids

    def _get_affected_key(self, line):
        tier = line.order_id.partner_id.customer_tier_id
        promise = line.promised_date or line.order_id.date_order
        return (not tier, tier.sequence, promise, line.id)

    @api.model
    def _open_affected_lines(self, records, name):
        """Action that lists the lines that wait for the records, best tier first.

        A reader without rights on sales sees how many customers wait, not who.
        """
        lines = self.env["sale.order.line"]
        for affected in self._get_affected_lines(records).values():
            lines |= affected
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.order_trace_line_action"
        )
        return {
            **action,
            "name": name,
            "domain": [("id", "in", lines.ids)],
            "context": {},
        }

    def _count_affected_customers(self, records):
        """``{record id: (number of customers, the best tier)}``."""
        counts = {}
        for record, lines in self._get_affected_lines(records).items():
            # sudo: a count and a tier tell nothing about who it is
            customers = lines.sudo().order_id.partner_id.commercial_partner_id
            tier = lines.sudo()[:1].order_id.partner_id.customer_tier_id
            counts[record] = (len(customers), tier.sudo(False))
        return counts
