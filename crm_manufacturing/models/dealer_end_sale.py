from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.serial_range import split_names


class DealerStockSale(models.Model):
    """Which serials a dealer sold to whom."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.stock.sale"

    serials = fields.Char(
        help="Numbers sold to this end customer, with commas between them. They are "
        "his from the end of the month."
    )

    @api.constrains("serials", "quantity")
    def _check_serials(self):
        for sale in self:
            count = len(split_names(sale.serials))
            if count and sale.product_id.tracking == "none":
                raise ValidationError(
                    self.env._(
                        "Serials: %(product)s has none.",
                        product=sale.product_id.display_name,
                    )
                )
            if sale.product_id.tracking == "serial" and count > sale.quantity:
                raise ValidationError(
                    self.env._(
                        "Serials: %(count)s numbers for %(quantity)s of %(product)s.",
                        count=count,
                        quantity=sale.quantity,
                        product=sale.product_id.display_name,
                    )
                )

    def _find_lots(self):
        """``{sale: its serials}``, of what we delivered to the dealer.

        :raise UserError: where one was not; whether it exists is not told
        """
        named = self.filtered("serials")
        delivered = named._get_delivered()
        found = {}
        for sale in named:
            lots = delivered.get((sale.dealer_id, sale.product_id), {})
            names = split_names(sale.serials)
            missing = [name for name in names if name not in lots]
            if missing:
                raise UserError(
                    self.env._(
                        "Serials: %(names)s of %(product)s were not delivered to "
                        "%(dealer)s.",
                        names=", ".join(missing),
                        product=sale.product_id.display_name,
                        dealer=sale.dealer_id.display_name,
                    )
                )
            found[sale] = self.env["stock.lot"].browse(lots[name] for name in names)
        return found

    def _get_delivered(self):
        """``{(dealer, product): {name: id}}`` of the serials named here."""
        # sudo: who looks after dealers need not read the warehouse's moves
        rows = self.env["stock.move.line"].sudo()
        names = {name for sale in self for name in split_names(sale.serials)}
        found = {}
        for row in rows.search(
            [
                ("state", "=", "done"),
                ("location_dest_id.usage", "=", "customer"),
                ("lot_id.name", "in", list(names)),
                ("product_id", "in", self.product_id.ids),
                ("company_id", "in", self.company_id.ids),
                (
                    "picking_id.partner_id.commercial_partner_id",
                    "in",
                    self.dealer_id.ids,
                ),
            ]
        ):
            firm = row.picking_id.partner_id.commercial_partner_id.with_env(self.env)
            product = row.product_id.with_env(self.env)
            lots = found.setdefault((firm, product), {})
            lots[row.lot_id.name] = row.lot_id.id
        return found


class DealerStockReport(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.stock.report"

    def action_submit(self):
        """What was sold is the end customers' from now on."""
        drafts = self.filtered(lambda report: report.state == "draft")
        # sudo: who looks after dealers need not write serials
        found = {one: one.sudo().line_ids.sale_ids._find_lots() for one in drafts}
        result = super().action_submit()
        for report, lots_by_sale in found.items():
            report.sudo()._note_end_customers(lots_by_sale)
        return result

    def _note_end_customers(self, lots_by_sale):
        """By the serials named; a correction first takes back what it corrects."""
        self.ensure_one()
        until = self.period + relativedelta(months=1, days=-1)
        for sale, lots in self.corrects_id.line_ids.sale_ids._find_lots().items():
            lots.filtered(
                lambda lot, sale=sale: (
                    lot.end_since == until and lot.end_partner_id == sale.end_partner_id
                )
            ).write({"end_partner_id": False, "end_since": False})
        known = self.env["stock.lot"]
        for sale, lots in lots_by_sale.items():
            firm = sale.end_partner_id.commercial_partner_id
            values = {"end_partner_id": firm.id} if firm else {}
            lots.write({"end_since": until, **values})
            known |= lots
        known._tell_lines()


class StockLot(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "stock.lot"

    def _tell_lines(self):
        """An order line all of whose serials are one end customer's has him too."""
        rows = self.env["stock.move.line"].search(
            [("lot_id", "in", self.ids), ("state", "=", "done")]
        )
        lines = rows.move_id.sale_line_id.filtered(lambda line: not line.end_partner_id)
        served = {}
        for lot, line in self._get_delivered_by(lines).items():
            served.setdefault(line, []).append(lot.end_partner_id)
        for line, ends in served.items():
            if ends[0] and all(end == ends[0] for end in ends):
                line.end_partner_id = ends[0]
