from odoo import api, fields, models

READERS = "base.group_user"
AT_HOME = ("internal", "transit")


class StockLot(models.Model):
    """A serial behind a dealer: who has it in the end, and since when."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "stock.lot"

    end_partner_id = fields.Many2one(
        "res.partner",
        string="End Customer",
        index="btree_not_null",
        copy=False,
        groups=READERS,
        help="Who has it in the end, behind the dealer we delivered it to.",
    )
    end_since = fields.Date(
        string="With the End Customer Since",
        copy=False,
        groups=READERS,
        help="Last day of the month in which the dealer reported it as sold. Empty: "
        "since it reached the dealer.",
    )

    @api.model
    def _follow_lines(self, before):
        """Serials delivered last on these order lines, without end customer or with
        the line's former one, have the line's now.

        :param before: ``{order line: its former end customer}``
        """
        moved = {}
        for lot, line in self._get_delivered_by(before).items():
            known = (before[line], line.end_partner_id.browse())
            if (
                lot.end_partner_id in known
                and lot.end_partner_id != line.end_partner_id
            ):
                moved.setdefault(line.end_partner_id, self.browse())
                moved[line.end_partner_id] |= lot
        for end, lots in moved.items():
            lots.end_partner_id = end

    @api.model
    def _get_delivered_by(self, lines):
        """``{serial with a customer: the one of these lines it left by last}``."""
        # sudo: who sells need not read the warehouse's moves
        rows = self.env["stock.move.line"].sudo()
        lines = {line.id: line for line in lines}
        done = [("state", "=", "done"), ("location_dest_id.usage", "=", "customer")]
        ours = rows.search([*done, ("move_id.sale_line_id", "in", list(lines))])
        lots = ours.lot_id.filtered(lambda lot: lot.location_id.usage not in AT_HOME)
        last = {}
        for row in rows.search([*done, ("lot_id", "in", lots.ids)], order="date, id"):
            last[row.lot_id] = lines.get(row.move_id.sale_line_id.id)
        return {lot: line for lot, line in last.items() if line}


class StockMove(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._note_end_customers()
        return moves

    def _note_end_customers(self):
        """What leaves has the end customer of its line; what comes back has none."""
        nobody = self.env["res.partner"]
        found = {}
        for move in self:
            if move.has_tracking == "none" or move.state != "done":
                continue
            places = (move.location_id.usage, move.location_dest_id.usage)
            if "customer" not in places:
                continue
            # sudo: the warehouse need not read orders
            own = move.sudo()
            end = own.sale_line_id.end_partner_id if places[1] == "customer" else nobody
            lots = own.move_line_ids.lot_id.filtered(
                lambda lot, end=end: lot.end_partner_id != end or lot.end_since
            )
            found[end] = found.get(end, lots.browse()) | lots
        for end, lots in found.items():
            if lots:
                lots.write({"end_partner_id": end.id, "end_since": False})
