from . import crm_visit_satisfaction
from . import dealer_portal
from . import portal
