from . import (
    base_partner_merge,
    crm_visit_quick_log,
    crm_visit_trip,
    partner_score_override,
)
