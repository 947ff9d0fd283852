from . import test_architecture, test_delivery_promise
from . import test_partner_scorecard_share
