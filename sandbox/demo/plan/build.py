"""Put the parts of the plan together."""

import random

from .chains import plan_chains
from .contacts import plan_contacts
from .customers import plan_customers
from .orders import plan_credits, plan_orders
from .pipeline import plan_deals, plan_quotations
from .records import Plan
from .supply import plan_supply
from .visits import plan_ratings, plan_visits


def make_plan(seed):
    """Return the whole plan; each part draws from its own generator.

    So a change in one part leaves the draws of the others as they were.
    """

    def rng(part):
        return random.Random(f"{seed}/{part}")

    plan = Plan(customers=plan_customers(rng("customers")))
    plan.orders = plan_orders(rng("orders"), plan.customers)
    plan.credits = plan_credits(rng("credits"), plan.customers, plan.orders)
    plan.chains = plan_chains(rng("chains"), plan.customers)
    plan_supply(rng("supply"), plan)
    plan.deals = plan_deals(rng("deals"), plan.customers)
    plan.quotations = plan_quotations(rng("quotations"), plan.customers, plan.deals)
    plan.touches = plan_visits(rng("touches"), plan.customers)
    plan.contacts = plan_contacts(rng("contacts"), plan.customers)
    plan.ratings = plan_ratings(rng("ratings"), plan.orders)
    return plan
