"""Production and purchases behind the sales, and the stock to start from."""

import math
from collections import defaultdict

from ..data.catalogue import ACCESSORY, ASSEMBLY, BY_CODE, PART, PLANTS, PRODUCTS
from ..data.suppliers import SUPPLIERS
from .records import Line, Production, Purchase

OPENING_DAY = -1000  # before the oldest order, of a customer lost since
START = -735
BATCH = {"lot": 6000, "serial": 30}
SAFETY = {"lot": 260, "serial": 5}
ASSEMBLY_RUNS = 4
MADE_SHARE = 0.7
BOUGHT_SHARE = 0.6


def plan_supply(rng, plan):
    """Fill productions, purchases and the opening stock of ``plan``."""
    plan.productions = _fan_runs(rng, plan.orders)
    needs = _component_needs(plan.productions)
    assembly_runs = _assembly_runs(rng, needs)
    plan.productions = sorted(
        plan.productions + assembly_runs, key=lambda run: run.started
    )
    needs = _add(needs, _component_needs(assembly_runs))
    needs = _add(needs, _accessory_needs(plan.orders))
    needs = _add(needs, _chain_needs(plan.chains))
    plan.purchases = _purchases(rng, needs)
    plan.opening = _opening(needs, plan)
    plan.productions += _open_runs()
    plan.purchases += _billed_purchases()
    plan.purchases += _open_purchases(rng)


def _explode(line):
    """Yield (code, quantity) with kits replaced by their parts."""
    product = BY_CODE[line.code]
    parts = product.bom if product.kit else ((line.code, 1),)
    for code, quantity in parts:
        yield code, quantity * line.quantity


def _fan_runs(rng, orders):
    """Return runs that finish a few days before the first shipment each serves."""
    waiting = defaultdict(list)
    for order in sorted(orders, key=lambda order: order.delivered):
        for line in order.lines:
            for code, quantity in _explode(line):
                if BY_CODE[code].tracking != "none" and not order.is_open:
                    waiting[code, order.plant].append((order.delivered, quantity))
    runs = []
    for (code, plant), shipments in waiting.items():
        runs += _batches(rng, code, plant, shipments)
    return runs


def _batches(rng, code, plant, shipments):
    """Group shipments of a fan into runs, the last one with the safety stock."""
    tracking = BY_CODE[code].tracking
    runs, quantity, first = [], 0, shipments[0][0]
    for day, shipped in shipments:
        if quantity and quantity + shipped > BATCH[tracking]:
            runs.append(_run(rng, code, quantity, plant, first))
            quantity, first = 0, day
        quantity += shipped
    runs.append(_run(rng, code, quantity + SAFETY[tracking], plant, first))
    return runs


def _run(rng, code, quantity, plant, needed):
    finished = needed - rng.randint(2, 9)
    return Production(code, quantity, plant, finished - rng.randint(2, 5), finished)


def _component_needs(runs):
    """Return {(code, plant): quantity} consumed by the runs."""
    needs = defaultdict(float)
    for run in runs:
        for code, quantity in BY_CODE[run.code].bom:
            needs[code, run.plant] += quantity * run.quantity
    return needs


def _accessory_needs(orders):
    needs = defaultdict(float)
    for order in orders:
        for line in order.lines:
            for code, quantity in _explode(line):
                if BY_CODE[code].family == ACCESSORY:
                    needs[code, order.plant] += quantity
    return needs


def _chain_needs(chains):
    """Return what made-to-order sales take from stock, down to the parts."""
    needs = defaultdict(float)

    def consume(code, quantity, plant):
        for part, per_unit in BY_CODE[code].bom:
            if BY_CODE[part].mto:
                consume(part, per_unit * quantity, plant)
            else:
                needs[part, plant] += per_unit * quantity

    for chain in chains:
        for line in chain.lines:
            consume(line.code, line.quantity, chain.plant)
    return needs


def _add(left, right):
    total = defaultdict(float, left)
    for key, quantity in right.items():
        total[key] += quantity
    return total


def _assembly_runs(rng, needs):
    """Return evenly spread runs that make most of the assemblies needed."""
    runs = []
    for (code, plant), quantity in needs.items():
        if BY_CODE[code].family == ASSEMBLY:
            size = max(math.ceil(quantity * MADE_SHARE / ASSEMBLY_RUNS), 1)
            for number in range(ASSEMBLY_RUNS):
                day = START + 20 + number * 175 + rng.randint(0, 30)
                runs.append(Production(code, size, plant, day, day + rng.randint(3, 8)))
    return runs


def _purchases(rng, needs):
    """Return received purchases that cover most of the bought needs."""
    vendors = defaultdict(list)
    for index, supplier in enumerate(SUPPLIERS):
        for code in supplier.products:
            vendors[code].append(index)
    purchases = []
    for (code, plant), quantity in needs.items():
        if BY_CODE[code].family in (PART, ACCESSORY):
            for index in vendors[code]:
                share = quantity * BOUGHT_SHARE / len(vendors[code])
                purchases += _deliveries(rng, index, code, plant, share)
    return sorted(purchases, key=lambda purchase: purchase.ordered)


def _deliveries(rng, index, code, plant, quantity):
    """Return the purchases of one part from one supplier for one plant."""
    supplier = SUPPLIERS[index]
    # enough lines to be rated, and more where there is a habit to see
    count = 5 if supplier.habit else 4
    step = (-40 - START) / count
    for number in range(count):
        ordered = (
            round(START + step * (number + rng.uniform(0.1, 0.8))) - supplier.lead_days
        )
        # a promise moved from a weekend to Friday is still outside his lead time
        promised = ordered + supplier.lead_days + 3
        received = min(promised + _lateness(rng, supplier), -3)
        size = max(math.ceil(quantity / count / 10) * 10, 10)
        paid = received + 30 + rng.choice((-3, 0, 0, 2, 9, 16))
        lost = supplier.habit == "never" and number == count - 1
        yield Purchase(
            index,
            plant,
            ordered,
            promised,
            None if lost else received,
            (Line(code, size),),
            state="confirmed" if lost else "done",
            bill_paid=paid if paid < -1 else None,
            confirmed=_confirmation(supplier, ordered),
            **_get_habit(supplier, promised, received, number, number == count - 1),
        )


def _get_habit(supplier, promised, received, number, is_last):
    """Return what a purchase shows of the supplier's habit."""
    if supplier.habit == "slips" and received > promised:
        return {"moved_to": received}
    if supplier.habit == "creeps":
        return {"price": 0.94 + 0.05 * number}
    if supplier.habit == "splits" and received > promised:
        return {"first_share": 0.6}
    if supplier.habit == "rejects" and is_last:
        return {"returned": 0.04}
    return {"excess": 1.08} if supplier.habit == "over" else {}


def _confirmation(supplier, ordered):
    """Return the day he confirms: the punctual soon, the others after a week, if at
    all."""
    if supplier.on_time < 0.7:
        return None
    days = 7 if supplier.on_time < 0.8 else 3 if supplier.on_time < 0.9 else 1
    return ordered + days


def _lateness(rng, supplier):
    if rng.random() < supplier.on_time:
        return -rng.choice((0, 0, 1, 2))
    return 1 + int(rng.expovariate(1 / 7))


def _opening(needs, plan):
    """Return {(code, plant): quantity} on hand on the first day.

    What is neither made nor bought later, plus a safety stock for the open orders.
    """
    supplied = defaultdict(float)
    for run in plan.productions:
        supplied[run.code, run.plant] += run.quantity
    for purchase in plan.purchases:
        if purchase.received is None:
            continue
        for line in purchase.lines:
            supplied[line.code, purchase.plant] += line.quantity
    opening = {}
    for product in PRODUCTS:
        if product.family in (ASSEMBLY, PART, ACCESSORY):
            for plant in PLANTS:
                key = product.code, plant
                missing = max(needs[key] - supplied[key], 0)
                opening[key] = math.ceil(missing + _safety(product, needs[key]))
    return opening


def _safety(product, need):
    """Return about two weeks of use, and enough of each part for a few machines."""
    floor = 60 if product.family == ASSEMBLY else 150
    return max(need * 0.02, floor)


# Runs not finished yet: (code, quantity, plant, start, end, state).
OPEN_RUNS = (
    ("VF-R42", 600, "ZSN", -6, 1, "progress"),
    ("VF-R52", 900, "ZSN", -9, -2, "progress"),
    ("VF-L56", 500, "ZSN", -12, -4, "confirmed"),
    ("VF-R42", 800, "ZSN", 4, 8, "confirmed"),
    ("VF-R52", 1000, "ZSN", 9, 14, "confirmed"),
    ("VF-L56", 700, "ZSN", 16, 20, "draft"),
    ("SA-MAC", 1200, "ZSN", -3, 3, "progress"),
    ("SA-B52", 1500, "ZSN", -7, -1, "confirmed"),
    ("SA-CAN", 400, "BDG", 2, 5, "confirmed"),
    ("SA-MDC", 60, "BDG", -5, 2, "progress"),
    ("SA-BAL", 300, "TAI", 6, 9, "draft"),
    ("VF-D60", 12, "BDG", -15, -8, "confirmed"),
    ("VF-R42", 400, "ZSN", -30, -26, "cancel"),
)


def _open_runs():
    return [Production(*row) for row in OPEN_RUNS]


# Purchases received, with a bill to pay: (supplier, code, quantity, plant, received).
BILLED_PURCHASES = (
    (6, "RM-BRG", 2000, "ZSN", -29),
    (2, "RM-CUW", 900, "ZSN", -28),
    (8, "RM-DRV", 120, "TAI", -32),
    (9, "RM-DRV", 150, "BDG", -27),
    (10, "RM-ABS", 1500, "ZSN", -30),
    (5, "RM-MAG", 600, "BDG", -31),
    (11, "RM-ABS", 700, "BDG", -25),
    (14, "VA-LK24", 400, "ZSN", -26),
)


def _billed_purchases():
    """Return what came a month ago, on time: the bills are due these days."""
    purchases = []
    for index, code, quantity, plant, received in BILLED_PURCHASES:
        supplier = SUPPLIERS[index]
        ordered = received - supplier.lead_days - 3
        purchases.append(
            Purchase(
                index,
                plant,
                ordered,
                received,
                received,
                (Line(code, quantity),),
                confirmed=_confirmation(supplier, ordered),
            )
        )
    return purchases


# Purchases under way: (supplier, code, quantity, plant, ordered, promised, state).
OPEN_PURCHASES = (
    (0, "RM-LAM", 4000, "ZSN", -40, -14, "confirmed"),
    (1, "RM-LAM", 1500, "TAI", -34, -6, "confirmed"),
    (4, "RM-MAG", 2400, "TAI", -52, -20, "confirmed"),
    (9, "RM-DRV", 300, "BDG", -30, -9, "confirmed"),
    (12, "RM-ALU", 2500, "BDG", -28, -3, "partial"),
    (14, "VA-LK24", 1500, "ZSN", -25, -5, "partial"),
    (2, "RM-CUW", 1800, "ZSN", -10, 5, "confirmed"),
    (3, "RM-CUW", 900, "TAI", -16, 9, "confirmed"),
    (6, "RM-BRG", 6000, "ZSN", -8, 11, "confirmed"),
    (8, "RM-DRV", 240, "TAI", -12, 17, "confirmed"),
    (10, "RM-ABS", 5200, "ZSN", -4, 8, "confirmed"),
    (13, "RM-ALU", 1600, "BDG", -6, 12, "confirmed"),
    (5, "RM-MAG", 1200, "BDG", -5, 22, "sent"),
    (7, "RM-BRG", 3000, "BDG", -2, 20, "sent"),
    (11, "RM-ABS", 1800, "BDG", -1, 15, "draft"),
    (14, "VA-RC01", 800, "ZSN", -1, 14, "draft"),
    (9, "RM-DRV", 200, "TAI", -60, -35, "cancel"),
)


def _open_purchases(rng):
    return [
        Purchase(
            supplier,
            plant,
            ordered,
            promised,
            -rng.randint(3, 6) if state == "partial" else None,
            (Line(code, quantity),),
            state=state,
        )
        for supplier, code, quantity, plant, ordered, promised, state in OPEN_PURCHASES
    ]
