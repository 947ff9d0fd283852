from . import (
    base_partner_merge,
    crm_visit_quick_log,
    crm_visit_trip,
    partner_cadence_activation,
    partner_score_override,
    partner_touchpoint_snooze,
)
