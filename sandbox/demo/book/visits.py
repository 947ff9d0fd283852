"""Calls, visits, what was learned on them, and how customers liked their orders."""

from odoo.fields import Command

from ..data.visits import COMPETITORS, OFFERS, WISHES
from .desk import chunks

SUBJECTS = ("delivery", "quality", "service")


def book_visits(desk):
    """Book what the addon keeps of touches, if it is there."""
    if "crm.visit" not in desk.env:
        return
    wishes = _book_wishes(desk)
    rivals = desk.env["crm.competitor"].create(
        [
            {
                "name": name,
                "country_id": desk.env.ref(f"base.{country}").id,
                "strength": strength,
                "weakness": weakness,
            }
            for name, country, strength, weakness in COMPETITORS
        ]
    )
    for touches in chunks(desk.plan.touches, 100):
        visits = desk.env["crm.visit"].create(
            [_visit(desk, touch, wishes, rivals) for touch in touches]
        )
        _close(desk, visits, touches)
        desk.breathe()
    _answer_wishes(wishes)
    _book_ratings(desk)


def _book_wishes(desk):
    owners = {"VF-R52": "general", "VF-D60": "planner"}
    for code, login in owners.items():
        desk.products[code].categ_id.feedback_owner_id = desk.users[login]
    return desk.env["crm.visit.feedback"].create(
        [
            {"name": name, "product_id": desk.products[code].id}
            for name, code, _state, _answer in WISHES
        ]
    )


def _visit(desk, touch, wishes, rivals):
    partner = desk.partners[touch.customer]
    person = partner.child_ids[:1]
    return {
        "partner_id": partner.id,
        "user_id": desk.users[touch.user].id,
        "visit_type": touch.kind,
        "date": desk.moment(touch.day, touch.hour),
        "duration": 0.25 if touch.kind == "call" else 1.5,
        "purpose": touch.purpose,
        "summary": touch.summary,
        "next_step": touch.next_step,
        "state": "done" if touch.outcome else "planned",
        "outcome": touch.outcome,
        "contact_ids": _met(person, touch),
        "note_ids": [
            Command.create(_note(desk, learned, wishes, rivals))
            for learned in touch.learned
        ],
    }


def _met(person, touch):
    if not person or touch.outcome in ("", "not_reached"):
        return []
    return [Command.create({"partner_id": person.id, "role": touch.role})]


def _note(desk, learned, wishes, rivals):
    values = {
        "topic": learned.topic,
        "text": learned.text,
        "amount": learned.amount,
        "currency_id": desk.env.ref("base.USD").id,
        "competitor_share": learned.share,
    }
    if learned.topic == "budget":
        values["category_id"] = desk.products[learned.code].categ_id.id
    if learned.wish is not None:
        wish = wishes[learned.wish]
        values.update(feedback_id=wish.id, product_id=wish.product_id.id)
    if learned.rival is not None:
        values["competitor_id"] = rivals[learned.rival].id
    return values


def _close(desk, visits, touches):
    """Reports are closed on their day; offers of competitors become notes."""
    for visit, touch in zip(visits, touches, strict=True):
        if touch.outcome:
            visit.closed_on = desk.moment(touch.day, touch.hour + 2)
        for note, learned in zip(visit.note_ids, touch.learned, strict=True):
            if learned.offer is not None:
                note.action_open_competitor_note()
                _rival, product, _price, weakness, _note = OFFERS[learned.offer]
                note.competitor_note_id.write(
                    {"their_product": product, "weakness": weakness}
                )


def _answer_wishes(wishes):
    for wish, (_name, _code, state, answer) in zip(wishes, WISHES, strict=True):
        wish.write({"state": state, "answer": answer})


def _book_ratings(desk):
    ratings = desk.env["crm.visit.satisfaction"].create(
        [{"order_id": desk.orders[rating.order].id} for rating in desk.plan.ratings]
    )
    for record, rating in zip(ratings, desk.plan.ratings, strict=True):
        grades = dict(zip(SUBJECTS, rating.grades, strict=True))
        record.write(
            {
                **grades,
                "comment": rating.comment,
                "day": desk.date(rating.day),
                "state": "answered",
            }
        )
