"""A user who saves contacts, in a process of his own, while a run is going on.

Reads words from standard input: ``start`` begins a series of saves, ``stop`` ends it
and answers with one line of JSON: the seconds each save took and the failures.
"""

import json
import random
import sys
import threading
import time

import psycopg2

from . import database

PAUSE = 0.02


def main(name):
    with database.environment(name) as env:
        partners = env["res.partner"].search([("customer_rank", ">", 0)]).ids
        env.cr.rollback()
        chooser = random.Random(1)
        save(env, chooser.choice(partners))
        print("ready", flush=True)
        while sys.stdin.readline():
            stop = threading.Thread(target=sys.stdin.readline, daemon=True)
            stop.start()
            series = {"times": [], "failures": []}
            while stop.is_alive():
                start = time.perf_counter()
                try:
                    save(env, chooser.choice(partners))
                except psycopg2.Error as error:
                    env.cr.rollback()
                    series["failures"].append(type(error).__name__)
                series["times"].append(time.perf_counter() - start)
                time.sleep(PAUSE)
            print(json.dumps(series), flush=True)


def save(env, partner_id):
    """Write a phone number and commit, as the web client's save does."""
    partner = env["res.partner"].browse(partner_id)
    partner.phone = f"+49 {random.randrange(10**6)}"
    env.cr.commit()
    env.invalidate_all()


if __name__ == "__main__":
    main(sys.argv[1])
