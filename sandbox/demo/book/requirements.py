"""Customers' wishes, check lists and reserved serial numbers, as of a few weeks ago."""

from ..data.catalogue import INDUSTRIAL, PLANT_OF
from ..plan.records import Line
from .orders import order_lines

RESERVING = {"VF-H12": "H12-", "VF-H16": "H16-", "VF-H24": "H24-"}
CHECKS = (
    "Blade balance within 2 g",
    "Name plate as ordered",
    "Run-in test of 30 minutes passed",
)
# (customer, code, quantity, words of the order, words of the line, confirmed)
WISHES = (
    (
        3,
        "VF-H12",
        3,
        "Sea freight: pack each fan in plywood.",
        "Colour RAL 5010. Name plate in Spanish.",
        True,
    ),
    (7, "VF-H24", 2, False, "Motor for 480 V, 60 Hz. UL label on the box.", True),
    (11, "VF-H12", 2, False, "Down rod 1.5 m instead of 1 m.", True),
    (5, "VF-H16", 4, "Certificate of origin with the papers.", False, False),
)


def book_requirements(desk):
    """Set the rules, then quote and confirm orders that need them."""
    if "order.requirement.check" not in desk.env:
        return
    category = desk.products["VF-H12"].categ_id
    category.requirement_depth = "purchases"
    desk.env["order.requirement.check"].create(
        [
            {"name": name, "categ_id": category.id, "sequence": number}
            for number, name in enumerate(CHECKS)
        ]
    )
    for code, prefix in RESERVING.items():
        product = desk.products[code]
        product.serial_prefix_format = prefix
        product.lot_sequence_id.write({"padding": 5, "number_next": 120})
        product.serial_reserve_on_order = True
    _start(_quote(desk))


def _quote(desk):
    """Return the quotations and orders, in the order of the table."""
    orders = desk.env["sale.order"].create(
        [
            {
                "partner_id": desk.buyers[customer].id,
                "date_order": desk.moment(-6),
                "commitment_date": desk.moment(24),
                "validity_date": desk.date(30),
                "warehouse_id": desk.warehouses[PLANT_OF[INDUSTRIAL]].id,
                "customer_requirement": of_order,
                "order_line": order_lines(desk, [Line(code, quantity, 0)]),
            }
            for customer, code, quantity, of_order, _line, _confirmed in WISHES
        ]
    )
    for order, wish in zip(orders, WISHES, strict=True):
        order.order_line.customer_requirement = wish[4]
        if wish[5]:
            order.action_confirm()
    return orders


def _start(orders):
    """The first check of the first production is ticked already."""
    production = orders[:1].order_line.serial_reservation_ids.production_id[:1]
    production.requirement_check_ids[:1].is_done = True
