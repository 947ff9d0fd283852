from . import base_partner_merge, partner_score_override
