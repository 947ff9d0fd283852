"""Whom to call by when, of everybody, against the bare SQL of the same question."""

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
# the last touch by activities, the interval by tier, the rows that differ: the least
# that anybody who plans calls has to compute
BARE = """
    WITH touch AS (
      SELECT customer.commercial_partner_id AS partner_id, MAX(act.date_done) AS day
        FROM mail_activity act
        JOIN mail_activity_type kind ON kind.id = act.activity_type_id
        JOIN res_partner customer ON customer.id = act.res_id
       WHERE NOT act.active AND act.res_model = 'res.partner'
         AND kind.touch_kind IS NOT NULL
    GROUP BY 1), due AS (
      SELECT rule.id AS cadence_id, partner.id AS partner_id, COALESCE(touch.day,
             partner.create_date::date) + rule.interval_number AS day
        FROM res_partner partner
        JOIN partner_score score ON score.partner_id = partner.id
             AND score.is_current AND score.scorecard_id = %(card)s
        JOIN partner_cadence_partner_scorecard_band_rel rel
             ON rel.partner_scorecard_band_id = score.effective_band_id
        JOIN partner_cadence rule ON rule.id = rel.partner_cadence_id
             AND rule.active AND rule.anchor = 'last_contact'
   LEFT JOIN touch ON touch.partner_id = partner.id
       WHERE partner.active AND partner.id = partner.commercial_partner_id)
    SELECT COUNT(*) FROM due
      JOIN partner_touchpoint point ON point.cadence_id = due.cadence_id
           AND point.partner_id = due.partner_id AND point.is_open
     WHERE point.due_date IS DISTINCT FROM due.day
"""


def cadence(subject):
    """The shipped rules for everybody: the first run, one with nothing changed, and
    the activities a user gets."""
    env = subject.env
    _prepare(subject)
    rules = env["partner.cadence"]

    def bare():
        card = subject.company.pyramid_scorecard_id.id
        env.cr.execute(BARE, {"card": card})

    def run():
        rules._run(subject.company, subject.today)

    first = once(env, run)
    run()
    env.cr.commit()
    env.cr.execute("ANALYZE partner_touchpoint")
    env.cr.commit()
    costs, ratio = paired(env, bare, run, subject.rounds)
    results = [
        Result("next touch of everybody: first run", first.cpu, "s"),
        Result("next touch of everybody: nothing changed", ratio, "x SQL", 2.0, "G12"),
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


def _activities(subject):
    """What users get in the first run, and in a second; undone."""
    company, today = subject.company, subject.today
    points = subject.env["partner.touchpoint"]
    with cost_of(subject.env) as cost:
        created = points._create_activities(company, today)
    groups = created._read_group([("id", "in", created.ids)], ["user_id"], ["__count"])
    most = max((count for _user, count in groups), default=0)
    second = len(points._create_activities(company, today))
    subject.env.cr.rollback()
    each = cost.queries / max(len(created), 1)
    limit = company.touchpoint_activity_max
    return [
        Result("activities: most of a user", most, "", limit, "G13"),
        Result("activities: queries for each", each),
        Result("activities: created by a second run", second, "", 0, "G13"),
    ]


def _prepare(subject):
    """Tiers and touches there; the touchpoints gone."""
    env = subject.env
    subject.fill()
    subject.empty("partner_touchpoint")
    call = env.ref("mail.mail_activity_data_call")
    env.cr.execute(STAFF, {"user": env.ref("base.user_admin").id})
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
