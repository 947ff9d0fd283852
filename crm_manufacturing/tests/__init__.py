from . import test_architecture
from . import test_partner_scorecard_share
