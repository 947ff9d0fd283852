from . import (
    base_partner_merge,
    partner_cadence_activation,
    partner_score_override,
    partner_touchpoint_snooze,
)
