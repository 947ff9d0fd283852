from . import crm_lead
from . import crm_lead_forward_to_partner
from . import dealer_offer
