"""What is measured of orders: where they are, and what confirming one costs."""

import statistics
from unittest.mock import patch

from odoo.tools import SQL

from . import order_fill
from .measure import buffers_of, median, once, paired, recorded
from .result import Result

# the bare walk over moves and productions, without a judgement
BARE = """
WITH RECURSIVE up(line, move_id) AS (
  SELECT sale_line_id, id FROM stock_move
   WHERE sale_line_id = ANY(%s) AND production_id IS NULL AND state <> 'cancel'
   UNION
  SELECT up.line, near.id FROM up CROSS JOIN LATERAL (
         SELECT move_orig_id AS id FROM stock_move_move_rel
          WHERE move_dest_id = up.move_id
          UNION ALL
         SELECT raw.id FROM stock_move made
           JOIN stock_move raw ON raw.raw_material_production_id = made.production_id
          WHERE made.id = up.move_id AND made.production_id IS NOT NULL) near)
SELECT up.line, ARRAY_AGG(move.id), ARRAY_AGG(bought.created_purchase_line_id)
  FROM up JOIN stock_move move ON move.id = up.move_id
  LEFT JOIN stock_move_created_purchase_line_rel bought ON bought.move_id = move.id
 GROUP BY up.line"""
LINES = 400
ORDERS = 80
# in the database at scale 1.0
MOVES = 600_000
INDEXES = (
    "stock_move__production_group_id_index",
    "mrp_production__sale_line_id_index",
)


def orders(subject):
    """Where orders are, and what confirming one costs, among copies of real ones."""
    fans = fill(subject.env, int(MOVES * subject.scale))
    return [
        *status(subject.env, subject.rounds),
        *reach(subject.env),
        *confirmation(subject.env, fans, subject.rounds),
    ]


def fill(env, moves):
    """Two real orders of two lines, one of them bought for, and copies of both until
    there are so many moves; returns what they sell."""
    fans = order_fill.make_products(env)
    sample = order_fill.Multiplier(env.cr)
    for is_bought in (False, True):
        order = order_fill.make_order(env, fans)
        order.action_confirm()
        if is_bought:
            order.stock_reference_ids.purchase_ids.button_confirm()
    env.flush_all()
    sample.multiply_until("stock_move", moves)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return fans


def status(env, rounds):
    """States, dates and sentences of 400 lines against the bare walk."""
    lines = env["sale.order.line"].search([("state", "=", "sale")], limit=LINES)
    trace = env["order.trace"]

    def bare():
        env.execute_query(SQL(BARE, lines.ids))

    results = []
    for name, work in (
        ("figures", lambda: trace._line_figures(lines)),
        ("figures and sentences", lambda: trace._status(lines)),
    ):
        costs, ratio = paired(env, bare, work, rounds)
        what = f"{len(lines)} order lines: {name}"
        results += [
            Result(what, ratio, "x the bare walk", 5),
            Result(f"{what}; queries", median(costs, "queries")),
        ]
    return results


def reach(env):
    """Queries and pages of the figures of many orders, beside those of the walk."""
    orders = env["sale.order"].search([("state", "=", "sale")], limit=ORDERS)
    lines = orders.order_line
    pages = []
    for work in (
        lambda: env.execute_query(SQL(BARE, lines.ids)),
        lambda: env["order.trace"]._line_figures(lines),
    ):
        work()  # what is the same for all orders is read once
        statements = []
        with recorded(statements):
            work()
        pages.append(buffers_of(env, statements) / len(orders))
    what = f"{len(orders)} orders: figures"
    return [
        Result(f"{what}; queries", len(statements), "", 1, "G16"),
        Result(f"{what}; pages for each", pages[1], "", 15, "G16"),
        Result(f"{what}; pages of the bare walk", pages[0]),
    ]


def confirmation(env, fans, rounds):
    """A make-to-order order of ten lines, with the addon and as if it were not there.

    Without it there are no indexes of ours, and no promise is frozen.
    """
    lines = type(env["sale.order.line"])
    bought = type(env["purchase.order.line"])

    def confirm():
        order = order_fill.make_order(env, fans, lines=10)
        env.flush_all()
        return order.action_confirm()

    def confirm_without():
        for index in INDEXES:
            env.cr.execute(f'DROP INDEX IF EXISTS "{index}"')
        nothing = {"new": lambda self, **values: self.browse()}
        with (
            patch.object(lines, "_freeze_promise", **nothing),
            patch.object(bought, "_follow_host_date", **nothing),
        ):
            confirm()

    ratios, extra = [], []
    for turn in range(rounds + 1):
        without, with_us = once(env, confirm_without), once(env, confirm)
        if turn:
            ratios.append(with_us.wall / without.wall)
            # dropping an index is a query of ours
            extra.append(with_us.queries - without.queries + len(INDEXES))
    return [
        Result(
            "confirming 10 made-to-order lines",
            statistics.median(ratios),
            "x without",
            0.85,
            "G17",
        ),
        Result("its queries beside the host's", statistics.median(extra), "", 2, "G7"),
    ]
