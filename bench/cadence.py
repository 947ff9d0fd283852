"""Whom to call by when, of everybody, against the bare SQL of the same question."""

from .cadence_bare import BARE, SETTINGS, get_values
from .measure import cost_of, median, once, paired
from .result import Result

# of two partners one had a call, some day of the last 400
TOUCHES = """
    INSERT INTO mail_activity (res_model_id, res_model, res_id, activity_type_id,
           user_id, date_deadline, date_done, active, create_uid, write_uid,
           create_date, write_date)
    SELECT %(model)s, 'res.partner', id, %(type)s, %(user)s, day, day, FALSE,
           %(user)s, %(user)s, day, day
      FROM (SELECT id, %(today)s::date - (1 + id * 37 %% 400) AS day
              FROM res_partner
             WHERE active AND customer_rank > 0 AND id %% 2 = 0) called
"""
# somebody looks after one customer of three
STAFF = """
    UPDATE res_partner SET user_id = %(user)s
     WHERE active AND customer_rank > 0 AND id %% 3 = 0 AND user_id IS NULL
"""
# and one of fifty wants no calls
EXEMPT = """
    UPDATE res_partner SET touch_exempt = TRUE
     WHERE active AND customer_rank > 0 AND id % 50 = 0 AND touch_exempt IS NOT TRUE
"""
# touchpoints that get an activity at once
MANY = 300


def cadence(subject):
    """The shipped rules for everybody: the first run, one with nothing changed, and
    the activities a user gets."""
    env = subject.env
    _prepare(subject)
    rules = env["partner.cadence"]

    values = get_values(env, subject.company, subject.today)

    def bare():
        env.cr.execute(SETTINGS)
        env.cr.execute(BARE, values)

    def run():
        rules._run(subject.company, subject.today)

    first = once(env, run)
    run()
    env.cr.commit()
    env.cr.execute("ANALYZE partner_touchpoint")
    env.cr.commit()
    bare()
    differing = env.cr.fetchone()[0]
    env.cr.rollback()
    costs, ratio = paired(env, bare, run, subject.rounds)
    results = [
        Result(
            "next touch of everybody: rows the SQL has otherwise",
            differing,
            "",
            0,
            "G12",
        ),
        Result("next touch of everybody: open", _count_open(env)),
        Result("next touch of everybody: first run", first.cpu, "s"),
        Result("next touch of everybody: nothing changed", ratio, "x SQL", 2.0, "G12"),
        Result("next touch of everybody: its CPU time", median(costs, "cpu"), "s"),
        Result("next touch of everybody: queries", median(costs, "queries")),
        Result(
            "next touch of everybody: rows it writes",
            median(costs, "rows"),
            "",
            0,
            "G12",
        ),
    ]
    return results + _activities(subject)


def _count_open(env):
    return env["partner.touchpoint"].search_count([("is_open", "=", True)])


def _activities(subject):
    """What users get in the first run, and in a second; undone."""
    company, today = subject.company, subject.today
    points = subject.env["partner.touchpoint"]
    created = points._create_activities(company, today)
    groups = created._read_group([("id", "in", created.ids)], ["user_id"], ["__count"])
    most = max((count for _user, count in groups), default=0)
    second = len(points._create_activities(company, today))
    subject.env.cr.rollback()
    limit = company.touchpoint_activity_max
    return [
        Result("activities: most of a user", most, "", limit, "G13"),
        Result("activities: created by a second run", second, "", 0, "G13"),
        *_many_activities(subject),
    ]


def _many_activities(subject):
    """What each of many costs, and what the host asks for the same ones; undone."""
    company, points = subject.company, subject.env["partner.touchpoint"]
    company.touchpoint_activity_max = MANY
    with cost_of(subject.env) as ours:
        created = points._create_activities(company, subject.today)
    made = points.search([("activity_id", "in", created.ids)])
    values = [point.cadence_id._prepare_activity_vals(point) for point in made]
    created.unlink()
    with cost_of(subject.env) as hosts:
        subject.env["mail.activity"].create(values)
        subject.env.flush_all()
    subject.env.cr.rollback()
    what = f"activities: {len(created)} at once"
    return [
        Result(
            f"{what}; queries for each", ours.queries / len(created), "", 1.2, "G13"
        ),
        Result(
            f"{what}; against the host's way", ours.cpu / hosts.cpu, "x", 0.25, "G13"
        ),
    ]


def _prepare(subject):
    """Tiers and touches there; the touchpoints gone."""
    env = subject.env
    subject.fill()
    subject.empty("partner_touchpoint")
    call = env.ref("mail.mail_activity_data_call")
    user = env.ref("base.user_admin")
    env.cr.execute(STAFF, {"user": user.id})
    env.cr.execute(EXEMPT)
    if not user.resource_ids:
        # working hours, so that due dates are moved off his weekends
        values = {"name": user.name, "user_id": user.id, "resource_type": "user"}
        env["resource.resource"].create(values)
    if (
        not env["mail.activity"]
        .with_context(active_test=False)
        .search_count([("activity_type_id", "=", call.id)], limit=1)
    ):
        env.cr.execute(
            TOUCHES,
            {
                "model": env["ir.model"]._get_id("res.partner"),
                "type": call.id,
                "user": env.ref("base.user_admin").id,
                "today": subject.today,
            },
        )
    # activated a year ago: what was due since is due, not spread from today
    env["partner.cadence"].search([]).go_live_date = False
    env.cr.commit()
    env.cr.execute("ANALYZE mail_activity")
    env.cr.commit()
