"""What managers decided against the figures: two overridden tiers."""

from dateutil.relativedelta import relativedelta

WIZARD = "partner.score.override.wizard"
STRATEGIC = "Equips 40 logistics halls until 2029; we are on the short list for all"
KEPT = "New frame agreement is signed, first call-off in the next quarter"


def book_decisions(desk):
    """Override a prospect without revenue for good, and who fell for three months."""
    if WIZARD not in desk.env:
        return
    prospects = [
        partner
        for customer, partner in zip(desk.plan.customers, desk.partners, strict=True)
        if customer.role == "prospect"
    ]
    _override(desk, prospects[0], STRATEGIC)
    _override(desk, _largest_below_a(desk), KEPT, desk.today + relativedelta(months=3))


def _largest_below_a(desk):
    """Return the customer of tier B with the most revenue."""
    scores = desk.env["partner.score"].search(
        [
            ("scorecard_id", "=", desk.company.pyramid_scorecard_id.id),
            ("is_current", "=", True),
            ("band_id.code", "=", "B"),
        ],
        order="value DESC",
        limit=1,
    )
    return scores.partner_id


def _override(desk, partner, reason, until=False):
    """Give a customer tier A through the dialog, as the general manager."""
    manager = desk.users["general"]
    action = partner.with_user(manager).action_override_tier()
    wizard = desk.env[WIZARD].with_user(manager).with_context(**action["context"])
    band = desk.company.pyramid_scorecard_id.band_ids[0]
    values = {"band_id": band.id, "reason": reason, "until": until}
    wizard.create(values).action_apply()
