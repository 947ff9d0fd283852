"""Products, bills of materials, vendor prices and opening stock."""

from odoo import Command

from ..data.catalogue import (
    ACCESSORY,
    ASSEMBLY,
    COMMERCIAL,
    FAMILIES,
    INDUSTRIAL,
    PART,
    PRODUCTS,
    RESIDENTIAL,
    unit_cost,
)
from ..data.suppliers import SUPPLIERS
from ..plan.supply import OPENING_DAY

LEAD_DAYS = {RESIDENTIAL: 4, COMMERCIAL: 6, INDUSTRIAL: 9, ASSEMBLY: 3}
SOLD = (RESIDENTIAL, COMMERCIAL, INDUSTRIAL, ACCESSORY)


def book_products(desk):
    """Make categories, products and bills of materials."""
    env = desk.env
    desk.categories = {
        family: env["product.category"].create({"name": name})
        for family, name in FAMILIES.items()
    }
    records = env["product.product"].create(
        [
            _values(desk, product, desk.categories[product.family])
            for product in PRODUCTS
        ]
    )
    desk.products = {
        product.code: record for product, record in zip(PRODUCTS, records, strict=True)
    }
    env["mrp.bom"].create([_bom_values(desk, p) for p in PRODUCTS if p.bom])
    _book_vendor_prices(desk)


def _values(desk, product, category):
    return {
        "name": product.name,
        "default_code": product.code,
        "categ_id": category.id,
        "uom_id": desk.env.ref(product.uom).id,
        "type": "consu",
        "is_storable": not product.kit,
        "tracking": product.tracking,
        "list_price": product.price or round(unit_cost(product.code) * 1.5, 2),
        "standard_price": unit_cost(product.code),
        "sale_ok": product.family in SOLD,
        "purchase_ok": product.family in (PART, ACCESSORY),
        "invoice_policy": "delivery",
        "taxes_id": False,
        "supplier_taxes_id": False,
    }


def _bom_values(desk, product):
    return {
        "product_tmpl_id": desk.products[product.code].product_tmpl_id.id,
        "code": f"{product.code} rev. B",
        "type": "phantom" if product.kit else "normal",
        "produce_delay": LEAD_DAYS.get(product.family, 0),
        "bom_line_ids": [
            Command.create(
                {"product_id": desk.products[code].id, "product_qty": quantity}
            )
            for code, quantity in product.bom
        ],
    }


def _book_vendor_prices(desk):
    """Give every bought product its vendors, the first one in the table first."""
    desk.env["product.supplierinfo"].create(
        [
            {
                "partner_id": desk.suppliers[number].id,
                "product_tmpl_id": desk.products[code].product_tmpl_id.id,
                "price": unit_cost(code),
                "delay": supplier.lead_days,
                "sequence": number + 1,
            }
            for number, supplier in enumerate(SUPPLIERS)
            for code in supplier.products
        ]
    )


def book_opening_stock(desk):
    """Count what was on hand on the first day."""
    quants = (
        desk.env["stock.quant"]
        .with_context(inventory_mode=True)
        .create(
            [
                {
                    "product_id": desk.products[code].id,
                    "location_id": desk.warehouses[plant].lot_stock_id.id,
                    "inventory_quantity": quantity,
                }
                for (code, plant), quantity in desk.plan.opening.items()
            ]
        )
    )
    quants.action_apply_inventory()
    moves = desk.env["stock.move"].search(
        [("is_inventory", "=", True), ("product_id", "in", quants.product_id.ids)]
    )
    moves.date = desk.moment(OPENING_DAY)


def switch_to_order(desk):
    """Make the made-to-order products trigger production and purchase from now on.

    The history is booked before this: it was shipped from stock.
    """
    route = desk.env.ref("stock.route_warehouse0_mto")
    route.active = True
    for product in PRODUCTS:
        if product.mto:
            desk.products[product.code].route_ids = [Command.link(route.id)]
