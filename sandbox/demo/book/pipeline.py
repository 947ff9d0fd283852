"""Leads, opportunities, activities and quotations."""

from .orders import order_lines

ACTIVITY_TYPES = {
    "call": ("mail.mail_activity_data_call", "Call about open points"),
    "meeting": ("mail.mail_activity_data_meeting", "Video meeting on specification"),
    "todo": ("mail.mail_activity_data_todo", "Send revised offer"),
    "email": ("mail.mail_activity_data_email", "Ask for feedback on samples"),
}


def book_pipeline(desk):
    """Make the deals, then win, lose or follow up each of them."""
    stages = desk.env["crm.stage"].search([("is_won", "=", False)], order="sequence")
    leads = desk.env["crm.lead"].create(
        [_values(desk, deal, stages) for deal in desk.plan.deals]
    )
    pairs = list(zip(leads, desk.plan.deals, strict=True))
    _win(desk, [(lead, deal) for lead, deal in pairs if deal.kind == "won"])
    _lose(desk, [(lead, deal) for lead, deal in pairs if deal.kind == "lost"])
    _plan_activities(desk, [(lead, deal) for lead, deal in pairs if deal.activity])
    desk.backdate(leads, [deal.created for deal in desk.plan.deals])
    _book_quotations(desk, leads)


def _values(desk, deal, stages):
    customer = desk.plan.customers[deal.customer]
    partner = desk.partners[deal.customer]
    values = {
        "name": deal.title,
        "type": "lead" if deal.kind == "lead" else "opportunity",
        "partner_id": partner.id,
        "user_id": desk.users[deal.owner].id,
        "team_id": desk.teams[customer.team].id,
        "stage_id": stages[deal.stage].id,
        "expected_revenue": 0 if deal.kind == "lead" else deal.revenue,
        "priority": str(deal.priority),
        "date_open": desk.moment(deal.created, 9),
        "date_deadline": desk.date(deal.closing),
    }
    if deal.kind == "lead":
        values.update(partner_name=customer.name, contact_name=customer.contact)
    return values


def _win(desk, pairs):
    desk.env["crm.lead"].union(*[lead for lead, _deal in pairs]).action_set_won()
    for lead, deal in pairs:
        lead.date_closed = desk.moment(deal.closing)


def _lose(desk, pairs):
    reasons = {}
    for lead, deal in pairs:
        if deal.lost_reason not in reasons:
            reasons[deal.lost_reason] = _reason(desk, deal.lost_reason)
        lead.action_set_lost(lost_reason_id=reasons[deal.lost_reason].id)
        lead.date_closed = desk.moment(deal.closing)


def _reason(desk, name):
    model = desk.env["crm.lost.reason"]
    return model.search([("name", "=", name)], limit=1) or model.create({"name": name})


def _plan_activities(desk, pairs):
    for lead, deal in pairs:
        xmlid, summary = ACTIVITY_TYPES[deal.activity]
        lead.activity_schedule(
            xmlid,
            date_deadline=desk.date(deal.activity_day),
            summary=summary,
            user_id=lead.user_id.id,
        )


def _book_quotations(desk, leads):
    quotations = desk.env["sale.order"].create(
        [
            _quotation_values(desk, quotation, leads)
            for quotation in desk.plan.quotations
        ]
    )
    desk.backdate(quotations, [quotation.created for quotation in desk.plan.quotations])
    for record, quotation in zip(quotations, desk.plan.quotations, strict=True):
        # who quotes has the deal, and may win it
        record.opportunity_id.user_id = record.user_id
        if quotation.sent:
            record.action_quotation_sent()


def _quotation_values(desk, quotation, leads):
    lead = leads[quotation.deal] if quotation.deal is not None else leads.browse()
    return {
        "partner_id": desk.partners[quotation.customer].id,
        "opportunity_id": lead.id,
        "date_order": desk.moment(quotation.created),
        "validity_date": desk.date(quotation.valid),
        "warehouse_id": desk.warehouses[quotation.plant].id,
        "order_line": order_lines(desk, quotation.lines),
    }
