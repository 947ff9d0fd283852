from . import test_partner_assign
from . import test_partner_assign_portal
