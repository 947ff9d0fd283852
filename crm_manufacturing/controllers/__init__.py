from . import crm_visit_satisfaction
from . import portal
