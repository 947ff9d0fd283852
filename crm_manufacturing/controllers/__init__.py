from . import crm_visit_satisfaction
