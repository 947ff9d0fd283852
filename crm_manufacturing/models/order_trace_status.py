from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..tools.day import get_day
from ..tools.order_state import OrderState, group_by_line
from .order_trace import STATES

ADVANCE = [state for state, _name in STATES]
# lines or orders judged in one statement; more of them would only need more memory
CHUNK = 5000


class OrderTrace(models.AbstractModel):
    """States, dates and progress of order lines, for the reader of this environment.

    What is read is the order's own; of the documents behind it only states, dates and
    quantities pass to a reader who may not open them.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    @api.model
    def _status(self, sale_lines):
        """``{line id: dict}`` of ``state, progress, expected_date, late_days, blocking,
        lots``.

        ``expected_date`` is a day of the company, False when nobody can tell;
        ``late_days`` counts from the promise, False without one; ``blocking`` is None
        or ``{sentence, res_model, res_id}``; ``lots`` are ``{lot_id, name, place}``.
        """
        states = self._get_states(self._select_ids(sale_lines))
        blockings = self._get_blockings(states)
        lots = self._get_lots(sale_lines)
        return {
            line: {
                **self._get_figures(state),
                "blocking": blockings.get(line),
                "lots": lots.get(line, []),
            }
            for line, state in states.items()
        }

    @api.model
    def _line_figures(self, sale_lines):
        """The figures of :meth:`_status`, and ``waits_for``: one statement for each
        :data:`CHUNK` lines."""
        figures = {}
        for ids in split_every(CHUNK, sale_lines.ids):
            states = self._get_states(self._select_ids(sale_lines.browse(ids)))
            figures.update(
                (line, {**self._get_figures(state), "waits_for": state.waits_for})
                for line, state in states.items()
            )
        return figures

    @api.model
    def _get_promised_and_expected(self, sale_lines):
        """``{line id: (day, day)}`` of the open lines that have both."""
        days = {}
        for line, state in self._get_states(self._select_ids(sale_lines)).items():
            promised = self._get_day(state, state.line["date"])
            expected = self._get_day(state, state.expected)
            if promised and expected and state.state not in ("delivered", "cancelled"):
                days[line] = (promised, expected)
        return days

    @api.model
    def _lines_at_risk(self, sale_lines):
        """Ids of the lines that wait for something, or will be later than promised."""
        states = self._get_states(self._select_ids(sale_lines))
        return [
            line
            for line, state in states.items()
            if state.is_open
            and (state.blocker or self._get_figures(state)["late_days"])
        ]

    @api.model
    def _line_sentences(self, sale_lines):
        """``{line id: sentence}`` of the lines that wait, if only to be produced or
        shipped."""
        if not sale_lines:
            return {}
        states = self._get_states(self._select_ids(sale_lines))
        blockings = self._get_blockings(states)
        return {
            **self._get_shipment_sentences(states),
            **self._get_production_sentences(states),
            **{line: blocking["sentence"] for line, blocking in blockings.items()},
        }

    @api.model
    def _order_status(self, orders):
        """``{order id: dict}`` of ``state, progress, expected_date, late_days`` and
        ``waits_for``, the kinds of what its lines wait for.

        An order is as far as its least advanced line of goods, as late as its latest;
        its progress is the mean of its lines'.
        """
        figures = {}
        for ids in split_every(CHUNK, orders.ids):
            by_order = {}
            for state in self._get_states(self._select_lines(ids)).values():
                by_order.setdefault(state.line["parent_id"], []).append(state)
            figures.update(
                (order, self._merge(states)) for order, states in by_order.items()
            )
        return figures

    def _select_lines(self, orders):
        return SQL(
            """SELECT id FROM sale_order_line
                WHERE order_id = ANY(%s) AND display_type IS NULL
                  AND product_id IS NOT NULL AND NOT COALESCE(is_downpayment, FALSE)""",
            list(orders),
        )

    def _get_states(self, lines):
        """``{line id: OrderState}`` of a SELECT of ids."""
        now = fields.Datetime.now()
        facts = self._get_facts(lines)
        return {
            line.id: OrderState(line, rows, now) for line, rows in group_by_line(facts)
        }

    def _get_figures(self, state):
        expected = self._get_day(state, state.expected)
        return {
            "state": state.state,
            "progress": state.progress,
            "expected_date": expected,
            "late_days": self._get_late_days(state, expected),
        }

    def _get_day(self, state, moment):
        """The company's day of a naive UTC moment, or False."""
        return bool(moment) and get_day(moment, state.line["zone"])

    def _get_late_days(self, state, expected):
        """Days after the promise: of the delivery, or as far as is known today."""
        promise = self._get_day(state, state.line["date"])
        if not promise or state.state == "cancelled":
            return False
        if not expected:
            expected = self._get_day(state, state.now)
        return max(0, (expected - promise).days)

    def _merge(self, states):
        goods = [s for s in states if s.line["kind"] == "goods"] or states
        alive = [s for s in goods if s.state != "cancelled"] or goods
        figures = [self._get_figures(state) for state in alive]
        reached = {figure["state"] for figure in figures}
        dates = [figure["expected_date"] for figure in figures]
        return {
            "state": self._merge_states(reached),
            "progress": round(sum(f["progress"] for f in figures) / len(figures), 2),
            "expected_date": all(dates) and max(dates),
            "late_days": max(figure["late_days"] for figure in figures),
            "waits_for": {state.waits_for for state in alive} - {None},
        }

    def _merge_states(self, reached):
        """The least advanced; what partly left the house is partially shipped."""
        gone = reached & {"partially_shipped", "shipped", "delivered"}
        if gone and reached - {"shipped", "delivered"}:
            return "partially_shipped"
        return min(reached, key=ADVANCE.index)
