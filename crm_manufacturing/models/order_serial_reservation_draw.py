from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# how often numbers that exist already are drawn past before giving up
MAX_DRAWS = 50


class OrderSerialReservation(models.Model):
    """Gives numbers to lines: freed ones first, then the next of the sequence.

    Two users at once get different numbers: a freed row is locked by the first who
    takes it, and a sequence of PostgreSQL never returns a number twice.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.serial.reservation"

    @api.model
    def _reserve(self, wanted):
        """Reserve numbers: ``wanted`` is ``{order line: how many}``."""
        products = {}
        for line, count in wanted.items():
            key = (line.product_id, line.company_id)
            products.setdefault(key, []).extend([line] * count)
        for (product, company), lines in products.items():
            freed = self._take_freed(product, company, len(lines))
            for row, line in zip(freed, lines, strict=False):
                row.write({"state": "reserved", "sale_line_id": line.id})
            names = self._draw(product, company, len(lines) - len(freed))
            self.create(
                [
                    {
                        "name": name,
                        "product_id": product.id,
                        "company_id": company.id,
                        "sale_line_id": line.id,
                    }
                    for name, line in zip(names, lines[len(freed) :], strict=True)
                ]
            )

    def _take_freed(self, product, company, count):
        """Lock up to ``count`` freed rows, lowest number first.

        One that was made meanwhile, outside of any order, is no longer free.
        """
        self.flush_model()
        found = self.env.execute_query(
            SQL(
                """SELECT freed.id FROM order_serial_reservation freed
                    WHERE freed.product_id = %s AND freed.company_id = %s
                      AND freed.state = 'freed'
                      AND NOT EXISTS (SELECT FROM stock_lot lot
                            WHERE lot.product_id = freed.product_id
                              AND lot.name = freed.name)
                      AND NOT EXISTS (SELECT FROM order_serial_reservation live
                            WHERE live.product_id = freed.product_id
                              AND live.name = freed.name AND live.state <> 'freed')
                      AND NOT EXISTS (SELECT FROM order_serial_reservation twin
                            WHERE twin.product_id = freed.product_id
                              AND twin.name = freed.name AND twin.id < freed.id)
                 ORDER BY LENGTH(freed.name), freed.name
                    LIMIT %s FOR UPDATE OF freed SKIP LOCKED""",
                product.id,
                company.id,
                count,
            )
        )
        return self.browse(row_id for (row_id,) in found)

    def _draw(self, product, company, count):
        """The next ``count`` numbers of the product that nobody has."""
        names = []
        for _attempt in range(MAX_DRAWS):
            if len(names) >= count:
                return names
            drawn = self._next_names(product, company, count - len(names))
            taken = self._find_taken(product, drawn, besides=self.browse())
            names += [name for name in drawn if (product.id, name) not in taken]
        raise UserError(
            self.env._(
                "The serial sequence of %(product)s gives numbers that exist already. "
                "Set its next number higher.",
                product=product.display_name,
            )
        )

    def _next_names(self, product, company, count):
        sequence = self._get_sequence(product, company)
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence.next_by_id() for _number in range(count)]
        numbers = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        return [sequence.get_next_char(number) for (number,) in numbers]

    def _get_sequence(self, product, company):
        """The product's own sequence, else the one all serials share."""
        sequence = product.lot_sequence_id
        if not sequence:
            sequence = sequence.search(
                [
                    ("code", "=", "stock.lot.serial"),
                    ("company_id", "in", [company.id, False]),
                ],
                order="company_id, id",
                limit=1,
            )
        if not sequence:
            raise UserError(
                self.env._(
                    "%(product)s has no serial sequence: fill in Custom Lot/Serial "
                    "on the product.",
                    product=product.display_name,
                )
            )
        return sequence
