"""Purchase orders, receipts, vendor bills and their payments."""

from odoo import Command

from .desk import chunks
from .payments import pay_invoices


def book_purchases(desk):
    """Book all purchases of the plan."""
    purchases = desk.plan.purchases
    for part in chunks([p for p in purchases if p.state == "done"], 60):
        orders = _create(desk, part)
        confirm(desk, orders, part)
        _acknowledge(desk, orders, part)
        _show_habits(desk, orders, part)
        _receive_first(desk, orders, part)
        receive(desk, orders, [purchase.received for purchase in part])
        _return(desk, orders, part)
        _bill(desk, orders, part)
        desk.breathe()
    _ask_for_drawings(desk)
    _book_open(desk, [p for p in purchases if p.state != "done"])


def _create(desk, purchases):
    orders = desk.env["purchase.order"].create([_values(desk, p) for p in purchases])
    desk.backdate(orders, [purchase.ordered for purchase in purchases])
    return orders


def _values(desk, purchase):
    return {
        "partner_id": desk.suppliers[purchase.supplier].id,
        "date_order": desk.moment(purchase.ordered),
        "date_planned": desk.moment(purchase.promised),
        "payment_term_id": desk.terms[30].id,
        "user_id": desk.users["buyer"].id,
        "picking_type_id": desk.warehouses[purchase.plant].in_type_id.id,
        "order_line": [
            Command.create(
                {
                    "product_id": desk.products[line.code].id,
                    "product_qty": line.quantity,
                    "date_planned": desk.moment(purchase.promised),
                    **_price(desk, purchase, line),
                }
            )
            for line in purchase.lines
        ],
    }


def _price(desk, purchase, line):
    """The price of those who change it; the others' comes from the vendor's list."""
    if purchase.price == 1:
        return {}
    cost = desk.products[line.code].standard_price
    return {"price_unit": round(cost * purchase.price, 4)}


def confirm(desk, orders, purchases):
    """Confirm purchase orders on the days they were placed."""
    orders.button_confirm()
    for order, purchase in zip(orders, purchases, strict=True):
        order.date_approve = desk.moment(purchase.ordered, 6)


def _acknowledge(desk, orders, purchases):
    """Suppliers confirm the dates, each on his day."""
    told = [
        (order, purchase.confirmed)
        for order, purchase in zip(orders, purchases, strict=True)
        if purchase.confirmed is not None
    ]
    union = orders.browse([order.id for order, _day in told])
    union.action_vendor_confirmed()
    for order, purchase in zip(orders, purchases, strict=True):
        # sudo: the engine alone writes these moments, and it writes the present one
        order.sudo().supplier_requested_on = desk.moment(purchase.ordered, 6)
    for order, day in told:
        order.order_line.sudo().supplier_confirmed_on = desk.moment(day, 7)


def _show_habits(desk, orders, purchases):
    """Move the dates of those who slip, and have more sent than was ordered."""
    for order, purchase in zip(orders, purchases, strict=True):
        if purchase.moved_to is not None:
            order.order_line.date_planned = desk.moment(purchase.moved_to)
        if purchase.excess > 1:
            for move in order.picking_ids.move_ids:
                move.quantity = round(move.product_uom_qty * purchase.excess)


def _receive_first(desk, orders, purchases):
    """Receive the first of two deliveries on the promised day."""
    for order, purchase in zip(orders, purchases, strict=True):
        if purchase.first_share < 1:
            _receive_part(desk, order, purchase.promised, purchase.first_share)


def receive(desk, orders, days):
    """Receive everything that is still to come on the given plan days."""
    pickings = orders.picking_ids.filtered(lambda picking: picking.state != "done")
    pickings.move_ids.picked = True
    pickings.button_validate()
    for order, day in zip(orders, days, strict=True):
        (order.picking_ids & pickings).date_done = desk.moment(day, 5)


def _return(desk, orders, purchases):
    """Send back what was rejected, two days after it came."""
    for order, purchase in zip(orders, purchases, strict=True):
        if purchase.returned:
            picking = order.picking_ids
            wizard = desk.env["stock.return.picking"].create({"picking_id": picking.id})
            for line in wizard.product_return_moves:
                line.quantity = round(line.move_id.quantity * purchase.returned)
            back = wizard._create_return()
            back.move_ids.picked = True
            back.button_validate()
            back.date_done = desk.moment(purchase.received + 2, 5)


def _bill(desk, orders, purchases):
    """Bill what was received and pay the bills that are paid."""
    bills = desk.env["account.move"].create(
        [
            _bill_values(desk, order, purchase)
            for order, purchase in zip(orders, purchases, strict=True)
        ]
    )
    bills.action_post()
    pay_invoices(
        desk,
        [(bill, p.bill_paid, 1.0) for bill, p in zip(bills, purchases, strict=True)],
    )


def _bill_values(desk, order, purchase):
    """Return what the host's button would create, dated: it makes one at a time."""
    lines = [line._prepare_account_move_line() for line in order.order_line]
    return {
        **order._prepare_invoice(),
        "invoice_date": desk.date(purchase.received),
        "ref": f"{order.partner_id.name[:3].upper()}-{9000 + order.id}",
        "invoice_line_ids": [Command.create(values) for values in lines],
    }


def _ask_for_drawings(desk):
    """From now on, orders of parts made for us are clear with a drawing only."""
    desk.products["RM-LAM"].categ_id.write(
        {"supplier_clarity_own": True, "supplier_needs_drawing": True}
    )


def _book_open(desk, purchases):
    """Leave each open purchase in its state."""
    orders = _create(desk, purchases)
    for state in ("sent", "cancel", "confirmed", "partial"):
        rows = [
            (o, p) for o, p in zip(orders, purchases, strict=True) if p.state == state
        ]
        part = desk.env["purchase.order"].union(*[order for order, _purchase in rows])
        if state == "sent":
            part.write({"state": "sent"})
        elif state == "cancel":
            part.button_cancel()
        else:
            confirm(desk, part, [purchase for _order, purchase in rows])
    for order, purchase in zip(orders, purchases, strict=True):
        if purchase.state == "partial":
            _receive_part(desk, order, purchase.received, 0.6)


def _receive_part(desk, order, day, share):
    """Receive a share of each line and leave the rest on a backorder."""
    picking = order.picking_ids
    for move in picking.move_ids:
        move.quantity = round(move.product_uom_qty * share)
        move.picked = True
    picking.with_context(skip_backorder=True).button_validate()
    picking.date_done = desk.moment(day, 5)
