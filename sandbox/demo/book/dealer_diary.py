"""What dealers register and are given, day by day, and our clocks beside it."""

from odoo import Command

from ..data.catalogue import BY_CODE, FAMILIES
from ..data.dealers import LEADS, REGISTRATIONS
from .partners import slug


def keep_diary(desk):
    """Each button is pressed on its day; from the first lead on our clocks run."""
    entries = _open_registrations(desk) + _open_leads(desk)
    by_day = {}
    for day, take, record, step in entries:
        by_day.setdefault(day, []).append((take, record, step))
    for day in range(min(by_day), 1):
        with desk.at(day) as today:
            for take, record, step in by_day.get(day, ()):
                take(desk, record, step)
            if day % 7 == 0 or day > min(lead.steps[0].day for lead in LEADS):
                _run_clocks(desk, today)


def _run_clocks(desk, today):
    for model in ("dealer.registration", "dealer.offer"):
        desk.env[model]._run(desk.company, today)


# ----------------------------------------------------------------------
# Registrations
# ----------------------------------------------------------------------


def _open_registrations(desk):
    """Drafts of all; returns ``[(day, what takes the step, draft, step)]``."""
    drafts = desk.env["dealer.registration"].create(
        [_registration(desk, row) for row in REGISTRATIONS]
    )
    desk.orders_of_deals = {
        draft: _find_order(desk, row)
        for draft, row in zip(drafts, REGISTRATIONS, strict=True)
        if row.order
    }
    return [
        (step.day, _TAKE[step.name], draft, step)
        for draft, row in zip(drafts, REGISTRATIONS, strict=True)
        for step in row.steps
    ]


def _registration(desk, row):
    submitted = row.steps[0].day if row.steps else 0
    country = desk.env.ref(f"base.{row.country}")
    values = {
        "dealer_id": desk.dealers[row.dealer].id,
        "end_name": row.end,
        "end_country_id": country.id,
        "end_website": row.website,
        "product_ids": [
            Command.link(desk.products[code].id) for code in row.what if code in BY_CODE
        ],
        "category_ids": [
            Command.link(desk.categories[family].id)
            for family in row.what
            if family in FAMILIES
        ],
        "expected_revenue": row.revenue,
        "volume_qty": row.volume,
        "expected_date": desk.date(submitted + row.expected),
        "evidence": row.evidence,
    }
    if row.order:
        values["end_partner_id"] = _know(desk, row, country).id
    return values


def _know(desk, row, country):
    """The end customer as a contact of ours."""
    return desk.env["res.partner"].create(
        {
            "name": row.end,
            "is_company": True,
            "country_id": country.id,
            "website": row.website,
            "email": f"office@{slug(row.end)}.example",
        }
    )


def _find_order(desk, row):
    """The dealer's made-to-order order the deal became."""
    return desk.env["sale.order"].search(
        [
            ("partner_id", "child_of", desk.dealers[row.dealer].id),
            ("state", "=", "sale"),
            ("order_line.product_id", "=", desk.products[row.order].id),
        ],
        order="date_order",
        limit=1,
    )


def _submit(desk, deal, step):
    deal.action_submit()


def _approve(desk, deal, step):
    deal.with_user(desk.users["channel"]).action_approve()
    desk.backdate(deal.lead_id, [step.day])


def _return(desk, deal, step):
    own = deal.with_user(desk.users["channel"])
    own.answer = step.text
    own.action_return()


def _reject(desk, deal, step):
    own = deal.with_user(desk.users["channel"])
    own.answer = step.text
    own.action_reject()


def _progress(desk, deal, step):
    deal.progress = step.text


def _win(desk, deal, step):
    order = desk.orders_of_deals.get(deal)
    if order:
        order.opportunity_id = deal.lead_id
    deal.lead_id.action_set_won()


def _lose(desk, deal, step):
    reason = desk.env["crm.lost.reason"].search([], limit=1)
    deal.lead_id.action_set_lost(lost_reason_id=reason.id)


# ----------------------------------------------------------------------
# Leads given
# ----------------------------------------------------------------------


def _open_leads(desk):
    """Leads nobody has; returns ``[(day, what takes the step, lead, step)]``."""
    leads = desk.env["crm.lead"].create(
        [
            {
                "name": row.title,
                "type": "lead",
                "partner_name": row.firm,
                "contact_name": row.contact,
                "email_from": f"{slug(row.contact)}@{slug(row.firm)}.example",
                "city": row.city,
                "country_id": desk.env.ref(f"base.{row.country}").id,
                "expected_revenue": row.revenue,
                "user_id": False,
            }
            for row in LEADS
        ]
    )
    desk.backdate(leads, [row.steps[0].day - 1 for row in LEADS])
    return [
        (step.day, _TAKE_LEAD[step.name], lead, step)
        for lead, row in zip(leads, LEADS, strict=True)
        for step in row.steps
    ]


def _give(desk, lead, step):
    desk.env["dealer.offer"]._give(lead, desk.date(step.day))


def _accept(desk, lead, step):
    lead.dealer_offer_ids._accept()


def _report(desk, lead, step):
    lead.dealer_offer_ids._report(step.text)


def _decline(desk, lead, step):
    lead.dealer_offer_ids._decline(step.text)


def _win_lead(desk, lead, step):
    lead.action_set_won()


_TAKE = {
    "submit": _submit,
    "approve": _approve,
    "return": _return,
    "reject": _reject,
    "progress": _progress,
    "win": _win,
    "lose": _lose,
}
_TAKE_LEAD = {
    "give": _give,
    "accept": _accept,
    "report": _report,
    "decline": _decline,
    "win": _win_lead,
}
