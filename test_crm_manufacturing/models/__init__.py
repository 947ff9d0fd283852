from . import crm_visit, partner_score, partner_scorecard, test_measure
