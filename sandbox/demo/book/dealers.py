"""Where dealers work, and the deals they registered."""

from datetime import timedelta

from ..data.dealers import ANSWERS, DEALS, PROGRESS, TERRITORIES

MODEL = "dealer.registration"


def book_territories(desk):
    """Give each dealer contract, manager and territory."""
    if "dealer.territory" not in desk.env:
        return
    for index, row in TERRITORIES.items():
        name, countries, exclusive, category, stage, began, ends, review = row
        dealer = desk.partners[index]
        dealer.write(
            {
                "dealer_stage": stage,
                "dealer_manager_id": desk.users["channel"].id,
                "dealer_contract_start": desk.date(-began),
                "contract_end_date": desk.date(ends),
                "dealer_review_date": desk.date(review),
            }
        )
        categories = desk.env["product.category"]
        if category:
            categories = categories.search([("name", "=", category)], limit=1)
        desk.env["dealer.territory"].create(
            {
                "name": name,
                "dealer_id": dealer.id,
                "user_id": dealer.user_id.id,
                "country_ids": [desk.env.ref(f"base.{code}").id for code in countries],
                "category_ids": categories.ids,
                "is_exclusive": exclusive,
                "date_start": desk.date(-began),
                "date_end": desk.date(ends),
            }
        )


def book_registrations(desk):
    """Register the deals, the oldest first, as the channel manager would."""
    if MODEL not in desk.env:
        return
    products = desk.env["product.product"].search(
        [("sale_ok", "=", True), ("type", "=", "consu")], order="id", limit=1
    )
    for row in sorted(DEALS, key=lambda row: -row[6]):
        _book_deal(desk, products, *row)


def _book_deal(
    desk, products, dealer, end, country, vat, site, revenue, asked, took, state, due
):
    deal = desk.env[MODEL].create(
        {
            "dealer_id": desk.partners[dealer].id,
            "end_name": end,
            "end_country_id": desk.env.ref(f"base.{country}").id,
            "end_vat": vat,
            "end_website": site,
            "expected_revenue": revenue,
            "expected_date": desk.date(due),
            "evidence": "Two visits and a drawing of the halls",
            "product_ids": products.ids,
        }
    )
    if state == "draft":
        return
    moment = desk.moment(-asked)
    deal._move(
        "submitted", submitted_on=moment, answer_due_date=deal._get_answer_due(moment)
    )
    deal._sync_keys()
    deal._note_conflicts()
    if took is None:
        deal._ask_for_answer()
        return
    answered = moment + timedelta(days=took)
    if state in ANSWERS:
        deal.answer = ANSWERS[state]
        deal._move(state, answered_on=answered)
        return
    deal._move(
        "approved",
        answered_on=answered,
        protected_until=max(answered.date() + timedelta(days=90), desk.date(due + 30))
        if state != "expired"
        else desk.date(-10),
    )
    deal._take_lead()
    _finish(desk, deal, state)


def _finish(desk, deal, state):
    """What became of an approved deal."""
    if state == "won":
        deal.lead_id.action_set_won()
    elif state == "lost":
        reason = desk.env["crm.lost.reason"].search([], limit=1)
        deal.lead_id.action_set_lost(lost_reason_id=reason.id)
    elif state == "expired":
        deal._close("expired")
    else:
        deal.progress = PROGRESS
