"""Measuring one piece of work: time, CPU, queries, rows, bytes; and pairs of them."""

import os
import statistics
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from odoo.tools import SQL

NANOSECOND = 1e-9


@dataclass
class Cost:
    """What a piece of work took; times in seconds, ``wal`` in bytes.

    ``cpu`` is that of this process and of its database backend together.
    """

    wall: float = 0.0
    cpu: float = 0.0
    wal: int = 0
    written: dict = field(default_factory=dict)
    statements: list = field(default_factory=list)

    @property
    def queries(self):
        return len(self.statements)

    @property
    def rows(self):
        return sum(self.written.values())


@contextmanager
def cost_of(env):
    """Measure the block's work in the open transaction of ``env``, all but its WAL."""
    cost = Cost()
    cursor = env.cr
    env.flush_all()
    before = _written(cursor)
    backend = cursor._cnx.get_backend_pid()
    cpu, wall = _cpu(backend), time.perf_counter()
    with recorded(cost.statements):
        yield cost
        env.flush_all()
    cost.wall = time.perf_counter() - wall
    cost.cpu = _cpu(backend) - cpu
    after = _written(cursor)
    cost.written = {
        table: count - before.get(table, 0)
        for table, count in after.items()
        if count != before.get(table, 0)
    }


@contextmanager
def recorded(statements):
    """Append (query, parameters) of what this thread executes."""
    thread = threading.current_thread()
    thread.query_hooks = [
        lambda _cr, query, params, *_times: statements.append((query, params))
    ]
    try:
        yield statements
    finally:
        del thread.query_hooks


def _cpu(backend):
    return time.process_time() + _backend_cpu(backend)


def _backend_cpu(pid):
    """Seconds the backend was on a CPU; 0 when it runs on another machine."""
    try:
        spent = Path(f"/proc/{pid}/schedstat").read_text().split()[0]
        return int(spent) * NANOSECOND
    except OSError:
        return 0.0


def _wal(cursor):
    """Bytes of WAL, of this backend alone where PostgreSQL tells (18 and later).

    Outside of a transaction, since PostgreSQL adds up when one ends.
    """
    if cursor._cnx.server_version < 180000:
        cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
    else:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.rollback()
        cursor.execute(
            "SELECT wal_bytes FROM pg_stat_get_backend_wal(pg_backend_pid())"
        )
    wal = int(cursor.fetchone()[0])
    cursor.rollback()
    return wal


def _written(cursor):
    """{table: rows inserted, updated and deleted by the open transaction}."""
    cursor.execute(
        """SELECT relname, n_tup_ins + n_tup_upd + n_tup_del
             FROM pg_stat_xact_user_tables
            WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"""
    )
    return dict(cursor.fetchall())


def paired(env, reference, candidate, rounds, prepare=None):
    """Run (reference, candidate, reference) in turns and roll back each time.

    Returns the costs of the candidate and the median ratio of its CPU time to the mean
    of the references around it. The first round warms up and does not count.
    """
    costs, ratios = [], []
    for turn in range(rounds + 1):
        if prepare:
            prepare()
        before = once(env, reference)
        cost = once(env, candidate)
        after = once(env, reference)
        if turn:
            costs.append(cost)
            ratios.append(2 * cost.cpu / (before.cpu + after.cpu))
    return costs, statistics.median(ratios)


def once(env, work):
    """The cost of ``work``, which is then undone."""
    wal = _wal(env.cr)
    try:
        with cost_of(env) as cost:
            work()
    finally:
        env.cr.rollback()
        env.invalidate_all()
    cost.wal = _wal(env.cr) - wal
    return cost


def median(costs, name):
    return statistics.median(getattr(cost, name) for cost in costs)


def buffers_of(env, statements):
    """Pages that the statements touch when run again; rolled back."""
    total = 0
    for query, params in statements:
        text = query.code if isinstance(query, SQL) else query
        if not text.lstrip().upper().startswith(("WITH", "SELECT", "INSERT", "UPDATE")):
            continue
        env.cr.execute(
            f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {text}", params
        )
        plan = env.cr.fetchone()[0][0]["Plan"]
        total += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    env.cr.rollback()
    return total


class Peak:
    """The most memory this process used since the object was made, in bytes."""

    def __init__(self):
        Path("/proc/self/clear_refs").write_text("5")
        self.start = self._read("VmRSS")

    @property
    def growth(self):
        return self._read("VmHWM") - self.start

    def _read(self, name):
        status = Path(f"/proc/{os.getpid()}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(name))
        return int(line.split()[1]) * 1024
