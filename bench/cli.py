"""The order of a benchmark, and its report."""

import argparse
from functools import partial
from pathlib import Path

from . import database, fill, result, scenarios
from .cadence import cadence
from .dealers import dealers
from .order_scenarios import orders
from .suppliers import suppliers

SMALLER = 0.1
# what can be measured without the others before it
ALONE = {
    scenario.__name__: scenario
    for scenario in (
        scenarios.cron,
        scenarios.first_fill,
        cadence,
        suppliers,
        dealers,
        orders,
    )
}
REPORT = Path(__file__).parent / "results.md"
INTRODUCTION = """# Results of the benchmark

Written by `make bench`.

- {customers:,} commercial partners
- {invoices:,} customer documents
- {lines:,} order lines
- PostgreSQL {server}
- {rounds} rounds, medians

L is the CPU time of the least that anybody could do for the pyramid: one bare SELECT
over the year's invoices with shares and bands, and an UPDATE of a narrow table guarded
against rows that do not change. It runs before and after each measured piece of work;
CPU time is that of Odoo and of its database backend together. Ratios and counts can be
compared between machines, times and megabytes of memory only roughly.

"""


def parser():
    top = argparse.ArgumentParser(
        prog="python3 -m bench", description="Measure the addon against bare SQL."
    )
    top.add_argument(
        "--scale", type=float, default=1.0, help="1.0 is 100 000 customers"
    )
    top.add_argument("--seed", type=float, default=fill.SEED, help="between -1 and 1")
    top.add_argument("--rounds", type=int, default=7)
    top.add_argument("--database", default="crmm_bench", help="prefix of the names")
    top.add_argument("--fresh", action="store_true", help="fill the databases anew")
    top.add_argument(
        "--only",
        choices=list(ALONE),
        help="measure this alone, and leave the report as it is",
    )
    return top


def main(argv):
    options = parser().parse_args(argv)
    if options.only:
        return _measure_one(options)
    scales = options.scale, options.scale * SMALLER
    names = [_ensure(options, scale) for scale in scales]
    results = _measure(names, options.rounds, scales)
    text = result.table(results)
    print(text)
    with database.connect(names[0]) as cursor:
        REPORT.write_text(_introduction(cursor, options.rounds) + text + "\n")
    return 0 if all(found.holds is not False for found in results) else 1


def _measure_one(options):
    """One scenario on the large database; returns the exit code."""
    name = _ensure(options, options.scale)
    with database.environment(name) as env:
        subject = scenarios.Subject(name, env, options.rounds, options.scale)
        subject.prepare()
        results = _told(ALONE[options.only], subject)
    return 0 if all(found.holds is not False for found in results) else 1


def _ensure(options, scale):
    """The filled database of a scale, made if there is none; returns its name."""
    name = f"{options.database}_{scale:g}".replace(".", "_")
    if options.fresh:
        database.drop(name)
    if not database.exists(name):
        print(f"Filling {name}", flush=True)
        database.build(name, partial(fill.fill, scale=scale, seed=options.seed))
    return name


def _measure(names, rounds, scales):
    large, small = names
    with database.environment(large) as env:
        subject = scenarios.Subject(large, env, rounds, scales[0])
        subject.prepare()
        results = []
        for scenario in (scenarios.cron, scenarios.first_fill):
            results += _told(scenario, subject)
        subject.empty()
        subject.fill()
        for scenario in (
            scenarios.run_again,
            scenarios.naive_loop,
            scenarios.incremental,
            scenarios.indexes,
        ):
            results += _told(scenario, subject)
        with database.environment(small) as small_env:
            smaller = scenarios.Subject(small, small_env, rounds, scales[1])
            smaller.prepare()
            smaller.empty()
            smaller.fill()
            results += _told(scenarios.growth, subject, smaller, 1 / SMALLER)
        # last: their documents are no part of what the others measure
        for scenario in (
            scenarios.concurrent_saves,
            cadence,
            suppliers,
            dealers,
            orders,
        ):
            results += _told(scenario, subject)
    return results


def _told(scenario, subject, *others):
    print(f"{scenario.__name__} ...", flush=True)
    results = scenario(subject, *others)
    print(result.table(results), flush=True)
    return results


def _introduction(cursor, rounds):
    cursor.execute(
        """SELECT (SELECT COUNT(*) FROM res_partner WHERE customer_rank > 0),
                  (SELECT COUNT(*) FROM account_move WHERE move_type LIKE 'out_%'),
                  (SELECT COUNT(*) FROM sale_order_line),
                  current_setting('server_version')"""
    )
    customers, invoices, lines, server = cursor.fetchone()
    return INTRODUCTION.format(
        customers=customers,
        invoices=invoices,
        lines=lines,
        server=server,
        rounds=rounds,
    )
