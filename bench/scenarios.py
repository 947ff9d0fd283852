"""What is measured: each scenario makes results of a :class:`Subject`."""

import json
import statistics
import subprocess
import sys
from math import log

import psycopg2

from . import database, naive
from .measure import Peak, buffers_of, cost_of, median, once, paired, recorded
from .reference import Reference
from .result import Result

MEGABYTE = 1e6
NAIVE_SAMPLE = 500
NONE = (1, None, None, "")
DIRTY = (1, 10, 100, 1_000, 10_000)


class Subject:
    """The addon's engines on one filled database, beside the reference."""

    def __init__(self, name, env, rounds, scale=1.0):
        self.name = name
        self.env = env
        self.rounds = rounds
        self.scale = scale
        self.company = env.company
        self.today = env.company._get_today()
        self.cards = {
            "pyramid": env.ref("crm_manufacturing.scorecard_pyramid"),
            "value card": env.ref("crm_manufacturing.scorecard_value"),
        }
        self.reference = Reference(env)

    def prepare(self):
        """The reference's table; no helpers, whose CPU time nobody would count."""
        self.env.cr.execute("SET max_parallel_workers_per_gather = 0")
        self.reference.create()
        self.env.cr.commit()
        self.vacuum()

    def works(self):
        """{name: (what runs it for everybody, its table)}."""
        runs = {
            name: (
                lambda card=card: card._run(self.company, self.today),
                "partner_score",
            )
            for name, card in self.cards.items()
        }
        stage = self.env["partner.stage"]
        runs["stages"] = (lambda: stage._run(self.company, self.today), "partner_stage")
        return runs

    def empty(self, table="partner_score, partner_stage, partner_score_dirty"):
        self.env.cr.execute(f"TRUNCATE {table} CASCADE")
        self.env.cr.commit()
        self.env.invalidate_all()

    def fill(self):
        """Run everything once for good."""
        for work, _table in self.works().values():
            work()
        self.env.cr.commit()
        self.vacuum()

    def vacuum(self):
        with database.connect(self.name, autocommit=True) as cursor:
            cursor.execute("VACUUM ANALYZE partner_score")
            cursor.execute("VACUUM ANALYZE partner_stage")
            cursor.execute("VACUUM ANALYZE bench_tier")

    def compare(self, work):
        return paired(self.env, self.reference.run, work, self.rounds)


def first_fill(subject):
    """Into empty tables; undone after each round. One round where there is no goal."""
    results = []
    for name, (work, table) in subject.works().items():
        rounds, *limits = (subject.rounds, 8, 60, "G3") if name == "pyramid" else NONE
        costs, ratio = paired(
            subject.env,
            subject.reference.run,
            work,
            rounds,
            lambda table=table: subject.empty(table),
        )
        share = median(costs, "rows") / 100_000
        wal = median(costs, "wal") / MEGABYTE / share
        ratio_limit, wal_limit, goal = limits
        what = f"{name}: first fill"
        results += [
            Result(what, ratio, "x L", ratio_limit, goal),
            Result(f"{what}, WAL per 100 000 rows", wal, "MB", wal_limit, goal),
        ]
    return results


def run_again(subject):
    """Everybody judged anew, and nothing has changed."""
    results = []
    for name, (work, _table) in subject.works().items():
        costs, ratio = subject.compare(work)
        limit = (2.0, "G1") if name == "pyramid" else (None, "")
        results += [
            Result(f"{name}: run with nothing changed", ratio, "x L", *limit),
            Result(f"{name}: its CPU time", median(costs, "cpu"), "s", 5, "G22"),
            Result(f"{name}: rows it writes", median(costs, "rows"), "", 0, "G4"),
            Result(
                f"{name}: WAL it writes",
                median(costs, "wal") / MEGABYTE,
                "MB",
                0.2,
                "G4",
            ),
            Result(f"{name}: its queries", median(costs, "queries"), "", 12, "G4"),
        ]
    return results


def naive_loop(subject):
    """The loop on some partners, extrapolated to those the run judges."""
    env = subject.env
    env.cr.execute("SELECT partner_id FROM bench_tier ORDER BY md5(partner_id::text)")
    everybody = [row[0] for row in env.cr.fetchall()]
    sample = everybody[:NAIVE_SAMPLE]
    costs = [
        once(env, lambda: naive.run(env, env["res.partner"].browse(sample)))
        for _round in range(3)
    ]
    work, _table = subject.works()["pyramid"]
    runs = [once(env, work) for _round in range(subject.rounds)]
    factor = len(everybody) / len(sample)
    ratio = median(costs, "cpu") * factor / median(runs, "cpu")
    queries = median(costs, "queries") * factor
    return [
        Result(
            "pyramid: times faster than the record loop", ratio, "x", 100, "G2", True
        ),
        Result("record loop: queries for everybody", queries),
    ]


def incremental(subject):
    """One more unit of money on one invoice of some customers."""
    results, times = [], {}
    for count in DIRTY:
        costs = [_incremental_once(subject, count) for _round in range(subject.rounds)]
        times[count] = median(costs, "cpu")
        what = f"pyramid: customers changed: {count:,}"
        results += [
            Result(f"{what}; queries", median(costs, "queries"), "", 5, "G6"),
            Result(
                f"{what}; rows for each", median(costs, "rows") / count, "", 1, "G6"
            ),
        ]
    results.append(
        Result(
            "pyramid: buffers of one customer",
            _incremental_buffers(subject),
            "",
            50,
            "G6",
        )
    )
    for count in DIRTY[1:]:
        growth = times[count] / times[count // 10]
        what = f"pyramid: {count:,} changed against {count // 10:,}"
        results.append(Result(what, growth, "x", 12, "G6"))
    return results + _drains(subject)


def _incremental_once(subject, count):
    partners = _change(subject, count)
    with cost_of(subject.env) as cost:
        subject.cards["pyramid"]._run(subject.company, subject.today, partners)
    subject.env.cr.rollback()
    return cost


def _change(subject, count):
    """Raise an invoice of ``count`` customers; returns these."""
    env = subject.env
    env.cr.execute(
        """WITH chosen AS (
               SELECT MIN(id) AS id FROM account_move
                WHERE state = 'posted' AND move_type = 'out_invoice'
                  AND invoice_date > %s - 360
             GROUP BY commercial_partner_id ORDER BY MD5(commercial_partner_id::text)
                LIMIT %s)
           UPDATE account_move SET amount_untaxed_signed = amount_untaxed_signed + 1
            WHERE id IN (SELECT id FROM chosen) RETURNING commercial_partner_id""",
        [subject.today, count],
    )
    partners = env["res.partner"].browse(row[0] for row in env.cr.fetchall())
    # the cron reads the card once, and its customers in one query
    nobody = subject.company.partner_id
    subject.cards["pyramid"]._run(subject.company, subject.today, nobody)
    partners.mapped("commercial_partner_id")
    return partners


def _incremental_buffers(subject):
    statements = []
    partners = _change(subject, 1)
    with recorded(statements):
        subject.cards["pyramid"]._run(subject.company, subject.today, partners)
    subject.env.cr.rollback()
    _change(subject, 1)
    return buffers_of(subject.env, statements)


def _drains(subject):
    """All cards and stages of the customers marked, as the cron does every minute."""
    results = []
    for count in (1, 10_000):
        costs = []
        for _round in range(subject.rounds):
            marks = [(partner, subject.company) for partner in _change(subject, count)]
            dirty = subject.env["partner.score.dirty"]
            dirty._mark(marks)
            with cost_of(subject.env) as cost:
                _without_commit(subject.env, dirty._drain)
            subject.env.cr.rollback()
            costs.append(cost)
        what = f"all cards and stages: customers changed: {count:,}"
        results.append(Result(f"{what}; queries", median(costs, "queries")))
        results.append(Result(f"{what}; CPU time", median(costs, "cpu"), "s", 5, "G22"))
    return results


def _without_commit(env, work):
    commit, env.cr.commit = env.cr.commit, env.flush_all
    try:
        work()
    finally:
        env.cr.commit = commit


def cron(subject):
    """The first run of all, as the scheduler does it."""
    _all_due(subject)
    before = _partner_updates(subject)
    peak = Peak()
    _run_crons(subject)
    growth = peak.growth / MEGABYTE
    updates = _partner_updates(subject) - before
    return [
        Result("first run of all: memory it adds", growth, "MB", 60, "G20"),
        Result("first run of all: contacts updated", updates, "", 0, "G5"),
    ]


def _all_due(subject):
    subject.empty()
    subject.env["partner.scorecard"].search([]).next_run_date = False
    subject.env.cr.commit()


def _run_crons(subject):
    subject.env["partner.scorecard"]._cron_run()
    subject.env["partner.stage"]._cron_run()
    subject.env.cr.commit()


def _partner_updates(subject):
    cursor = subject.env.cr
    cursor.execute("SELECT pg_stat_force_next_flush()")
    cursor.commit()
    cursor.execute(
        "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'res_partner'"
    )
    return cursor.fetchone()[0]


def concurrent_saves(subject):
    """A user saves contacts while nothing runs, and while the first run of all does."""
    command = [sys.executable, "-m", "bench.saver", subject.name]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as user:
        user.stdout.readline()
        idle = _series(user, lambda: subject.env.cr.execute("SELECT pg_sleep(5)"))
        subject.env.cr.rollback()
        failures = []
        busy = _series(user, lambda: failures.extend(_first_runs(subject)))
        user.stdin.close()
    failures += busy["failures"] + idle["failures"]
    percentile = _percentile(busy["times"])
    limit = 2 * _percentile(idle["times"]) + 20
    return [
        Result("saves during the first run of all", len(busy["times"])),
        Result("of these, and of the run: failed", len(failures), "", 0, "G18"),
        Result("a save meanwhile, 95th percentile", percentile, "ms", limit, "G18"),
    ]


def _series(user, work):
    user.stdin.write("start\n")
    user.stdin.flush()
    work()
    user.stdin.write("stop\n")
    user.stdin.flush()
    return json.loads(user.stdout.readline())


def _first_runs(subject):
    """Twice, so that there are saves enough; yields the names of failures."""
    for _time in range(2):
        _all_due(subject)
        try:
            _run_crons(subject)
        except psycopg2.Error as error:
            subject.env.cr.rollback()
            yield type(error).__name__


def _percentile(times):
    """95th, in milliseconds."""
    return 1000 * statistics.quantiles(times, n=20)[-1]


def growth(subject, smaller, factor):
    """How times grow with the data: 1 is in proportion."""
    results = []
    for name, (work, _table) in subject.works().items():
        small_work, _small_table = smaller.works()[name]
        large = median([once(subject.env, work) for _ in range(subject.rounds)], "cpu")
        small = median(
            [once(smaller.env, small_work) for _ in range(subject.rounds)], "cpu"
        )
        slope = log(large / small) / log(factor)
        results.append(Result(f"{name}: growth exponent", slope, "", 1.15, "G20"))
    times = [
        median([_incremental_once(one, 100) for _ in range(one.rounds)], "cpu")
        for one in (subject, smaller)
    ]
    what = "pyramid: 100 changed, against a tenth of the data"
    return [*results, Result(what, times[0] / times[1], "x", 1.5, "G6")]


def indexes(subject):
    """Disk that the addon's indexes on the host's tables take."""
    registry = subject.env.registry
    names = [
        index.full_name(model)
        for model in registry.models.values()
        if model._original_module != database.ADDON and not model._abstract
        for index in model._table_objects.values()
        if index._module == database.ADDON
    ]
    subject.env.cr.execute(
        "SELECT SUM(pg_relation_size(name::regclass)) FROM UNNEST(%s) name", [names]
    )
    size = int(subject.env.cr.fetchone()[0] or 0) / MEGABYTE
    return [Result("indexes on the host's tables", size, "MB", 25, "G17")]
