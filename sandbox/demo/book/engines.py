"""Let the addon judge the history, as its crons would have done day by day."""

from dateutil.relativedelta import relativedelta

from odoo import fields

MONTHS = 12
STEP = relativedelta(weeks=2)


def run_engines(desk):
    """Judge the ends of the past months, plan every other week between, then today."""
    days = [*_month_ends(desk.today), desk.today]
    _start_rules(desk, days[0])
    for day, following in zip(days, [*days[1:], None], strict=True):
        _judge(desk, day)
        while day and (following is None or day < following):
            _plan(desk, day)
            day = following and day + STEP
    if "partner.touchpoint" in desk.env:
        desk.env["partner.touchpoint"]._create_activities(desk.company, desk.today)


def _judge(desk, day):
    if "partner.scorecard" in desk.env:
        desk.env["partner.scorecard"].search([])._run(desk.company, day)
    if "partner.stage" in desk.env:
        desk.env["partner.stage"]._run(desk.company, day)


def _start_rules(desk, day):
    """The rules were activated a year ago, and nothing was planned before.

    What the visits of the history had planned, they planned as of today.
    """
    if "partner.cadence" in desk.env:
        desk.env["partner.touchpoint"].search([("visit_id", "=", False)]).unlink()
        desk.env["partner.cadence"].search([]).go_live_date = day


def _plan(desk, day):
    if "partner.cadence" in desk.env:
        desk.env["partner.cadence"]._run(desk.company, day)


def run_alerts(desk):
    """See what is late, and an hour later tell it, to customers of known tiers."""
    if "order.trace.alert" in desk.env:
        now = fields.Datetime.now()
        desk.breathe()
        for moment in (now - relativedelta(hours=1), now):
            desk.env["order.trace.alert"]._run(desk.company, moment)


def _month_ends(today):
    """Return the last days of the months before ``today``, oldest first."""
    first = today.replace(day=1)
    return [
        first - relativedelta(months=back) - relativedelta(days=1)
        for back in reversed(range(MONTHS))
    ]
