from . import (
    customer_delivery_report,
    my_day,
    my_day_orders,
    partner_potential_share,
    partner_score_movement,
    partner_score_report,
    partner_scorecard_past,
    partner_stage_passage,
    partner_stage_region,
    partner_touchpoint_compliance,
    partner_touchpoint_touch,
)
