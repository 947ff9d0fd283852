from . import (
    crm_visit,
    order_trace,
    partner_cadence,
    partner_score,
    partner_scorecard,
    partner_touchpoint_touch,
    test_measure,
)
