from . import partner_score, partner_scorecard, test_measure
