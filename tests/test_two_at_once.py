"""Two people move one promise at the same moment; two clocks tell of one delay."""

import pytest

from sandbox.cache import ADDON
from sandbox.database import PREFIX

# An order promised in 5 days waits for a part; its customer is of the best tier.
FILL = """
from datetime import datetime, timedelta
from odoo.fields import Command
now = datetime.now().replace(microsecond=0)
warehouses = env["stock.warehouse"].search([("company_id", "=", env.company.id)])
route = warehouses[0].mto_pull_id.route_id
route.active = True
vendor, customer = env["res.partner"].create([{"name": "Foshan"}, {"name": "Ada"}])
part = env["product.product"].create({
    "name": "Part", "is_storable": True, "route_ids": [Command.set(route.ids)],
    "seller_ids": [Command.create({"partner_id": vendor.id})],
})
order = env["sale.order"].create({
    "partner_id": customer.id, "commitment_date": now + timedelta(days=5),
    "order_line": [Command.create({"product_id": part.id, "product_uom_qty": 2})],
})
order.action_confirm()
purchase = order.stock_reference_ids.purchase_ids
purchase.order_line.date_planned = datetime(2031, 3, 1, 12)
purchase.button_confirm()
card = env.company.pyramid_scorecard_id
env["partner.score"].create({
    "partner_id": customer.id, "scorecard_id": card.id, "company_id": env.company.id,
    "date": now.date(), "band_id": card.band_ids.sorted("threshold")[0].id,
    "is_current": True,
})
customer.user_id = env.ref("base.user_admin")
env.cr.commit()
"""
# What the second does waits for the first one's commit, and is tried again by the host.
TOGETHER = """
import threading, time
from datetime import datetime, timedelta
from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
errors = []
def work(uid, do):
    try:
        with env.registry.cursor() as cr:
            own = api.Environment(cr, uid, {})
            retrying(lambda: do(own), own)
    except Exception as error:
        errors.append(error)
def together(first_uid, first_do, second_uid, second_do):
    with env.registry.cursor() as cr:
        first = api.Environment(cr, first_uid, {})
        first_do(first)
        first.flush_all()
        second = threading.Thread(target=work, args=(second_uid, second_do))
        second.start()
        WAIT
        cr.commit()
    second.join(120)
    assert not second.is_alive() and not errors, errors
"""
BLOCKED = """
        for _try in range(300):
            env.cr.rollback()
            env.cr.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if env.cr.rowcount:
                break
            time.sleep(0.1)
        else:
            raise AssertionError("the second never waited for the first")
"""
MOVE = """
line = env["purchase.order.line"].search([("product_id.name", "=", "Part")])
def move(day):
    def do(own):
        line.with_env(own).date_planned = datetime(2031, 3, day, 12)
    return do
together(SUPERUSER_ID, move(10), env.ref("base.user_admin").id, move(20))
"""
TELL = """
now = datetime.now()
alerts = env["order.trace.alert"]
alerts._run(env.company, now - timedelta(minutes=31))
env.cr.commit()
def run(own):
    own["order.trace.alert"]._run(own.company, now)
together(SUPERUSER_ID, run, SUPERUSER_ID, run)
"""
HISTORY = """
    SELECT TO_CHAR(old_date, 'DD') || '-' || TO_CHAR(new_date, 'DD') || ' ' || is_slip
      FROM delivery_promise_change WHERE purchase_line_id IS NOT NULL ORDER BY id"""
PROMISE = """
    SELECT TO_CHAR(first_promised_date, 'DD'), TO_CHAR(promised_date, 'DD'),
           promise_slip_count FROM purchase_order_line"""
TOLD = """
    SELECT (SELECT COUNT(*) FROM order_trace_alert WHERE closed_on IS NULL),
           (SELECT COUNT(*) FROM mail_activity activity
              JOIN order_trace_alert alert ON alert.activity_id = activity.id)"""


@pytest.fixture
def database(stack, worker):
    name = f"{PREFIX}two_{worker}"
    stack.databases.copy(stack.base, name)
    stack.odoo.install(name, [ADDON], f"{name}-install.log")
    script(stack, name, FILL)
    yield name
    stack.databases.drop(name)


def script(stack, name, code):
    stack.odoo.script(name, code, f"{name}.log", "The script failed: see its log.")


def test_a_date_moved_by_two_at_once_is_recorded_twice_and_told_once(stack, database):
    script(stack, database, TOGETHER.replace("        WAIT", BLOCKED) + MOVE)
    moves = stack.databases.query(HISTORY, database)
    assert moves == ["01-10 true", "10-20 true"]
    assert stack.databases.query(PROMISE, database) == ["01|20|2"]

    # the second run finds the first at it, and leaves it to him
    script(stack, database, TOGETHER.replace("WAIT", "second.join(60)") + TELL)
    assert stack.databases.query(TOLD, database) == ["1|1"]
