from . import (
    base_partner_merge,
    order_trace_affected,
    partner_score_override,
    supplier_mirror_print,
)
