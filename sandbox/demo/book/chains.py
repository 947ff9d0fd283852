"""Made-to-order sales: every chain is taken as far as its steps say."""

from ..plan.records import invoice_day
from .desk import chunks
from .orders import create_orders, invoice_orders, stamp_orders
from .payments import pay_invoices
from .production import finish


def book_chains(desk):
    """Confirm all chains, then take each step for those that reached it."""
    rows = desk.plan.chains
    pairs = []
    for part in chunks(rows, 20):
        orders = create_orders(desk, part)
        orders.action_confirm()
        stamp_orders(desk, orders, part)
        pairs += list(zip(orders, part, strict=True))
    for step, take in STEPS.items():
        reached = [(order, chain) for order, chain in pairs if step in chain.steps]
        if reached:
            take(desk, reached)
    _name_responsibles(desk, pairs)


def _buy(desk, pairs):
    """Confirm the purchases a chain caused, promised for its supply day."""
    for order, chain in pairs:
        purchases = order.stock_reference_ids.purchase_ids
        placed = chain.ordered + 2
        due = desk.moment(chain.supply_day)
        purchases.write({"date_order": desk.moment(placed)})
        purchases.order_line.write({"date_planned": due})
        purchases.button_confirm()
        purchases.write({"date_approve": desk.moment(placed, 6), "date_planned": due})
        desk.backdate(purchases, [placed] * len(purchases))


def _slip(desk, pairs):
    """Move the purchases of a chain as often as their vendor announced it."""
    for order, chain in pairs:
        purchases = order.stock_reference_ids.purchase_ids
        for day in chain.slips:
            for purchase in purchases.with_user(desk.users["buyer"]):
                purchase.order_line.write({"date_planned": desk.moment(day)})
                purchase.promise_reason = "supplier"


def _tell(desk, pairs):
    """Let salespeople tell the customers they told, after the host knows all dates."""
    desk.breathe()
    for order, chain in pairs:
        own = order.with_user(order.user_id)
        if chain.told == "told":
            own.action_customer_informed()
        elif chain.told == "accepted":
            own.action_new_date_accepted()


def _receive(desk, pairs):
    pickings = desk.env["stock.picking"]
    for order, _chain in pairs:
        pickings |= order.stock_reference_ids.purchase_ids.picking_ids
    pickings.move_ids.picked = True
    pickings.button_validate()
    for order, chain in pairs:
        receipts = order.stock_reference_ids.purchase_ids.picking_ids
        receipts.write(
            {"date_done": desk.moment(chain.supply_day + chain.customer % 3, 5)}
        )


def _assemblies(order):
    """Return the child manufacturing orders of a sale."""
    return order.stock_reference_ids.production_ids.filtered(
        lambda mo: mo.production_group_id.parent_ids
    )


def _fans(order):
    """Return the manufacturing orders of the fans sold."""
    return order.stock_reference_ids.production_ids - _assemblies(order)


def _assemble(desk, pairs):
    for order, chain in pairs:
        orders = _assemblies(order).sorted("id")
        day = chain.supply_day + 3
        finish(desk, orders, [(day, day + 2)] * len(orders))


def _start_assembly(desk, pairs):
    for order, _chain in pairs:
        for production in _assemblies(order):
            production.action_start()


def _start(desk, pairs):
    for order, chain in pairs:
        for production in _fans(order):
            production.action_start()
            production.date_start = desk.moment(chain.supply_day + 6, 1)


def _produce(desk, pairs):
    for order, chain in pairs:
        orders = _fans(order).sorted("id")
        day = chain.supply_day + 6
        finish(desk, orders, [(day, _finished(chain))] * len(orders))


def _finished(chain):
    """Return the day a fan was finished: in time to leave, never in the future."""
    return min(max(chain.supply_day + 9, chain.promised - 6), -1)


def _shipped(chain):
    late = 6 if chain.scenario == "delivered late" else 0
    return min(max(_finished(chain) + 1, chain.promised - 2 + late), -1)


def _ship(desk, pairs):
    _validate(desk, pairs)


def _ship_part(desk, pairs):
    """Deliver about half of the units and leave the rest on a backorder."""
    for order, _chain in pairs:
        lines = order.picking_ids.move_ids.move_line_ids.sorted("id")
        lines[: max(len(lines) // 2, 1)].picked = True
    _validate(desk, pairs, whole=False)


def _validate(desk, pairs, whole=True):
    pickings = desk.env["stock.picking"].union(
        *[order.picking_ids for order, _chain in pairs]
    )
    if whole:
        pickings.move_ids.picked = True
    pickings.with_context(skip_backorder=True).button_validate()
    for order, chain in pairs:
        done = order.picking_ids.filtered(lambda picking: picking.state == "done")
        done.write({"date_done": desk.moment(_shipped(chain), 7)})


def _invoice(desk, pairs):
    invoice_orders(
        desk, [(order, invoice_day(_shipped(chain))) for order, chain in pairs]
    )


def _pay(desk, pairs):
    rows = []
    for order, chain in pairs:
        customer = desk.plan.customers[chain.customer]
        day = min(
            invoice_day(_shipped(chain)) + customer.terms + customer.pay_delay, -1
        )
        rows.append((order.invoice_ids, day, 1.0))
    pay_invoices(desk, rows)


def _cancel(desk, pairs):
    """Cancel orders; planner and buyer followed suit."""
    for order, _chain in pairs:
        productions = order.stock_reference_ids.production_ids
        purchases = order.stock_reference_ids.purchase_ids
        order._action_cancel()
        productions.action_cancel()
        purchases.button_cancel()


def _name_responsibles(desk, pairs):
    """Give the documents the procurement created to the planner and the buyer."""
    for order, _chain in pairs:
        order.stock_reference_ids.production_ids.write(
            {"user_id": desk.users["planner"].id}
        )
        order.stock_reference_ids.purchase_ids.write(
            {"user_id": desk.users["buyer"].id}
        )


STEPS = {
    "buy": _buy,
    "slip": _slip,
    "tell": _tell,
    "receive": _receive,
    "start_assembly": _start_assembly,
    "assemble": _assemble,
    "start": _start,
    "produce": _produce,
    "ship": _ship,
    "ship_part": _ship_part,
    "invoice": _invoice,
    "pay": _pay,
    "cancel": _cancel,
}
