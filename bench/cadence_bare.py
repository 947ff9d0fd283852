"""The next touches of the 22 shipped rules in bare SQL, as one would write by hand.

The two on a dealer's contract and review are left out: the data has neither.

For one company in one time zone: the rules are written into it, touches are activities
on customers, working hours are Monday to Friday, and no serial was sent back. It counts
the open touchpoints that it would have otherwise: another day, another person, one more
or one less. So the figure is a proof as well: 0 says that both give the same.
"""

# loops over indexes are turned off, as for the addon's own statement: a third less
SETTINGS = "SET LOCAL enable_nestloop TO off"
BARE = """
    WITH touch AS (
      SELECT customer.commercial_partner_id AS partner_id,
             MAX(act.date_done) FILTER (WHERE kind.touch_kind <> 'courtesy') AS call,
             MAX(act.date_done) FILTER (WHERE kind.touch_kind IN ('visit', 'review',
                 'senior')) AS visit,
             MAX(act.date_done) FILTER (WHERE kind.touch_kind = 'senior') AS senior,
             MAX(act.date_done) FILTER (WHERE act.activity_type_id = %(audit)s) AS
                 audit,
             MAX(act.date_done) FILTER (WHERE act.activity_type_id = %(thanks)s) AS
                 thanks
        FROM mail_activity act
        JOIN mail_activity_type kind ON kind.id = act.activity_type_id
            AND kind.touch_kind IS NOT NULL
        JOIN res_partner customer ON customer.id = act.res_id
       WHERE NOT act.active AND act.res_model = 'res.partner'
           AND act.date_done <= %(today)s::date
    GROUP BY 1),
    plan(band, call_rule, call_days, visit_rule, visit_days, senior_rule, audit_rule,
        thanks_rule) AS (VALUES
     ('A', %(a_call)s, 30, %(a_visit)s, 90, %(a_senior)s, %(audit_rule)s, NULL),
     ('B', %(b_call)s, 30, %(b_visit)s, 180, %(b_senior)s, NULL, %(thanks_rule)s),
     ('C', %(c_call)s, 90, %(c_visit)s, 365, NULL, NULL, %(thanks_rule)s),
     ('D', %(d_call)s, 180, NULL, NULL, NULL, NULL, %(greeting)s)),
    staff AS (
      SELECT usr.id,
          EXISTS (SELECT FROM resource_resource res WHERE res.user_id = usr.id) AS
          is_weekly
        FROM res_users usr JOIN res_company_users_rel rel ON rel.user_id = usr.id
            AND rel.cid = %(company)s
       WHERE usr.active AND NOT usr.share),
    person AS MATERIALIZED (
      SELECT partner.id, partner.country_id,
          partner.dealer_stage IN ('active', 'watch') AS is_dealer, stage.stage,
             plan.*, touch.thanks, COALESCE(touch.call, known) AS call,
             COALESCE(touch.visit, known) AS visit, COALESCE(touch.senior,
                 known) AS senior,
             COALESCE(touch.audit, known) AS audit,
             COALESCE(own.id, deputy.id, leader.id) AS user_id, account.id AS account_id
        FROM res_partner partner
       CROSS JOIN LATERAL (SELECT LEAST(partner.create_date::date,
           %(today)s::date) AS known) birth
        LEFT JOIN partner_stage stage ON stage.partner_id = partner.id
            AND stage.is_current AND stage.company_id = %(company)s
        LEFT JOIN partner_score score ON score.partner_id = partner.id
            AND score.is_current AND score.company_id = %(company)s
            AND score.scorecard_id = %(card)s
        LEFT JOIN partner_scorecard_band band ON band.id = score.effective_band_id
        LEFT JOIN plan ON plan.band = band.code
        LEFT JOIN touch ON touch.partner_id = partner.id
        LEFT JOIN staff own ON own.id = partner.user_id
        LEFT JOIN staff deputy ON deputy.id = (partner.deputy_user_id ->>
            %(company)s::text)::int
        LEFT JOIN (crm_team_member member JOIN crm_team team ON team.id =
            member.crm_team_id
              JOIN staff leader ON leader.id = team.user_id)
              ON member.active AND member.user_id = COALESCE(partner.user_id,
                  (partner.deputy_user_id ->> %(company)s::text)::int)
        LEFT JOIN staff account ON account.id = (partner.senior_user_id ->>
            %(company)s::text)::int
       WHERE partner.active AND partner.id = partner.commercial_partner_id
         AND partner.partner_share AND NOT COALESCE(partner.employee, FALSE)
             AND partner.company_id IS NULL
         AND partner.id NOT IN (SELECT partner_id FROM res_company)
         AND stage.stage IS DISTINCT FROM 'lost'
         AND NOT (COALESCE(partner.touch_exempt, FALSE)
                  AND COALESCE(partner.touch_exempt_until,
                      'infinity') >= %(today)s::date)),
    holiday AS (
      SELECT rel.res_country_id AS country_id, MIN(day) AS day
        FROM (SELECT id, CASE WHEN NOT COALESCE(is_yearly, FALSE) THEN date
                         ELSE (date + MAKE_INTERVAL(years => y))::date END AS day
                FROM partner_cadence_holiday, GENERATE_SERIES(0, 10) y) d
        LEFT JOIN partner_cadence_holiday_res_country_rel rel ON
            rel.partner_cadence_holiday_id = d.id
       WHERE day >= %(today)s::date GROUP BY 1),
    arrival AS MATERIALIZED (
      SELECT picking.id, picking.partner_id,
          address.commercial_partner_id AS customer_id,
             COALESCE(picking.arrival_date, picking.date_done::date + COALESCE(
                 NULLIF(address.transit_days, 0), country.transit_days, 0)) AS day
        FROM stock_picking picking
        JOIN stock_location place ON place.id = picking.location_dest_id
            AND place.usage = 'customer'
        JOIN res_partner address ON address.id = picking.partner_id
        LEFT JOIN res_country country ON country.id = address.country_id
       WHERE picking.state = 'done' AND picking.company_id = %(company)s),
    serial AS MATERIALIZED (
      SELECT arrival.customer_id, line.product_id, MIN(arrival.day) AS day,
          MIN(line.lot_id) AS lot_id
        FROM stock_move_line line JOIN arrival ON arrival.id = line.picking_id
       WHERE line.lot_id IS NOT NULL AND line.state = 'done'
    GROUP BY 1, 2, DATE_TRUNC('month', arrival.day)),
    event AS (
      SELECT first.customer_id AS partner_id, rule.id AS cadence_id,
          first.id AS res_id, first.day + rule.days AS day, FALSE AS of_service
        FROM (SELECT DISTINCT ON (customer_id) * FROM arrival ORDER BY customer_id,
            day, id) first,
             (VALUES (%(first_delivery_call)s, 3), (%(first_delivery_visit)s,
                 30)) rule(id, days)
      UNION ALL
      SELECT customer_id, %(care)s, lot_id, serial.day + 180 * GREATEST(1,
          CEIL((%(today)s::date - 366 - serial.day + 1) / 180.0)::int), TRUE
        FROM serial WHERE serial.day > %(today)s::date - 5 * 366
      UNION ALL
      SELECT customer_id, %(replacement)s, lot_id,
          (serial.day + MAKE_INTERVAL(months => template.expected_life_months -
          6))::date, FALSE
        FROM serial JOIN product_product product ON product.id = serial.product_id
        JOIN product_template template ON template.id = product.product_tmpl_id
       WHERE template.expected_life_months > 0
      UNION ALL
      SELECT customer.commercial_partner_id, rule.id, so.id,
          COALESCE(so.quotation_sent_date, so.date_order::date) + rule.days, FALSE
        FROM sale_order so JOIN res_partner customer ON customer.id = so.partner_id,
             (VALUES (%(quotation_3)s, 3), (%(quotation_10)s, 10)) rule(id, days)
       WHERE so.state = 'sent' AND so.company_id = %(company)s
      UNION ALL
      SELECT commercial_partner_id, %(contract)s, id, contract_end_date - 60, FALSE
        FROM res_partner WHERE active AND contract_end_date IS NOT NULL),
    due AS (
      SELECT person.id AS partner_id, rule.id AS cadence_id, 0 AS res_id, rule.day,
             CASE WHEN rule.is_senior THEN COALESCE(person.account_id,
                 person.user_id) ELSE person.user_id END AS user_id
        FROM person
       CROSS JOIN LATERAL (VALUES
             (CASE WHEN stage = 'dormant' THEN %(dormant_call)s WHEN stage =
                 'prospect'
                 AND call_rule IS NULL THEN %(prospect_call)s ELSE call_rule END,
              call + CASE WHEN stage = 'dormant' THEN 60 WHEN stage = 'prospect'
                  AND call_rule IS NULL THEN 30 ELSE call_days END, FALSE),
             (CASE WHEN is_dealer THEN %(dealer_visit)s ELSE visit_rule END,
                 visit + CASE WHEN is_dealer THEN 90 ELSE visit_days END, FALSE),
             (senior_rule, senior + 365, TRUE),
             (audit_rule, (audit + INTERVAL '1 year')::date, FALSE)) rule(id, day,
                 is_senior)
       WHERE rule.id IS NOT NULL
      UNION ALL
      SELECT person.id, person.thanks_rule, 0, COALESCE(own.day, common.day) - 14,
          person.user_id
        FROM person
        LEFT JOIN holiday own ON own.country_id = person.country_id
        LEFT JOIN holiday common ON common.country_id IS NULL
       WHERE (person.thanks_rule = %(greeting)s OR (person.thanks_rule =
           %(thanks_rule)s AND person.stage = 'active'))
         AND (person.thanks IS NULL OR person.thanks <= (%(today)s::date - INTERVAL
             '12 months')::date)
      UNION ALL
      SELECT event.partner_id, event.cadence_id, event.res_id, event.day, person.user_id
        FROM event JOIN person ON person.id = event.partner_id
       WHERE event.day > %(today)s::date - 366 AND NOT EXISTS (
             SELECT FROM partner_touchpoint past
              WHERE past.partner_id = event.partner_id
                  AND past.cadence_id = event.cadence_id
                AND past.res_id = event.res_id AND NOT past.is_open
                    AND past.state = 'done'))
    SELECT COUNT(*)
      FROM (SELECT due.partner_id, due.cadence_id, due.res_id, due.user_id,
                   due.day + CASE WHEN staff.is_weekly THEN
                       (3 - GREATEST(0, EXTRACT(ISODOW FROM due.day)::int - 5)) %% 3
                   ELSE 0 END AS day
              FROM due LEFT JOIN staff ON staff.id = due.user_id) due
      FULL JOIN (SELECT partner_id, cadence_id, COALESCE(res_id, 0) AS res_id,
          due_date, user_id
                   FROM partner_touchpoint WHERE is_open
                       AND company_id = %(company)s) point
           ON point.partner_id = due.partner_id
               AND point.cadence_id = due.cadence_id AND point.res_id = due.res_id
     WHERE due.day IS DISTINCT FROM point.due_date OR due.user_id IS DISTINCT FROM
         point.user_id
"""
RULES = (
    "dealer_visit",
    "dormant_call",
    "a_call",
    "a_visit",
    "a_senior",
    "b_call",
    "b_visit",
    "b_senior",
    "c_call",
    "c_visit",
    "d_call",
    "prospect_call",
    "first_delivery_call",
    "first_delivery_visit",
    "care",
    "replacement",
    "quotation_3",
    "quotation_10",
    "contract",
    "greeting",
)


def get_values(env, company, today):
    """The parameters of ``BARE``."""

    def ref(name):
        return env.ref(f"crm_manufacturing.{name}").id

    return {
        "company": company.id,
        "today": today,
        "card": company.pyramid_scorecard_id.id,
        "audit": ref("activity_audit"),
        "thanks": ref("activity_thanks"),
        "audit_rule": ref("cadence_audit"),
        "thanks_rule": ref("cadence_thanks"),
        **{name: ref(f"cadence_{name}") for name in RULES},
    }
