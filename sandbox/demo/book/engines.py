"""Let the addon judge the history, as its crons would have done month by month."""

from dateutil.relativedelta import relativedelta

from odoo import fields

MONTHS = 6


def run_engines(desk):
    """Run scorecards and stages for past month ends, then for today."""
    for today in [*_month_ends(desk.today), desk.today]:
        if "partner.scorecard" in desk.env:
            desk.env["partner.scorecard"].search([])._run(desk.company, today)
        if "partner.stage" in desk.env:
            desk.env["partner.stage"]._run(desk.company, today)
    _run_alerts(desk)


def _run_alerts(desk):
    """See what is late, and an hour later tell it, to customers of known tiers."""
    if "order.trace.alert" in desk.env:
        now = fields.Datetime.now()
        desk.breathe()
        for moment in (now - relativedelta(hours=1), now):
            desk.env["order.trace.alert"]._run(desk.company, moment)


def _month_ends(today):
    """Return the last days of the six months before ``today``, oldest first."""
    first = today.replace(day=1)
    return [
        first - relativedelta(months=back) - relativedelta(days=1)
        for back in reversed(range(MONTHS))
    ]
