"""A process killed in the middle of the scorecard's cron leaves nothing half-done."""

import subprocess
import time

import pytest

from sandbox.cache import ADDON, REPOSITORY
from sandbox.database import PREFIX

ORDERED = 40
FILL = f"""
card = env.ref("{ADDON}.scorecard_pyramid")
value = env.ref("{ADDON}.scorecard_value")
card.criterion_ids.metric = "ordered_revenue"
value.criterion_ids.filtered(lambda c: c.metric != "revenue_growth").unlink()
value.criterion_ids.metric = "ordered_revenue"
product = env["product.product"].create({{"name": "Fan", "taxes_id": False}})
def order(customer, price):
    line = {{"product_id": product.id, "price_unit": price}}
    made = env["sale.order"].create(
        {{"partner_id": customer.id, "order_line": [(0, 0, line)]}}
    )
    made.state = "sale"
customers = env["res.partner"].create(
    [{{"name": f"C{{n}}", "is_company": True}} for n in range({ORDERED})]
)
for n, customer in enumerate(customers):
    order(customer, 10 + n * n)
(card | value)._run(env.company, env.company._get_today())
customers[0].write({{"name": "Strategic"}})
card.score_ids[-1].write(
    {{"override_band_id": card.band_ids[0].id, "override_reason": "Strategic"}}
)
# what the cron is going to find: new orders turn the ranking over
for n, customer in enumerate(customers):
    order(customer, 10 + ({ORDERED} - n) ** 2)
(card | value).write({{"next_run_date": False, "figures_date": False}})
env.cr.commit()
"""
RUN_CRON = f"""
env.ref("{ADDON}.ir_cron_partner_scorecard").method_direct_trigger()
env.cr.commit()
"""
# The 10th row written of one card waits for a lock that the test holds.
TRAP = """
CREATE SEQUENCE trap_rows;
CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.scorecard_id = {card} AND nextval('trap_rows') = 10 THEN
        PERFORM pg_advisory_xact_lock(4711);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER trap BEFORE INSERT OR UPDATE ON partner_score
    FOR EACH ROW EXECUTE FUNCTION trap();
"""
DISARM = "DROP FUNCTION trap() CASCADE; DROP SEQUENCE trap_rows"
HOLD = "SELECT pg_advisory_lock(4711);\n"
TRAPPED = """SELECT pid FROM pg_stat_activity
              WHERE datname = '{name}' AND wait_event = 'advisory'"""
STATE = """SELECT scorecard_id, partner_id, company_id, value, score, coverage, band_id,
                  previous_band_id, effective_band_id, move, is_current, detail,
                  override_band_id, override_reason
             FROM partner_score ORDER BY scorecard_id, partner_id, id"""


@pytest.fixture(scope="module")
def prepared(stack, worker):
    """A database whose cards are due, and the scores after a run that nobody kills."""
    name = f"{PREFIX}killed_{worker}"
    stack.databases.copy(stack.base, name)
    stack.odoo.install(name, [ADDON], f"{name}-install.log")
    script(stack, name, FILL)
    undisturbed = f"{name}_undisturbed"
    stack.databases.copy(name, undisturbed)
    script(stack, undisturbed, RUN_CRON)
    yield name, state(stack, undisturbed)
    stack.databases.drop(undisturbed)
    stack.databases.drop(name)


def script(stack, name, code):
    stack.odoo.script(name, code, f"{name}.log", "The script failed: see its log.")


def state(stack, name, card=None):
    rows = stack.databases.query(STATE, name)
    return [row for row in rows if card is None or row.startswith(f"{card}|")]


def card_id(stack, name, xmlid):
    sql = f"SELECT res_id FROM ir_model_data WHERE module = '{ADDON}' AND name = "
    return stack.databases.query(f"{sql}'{xmlid}'", name)[0]


def wait_for(condition):
    """Return the first true answer; fails when there is none within two minutes."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.2)
    raise AssertionError("It did not happen")


def kill_cron_in_the_middle(stack, name):
    """Start the cron, let it run into the trap, and kill its process."""
    with talk_to(stack, [stack.server.programs / "psql", "-X", "-d", name]) as holder:
        holder.stdin.write(HOLD)
        holder.stdin.flush()
        shell = stack.odoo.command("shell", name, "--no-http")
        with talk_to(stack, shell) as cron:
            cron.stdin.write(RUN_CRON)
            cron.stdin.close()
            trapped = TRAPPED.format(name=name)
            wait_for(lambda: stack.databases.query(trapped))
            assert cron.poll() is None
            cron.kill()
    others = f"SELECT pid FROM pg_stat_activity WHERE datname = '{name}'"
    wait_for(lambda: not stack.databases.query(others))


def talk_to(stack, command):
    """Start a program that reads what to do."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        env=stack.odoo.environment,
        cwd=REPOSITORY,
    )


@pytest.mark.parametrize("where", ["scorecard_pyramid", "scorecard_value"])
def test_the_next_run_repairs_what_a_killed_one_left(stack, prepared, where):
    source, expected = prepared
    name = f"{source}_{where}"
    stack.databases.copy(source, name)
    pyramid, value = (
        card_id(stack, name, xmlid)
        for xmlid in ("scorecard_pyramid", "scorecard_value")
    )
    trapped = card_id(stack, name, where)
    before = {card: state(stack, name, card) for card in (pyramid, value)}
    stack.databases.query(TRAP.format(card=trapped), name)
    kill_cron_in_the_middle(stack, name)
    stack.databases.query(DISARM, name)
    # the card in work is as it was, and one done before it is done
    assert state(stack, name, trapped) == before[trapped]
    if trapped == value:
        assert state(stack, name, pyramid) != before[pyramid]
    script(stack, name, RUN_CRON)
    assert state(stack, name) == expected
    assert expected != before[pyramid] + before[value]
    stack.databases.drop(name)
