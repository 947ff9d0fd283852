"""Dealers: contracts, territories, targets, credit, and a login to the portal."""

from odoo import Command

from ..data.catalogue import BY_CODE, PLANT_OF
from ..data.dealers import (
    DEALER_LOGIN,
    DEALERS,
    IBERIA,
    LAGOS,
    LOGIN_OF,
    QUOTES,
    TERRITORIES,
    VALID_DAYS,
)
from .dealer_diary import keep_diary
from .dealer_stock import book_stock_reports

LEVEL_OF_BAND = {"a": "gold", "b": "silver", "c": "bronze"}
FAILED = "Our ship missed the port: seventeen days late"
LEFT = "Bought lamps elsewhere for a year; both sides agreed to end it"
STOCK = "Nothing left: the last fans were sold before Easter"
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
    _book_quotes(desk)
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
        if dealer.stage == "ended":
            with desk.at(dealer.contract[1]):
                _end(desk, desk.dealers[place])
        elif desk.dealers[place].dealer_stage != dealer.stage:
            with desk.at(-25):
                desk.dealers[place].dealer_stage = dealer.stage


def _end(desk, dealer):
    """By the checklist, as the channel manager."""
    channel = desk.users["channel"]
    action = dealer.with_user(channel).action_end_dealer()
    checklist = desk.env["dealer.exit"].with_user(channel).browse(action["res_id"])
    checklist.reason = LEFT
    stock = checklist.item_ids.filtered(lambda item: item.code == "stock")
    stock.note = STOCK
    checklist.item_ids.action_tick()
    checklist.action_end()


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


def _book_quotes(desk):
    """Asked on one day and sent on another; what nobody ordered is cancelled."""
    quotations = desk.env["sale.order"].create([_quote(desk, row) for row in QUOTES])
    desk.backdate(quotations, [row.asked for row in QUOTES])
    for quotation, row in zip(quotations, QUOTES, strict=True):
        with desk.at(row.sent):
            quotation.action_quotation_sent()
        if row.asked + VALID_DAYS < 0:
            quotation.action_cancel()


def _quote(desk, row):
    line = {"product_id": desk.products[row.code].id, "product_uom_qty": row.quantity}
    plant = PLANT_OF[BY_CODE[row.code].family]
    return {
        "partner_id": desk.dealers[row.dealer].id,
        "user_id": desk.users["channel"].id,
        "date_order": desk.moment(row.asked),
        "validity_date": desk.date(row.asked + VALID_DAYS),
        "warehouse_id": desk.warehouses[plant].id,
        "order_line": [Command.create(line)],
    }
