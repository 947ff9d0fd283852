from functools import reduce

from odoo import api, models
from odoo.tools import get_lang

from ..tools.day import write_day
from ..tools.quantity import format_quantity
from .order_trace_order_mixin import HARDNESS


class OrderTrace(models.AbstractModel):
    """What a line waits for, in one sentence that names at most one document.

    A reader without rights on the document reads the same without number and partner.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    @api.readonly
    @api.model
    def get_order_sentence(self, order_id):
        """What an order waits for: ``{sentence, res_model, res_id, others}``.

        The blocking of the line that will be latest; ``others`` is how many more lines
        wait. False when none does. Raises AccessError for who may not read the order.
        """
        order = self._get_journey_order(order_id)
        states = self._get_states(self._select_lines(order.ids))
        waiting = [state for state in states.values() if state.blocker]
        if not waiting:
            return False
        worst = min(waiting, key=self._get_severity)
        line = worst.line["id"]
        blocking = self._get_blockings({line: worst})[line]
        return {**blocking, "others": len(waiting) - 1}

    def _get_severity(self, state):
        """The latest first; of those alike what is hardest to get."""
        late_days = self._get_figures(state)["late_days"]
        return -late_days, HARDNESS.index(state.waits_for), state.line["id"]

    @api.model
    def _get_blockings(self, states):
        """``{line id: {sentence, res_model, res_id}}`` of the lines that wait."""
        blockers = {line: s.blocker for line, s in states.items() if s.blocker}
        purchases = self._get_purchases(blockers.values())
        productions = self._get_productions(blockers.values())
        # sudo: the name of what the reader's own order waits for
        products = (
            self.env["product.product"]
            .sudo()
            .browse({blocker["product_id"] for blocker in blockers.values()})
        )
        products = products.with_context(display_default_code=False)
        names = {product.id: product.display_name for product in products}
        blockings = {}
        for line, blocker in blockers.items():
            waits = self.env._(
                "Waits for %(quantity)s %(product)s",
                quantity=format_quantity(blocker["short"]),
                product=names[blocker["product_id"]],
            )
            if blocker["kind"] == "purchase":
                parts, document = self._describe_purchase(
                    states[line], *purchases[blocker["id"]]
                )
            else:
                parts, document = self._describe_production(
                    states[line], blocker, productions.get(blocker["id"])
                )
            blockings[line] = {
                "sentence": self._join([waits, *parts]),
                "res_model": document._name if document else False,
                "res_id": document.id if document else False,
            }
        return blockings

    @api.model
    def _get_production_sentences(self, states):
        """``{line id: sentence}`` of the lines that lack nothing but their making."""
        making = {line: s.own_production for line, s in states.items()}
        making = {line: row for line, row in making.items() if row}
        productions = self._get_productions(making.values())
        sentences = {}
        for line, row in making.items():
            parts, _document = self._describe_production(
                states[line], row, productions.get(row["id"])
            )
            waits = self.env._("Waits for its production to begin")
            if states[line].state == "in_production":
                waits = self.env._("Waits for its production to end")
            sentences[line] = self._join([waits, *parts])
        return sentences

    @api.model
    def _get_shipment_sentences(self, states):
        """``{line id: sentence}`` of the lines that lie ready, only to be shipped."""
        sentences = {}
        for line, state in states.items():
            if shipment := state.own_shipment:
                waits = self.env._(
                    "Waits for the shipment of %s",
                    format_quantity(shipment["quantity"]),
                )
                planned = self.env._("nothing is planned")
                if shipment["date"]:
                    day = self._format_day(state, shipment["date"])
                    planned = self.env._("planned for %s", day)
                sentences[line] = self._join([waits, planned])
        return sentences

    def _join(self, parts):
        """One sentence, with the comma of the language."""
        return reduce(
            lambda first, rest: self.env._(
                "%(first)s, %(rest)s", first=first, rest=rest
            ),
            parts,
        )

    def _get_purchases(self, blockers):
        """``{purchase line id: (line, its order if the reader may read it)}``."""
        ids = {row["id"] for row in blockers if row["kind"] == "purchase"}
        # sudo: promise and slips of the line are told to everybody
        lines = self.env["purchase.order.line"].sudo().browse(ids)
        readable = {order.id: order for order in self._get_readable(lines.order_id)}
        return {line.id: (line, readable.get(line.order_id.id)) for line in lines}

    def _get_productions(self, blockers):
        """``{production id: the production}`` of those the reader may read."""
        ids = {
            row["id"] for row in blockers if row["kind"] in ("production", "missing")
        }
        productions = self.env["mrp.production"].browse(filter(None, ids))
        return {row.id: row for row in self._get_readable(productions)}

    def _get_readable(self, records):
        """The records a reader may open: by his rights, not the caller's sudo."""
        records = records.sudo(False)
        return records._filtered_access("read") if records else records

    def _describe_purchase(self, state, line, order):
        parts = []
        if order:
            parts.append(
                self.env._(
                    "%(order)s from %(vendor)s",
                    order=order.name,
                    vendor=order.partner_id.commercial_partner_id.name,
                )
            )
        if not line.promised_date:
            parts.append(self.env._("not ordered yet"))
            return parts, order
        promised = self.env._(
            "promised %s", self._format_day(state, line.promised_date)
        )
        slips = self._describe_slips(line.promise_slip_count)
        return [*parts, f"{promised} {slips}".strip()], order

    def _describe_production(self, state, blocker, production):
        if blocker["kind"] == "nothing":
            return [self.env._("nothing is planned")], False
        if blocker["kind"] == "missing":
            return [self.env._("nothing is ordered")], production or False
        planned = self.env._("planned for %s", self._format_day(state, blocker["date"]))
        return [production.name, planned] if production else [
            planned
        ], production or False

    def _describe_slips(self, count):
        if count > 2:
            return self.env._("(slipped %s times)", count)
        return ["", self.env._("(slipped once)"), self.env._("(slipped twice)")][count]

    def _format_day(self, state, moment):
        """ "12 March", with the year when it is not this one."""
        day, today = self._get_day(state, moment), self._get_day(state, state.now)
        return write_day(day, get_lang(self.env).code, day.year != today.year)
