"""Dealers: contracts, territories, targets, credit, and a login to the portal."""

from odoo import Command

from ..data.dealers import (
    DEALER_LOGIN,
    DEALERS,
    IBERIA,
    LAGOS,
    LOGIN_OF,
    TERRITORIES,
)
from .dealer_diary import keep_diary
from .dealer_stock import book_stock_reports

LEVEL_OF_BAND = {"a": "gold", "b": "silver", "c": "bronze"}
FAILED = "Our ship missed the port: seventeen days late"
RELEASED = "Transfer announced by his bank for Friday, goods go to the end customer"


def book_dealers(desk):
    """Give eight dealers, and three who are none yet or not any more, their stories."""
    if "dealer.registration" not in desk.env:
        return
    desk.dealers = {place: desk.partners[place] for place in DEALERS}
    _sign(desk)
    _book_territories(desk)
    _book_targets(desk)
    _book_credit(desk)
    desk.open_portal(desk.dealers[LOGIN_OF].child_ids[:1], DEALER_LOGIN)
    keep_diary(desk)
    desk.breathe()
    book_stock_reports(desk)
    _settle_stages(desk)


def _sign(desk):
    """All sign first, also who ended since: nothing is registered without contract."""
    for place, dealer in DEALERS.items():
        start, end = map(desk.date, dealer.contract) if dealer.contract else (0, 0)
        desk.dealers[place].write(
            {
                "dealer_stage": "active" if dealer.contract else dealer.stage,
                "dealer_stage_since": start or desk.date(-30),
                "dealer_manager_id": desk.users["channel"].id,
                "dealer_contract_start": start,
                "contract_end_date": end,
                "dealer_review_date": dealer.review and desk.date(dealer.review),
                "dealer_no_direct_contact": not dealer.direct,
                "comment": dealer.story,
            }
        )


def _settle_stages(desk):
    for place, dealer in DEALERS.items():
        if desk.dealers[place].dealer_stage != dealer.stage:
            day = dealer.contract[1] if dealer.stage == "ended" else -25
            desk.dealers[place].write(
                {"dealer_stage": dealer.stage, "dealer_stage_since": desk.date(day)}
            )


def _book_territories(desk):
    desk.env["dealer.territory"].create(
        [_territory(desk, territory) for territory in TERRITORIES]
    )


def _territory(desk, territory):
    start = DEALERS[territory.dealer].contract[0]
    return {
        "name": territory.name,
        "dealer_id": desk.dealers[territory.dealer].id,
        "user_id": desk.users[territory.salesperson].id,
        "country_ids": [
            Command.link(desk.env.ref(f"base.{code}").id)
            for code in territory.countries
        ],
        "state_ids": [
            Command.link(state.id)
            for state in desk.env["res.country.state"].search(
                [
                    ("country_id.code", "in", [c.upper() for c in territory.countries]),
                    ("code", "in", territory.states),
                ]
            )
        ],
        "category_ids": [
            Command.link(desk.categories[family].id) for family in territory.families
        ],
        "is_exclusive": territory.exclusive,
        "date_start": desk.date(start),
        "date_end": territory.until and desk.date(territory.until),
    }


def _book_targets(desk):
    """This year's and last year's for all, one category's for one; levels by band."""
    year = desk.today.year
    rows = [
        {
            "dealer_id": desk.dealers[place].id,
            "year": year - back,
            "amount": round(desk.plan.customers[place].last_year * dealer.target, -3),
        }
        for place, dealer in DEALERS.items()
        if dealer.reported
        for back in (0, 1)
    ]
    rows.append(
        {
            "dealer_id": desk.dealers[IBERIA].id,
            "year": year,
            "categ_id": desk.categories["commercial"].id,
            "amount": 6_000,
        }
    )
    desk.env["dealer.target"].create(rows)
    late = next(
        order
        for order in desk.plan.orders
        if order.customer == LAGOS and order.delivered - order.promised > 14
    )
    desk.env["dealer.month.exclusion"].with_user(desk.users["channel"]).create(
        {
            "dealer_id": desk.dealers[LAGOS].id,
            "period": desk.date(late.promised),
            "reason": FAILED,
        }
    )
    for band, level in LEVEL_OF_BAND.items():
        band = desk.env.ref(f"crm_manufacturing.scorecard_dealer_band_{band}")
        band.dealer_grade_id = desk.grades[level]


def _book_credit(desk):
    """Limits are looked at; of who is over his, one order is released."""
    desk.company.account_use_credit_limit = True
    for place, dealer in DEALERS.items():
        if dealer.credit_limit:
            desk.dealers[place].credit_limit = dealer.credit_limit
    orders = desk.env["sale.order"].search(
        [("partner_id", "child_of", desk.dealers[IBERIA].id), ("state", "=", "sale")],
        order="date_order DESC",
        limit=1,
    )
    release = desk.env["customer.credit.release"].with_user(desk.users["general"])
    release.create({"order_id": orders.id, "reason": RELEASED})
