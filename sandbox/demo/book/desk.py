"""What every booking phase needs: plan, calendar and the records made so far."""

import gc
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from unittest.mock import patch

from odoo import Command, fields

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "no_reset_password": True,
    "skip_sms": True,
}
WRITABLE_CREATE_DATES = (
    "sale_order",
    "purchase_order",
    "crm_lead",
    "res_partner",
    "delivery_promise_change",
)


class Desk:
    """The environment of a booking and maps from plan keys to records."""

    def __init__(self, env, plan, today):
        self.env = env(context=dict(env.context, **QUIET))
        self.plan = plan
        self.today = today
        self.company = self.env.company
        self.users = {}
        self.teams = {}
        self.warehouses = {}
        self.categories = {}
        self.products = {}
        self.partners = []
        self.buyers = []
        self.suppliers = []
        self.orders = []
        self.invoices = {}

    def date(self, offset):
        """Return the date of a plan day, moved back to Friday from a weekend."""
        day = self.today + timedelta(days=offset)
        return day - timedelta(days=max(day.weekday() - 4, 0))

    def moment(self, offset, hour=8):
        """Return a plan day as a naive UTC datetime at ``hour``."""
        return datetime.combine(self.date(offset), time(hour, (offset * 7) % 60))

    @contextmanager
    def at(self, offset):
        """Press buttons on a plan day: they write the moment they are pressed.

        Yields the date.
        """
        moment = self.moment(offset)
        with patch.object(fields.Datetime, "now", return_value=moment):
            yield moment.date()

    def open_portal(self, person, login):
        """Give a contact a login to the portal; the password is the same word."""
        self.env["res.users"].create(
            {
                "partner_id": person.id,
                "login": login,
                "password": login,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )

    def breathe(self):
        """Write what is pending and forget it: a large cache slows every step down."""
        self.env.flush_all()
        self.env.invalidate_all()
        gc.collect()

    def backdate(self, records, days):
        """Set the creation dates of records to plan days.

        The one place that leaves the ORM: it refuses to write ``create_date``, which
        quotation and lead lists show.
        """
        table = records._table
        if table not in WRITABLE_CREATE_DATES:
            raise ValueError(f"creation dates of {table} are left alone")
        records.flush_recordset()
        self.env.cr.executemany(
            f"UPDATE {table} SET create_date = %s WHERE id = %s",
            [
                (self.moment(day), record.id)
                for record, day in zip(records, days, strict=True)
            ],
        )
        records.invalidate_recordset(["create_date"])


def chunks(items, size):
    """Yield consecutive slices of a list."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
