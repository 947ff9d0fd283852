"""Manufacturing orders, done and open."""

from itertools import count

from .desk import chunks


def book_productions(desk):
    """Book all runs of the plan and finish those that are done."""
    desk.serials = count(1)
    runs = desk.plan.productions
    done = [run for run in runs if run.state == "done"]
    for part in chunks(done, 40):
        orders = _create(desk, part)
        orders.action_confirm()
        finish(desk, orders, [(run.started, run.finished) for run in part])
        desk.breathe()
    _book_open(desk, [run for run in runs if run.state != "done"])


def _create(desk, runs):
    return desk.env["mrp.production"].create(
        [
            {
                "product_id": desk.products[run.code].id,
                "product_qty": run.quantity,
                "picking_type_id": desk.warehouses[run.plant].manu_type_id.id,
                "date_start": desk.moment(run.started, 1),
                "date_deadline": desk.moment(run.finished, 9),
                "user_id": desk.users["planner"].id,
            }
            for run in runs
        ]
    )


def _book_open(desk, runs):
    """Bring the open runs to their states."""
    orders = _create(desk, runs)
    by_state = {
        state: orders.filtered(
            lambda mo, s=state: runs[orders.ids.index(mo.id)].state == s
        )
        for state in ("confirmed", "progress", "cancel")
    }
    (by_state["confirmed"] | by_state["progress"] | by_state["cancel"]).action_confirm()
    for order in by_state["progress"]:
        order.action_start()
    by_state["cancel"].action_cancel()


def finish(desk, orders, days):
    """Produce everything and set the real (start, end) plan days."""
    for order, (_started, finished) in zip(orders, days, strict=True):
        register(desk, order, finished)
    orders.with_context(skip_consumption=True).button_mark_done()
    for order, (started, finished) in zip(orders, days, strict=True):
        order.with_context(force_date=True).write(
            {
                "date_start": desk.moment(started, 1),
                "date_finished": desk.moment(finished, 9),
            }
        )


def register(desk, order, day):
    """Record the whole quantity with its lot or serial numbers and its components."""
    order.lot_producing_ids = _lots(desk, order, day)
    order.qty_producing = order.product_qty
    order.set_qty_producing()
    for move in order.move_raw_ids:
        if move.quantity != move.product_uom_qty:
            move.quantity = move.product_uom_qty
    order.move_raw_ids.picked = True


def _lots(desk, order, day):
    """Return new lots named after product and week: one, or one per unit."""
    product = order.product_id
    number = {"none": 0, "lot": 1, "serial": int(order.product_qty)}[product.tracking]
    stamp = desk.date(day).strftime("%y%V")
    prefix = f"{product.default_code.removeprefix('VF-')}-{stamp}"
    return desk.env["stock.lot"].create(
        [
            {"name": f"{prefix}-{next(desk.serials):05d}", "product_id": product.id}
            for _number in range(number)
        ]
    )
