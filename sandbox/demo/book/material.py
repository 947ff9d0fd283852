"""Material plans: sent, answered, and drafts that show what changed since."""

from datetime import datetime, time, timedelta

from odoo import Command

# customer by place, product, quantity, days until delivery; beyond what is in stock
PROJECTS = (
    (0, (("VA-LK24", 1900),), 35),
    (1, (("VA-RC01", 1200), ("VA-LK24", 400)), 62),
    (2, (("VF-H24", 90),), 75),
    (3, (("VF-D60", 450),), 95),
    (4, (("VF-D72", 360), ("VA-LK24", 300)), 120),
)
AFTER_SENDING = (1, (("VA-RC01", 250),), 66)
SUPPLIER_LOGIN = "supplier"


def book_material(desk):
    """Plan, send all but one, let two suppliers answer, then sell more."""
    plans = desk.env["supplier.material.plan"].with_company(desk.company)
    for project in PROJECTS:
        _sell(desk, *project)
    _choose_contacts(desk)
    plans._run(desk.company, desk.today)
    drafts = plans.search([("state", "=", "draft")])
    drafts = drafts.filtered(lambda plan: any(plan.line_ids.mapped("required")))
    drafts = drafts.sorted(lambda plan: -len(plan.line_ids))
    sent = drafts[:-1] if len(drafts) > 2 else drafts
    sent.with_user(desk.users["buyer"]).sudo()._freeze(_moment(desk, -4))
    _answer_otherwise(desk, sent[0])
    if len(sent) > 1:
        answers, _problems = sent[1]._read_answers({"confirm": "all"})
        sent[1]._answer(answers, sent[1].contact_id)
    supplier = sent[0].partner_id
    desk.open_portal(supplier.material_plan_contact_id or supplier, SUPPLIER_LOGIN)
    _sell(desk, *AFTER_SENDING)
    plans._run(desk.company, desk.today)


def _moment(desk, offset):
    return datetime.combine(desk.today + timedelta(days=offset), time(9))


def _sell(desk, customer, lines, days):
    """A confirmed project order to be delivered in some days."""
    order = desk.env["sale.order"].create(
        {
            "partner_id": desk.buyers[customer].id,
            "commitment_date": _moment(desk, days),
            "order_line": [
                Command.create(
                    {"product_id": desk.products[code].id, "product_uom_qty": quantity}
                )
                for code, quantity in lines
            ],
        }
    )
    order.action_confirm()


def _choose_contacts(desk):
    for supplier in desk.env["res.partner"].union(*desk.suppliers):
        supplier.material_plan_contact_id = supplier.child_ids[:1]


def _answer_otherwise(desk, plan):
    """The first line less and three weeks later, with a reason."""
    line = plan.line_ids.filtered("required")[:1]
    day = line.needed_date + timedelta(days=21)
    post = {
        f"quantity_{line.id}": str(round(line.required * 0.8)),
        f"date_{line.id}": day.isoformat(),
        f"comment_{line.id}": "Press is being repaired, the rest a week later.",
    }
    answers, _problems = plan._read_answers(post)
    plan._answer(answers, plan.contact_id)
