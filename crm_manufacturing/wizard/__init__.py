from . import (
    base_partner_merge,
    mrp_production_serials,
    order_trace_affected,
    partner_score_override,
)
