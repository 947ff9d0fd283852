"""Fill a database with the demo company: ``run(env)`` inside ``odoo shell``."""

import gc
import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields

from odoo.addons.mail.models.mail_thread import MailThread

from .book.chains import book_chains
from .book.company import book_company, book_people
from .book.contacts import book_contacts
from .book.dealers import book_dealers
from .book.decisions import book_decisions
from .book.desk import Desk
from .book.engines import run_alerts, run_engines
from .book.languages import book_languages
from .book.material import book_material
from .book.orders import book_invoices, book_orders
from .book.partners import book_partners
from .book.pipeline import book_pipeline
from .book.production import book_productions
from .book.products import book_opening_stock, book_products, switch_to_order
from .book.purchases import book_purchases
from .book.requirements import book_requirements
from .book.visits import book_visits
from .plan import make_plan

SEED = 20
MARKER = "crm_manufacturing.demo_state"
PHASES = (
    ("languages", book_languages),
    ("company", book_company),
    ("people", book_people),
    ("partners", book_partners),
    ("products", book_products),
    ("opening stock", book_opening_stock),
    ("purchases", book_purchases),
    ("production", book_productions),
    ("orders and deliveries", book_orders),
    ("invoices and payments", book_invoices),
    ("made-to-order chains", lambda desk: (switch_to_order(desk), book_chains(desk))),
    ("customers' wishes", book_requirements),
    ("pipeline", book_pipeline),
    ("dealers", book_dealers),
    ("calls and visits", book_visits),
    ("activities and meetings", book_contacts),
    ("scores, stages, touches", run_engines),
    ("decisions", book_decisions),
    ("material plans", book_material),
    # last: what a supplier answers moves dates that customers were promised
    ("alerts", run_alerts),
)

HISTORY = {
    "purchases",
    "production",
    "orders and deliveries",
    "invoices and payments",
    "made-to-order chains",
    "dealers",
}


def run(env, seed=SEED, today=None):
    """Book the demo company and return True, or False when it is there already.

    Each phase is committed. A database left half-filled is refused with RuntimeError.
    """
    parameters = env["ir.config_parameter"].sudo()
    state = parameters.get_param(MARKER)
    if state == "done":
        return False
    if state:
        raise RuntimeError(
            "The demo data of this database is incomplete: "
            "drop the database and start again."
        )
    parameters.set_param(MARKER, "started")
    desk = Desk(env, make_plan(seed), today or fields.Date.today())
    start = time.monotonic()
    # The registry stays and little dies young: collecting often costs much time.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    for name, book in PHASES:
        with _timed(name), _silence(desk, name in HISTORY):
            book(desk)
            env.cr.commit()
    parameters.set_param(MARKER, "done")
    env.cr.commit()
    print(f"  demo company booked in {time.monotonic() - start:.1f} s", flush=True)
    return True


@contextmanager
def _silence(desk, is_history):
    """Let documents of past years log nothing: all would be told today."""
    if not is_history:
        yield
        return

    def log_nothing(thread, *args, **kwargs):
        return thread.env["mail.message"]

    with (
        patch.object(MailThread, "message_post", log_nothing),
        patch.object(MailThread, "message_post_with_source", log_nothing),
        patch.object(MailThread, "message_notify", log_nothing),
    ):
        yield


@contextmanager
def _timed(name):
    """Print how long a phase took."""
    start = time.monotonic()
    yield
    print(f"  {name:<24}{time.monotonic() - start:6.1f} s", flush=True)
