"""What the addon adds to the host's screens: counted without and with it."""

import json

import pytest

from sandbox.cache import ADDON, REPOSITORY
from sandbox.database import PREFIX

SCRIPT = (REPOSITORY / "tests" / "host_cost.py").read_text() + "\nrun(env)\n"
# {what: queries it may cost more}; a badge of the tier is read by one query
QUERIES = {
    "partner list": 0,
    "partner kanban": 1,
    "partner form": 2,
    "lead list": 0,
    "lead form": 2,
    "pipeline groups": 1,
    "progress bar": 0,
    "order list": 0,
    # tier and state, one each
    "order kanban": 2,
    "order form": 2,
    "order create, 10 lines": 0,
    "order confirm, 1 lines": 2,
    "order confirm, 10 lines": 2,
    "invoice post": 1,
    "manufacturing order list": 0,
    # the sale line and its order are read on the way to the customer
    "manufacturing order kanban": 3,
    "manufacturing order form": 2,
    "manufacturing order done": 1,
    "transfer list": 0,
    "transfer kanban": 1,
    "transfer form": 2,
}
# {what: bytes it may send more, in percent}; docs/adr/0009 says why
BYTES = {
    "partner list": 2,
    "lead list": 2,
    "order list": 2,
    "manufacturing order list": 2,
    "transfer list": 2,
    "partner form": 15,
    "lead form": 15,
    "order form": 15,
    "manufacturing order form": 15,
    "transfer form": 15,
    # read once by a browser, and kept
    "partner list: its views": 20,
    "partner form: its views": 20,
}


@pytest.fixture(scope="module")
def costs(stack, worker):
    """Costs without and with the addon, each ``{what: {queries, bytes}}``."""
    name = f"{PREFIX}cost_{worker}"
    found = []
    for addons in ([], [ADDON]):
        stack.databases.copy(stack.base, name)
        if addons:
            stack.odoo.install(name, addons, f"{name}-install.log")
        advice = "The costs could not be counted: correct what the log names."
        log = stack.odoo.script(name, SCRIPT, f"{name}.log", advice)
        line = next(row for row in log.splitlines() if row.startswith("COSTS "))
        found.append(json.loads(line.removeprefix("COSTS ")))
    stack.databases.drop(name)
    return found


@pytest.mark.parametrize("what", QUERIES)
def test_queries_that_the_addon_adds(costs, what):
    without, with_addon = costs
    added = with_addon[what]["queries"] - without[what]["queries"]
    assert added <= QUERIES[what]


def test_lines_of_an_order_cost_nothing_when_it_is_confirmed(costs):
    without, with_addon = (
        cost["order confirm, 10 lines"]["queries"]
        - cost["order confirm, 1 lines"]["queries"]
        for cost in costs
    )
    assert with_addon <= without


@pytest.mark.parametrize("what", BYTES)
def test_bytes_that_the_addon_adds(costs, what):
    """By the length of the JSON that the server sends as the result."""
    without, with_addon = costs
    added = with_addon[what]["bytes"] / without[what]["bytes"] - 1
    assert 100 * added <= BYTES[what]
