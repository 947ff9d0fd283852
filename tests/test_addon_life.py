"""The addon is installed, upgraded, removed without a trace, and installed again."""

import re

import pytest

from sandbox import server_log
from sandbox.cache import ADDON
from sandbox.database import PREFIX

LOADED = re.compile(r"Module (\w+) loaded in [\d.]+s, (\d+) queries")
QUERIES_OF_DEPENDENCIES = 62_303
RECORDS = f"""
    SELECT module = '{ADDON}' AS is_ours, COUNT(*)
    FROM ir_model_data GROUP BY is_ours"""
TRACES = {
    "columns": """
        SELECT table_name || '.' || column_name FROM information_schema.columns
        WHERE table_schema = 'public'""",
    "indexes": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conname FROM pg_constraint",
    "functions": """
        SELECT proname FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace""",
    "models": "SELECT model FROM ir_model",
    "crons": "SELECT cron_name FROM ir_cron",
    "views": "SELECT name || ' of ' || COALESCE(model, '') FROM ir_ui_view",
    "groups": "SELECT id FROM res_groups",
    "parameters": "SELECT key FROM ir_config_parameter",
    "external ids": f"SELECT name FROM ir_model_data WHERE module = '{ADDON}'",
}


@pytest.fixture(scope="module")
def life(stack, worker):
    """A database with the host's addons, and what the module's tests saw in it."""
    name = f"{PREFIX}life_{worker}"
    stack.databases.copy(stack.base, name)
    yield Life(stack, name)
    stack.databases.drop(name)


class Life:
    """One database, its addon, and the traces that were there before the addon."""

    def __init__(self, stack, name):
        self.stack = stack
        self.name = name
        self.before = self.traces()
        self.install_log = ""

    def traces(self):
        query = self.stack.databases.query
        return {what: set(query(sql, self.name)) for what, sql in TRACES.items()}

    def install(self):
        return self.stack.odoo.install(self.name, [ADDON], f"{self.name}-install.log")

    def upgrade(self):
        return self.stack.odoo.update(self.name, [ADDON], f"{self.name}-upgrade.log")

    def uninstall(self):
        return self.stack.odoo.module(
            self.name,
            "uninstall",
            ADDON,
            log_name=f"{self.name}-uninstall.log",
            advice="The addon could not be uninstalled.",
        )

    def state(self):
        sql = f"SELECT state FROM ir_module_module WHERE name = '{ADDON}'"
        return self.stack.databases.query(sql, self.name)


def test_1_it_installs_without_a_warning(life):
    life.install_log = life.install()
    assert server_log.complaints(life.install_log) == []
    assert life.state() == ["installed"]


def test_1_installing_costs_little(life):
    """In queries, by the host's log; a record no more than one of the host's.

    docs/adr/0006 says why both bounds.
    """
    cost = int(dict(LOADED.findall(life.install_log))[ADDON])
    dependencies = queries_of_dependencies(life.stack.cache.logs / "base.log")
    assert cost <= 0.12 * dependencies
    records = dict(
        row.split("|") for row in life.stack.databases.query(RECORDS, life.name)
    )
    assert cost / int(records["t"]) <= dependencies / int(records["f"])


def queries_of_dependencies(log):
    """Another's server may hold databases that this cache has no log of."""
    before = LOADED.findall(log.read_text()) if log.is_file() else []
    return max(sum(int(queries) for _addon, queries in before), QUERIES_OF_DEPENDENCIES)


def test_1_installing_computes_nothing_and_the_crons_are_due(life):
    query = life.stack.databases.query
    for table in ("partner_score", "partner_stage"):
        assert query(f"SELECT COUNT(*) FROM {table}", life.name) == ["0"]
    due = f"""SELECT COUNT(*) FROM ir_cron WHERE nextcall <= now() AT TIME ZONE 'UTC'
              AND id IN (SELECT res_id FROM ir_model_data WHERE module = '{ADDON}'
              AND name IN ('ir_cron_partner_scorecard', 'ir_cron_partner_stage'))"""
    assert query(due, life.name) == ["2"]


def test_2_an_upgrade_changes_no_table_and_warns_of_nothing(life):
    before = life.traces()
    assert server_log.complaints(life.upgrade()) == []
    assert life.traces() == before


def test_3_uninstalling_leaves_nothing_behind(life):
    assert server_log.complaints(life.uninstall()) == []
    left = {
        what: sorted(found - life.before[what])
        for what, found in life.traces().items()
        if found - life.before[what]
    }
    assert left == {}


def test_4_uninstalling_takes_nothing_of_the_host_away(life):
    lost = {
        what: sorted(life.before[what] - found)
        for what, found in life.traces().items()
        if life.before[what] - found
    }
    assert lost == {}


def test_5_it_installs_again(life):
    assert server_log.complaints(life.install()) == []
    assert life.state() == ["installed"]
