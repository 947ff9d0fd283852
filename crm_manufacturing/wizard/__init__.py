from . import partner_score_override
