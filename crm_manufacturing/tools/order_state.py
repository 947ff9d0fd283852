"""Judges an order line from the rows of the trace: state, progress, date, blocker.

Rows are the dicts of ``order.trace._get_facts``. Nothing here reads a database or the
clock.
"""

from collections import defaultdict

EPSILON = 1e-6
CLOSED = {"done", "cancel"}
SHORT = {"waiting", "confirmed", "partially_available"}
BEGUN = {"progress", "to_close"}


class OrderState:
    """One order line and what serves it.

    :param line: the row of the line
    :param rows: the rows of its moves, productions and purchases
    :param now: naive UTC; nothing is expected before it
    """

    def __init__(self, line, rows, now):
        self.line, self.now = line, now
        self.moves = [row for row in rows if row["model"] == "stock.move"]
        self.productions = [row for row in rows if row["kind"] == "production"]
        self.purchases = [row for row in rows if row["kind"] == "purchase"]
        self._sum_deliveries()
        self._sum_shortages()
        self.blockers = self._find_blockers()
        self.state = self._get_state()

    # ---- quantities -------------------------------------------------------

    def _sum_deliveries(self):
        """Per product the customer gets: needed, delivered, on the way, reserved, made.

        A kit is as far as its scarcest component. Goods that came back were delivered
        all the same, unless a replacement is under way.
        """
        sums = {
            kind: defaultdict(float)
            for kind in ("out", "back", "transit", "reserved", "demand", "made")
        }
        for move in self.moves:
            if move["kind"] not in ("out", "back", "transit", "inner"):
                continue
            product, closed = move["product_id"], move["state"] in CLOSED
            if closed and move["kind"] != "inner":
                sums[move["kind"]][product] += move["done"]
            elif not closed and move["kind"] != "back":
                sums["reserved"][product] += move["done"]
                if not move["flag"]:
                    sums["demand"][product] += move["quantity"]
        for production in self.productions:
            if production["strength"] == 1:
                sums["made"][production["product_id"]] += production["done"]
        moved = set(sums["out"]) | set(sums["reserved"]) | set(sums["transit"])
        own = {self.line["product_id"]}
        self.is_moved, self.products = bool(moved), own if own & moved else moved or own
        self.needs, self.delivered, self.gone, self.served = {}, {}, {}, {}
        for product in self.products:
            self._sum_product(product, sums)

    def _sum_product(self, product, sums):
        out = sums["out"][product]
        if sums["demand"][product] > EPSILON:
            out -= sums["back"][product]
        if product == self.line["product_id"]:
            need = self.line["quantity"]
            out = out if self.is_moved else self.line["done"]
        else:
            need = out + sums["demand"][product]
        gone = max(out, sums["transit"][product])
        self.needs[product] = need
        self.delivered[product] = min(out, need)
        self.gone[product] = min(gone, need)
        self.served[product] = min(
            need, max(gone + sums["reserved"][product], sums["made"][product])
        )

    def get_share(self, quantities):
        """0 to 1: the scarcest product's share of what is needed."""
        return min(
            1 if need <= EPSILON else max(0, quantities[product]) / need
            for product, need in self.needs.items()
        )

    def _sum_shortages(self):
        """What is missing, per component and per product of the line itself."""
        short = defaultdict(float)
        for move in self.moves:
            if move["kind"] == "raw" and move["state"] in SHORT:
                short[move["product_id"]] += move["quantity"] - move["done"]
            elif move["kind"] == "step" and move["state"] not in CLOSED:
                # reserved one step before the component's own move
                short[move["product_id"]] -= move["done"]
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

    # ---- what it waits for ------------------------------------------------

    def _find_blockers(self):
        """Rows that hold the line up, the worst first; ``short`` is the quantity.

        Worst is a component nobody supplies, then the purchase that arrives last, then
        the production of a component that ends last.
        """
        missing = self._find_missing()
        bought = [
            {
                **row,
                "short": min(self._get_short(row["product_id"]), self._get_open(row)),
            }
            for row in self.purchases
            if row["state"] != "cancel"
            and self._get_open(row) > EPSILON
            and self._get_short(row["product_id"]) > EPSILON
        ]
        made = [
            {
                **row,
                "short": min(self.components[row["product_id"]], self._get_open(row)),
            }
            for row in self._get_open_productions()
            if row["product_id"] in self.components
        ]
        self.has_missing, self.waits_for_material = (
            bool(missing),
            bool(missing or bought),
        )
        return missing + self._sort_latest(bought) + self._sort_latest(made)

    def _sort_latest(self, rows):
        return sorted(
            rows, key=lambda row: (self._get_end(row), row["id"]), reverse=True
        )

    def _find_missing(self):
        """Components nobody brings and nobody has: what lies free can be reserved."""
        supplied = {
            row["product_id"]
            for row in self.purchases
            if row["state"] != "cancel" and self._get_open(row) > EPSILON
        }
        supplied |= {row["product_id"] for row in self._get_open_productions()}
        short = [m for m in self.moves if m["kind"] == "raw" and m["state"] in SHORT]
        consumers = {move["product_id"]: move["parent_id"] for move in short}
        free = {move["product_id"]: move["free"] or 0 for move in short}
        return [
            {
                "kind": "missing",
                "product_id": product,
                "id": consumers.get(product),
                "short": quantity,
            }
            for product, quantity in sorted(self.components.items())
            if product not in supplied and quantity - free.get(product, 0) > EPSILON
        ]

    def _get_open(self, row):
        return row["quantity"] - row["done"]

    def _get_short(self, product):
        return self.components.get(product, 0) + self.lacking.get(product, 0)

    def _get_open_productions(self):
        return [row for row in self.productions if row["state"] not in CLOSED]

    def _get_end(self, row):
        """When the line could follow the row: never in the past."""
        return max(row["date"] or self.now, self.now) + row["lead"]

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
        if self.get_share(self.served) >= 1 - EPSILON:
            return "finished"
        return self._get_state_of_supply()

    def _get_state_of_supply(self):
        productions = self._get_open_productions()
        own = [row for row in self.productions if row["product_id"] in self.products]
        begun = any(row["done"] > EPSILON or row["state"] in BEGUN for row in own)
        if begun and any(row["state"] not in CLOSED for row in own):
            return "in_production"
        if self.waits_for_material:
            return "waiting_material"
        if any(row["state"] in BEGUN for row in productions):
            return "in_production"
        return "planned" if productions else "to_plan"

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
        if not self.is_open or self.line["state"] != "sale":
            return None
        if self.blockers:
            return self.blockers[0]
        if self.state == "to_plan" and self.line["kind"] == "goods" and self.lacking:
            product, quantity = sorted(self.lacking.items())[0]
            return {
                "kind": "nothing",
                "product_id": product,
                "id": False,
                "short": quantity,
            }
        return None

    @property
    def expected(self):
        """Naive UTC; None when nobody can tell."""
        if self.state == "delivered":
            done = [m["date"] for m in self.moves if m["kind"] == "out" and m["date"]]
            return max(done, default=None)
        if self.state == "cancelled" or self.is_open and self.has_missing:
            return None
        if self.state == "to_plan" and not self.purchases:
            return None
        ends = [self._get_end(row) for row in self.blockers if row["kind"] != "missing"]
        ends += [
            self._get_end(row)
            for row in self._get_open_productions()
            if row["product_id"] in self.lacking
        ]
        ends += [
            max(move["date"], self.now)
            for move in self.moves
            if move["kind"] in ("out", "inner") and move["state"] not in CLOSED
        ]
        return max(ends, default=None)


def group_by_line(rows):
    """Yield (row of the line, the rows that serve it)."""
    lines, others = {}, defaultdict(list)
    for row in rows:
        if row["model"] == "sale.order.line":
            lines[row["root_id"]] = row
        else:
            others[row["root_id"]].append(row)
    for root, line in lines.items():
        yield line, others[root]
