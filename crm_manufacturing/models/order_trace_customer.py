from odoo import api, models
from odoo.tools import SQL

from ..tools.quantity import format_quantity


class OrderTrace(models.AbstractModel):
    """What a customer may read: quantities, one word and a date, in his language."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    @api.model
    def _customer_sentences(self, sale_lines, known=None):
        """``{line id: sentence}`` such as "300 of 500 finished, ships 14 March"."""
        states = known
        if states is None:
            states = self._get_states(self._select_ids(sale_lines))
        return {
            line.id: self._speak_to(line)._say_to_customer(line, states[line.id])
            for line in sale_lines
            if line.id in states
        }

    @api.model
    def _customer_text(self, sale_lines, sentences):
        """The lines of an order to paste into a mail or a chat, in his language."""
        return "\n".join(
            self._speak_to(line).env._(
                "%(product)s: %(sentence)s",
                product=line.product_id.with_context(
                    lang=line.order_id.partner_id.lang, display_default_code=False
                ).display_name,
                sentence=sentences[line.id],
            )
            for line in sale_lines
            if line.id in sentences
        )

    def _speak_to(self, line):
        language = line.order_id.partner_id.lang
        return self.with_context(lang=language) if language else self

    def _say_to_customer(self, line, state):
        if state.state == "cancelled":
            return self.env._("cancelled")
        gone = state.state in ("delivered", "shipped", "partially_shipped")
        done = (
            state.get_share(state.gone if gone else state.served) * line.product_uom_qty
        )
        quantities = {
            "done": format_quantity(done),
            "total": format_quantity(line.product_uom_qty),
        }
        if gone:
            parts = [self.env._("%(done)s of %(total)s shipped", **quantities)]
        else:
            parts = [self.env._("%(done)s of %(total)s finished", **quantities)]
        if state.expected and state.state not in ("delivered", "shipped"):
            parts.append(self._say_when(state))
        return self._join(parts)

    def _say_when(self, state):
        day = self._format_day(state, state.expected)
        if state.is_overdue:
            return self.env._("ships not before %s", day)
        return self.env._("ships %s", day)

    def _select_ids(self, records):
        return SQL("SELECT UNNEST(%s::int[]) AS id", records.ids)
