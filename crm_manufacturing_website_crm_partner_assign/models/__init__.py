from . import crm_lead
from . import dealer_offer
