from . import (
    base_partner_merge,
    crm_visit_quick_log,
    crm_visit_trip,
    dealer_access,
    mrp_production_serials,
    order_trace_affected,
    partner_cadence_activation,
    partner_score_override,
    partner_touchpoint_snooze,
    supplier_mirror_print,
)
