"""Who else is at a deal, among all that dealers registered, against the bare query."""

import random
import statistics

from .measure import once
from .result import Result

# scale 1.0: 50 000 registrations of 300 dealers for 20 000 end customers
DEALS, DEALERS, CUSTOMERS, PRODUCTS, CATEGORIES = 50_000, 300, 20_000, 500, 40
MARK = "Bench dealer"
SAMPLE = 40
# milliseconds and queries of a check
MOST, MOST_QUERIES = 50, 12

# one key in common, shown, and a product in common: each step by an index
BARE = """
    SELECT DISTINCT other.id
      FROM dealer_end_key_dealer_registration_rel own
      JOIN dealer_end_key_dealer_registration_rel their
           ON their.dealer_end_key_id = own.dealer_end_key_id
           AND their.dealer_registration_id <> own.dealer_registration_id
      JOIN dealer_registration other ON other.id = their.dealer_registration_id
     WHERE own.dealer_registration_id = %(deal)s
       AND other.state IN ('submitted', 'approved', 'returned', 'won')
       AND EXISTS (
           SELECT FROM dealer_registration_product_product_rel mine
             JOIN dealer_registration_product_product_rel same
                  ON same.product_product_id = mine.product_product_id
            WHERE mine.dealer_registration_id = own.dealer_registration_id
              AND same.dealer_registration_id = other.id)
"""


def dealers(subject):
    """The conflict check of single registrations, and the whole button."""
    env = subject.env
    if not env["res.partner"].search_count([("name", "=like", f"{MARK}%")], limit=1):
        _fill(env, subject.scale)
    deals = _sample(env)
    busiest = _find_busiest(env)
    extra, queries = [], []
    for deal in [deals[0], *deals, busiest]:  # the first warms up
        bare = _best(env, lambda deal=deal: env.cr.execute(BARE, {"deal": deal.id}))
        check = _best(env, deal._find_conflicts)
        extra.append(1000 * (check.wall - bare.wall))
        queries.append(check.queries)
    buttons = [once(env, deal.action_check) for deal in deals]
    what = f"conflicts of one of {env['dealer.registration'].search_count([]):,} deals"
    beyond = "ms beyond the bare query"
    return [
        Result(f"{what}, median", statistics.median(extra[1:-1]), beyond, MOST, "G21"),
        Result(f"{what}, the slowest", max(extra[1:-1]), beyond, MOST, "G21"),
        Result(f"{what}, at the busiest customer", extra[-1], beyond, MOST, "G21"),
        Result("its queries", max(queries[1:-1]), "", MOST_QUERIES, "G21"),
        Result(
            f"its queries, {len(busiest._find_conflicts())} conflicts",
            queries[-1],
            "",
            MOST_QUERIES,
            "G21",
        ),
        Result(
            "the button, with keys and panel",
            1000 * statistics.median(cost.wall for cost in buttons),
            "ms",
        ),
    ]


def _best(env, work):
    """The cheaper of two: others use the machine, too."""
    costs = [once(env, work) for _turn in range(2)]
    return min(costs, key=lambda cost: cost.wall)


def _sample(env):
    """Some registrations of everything, the same ones each time."""
    ids = env["dealer.registration"].search([("state", "=", "submitted")]).ids
    return env["dealer.registration"].browse(random.Random(20).sample(ids, SAMPLE))


def _find_busiest(env):
    """A registration by category for the end customer with most registrations."""
    env.cr.execute(
        """SELECT MIN(deal.id) FROM dealer_registration deal
             JOIN dealer_registration_product_category_rel category
                  ON category.dealer_registration_id = deal.id
             JOIN (SELECT end_name FROM dealer_registration GROUP BY 1
                    ORDER BY COUNT(*) DESC LIMIT 1) busy USING (end_name)"""
    )
    return env["dealer.registration"].browse(env.cr.fetchone()[0])


def _fill(env, scale):
    """One registration by the product, and copies of its row with keys of their own."""
    deal, products, categories = _make_template(env, scale)
    values = {
        "deal": deal.id,
        "deals": int(DEALS * scale),
        "customers": int(CUSTOMERS * scale),
        "dealers": deal.dealer_id.search([("name", "=like", f"{MARK}%")]).ids,
        "products": products.ids,
        "categories": categories.ids,
    }
    cursor = env.cr
    cursor.execute("SELECT setseed(0.2)")
    cursor.execute(DRAW, values)
    _clone_registrations(cursor, values)
    for statement in (KEYS, KEYS_OF_DEALS, PRODUCTS_OF_DEALS, CATEGORIES_OF_DEALS):
        cursor.execute(statement, values)
    cursor.execute(
        "SELECT setval('dealer_registration_id_seq', MAX(id)) FROM dealer_registration"
    )
    env.cr.commit()
    cursor.execute("ANALYZE")
    env.cr.commit()
    env.invalidate_all()


def _make_template(env, scale):
    partners = env["res.partner"].create(
        [
            {"name": f"{MARK} {n}", "is_company": True, "dealer_stage": "active"}
            for n in range(max(int(DEALERS * scale), 2))
        ]
    )
    categories = env["product.category"].create(
        [{"name": f"Bench category {n}"} for n in range(CATEGORIES)]
    )
    products = env["product.product"].create(
        [
            {"name": f"Bench fan {n}", "categ_id": categories[n % CATEGORIES].id}
            for n in range(max(int(PRODUCTS * scale), CATEGORIES))
        ]
    )
    deal = env["dealer.registration"].create(
        {
            "dealer_id": partners[0].id,
            "end_name": "Bench end customer 0",
            "end_country_id": env.ref("base.es").id,
            "product_ids": [(6, 0, products[:1].ids)],
        }
    )
    deal.action_submit()
    env.flush_all()
    return deal, products, categories


# few end customers have many registrations, and few products are in many of them;
# three of ten are registered by category
DRAW = """
    CREATE TEMPORARY TABLE bench_deal ON COMMIT DROP AS
    SELECT (SELECT MAX(id) FROM dealer_registration) + n AS id,
           1 + FLOOR(%(customers)s * random() ^ 2)::int AS customer,
           (%(dealers)s)[1 + n %% CARDINALITY(%(dealers)s)] AS dealer,
           (%(products)s)[1 + FLOOR(random() ^ 3 * CARDINALITY(%(products)s))::int]
               AS product,
           (%(categories)s)[1 + FLOOR(random() ^ 3 * CARDINALITY(%(categories)s))::int]
               AS category,
           (ARRAY['submitted', 'returned', 'rejected', 'expired', 'won', 'lost'])
               [1 + n %% 6] AS state,
           n %% 10 < 3 AS is_by_category
      FROM generate_series(1, %(deals)s) n
"""
KEYS = """
    INSERT INTO dealer_end_key (name, approvals)
    SELECT DISTINCT kind || customer || ending, 0 FROM bench_deal
CROSS JOIN (VALUES ('name:bench end customer ', ''), ('domain:bench', '.example'),
                   ('vat:ES', '')) keys(kind, ending)
ON CONFLICT (name) DO NOTHING
"""
KEYS_OF_DEALS = """
    INSERT INTO dealer_end_key_dealer_registration_rel
           (dealer_end_key_id, dealer_registration_id)
    SELECT key.id, deal.id FROM bench_deal deal
      JOIN dealer_end_key key ON key.name IN (
           'name:bench end customer ' || customer, 'domain:bench' || customer
           || '.example', 'vat:ES' || customer)
"""
PRODUCTS_OF_DEALS = """
    INSERT INTO dealer_registration_product_product_rel
           (dealer_registration_id, product_product_id)
    SELECT id, product FROM bench_deal WHERE NOT is_by_category
"""
CATEGORIES_OF_DEALS = """
    INSERT INTO dealer_registration_product_category_rel
           (dealer_registration_id, product_category_id)
    SELECT id, category FROM bench_deal WHERE is_by_category
"""


def _clone_registrations(cursor, values):
    cursor.execute(
        """SELECT attname FROM pg_attribute
            WHERE attrelid = 'dealer_registration'::regclass
              AND attnum > 0 AND NOT attisdropped"""
    )
    own = {
        "id": "s.id",
        "name": "'B' || s.id",
        "dealer_id": "s.dealer",
        "owner_dealer_id": "s.dealer",
        "delivery_dealer_id": "s.dealer",
        "state": "s.state",
        "end_name": "'Bench end customer ' || s.customer",
        "end_domain": "'bench' || s.customer || '.example'",
        "end_vat": "'ES' || s.customer",
    }
    columns = [row[0] for row in cursor.fetchall()]
    names = ", ".join(f'"{column}"' for column in columns)
    cells = ", ".join(own.get(column, f't."{column}"') for column in columns)
    cursor.execute(
        f"INSERT INTO dealer_registration ({names}) SELECT {cells} FROM bench_deal s,"
        " dealer_registration t WHERE t.id = %(deal)s",
        values,
    )
