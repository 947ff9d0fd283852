"""Ratings of all suppliers against bare SQL and against the host's on-time rate."""

from odoo import Command, fields

from .measure import median, paired, recorded
from .result import Result

# scale 1.0: 180 000 purchase lines of 1 500 vendors and 5 000 products, all ordered in
# the year that the card and the host's rate both look at
LINES, VENDORS, PRODUCTS = 180_000, 1_500, 5_000
MARK = "Bench vendor"
TABLES = ("res_partner", "purchase_order", "purchase_order_line", "stock_move")

# the five figures of the card for the last year, in plain SQL: one unit of measure, one
# time zone and one tolerance for all, no scrap, no kits, nothing written
FLOOR = """
    WITH line AS (
      SELECT line.id, vendor.commercial_partner_id AS partner_id, line.product_id,
             line.product_qty AS quantity, line.price_subtotal AS amount,
             purchase.currency_id, line.first_promised_date AS promised,
             COALESCE(purchase.date_approve, purchase.date_order) AS ordered,
             line.supplier_confirmed_on - purchase.supplier_requested_on AS waited
        FROM purchase_order_line line
        JOIN purchase_order purchase ON purchase.id = line.order_id
        JOIN res_partner vendor ON vendor.id = purchase.partner_id
       WHERE purchase.state = 'purchase' AND purchase.company_id = %(company)s
         AND line.display_type IS NULL AND line.product_qty > 0),
    came AS (
      SELECT purchase_line_id, SUM(quantity) FILTER (WHERE quantity > 0) AS brought,
             SUM(quantity) FILTER (WHERE quantity < 0) AS returned,
             MIN(day) FILTER (WHERE so_far >= 0.98 * ordered) AS full_day
        FROM (SELECT moved.*, SUM(quantity) OVER (
                         PARTITION BY purchase_line_id ORDER BY day, id) AS so_far
                FROM (SELECT move.id, move.purchase_line_id, move.date::date AS day,
                             line.quantity AS ordered,
                             CASE WHEN place.usage = 'supplier' THEN -move.quantity
                                  ELSE move.quantity END AS quantity
                        FROM stock_move move
                        JOIN line ON line.id = move.purchase_line_id
                             AND line.promised >= %(start)s
                        JOIN stock_location place ON place.id = move.location_dest_id
                       WHERE move.state = 'done') moved) running
    GROUP BY 1),
    slip AS (
      SELECT purchase_line_id, COUNT(*) AS slips FROM delivery_promise_change
       WHERE is_slip AND purchase_line_id IS NOT NULL GROUP BY 1),
    price AS (
      SELECT id, amount / quantity / NULLIF(SUM(amount) OVER before
                 / NULLIF(SUM(quantity) OVER before, 0), 0) - 1 AS drift
        FROM line WHERE ordered >= %(start)s::timestamp - INTERVAL '12 months'
      WINDOW before AS (PARTITION BY partner_id, product_id, currency_id
                 ORDER BY ordered RANGE BETWEEN '12 months' PRECEDING
                                            AND '1 microsecond' PRECEDING))
    SELECT partner_id, AVG(CASE WHEN came.full_day IS NULL AND promised >= %(today)s
                                THEN NULL
                                WHEN came.full_day BETWEEN promised::date - 10
                                     AND promised::date + 1 THEN 1.0 ELSE 0 END),
           SUM(-came.returned * amount / quantity)
               / NULLIF(SUM(came.brought * amount / quantity), 0),
           AVG(price.drift) FILTER (WHERE ordered >= %(start)s),
           AVG(EXTRACT(EPOCH FROM waited) / 86400), AVG(COALESCE(slip.slips, 0))
      FROM line
 LEFT JOIN came ON came.purchase_line_id = line.id
 LEFT JOIN slip ON slip.purchase_line_id = line.id
 LEFT JOIN price ON price.id = line.id
     WHERE promised >= %(start)s OR ordered >= %(start)s
  GROUP BY 1
"""


def suppliers(subject):
    """The shipped supplier card for all vendors, nothing changed since the last run."""
    env = subject.env
    if not env["res.partner"].search_count([("name", "=like", f"{MARK}%")], limit=1):
        _fill(env, subject.scale)
    card = env.ref("crm_manufacturing.scorecard_supplier")
    vendors = env["res.partner"].search([("name", "=like", f"{MARK}%")])
    card._run(subject.company, subject.today)
    env.cr.commit()

    start, _end = card._get_period(subject.today)

    def floor():
        values = {"company": subject.company.id, "start": start, "today": subject.today}
        env.cr.execute(FLOOR, values)

    def rate():
        card._run(subject.company, subject.today)

    def host():
        vendors.mapped("on_time_rate")

    costs, ratio = paired(env, floor, rate, subject.rounds)
    rate()  # the card and the company are read once, for all cards of a run
    statements = []
    with recorded(statements):
        rate()
    env.cr.rollback()
    _costs, against = paired(env, host, rate, subject.rounds)
    return [
        Result(
            "supplier ratings: run with nothing changed", ratio, "x SQL", 2.0, "G14"
        ),
        Result("supplier ratings: against on_time_rate", against, "x", 0.3, "G14"),
        Result("supplier ratings: queries", len(statements), "", 6, "G14"),
        Result("supplier ratings: rows", median(costs, "rows"), "", 0, "G14"),
    ]


def _fill(env, scale):
    templates = _make_templates(env)
    cursor = env.cr
    first = {}
    for table in TABLES:
        cursor.execute(f"SELECT MAX(id) FROM {table}")
        first[table] = cursor.fetchone()[0]
    cursor.execute(
        """SELECT setseed(0.2); CREATE TEMPORARY TABLE bench_line AS
           SELECT n, (n - 1) / 3 + 1 AS number,
                  1 + floor(%(vendors)s * random() ^ 2)::int AS vendor,
                  date_trunc('hour', now() AT TIME ZONE 'UTC')
                      - random() * interval '360 days' AS ordered,
                  random() AS luck, 1 + random() AS price
             FROM generate_series(1, %(lines)s) n;
           UPDATE bench_line line SET vendor = head.vendor, ordered = head.ordered
             FROM bench_line head WHERE head.n = 3 * (line.number - 1) + 1;
           ALTER TABLE bench_line ADD promised timestamp, ADD came timestamp,
                 ADD arrived boolean;
           UPDATE bench_line SET promised = ordered + interval '14 days';
           UPDATE bench_line
              SET came = promised + (luck * 10 - 7) * interval '1 day';
           UPDATE bench_line
              SET arrived = luck < 0.9 AND came < now() AT TIME ZONE 'UTC'""",
        {"vendors": int(VENDORS * scale), "lines": int(LINES * scale)},
    )
    _clone_documents(cursor, templates, first, scale)
    for table in TABLES:
        cursor.execute(f"SELECT setval('{table}_id_seq', MAX(id)) FROM {table}")
    env.cr.commit()
    cursor.execute("ANALYZE")
    env.cr.commit()
    env.invalidate_all()


def _make_templates(env):
    """{table: id of a received purchase of one line} and the ids of the products."""
    vendor = env["res.partner"].create(
        {"name": MARK, "is_company": True, "supplier_rank": 1}
    )
    product = env["product.product"].create(
        {"name": "Bench part", "type": "consu", "is_storable": True}
    )
    order = env["purchase.order"].create(
        {
            "partner_id": vendor.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_qty": 100,
                        "price_unit": 1.0,
                        "date_planned": fields.Datetime.now(),
                    }
                )
            ],
        }
    )
    order.button_confirm()
    move = order.picking_ids.move_ids
    move.write({"quantity": 100, "picked": True})
    order.picking_ids._action_done()
    env.flush_all()
    return {
        "res_partner": vendor.id,
        "purchase_order": order.id,
        "purchase_order_line": order.order_line.id,
        "stock_move": move.id,
        "product": product.id,
    }


def _clone_documents(cursor, templates, first, scale):
    """Vendors, orders of three lines, and a receipt for nine of ten lines due."""
    cursor.execute(
        "SELECT array_agg(id) FROM (SELECT product.id FROM product_product product"
        " JOIN product_template template ON template.id = product.product_tmpl_id"
        " WHERE template.type = 'consu' ORDER BY 1 LIMIT %s) chosen",
        [max(int(PRODUCTS * scale), 1)],
    )
    products = cursor.fetchone()[0]
    own = [templates["product"]]
    listed = ",".join(map(str, products or own))
    product = f"(ARRAY[{listed}])[1 + s.n %% {len(products or own)}]"
    partner = f"{first['res_partner']} + s.vendor"
    order = f"{first['purchase_order']} + s.number"
    line = f"{first['purchase_order_line']} + s.n"
    lines = "bench_line s"
    _clone(
        cursor,
        "res_partner",
        templates,
        f"generate_series(1, {int(VENDORS * scale)}) s(n)",
        id=f"{first['res_partner']} + s.n",
        name=f"'{MARK} ' || s.n",
        complete_name=f"'{MARK} ' || s.n",
        commercial_partner_id=f"{first['res_partner']} + s.n",
    )
    _clone(
        cursor,
        "purchase_order",
        templates,
        "(SELECT * FROM bench_line WHERE n % 3 = 1) s",
        id=order,
        name="'B' || s.number",
        partner_id=partner,
        date_order="s.ordered",
        date_approve="s.ordered",
    )
    _clone(
        cursor,
        "purchase_order_line",
        templates,
        lines,
        id=line,
        order_id=order,
        partner_id=partner,
        product_id=product.replace("%%", "%"),
        price_unit="s.price",
        price_subtotal="s.price * 100",
        date_planned="s.promised",
        first_promised_date="s.promised",
        promised_date="s.promised",
        qty_received="CASE WHEN s.arrived THEN 100 ELSE 0 END",
    )
    _clone(
        cursor,
        "stock_move",
        templates,
        "(SELECT * FROM bench_line WHERE arrived) s",
        id=f"{first['stock_move']} + s.n",
        purchase_line_id=line,
        product_id=product.replace("%%", "%"),
        date="s.came",
    )


def _clone(cursor, table, templates, source, **values):
    """A copy of the template's row for each row ``s`` of the source."""
    cursor.execute(
        """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass
              AND attnum > 0 AND NOT attisdropped AND attgenerated = ''""",
        [table],
    )
    columns = [row[0] for row in cursor.fetchall()]
    names = ", ".join(f'"{column}"' for column in columns)
    cells = ", ".join(values.get(column, f't."{column}"') for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {cells} FROM {source},"
        f" (SELECT * FROM {table} WHERE id = {templates[table]}) t"
    )
