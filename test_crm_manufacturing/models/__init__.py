from . import order_trace, partner_score, partner_scorecard, test_measure
from . import crm_visit
