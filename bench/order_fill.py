"""Orders with productions, purchases and moves, multiplied from a few real ones.

Confirming an order takes Odoo seconds, so a sample is made by it and its rows are then
copied by INSERT ... SELECT: each key that points into the sample points into the copy.
"""

from datetime import datetime, timedelta

from odoo.fields import Command

TABLES = (
    "sale_order",
    "sale_order_line",
    "stock_reference",
    "mrp_production_group",
    "mrp_production",
    "purchase_order",
    "purchase_order_line",
    "stock_picking",
    "stock_move",
    "stock_move_line",
)
RELATIONS = (
    "stock_reference_sale_rel",
    "stock_reference_move_rel",
    "stock_reference_production_rel",
    "stock_reference_purchase_rel",
    "mrp_production_group_rel",
    "stock_move_move_rel",
    "stock_move_created_purchase_line_rel",
)


def make_products(env):
    """Two fans, each of a motor of its own and two blades; a motor of three coils."""
    warehouse = env["stock.warehouse"].search([], limit=1)
    route = warehouse.mto_pull_id.route_id
    route.active = True
    vendor = env["res.partner"].create({"name": "Foshan Motor"})
    seller = [Command.create({"partner_id": vendor.id})]
    fans = env["product.product"]
    for letter in "AB":
        fan, motor, blade, coil = env["product.product"].create(
            [
                {
                    "name": f"{name} {letter}",
                    "is_storable": True,
                    "route_ids": [Command.set(route.ids)],
                    "seller_ids": seller if name in ("Blade", "Coil") else [],
                }
                for name in ("Fan", "Motor", "Blade", "Coil")
            ]
        )
        _make_bom(env, fan, {motor: 1, blade: 2})
        _make_bom(env, motor, {coil: 3})
        fans += fan
    return fans


def _make_bom(env, product, components):
    lines = [
        Command.create({"product_id": component.id, "product_qty": quantity})
        for component, quantity in components.items()
    ]
    env["mrp.bom"].create(
        {
            "product_tmpl_id": product.product_tmpl_id.id,
            "product_qty": 1,
            "bom_line_ids": lines,
        }
    )


def make_order(env, fans, lines=2):
    """A quotation of some lines, promised in ten days."""
    return env["sale.order"].create(
        {
            "partner_id": env["res.partner"].create({"name": "Ada"}).id,
            "commitment_date": datetime.now() + timedelta(days=10),
            "order_line": [
                Command.create({"product_id": fans[n % 2].id, "product_uom_qty": 2})
                for n in range(lines)
            ],
        }
    )


class Multiplier:
    """Remembers what is there, then copies all that was added since."""

    def __init__(self, cursor):
        self.cursor = cursor
        self.before = {table: self._last(table) for table in TABLES}

    def _last(self, table):
        return self._ask(f"SELECT COALESCE(MAX(id), 0) FROM {table}")[0][0]

    def _ask(self, query):
        self.cursor.execute(query)
        return self.cursor.fetchall()

    def multiply_until(self, table, rows):
        """Copy the sample so often that the table has about so many rows."""
        there = self._ask(f"SELECT COUNT(*) FROM {table}")[0][0]
        sample = self._last(table) - self.before[table]
        self.multiply(max(rows - there, 0) // sample)

    def multiply(self, copies):
        """Copy the sample ``copies`` times over."""
        self.span = {table: self._last(table) - self.before[table] for table in TABLES}
        self.cursor.execute("SET LOCAL session_replication_role = replica")
        for table in TABLES:
            condition = f"t.id > {self.before[table]}"
            self._copy(table, copies, condition, {"id": self._shift("id", table)})
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            self._ask(f"SELECT setval({sequence}, MAX(id)) FROM {table}")
        for table in RELATIONS:
            targets = self._get_targets(table)
            conditions = [f"t.{c} > {self.before[of]}" for c, of in targets.items()]
            self._copy(table, copies, " AND ".join(conditions), {})

    def _shift(self, column, table):
        old, span = self.before[table], self.span[table]
        return f"t.{column} + k * {span} * (t.{column} > {old})::int"

    def _get_targets(self, table):
        """{column: copied table its foreign key points to}."""
        return {
            column: target
            for column, target in self._ask(
                f"""SELECT attname, confrelid::regclass::text FROM pg_constraint
                      JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
                     WHERE contype = 'f' AND conrelid = '{table}'::regclass"""
            )
            if target in TABLES
        }

    def _copy(self, table, copies, condition, cells):
        cells |= {
            column: self._shift(column, target)
            for column, target in self._get_targets(table).items()
        }
        if table in ("sale_order", "mrp_production", "purchase_order", "stock_picking"):
            cells["name"] = "t.name || '/' || k"
        columns = self._ask(
            f"""SELECT attname FROM pg_attribute WHERE attnum > 0
                   AND attrelid = '{table}'::regclass AND NOT attisdropped"""
        )
        names = ", ".join(f'"{name}"' for (name,) in columns)
        values = ", ".join(cells.get(name, f't."{name}"') for (name,) in columns)
        self.cursor.execute(
            f"""INSERT INTO {table} ({names}) SELECT {values}
                  FROM {table} t, generate_series(1, {copies}) k WHERE {condition}"""
        )
