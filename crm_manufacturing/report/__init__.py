from . import partner_score_report
