"""A company with 100 000 customers, cloned from template rows by INSERT ... SELECT.

Scale 1.0 is 100 000 commercial partners, 50 000 contacts, 400 000 orders with 2 000 000
lines over 36 months, the invoices of three orders out of four with their lines, nine
out of ten paid and reconciled, some credit notes, and 20 000 leads. Revenue is spread
as in real books (log-normal), and every customer bought in the last year, so that a run
has everybody to judge. The same seed gives the same company, up to today's date.
"""

import time

from . import database, templates

SEED = 0.42
PRODUCTS = 200
TABLES = (
    "res_partner",
    "product_template",
    "product_product",
    "sale_order",
    "sale_order_line",
    "account_move",
    "account_move_line",
    "account_full_reconcile",
    "account_partial_reconcile",
    "crm_lead",
)


def fill(name, scale, seed=SEED):
    """Fill a database into which the addon was just installed."""
    with database.environment(name) as env:
        rows = templates.make(env)
        env.cr.commit()
    with database.connect(name) as cursor:
        _prepare(cursor, seed)
        maker = Maker(cursor, rows, scale)
        indexes = _drop_indexes(cursor)
        for step in (
            maker.partners,
            maker.products,
            maker.orders,
            maker.invoices,
            maker.credit_notes,
            maker.payments,
            maker.leads,
        ):
            _timed(step.__name__, step)
        _timed("indexes", lambda: [cursor.execute(index) for index in indexes])
        _set_sequences(cursor)
        cursor.execute("DROP SCHEMA bench CASCADE")
    with database.connect(name, autocommit=True) as cursor:
        _timed("statistics", lambda: cursor.execute("VACUUM ANALYZE"))


def _timed(label, step):
    start = time.monotonic()
    step()
    print(f"   {label:<14}{time.monotonic() - start:6.1f} s", flush=True)


def _prepare(cursor, seed):
    cursor.execute(
        """SET maintenance_work_mem = '512MB'; SET work_mem = '256MB';
           SET synchronous_commit = off; SET max_parallel_workers_per_gather = 0;
           CREATE SCHEMA bench;
           CREATE FUNCTION bench.normal() RETURNS float8 LANGUAGE sql VOLATILE AS
           'SELECT sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())';"""
    )
    cursor.execute("SELECT setseed(%s)", [seed])
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        # the rows are right by construction; checking each key would take twice as long
        cursor.execute("SET session_replication_role = replica")


def _drop_indexes(cursor):
    """Drop what is no constraint; returns the statements that make them anew."""
    cursor.execute(
        """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
             FROM pg_index LEFT JOIN pg_constraint ON conindid = indexrelid
            WHERE indrelid = ANY(%s::regclass[]) AND pg_constraint.oid IS NULL""",
        [list(TABLES)],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in indexes]


def _set_sequences(cursor):
    for table in TABLES:
        cursor.execute(
            f"""SELECT setval(pg_get_serial_sequence('{table}', 'id'), MAX(id))
                  FROM {table}"""
        )


class Maker:
    """Each method draws a plan into schema ``bench`` and clones rows along it."""

    def __init__(self, cursor, rows, scale):
        self.cursor = cursor
        self.rows = rows
        self.customers = int(100_000 * scale)
        self.orders_wanted = int(400_000 * scale)
        self.first = {table: self._last_id(table) for table in TABLES}

    def _last_id(self, table):
        self.cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
        return self.cursor.fetchone()[0]

    def plan(self, table, select):
        """Materialise a plan; returns its number of rows."""
        self.cursor.execute(f"CREATE UNLOGGED TABLE bench.{table} AS {select}")
        count = self.cursor.rowcount
        self.cursor.execute(f"ANALYZE bench.{table}")
        return count

    def clone(self, table, template, source, **values):
        """Insert a copy of a template row for each row ``s`` of a plan.

        ``values`` maps columns to SQL over ``s``; ``id`` is ``s.n`` past what is there.
        """
        values.setdefault("id", f"{self.first[table]} + s.n")
        self.cursor.execute(
            """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass
                  AND attnum > 0 AND NOT attisdropped AND attgenerated = ''""",
            [table],
        )
        columns = [row[0] for row in self.cursor.fetchall()]
        unknown = values.keys() - set(columns)
        if unknown:
            raise ValueError(f"{table} has no {sorted(unknown)}")
        names = ", ".join(f'"{column}"' for column in columns)
        cells = ", ".join(values.get(column, f't."{column}"') for column in columns)
        self.cursor.execute(
            f"""INSERT INTO {table} ({names}) SELECT {cells} FROM bench.{source} s,
                       (SELECT * FROM {table} WHERE id = {self.rows[template]}) t"""
        )
        # the next clone into this table goes on after these
        self.first[table] += self.cursor.rowcount

    def partners(self):
        self.plan(
            "customer",
            f"""SELECT n, {self.first["res_partner"]} + n AS id,
                       'Customer ' || n AS name,
                       exp(1.683 * bench.normal()) AS weight
                  FROM generate_series(1, {self.customers}) n""",
        )
        self.clone(
            "res_partner",
            "partner",
            "customer",
            id="s.id",
            name="s.name",
            complete_name="s.name",
            commercial_company_name="s.name",
            commercial_partner_id="s.id",
            email="'info@customer' || s.n || '.example'",
            email_normalized="'info@customer' || s.n || '.example'",
        )
        self.plan(
            "contact", "SELECT n / 2 AS n, id, name FROM bench.customer WHERE n % 2 = 0"
        )
        self.clone(
            "res_partner",
            "contact",
            "contact",
            parent_id="s.id",
            commercial_partner_id="s.id",
            commercial_company_name="s.name",
            name="'Contact ' || s.n",
            complete_name="s.name || ', Contact ' || s.n",
        )

    def products(self):
        self.plan(
            "product",
            f"""SELECT n, {self.first["product_product"]} + n AS id,
                       {self.first["product_template"]} + n AS template_id,
                       round(exp(3.9 + bench.normal())::numeric, 2) AS price
                  FROM generate_series(1, {PRODUCTS}) n""",
        )
        self.clone(
            "product_template",
            "product_template",
            "product",
            name="jsonb_build_object('en_US', 'Fan ' || s.n)",
            list_price="s.price",
        )
        self.clone(
            "product_product",
            "product",
            "product",
            product_tmpl_id="s.template_id",
            standard_price=f"""jsonb_build_object('{self.rows["company"]}',
                               round(s.price * 0.6, 2))""",
        )

    def orders(self):
        """One order of everybody within the year, the others by weight over three."""
        extra = self.orders_wanted - self.customers
        self.plan(
            "draw",
            f"""SELECT id AS partner_id, 0 AS fate,
                       current_date - 20 - floor(340 * random())::int AS day
                  FROM bench.customer
            UNION ALL
                SELECT id, random(), current_date - floor(1095 * random())::int
                  FROM bench.customer,
                       (SELECT sum(weight) AS sum FROM bench.customer) weights,
                       generate_series(
                           1, floor({extra} * weight / weights.sum + random())::int)""",
        )
        self.plan(
            "orders",
            f"""SELECT n, {self.first["sale_order"]} + n AS id, partner_id, day,
                       CASE WHEN fate < 0.94 THEN 'sale' WHEN fate < 0.97 THEN 'sent'
                            ELSE 'cancel' END AS state,
                       fate < 0.70 AND day < current_date - 14 AS invoiced,
                       1 + floor(9 * random())::int AS size
                  FROM (SELECT *, row_number() OVER (ORDER BY day, partner_id) AS n
                          FROM bench.draw) draw""",
        )
        self.plan(
            "line",
            f"""SELECT row_number() OVER () AS n, l.*, p.id AS product_id,
                       round(l.quantity * p.price, 2) AS amount, p.price
                  FROM (SELECT o.n AS order_n, o.id AS order_id, o.partner_id, o.state,
                               1 + floor({PRODUCTS} * random())::int AS product_n,
                               (1 + floor(least(exp(0.8 + 1.1 * bench.normal()), 500))
                               )::numeric AS quantity
                          FROM bench.orders o, generate_series(1, o.size)) l
                  JOIN bench.product p ON p.n = l.product_n ORDER BY order_n""",
        )
        self.plan(
            "total",
            "SELECT order_n AS n, sum(amount) AS amount FROM bench.line GROUP BY 1",
        )
        self.plan("sold", "SELECT * FROM bench.orders JOIN bench.total USING (n)")
        self._clone_orders()

    def _clone_orders(self):
        self.clone(
            "sale_order",
            "order",
            "sold",
            id="s.id",
            name="'B' || lpad(s.n::text, 7, '0')",
            partner_id="s.partner_id",
            partner_invoice_id="s.partner_id",
            partner_shipping_id="s.partner_id",
            state="s.state",
            date_order="s.day + interval '10 hours'",
            create_date="s.day + interval '10 hours'",
            amount_untaxed="s.amount",
            amount_total="s.amount",
            access_token="NULL",
        )
        self.clone(
            "sale_order_line",
            "order_line",
            "line",
            order_id="s.order_id",
            order_partner_id="s.partner_id",
            state="s.state",
            product_id="s.product_id",
            product_uom_qty="s.quantity",
            price_unit="s.price",
            price_subtotal="s.amount",
            price_total="s.amount",
        )

    def plan_moves(self, table, prefix, select):
        """A plan of journal entries, numbered per year as the host does.

        The first numbers of a year belong to the templates.
        """
        self.plan(
            table,
            f"""SELECT *, {self.first["account_move"]} + n AS id FROM (
                SELECT *, row_number() OVER (ORDER BY day) AS n,
                       '{prefix}/' || extract(year FROM day)::int || '/' AS prefix,
                       10 + row_number() OVER (PARTITION BY extract(year FROM day)
                                               ORDER BY day) AS number
                  FROM ({select}) moves) numbered""",
        )

    def _move_values(self, sign=""):
        return {
            "name": "s.prefix || lpad(s.number::text, 7, '0')",
            "sequence_prefix": "s.prefix",
            "sequence_number": "s.number",
            "date": "s.day",
            "access_token": "NULL",
            "amount_untaxed": "s.amount",
            "amount_total": "s.amount",
            "amount_untaxed_signed": f"{sign}s.amount",
            "amount_untaxed_in_currency_signed": f"{sign}s.amount",
            "amount_total_signed": f"{sign}s.amount",
            "amount_total_in_currency_signed": f"{sign}s.amount",
        }

    def _document_values(self, sign=""):
        return {
            **self._move_values(sign),
            "partner_id": "s.partner_id",
            "commercial_partner_id": "s.partner_id",
            "partner_shipping_id": "s.partner_id",
            "invoice_date": "s.day",
            "invoice_date_due": "s.day + 30",
        }

    def _line_values(self, sign=""):
        """A line of ``s.amount``, debit or (sign -) credit."""
        return {
            "move_id": "s.id",
            "partner_id": "s.partner_id",
            "date": "s.day",
            "debit": "0" if sign else "s.amount",
            "credit": "s.amount" if sign else "0",
            "balance": f"{sign}s.amount",
            "amount_currency": f"{sign}s.amount",
        }

    def _product_line_values(self, sign):
        return {
            **self._line_values(sign),
            "invoice_date": "s.day",
            "product_id": "s.product_id",
            "quantity": "s.quantity",
            "price_unit": "s.price",
            "price_subtotal": "s.amount",
            "price_total": "s.amount",
        }

    def _settled(self, number, condition="TRUE"):
        """Columns of a line reconciled with the invoice of that number in the plan."""
        full = f"{self.first['account_full_reconcile']} + {number}"
        return {
            "full_reconcile_id": f"CASE WHEN {condition} THEN {full} END",
            "matching_number": f"CASE WHEN {condition} THEN ({full})::text END",
        }

    def invoices(self):
        self.plan_moves(
            "invoice",
            "INV",
            """SELECT n AS order_n, partner_id, day + 7 AS day, amount,
                      random() < 0.9 AS paid, floor(45 * random())::int AS delay
                 FROM bench.sold WHERE invoiced""",
        )
        rest = "CASE WHEN s.paid THEN 0 ELSE s.amount END"
        self.clone(
            "account_move",
            "invoice",
            "invoice",
            **self._document_values(),
            amount_residual=rest,
            amount_residual_signed=rest,
            payment_state="CASE WHEN s.paid THEN 'paid' ELSE 'not_paid' END",
        )
        self.first_term = self.first["account_move_line"]
        self.clone(
            "account_move_line",
            "invoice_term",
            "invoice",
            **self._line_values(),
            **self._settled("s.n", "s.paid"),
            invoice_date="s.day",
            date_maturity="s.day + 30",
            amount_residual=rest,
            amount_residual_currency=rest,
            reconciled="s.paid",
        )
        self.plan(
            "invoice_line",
            """SELECT row_number() OVER () AS n, invoice.id, invoice.day,
                      line.partner_id, product_id, quantity, price, line.amount
                 FROM bench.invoice JOIN bench.line USING (order_n)""",
        )
        values = self._product_line_values("-")
        self.clone("account_move_line", "invoice_product", "invoice_line", **values)

    def credit_notes(self):
        """Two lines out of a hundred are taken back ten days later."""
        self.plan_moves(
            "credit_note",
            "RINV",
            """SELECT partner_id, product_id, quantity, price, amount, day + 10 AS day
                 FROM bench.invoice_line
                WHERE random() < 0.02 AND day < current_date - 10""",
        )
        self.clone(
            "account_move", "refund", "credit_note", **self._document_values("-")
        )
        term = {**self._line_values("-"), "invoice_date": "s.day"}
        self.clone("account_move_line", "refund_term", "credit_note", **term)
        values = self._product_line_values("")
        self.clone("account_move_line", "refund_product", "credit_note", **values)

    def payments(self):
        """Each by an entry of its own, from 15 days early to 30 days late."""
        self.plan_moves(
            "payment",
            "BNK1",
            f"""SELECT n AS invoice_n, partner_id, amount,
                       {self.first_term} + n AS term_id,
                       LEAST(current_date, day + 15 + delay) AS day
                  FROM bench.invoice WHERE paid""",
        )
        self.clone("account_move", "payment", "payment", **self._move_values())
        first_line = self.first["account_move_line"]
        settled = {**self._line_values("-"), **self._settled("s.invoice_n")}
        self.clone("account_move_line", "payment_term", "payment", **settled)
        self.clone(
            "account_move_line", "payment_bank", "payment", **self._line_values()
        )
        full = settled["full_reconcile_id"]
        self.clone("account_full_reconcile", "full", "payment", id=full)
        self.clone(
            "account_partial_reconcile",
            "partial",
            "payment",
            debit_move_id="s.term_id",
            credit_move_id=f"{first_line} + s.n",
            full_reconcile_id=full,
            amount="s.amount",
            debit_amount_currency="s.amount",
            credit_amount_currency="s.amount",
            max_date="s.day",
        )

    def leads(self):
        self.plan(
            "lead", "SELECT n / 5 AS n, id, name FROM bench.customer WHERE n % 5 = 0"
        )
        self.clone(
            "crm_lead",
            "lead",
            "lead",
            name="'Lead of ' || s.name",
            partner_id="s.id",
            partner_name="s.name",
            won_status="CASE WHEN s.n % 3 = 0 THEN 'pending' ELSE 'won' END",
        )
