"""Sales from stock: orders, deliveries, invoices, credit notes and payments."""

from odoo import Command

from .desk import chunks
from .payments import open_lines, pay_invoices

# why a date moved before it passed; what the customer asked for is no slip of ours
MOVED_BECAUSE = ("supplier", "plant", "customer", "planning", "supplier", "transport")


def book_orders(desk):
    """Confirm and ship the orders of the plan by order day."""
    types = desk.env["stock.picking.type"].search([("code", "=", "outgoing")])
    types.reservation_method = "manual"  # reserving by batch is quicker than by order
    for part in chunks(desk.plan.orders, 80):
        orders = create_orders(desk, part)
        orders.action_confirm()
        stamp_orders(desk, orders, part)
        _move_promises(desk, orders, part)
        orders.picking_ids.action_assign()
        shipped = [
            (so, order)
            for so, order in zip(orders, part, strict=True)
            if not order.is_open
        ]
        _ship(desk, shipped)
        desk.orders += list(orders)
        desk.env[
            "stock.quant"
        ]._quant_tasks()  # empty quants slow down each reservation
        desk.breathe()
    types.reservation_method = "at_confirm"


def create_orders(desk, rows):
    """Create one draft order per ``Order`` or ``Chain`` of the plan."""
    return desk.env["sale.order"].create([_values(desk, row) for row in rows])


def _values(desk, row):
    return {
        "partner_id": desk.buyers[row.customer].id,
        "date_order": desk.moment(row.ordered),
        "commitment_date": desk.moment(row.promised),
        "warehouse_id": desk.warehouses[row.plant].id,
        "client_order_ref": f"PO-{row.customer + 10}{-row.ordered:03d}",
        "order_line": order_lines(desk, row.lines, _wished(desk, row)),
    }


def _wished(desk, row):
    """Return the day the customer asked for: half of them name one, before ours."""
    spread = row.customer + row.ordered
    offset = row.promised - spread % 7
    return desk.date(offset) if spread % 2 and offset > row.ordered else False


def order_lines(desk, lines, wished=False):
    """Return commands that create order lines at the price of the customer's list."""
    return [
        Command.create(
            {
                "product_id": desk.products[line.code].id,
                "product_uom_qty": line.quantity,
                "discount": line.discount,
                "customer_requested_date": wished,
            }
        )
        for line in lines
    ]


def stamp_orders(desk, orders, rows):
    """Write the order dates back: confirming set them to now."""
    for order, row in zip(orders, rows, strict=True):
        order.date_order = desk.moment(row.ordered)
    desk.backdate(orders, [row.ordered for row in rows])


def _move_promises(desk, orders, rows):
    """Move every other date that was missed by days, as who saw it coming did."""
    late = [
        (order, row)
        for order, row in zip(orders, rows, strict=True)
        if not row.is_open and row.delivered - row.promised > 3
    ][::2]
    for order, row in late:
        own = order.with_user(order.user_id)
        own.commitment_date = desk.moment(row.delivered)
        own.promise_reason = MOVED_BECAUSE[row.customer % len(MOVED_BECAUSE)]
    changes = desk.env["delivery.promise.change"].search(
        [("sale_order_id", "in", [order.id for order, _row in late])]
    )
    told = {order: max(row.promised - 2, row.ordered + 1) for order, row in late}
    desk.backdate(changes, [told[change.sale_order_id] for change in changes])


def _ship(desk, rows):
    """Deliver (sale order, plan order) rows in full on their days."""
    pickings = desk.env["stock.picking"].union(*[so.picking_ids for so, _order in rows])
    pickings.move_ids.picked = True
    pickings.with_context(skip_backorder=True).button_validate()
    for so, order in rows:
        so.picking_ids.write({"date_done": desk.moment(order.delivered, 7)})


def book_invoices(desk):
    """Invoice what was shipped, credit what was claimed, book what was paid."""
    rows = [
        (position, order, desk.orders[position])
        for position, order in enumerate(desk.plan.orders)
        if not order.is_open
    ]
    invoice_orders(desk, [(so, order.invoiced) for _position, order, so in rows])
    for position, _order, so in rows:
        desk.invoices[position] = so.invoice_ids
    _book_credits(desk)
    pay_invoices(
        desk,
        [(desk.invoices[position], o.paid, o.paid_share) for position, o, _so in rows],
    )


def invoice_orders(desk, rows):
    """Post one invoice per order for (sale order, invoice day) rows, by day."""
    for part in chunks(sorted(rows, key=lambda row: (row[1], row[0].id)), 60):
        invoices = desk.env["account.move"].create(
            [_invoice_values(desk, order, day) for order, day in part]
        )
        invoices.action_post()
        desk.breathe()


def _invoice_values(desk, order, day):
    """Return what the host's wizard would create, dated: it asks for one date."""
    lines = [line._prepare_invoice_line() for line in order._get_invoiceable_lines()]
    return {
        **order._prepare_invoice(),
        "invoice_date": desk.date(day),
        "invoice_line_ids": [Command.create(values) for values in lines],
    }


def _book_credits(desk):
    """Reverse a share of the credited invoices and reconcile both."""
    credits = desk.plan.credits
    invoices = [desk.invoices[credit.order] for credit in credits]
    notes = (
        desk.env["account.move"]
        .union(*invoices)
        ._reverse_moves(
            [
                _note_values(desk, credit, invoice)
                for credit, invoice in zip(credits, invoices, strict=True)
            ]
        )
    )
    for credit, note in zip(credits, notes, strict=True):
        if credit.share < 1:
            for line in note.invoice_line_ids:
                line.quantity = max(round(line.quantity * credit.share), 1)
    notes.action_post()
    for invoice, note in zip(invoices, notes, strict=True):
        open_lines(invoice.line_ids | note.line_ids).reconcile()


def _note_values(desk, credit, invoice):
    day = desk.date(credit.day)
    return {
        "invoice_date": day,
        "date": day,
        "ref": f"{credit.reason}, {invoice.name}",
    }
