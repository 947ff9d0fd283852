"""Judges an order line from the rows of the trace: state, progress, date, blocker.

Nothing here reads a database or the clock.
"""

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

EPSILON = 1e-6
CLOSED = {"done", "cancel"}
LINE_KINDS = ("goods", "other")
# moves of the line's own goods
OWN_KINDS = ("out", "back", "transit", "inner")
BEGUN = {"progress", "to_close"}
# kind of a blocker: what the line waits for
WAITS = {
    "missing": "component",
    "purchase": "supplier",
    "production": "production",
    "nothing": "plan",
}


class Fact(NamedTuple):
    """A row of ``order.trace._get_facts``, which says what it holds of each kind."""

    root_id: int
    kind: str
    id: int
    strength: int
    lead: object
    product_id: int
    state: str
    quantity: float
    done: float
    date: object
    parent_id: int
    flag: bool
    free: float
    zone: str


class OrderState:
    """One order line and what serves it.

    :param line: the fact of the line, kept as a dict
    :param rows: the facts of its moves, productions and purchases
    :param now: naive UTC; nothing is expected before it
    """

    def __init__(self, line, rows, now):
        self.line, self.now = line._asdict(), now
        kinds = defaultdict(list)
        for row in rows:
            kinds[row.kind].append(row)
        self.deliveries = [row for kind in OWN_KINDS for row in kinds[kind]]
        self.components_short, self.steps = kinds["raw"], kinds["step"]
        self.productions, self.purchases = kinds["production"], kinds["purchase"]
        self.open_productions = [
            row for row in self.productions if row.state not in CLOSED
        ]
        self._sum_deliveries()
        self._sum_shortages()
        self.blockers = self._find_blockers()
        self.state = self._get_state()

    # ---- quantities -------------------------------------------------------

    def _sum_deliveries(self):
        """Per product the customer gets: needed, delivered, on the way, served.

        A kit is as far as its scarcest component. Goods that came back were delivered
        all the same, unless a replacement is under way.
        """
        sums = defaultdict(lambda: defaultdict(float))
        for move in self.deliveries:
            self._add_delivery(move, sums[move.product_id])
        own = {self.line["product_id"]}
        moved = {
            product
            for product, sum_ in sums.items()
            if sum_.keys() & {"out", "transit", "reserved"}
        }
        self.is_moved, self.products = bool(moved), own if own & moved else moved or own
        for production in self.productions:
            if production.strength == 1 and production.done:
                sums[production.product_id]["made"] += production.done
        for move in self.steps:
            # received or made, and on its way to where it is packed
            sums[move.product_id]["near"] += move.done
        self.needs, self.delivered, self.gone, self.served = {}, {}, {}, {}
        for product in self.products:
            self._sum_product(product, sums[product])

    def _add_delivery(self, move, sums):
        kind = move.kind
        if move.state in CLOSED:
            if kind != "inner":
                sums[kind] += move.done
        elif kind != "back":
            sums["reserved"] += move.done
            if not move.flag:
                sums["demand"] += move.quantity

    def _sum_product(self, product, sums):
        out = sums["out"]
        if sums["demand"] > EPSILON:
            out -= sums["back"]
        if product == self.line["product_id"]:
            need = self.line["quantity"]
            out = out if self.is_moved else self.line["done"]
        else:
            need = out + sums["demand"]
        gone = max(out, sums["transit"])
        self.needs[product] = need
        self.delivered[product] = min(out, need)
        self.gone[product] = min(gone, need)
        self.served[product] = min(
            need, max(gone + sums["reserved"] + sums["near"], sums["made"])
        )

    def _sum_shortages(self):
        """What is missing, per component and per product of the line itself."""
        short = defaultdict(float)
        for move in self.components_short:
            short[move.product_id] += move.quantity - move.done
        for move in self.steps:
            # reserved one step before the component's own move
            short[move.product_id] -= move.done
        self.components = {
            product: quantity
            for product, quantity in short.items()
            if quantity > EPSILON
        }
        self.lacking = {
            product: need - self.served[product]
            for product, need in self.needs.items()
            if need - self.served[product] > EPSILON
        }

    def get_share(self, quantities):
        """0 to 1: the scarcest product's share of what is needed."""
        return min(
            1 if need <= EPSILON else max(0, quantities[product]) / need
            for product, need in self.needs.items()
        )

    # ---- what it waits for ------------------------------------------------

    def _find_blockers(self):
        """Rows that hold the line up, the worst first; ``short`` is the quantity.

        Worst is a component nobody supplies, then the purchase that arrives last, then
        the production of a component that ends last, then goods nobody plans.
        """
        if not self.components and not self.lacking:
            return []
        bought = self._find_suppliers(self.purchases, self._get_short)
        made = self._find_suppliers(
            self.open_productions, lambda product: self.components.get(product, 0)
        )
        return [*self._find_missing(), *bought, *made, *self._find_unplanned()]

    def _find_suppliers(self, rows, get_short):
        """The rows that still bring something that is short, the latest first."""
        found = [
            {**row._asdict(), "short": min(short, row.quantity - row.done)}
            for row in rows
            if (short := get_short(row.product_id)) > EPSILON
            and row.quantity - row.done > EPSILON
        ]
        found.sort(key=self._get_last, reverse=True)
        return found

    def _find_missing(self):
        """Components nobody brings and nobody has: what lies free can be reserved."""
        supplied = {row.product_id for row in self.purchases}
        supplied |= {row.product_id for row in self.open_productions}
        consumers = {row.product_id: row.parent_id for row in self.components_short}
        free = self._get_free([*self.components_short, *self.steps])
        return [
            {
                "kind": "missing",
                "product_id": product,
                "id": consumers.get(product),
                "short": quantity,
            }
            for product, quantity in sorted(self.components.items())
            if product not in supplied and quantity - free[product] > EPSILON
        ]

    def _find_unplanned(self):
        """Goods of the line that nobody makes or buys, and that nobody has."""
        if self.line["kind"] != "goods":
            return []
        return [
            {"kind": "nothing", "product_id": product, "id": False, "short": quantity}
            for product, quantity in sorted(self.lacking.items())
            if not self._is_planned(product)
        ]

    def _is_planned(self, product):
        free = self._get_free(self.deliveries)[product]
        return free >= self.lacking[product] - EPSILON or any(
            row.product_id == product
            for row in (*self.purchases, *self.open_productions)
        )

    def _get_free(self, moves):
        """Per product the most that lies free where one of the moves takes it."""
        free = defaultdict(float)
        for move in moves:
            free[move.product_id] = max(free[move.product_id], move.free or 0)
        return free

    def _get_short(self, product):
        return self.components.get(product, 0) + self.lacking.get(product, 0)

    def _get_end(self, row):
        """When the line could follow what holds it up: never in the past."""
        return max(row["date"] or self.now, self.now) + row["lead"]

    def _is_blocked_by(self, *kinds):
        return any(row["kind"] in kinds for row in self.blockers)

    # ---- the judgement ----------------------------------------------------

    def _get_state(self):
        if self.line["state"] == "cancel" or self.line["quantity"] <= EPSILON:
            return "cancelled"
        if self.get_share(self.delivered) >= 1 - EPSILON:
            return "delivered"
        if self.get_share(self.gone) >= 1 - EPSILON:
            return "shipped"
        if any(quantity > EPSILON for quantity in self.gone.values()):
            return "partially_shipped"
        if not self.lacking:
            return "finished"
        return self._get_state_of_supply()

    def _get_state_of_supply(self):
        own = [row for row in self.productions if row.product_id in self.products]
        begun = any(row.done > EPSILON or row.state in BEGUN for row in own)
        if begun and any(row.state not in CLOSED for row in own):
            return "in_production"
        if self._is_blocked_by("missing", "purchase"):
            return "waiting_material"
        if any(row.state in BEGUN for row in self.open_productions):
            return "in_production"
        if self.open_productions:
            return "planned"
        lies_free = self.is_moved and not self._is_blocked_by("nothing")
        return "planned" if lies_free else "to_plan"

    @property
    def is_open(self):
        return self.state not in ("cancelled", "delivered", "shipped", "finished")

    @property
    def progress(self):
        """0 to 100: half for what is served, half for what is delivered."""
        if self.state == "cancelled":
            return 0.0
        shares = self.get_share(self.served) + self.get_share(self.delivered)
        return round(50 * shares, 2)

    @property
    def blocker(self):
        """The row to name, None when nothing holds the line up."""
        if not self.blockers or not self.is_open or self.line["state"] != "sale":
            return None
        return self.blockers[0]

    @property
    def own_production(self):
        """The production that ends last where nothing but it is waited for."""
        if self.blockers or not self.is_open or self.line["state"] != "sale":
            return None
        return max(self._get_own_productions(), key=self._get_last, default=None)

    @property
    def own_shipment(self):
        """What lies ready and only has to leave: ``quantity`` and planned ``date``.

        ``date`` is None when no transfer takes it. None when nothing lies ready.
        """
        waits = self.blockers or self._get_own_productions()
        if waits or not self.is_open or self.line["state"] != "sale":
            return None
        if self.line["kind"] != "goods" or not self._lies_ready():
            return None
        quantity = self.line["quantity"] * (1 - self.get_share(self.gone))
        dates = [move.date for move in self._get_open_deliveries()]
        return {"quantity": quantity, "date": max(dates, default=None)}

    def _lies_ready(self):
        free = self._get_free(self.deliveries)
        return all(
            quantity - free[product] <= EPSILON
            for product, quantity in self.lacking.items()
        )

    def _get_open_deliveries(self):
        return [
            move
            for move in self.deliveries
            if move.kind in ("out", "inner") and move.state not in CLOSED
        ]

    def _get_last(self, row):
        return self._get_end(row), row["id"]

    @property
    def waits_for(self):
        """``supplier``, ``production``, ``component`` or ``plan``; None if nothing."""
        return self.blocker and WAITS[self.blocker["kind"]]

    @property
    def expected(self):
        """Naive UTC; None when nobody can tell."""
        if self.state == "delivered":
            done = [
                move.date
                for move in self.deliveries
                if move.kind == "out" and move.state == "done"
            ]
            return max(done, default=None)
        if self.state == "cancelled" or self.is_open and not self._is_foreseeable():
            return None
        ends = [self._get_end(row) for row in self.blockers if self.is_open]
        ends += [self._get_end(row) for row in self._get_own_productions()]
        ends += [max(move.date, self.now) for move in self._get_open_deliveries()]
        return max(ends, default=None)

    @property
    def is_overdue(self):
        """Whether what it waits for, else its production, is past its date by a day.

        What is expected is then the earliest, and nothing to promise. A production
        that waits for a part is no later than that part.
        """
        rows = [self.blocker] if self.blocker else self._get_own_productions()
        dates = [row.get("date") for row in rows]
        limit = self.now - timedelta(days=1)
        return self.is_open and any(date and date < limit for date in dates)

    def _get_own_productions(self):
        return [
            row._asdict()
            for row in self.open_productions
            if row.product_id in self.lacking
        ]

    def _is_foreseeable(self):
        """Whether all that is lacking comes from somewhere by a date."""
        known = self.is_moved or self.purchases or self.open_productions
        return known and not self._is_blocked_by("missing", "nothing")


def group_by_line(facts):
    """Yield (fact of the line, the facts that serve it)."""
    lines, others = [], defaultdict(list)
    for fact in facts:
        if fact.kind in LINE_KINDS:
            lines.append(fact)
        else:
            others[fact.root_id].append(fact)
    for line in lines:
        yield line, others[line.id]
