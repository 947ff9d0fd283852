from . import crm_visit_satisfaction
from . import dealer_portal
from . import dealer_portal_leads
from . import dealer_portal_deals
from . import portal
