from . import (
    test_architecture,
    test_customer_credit,
    test_customer_delivery_report,
    test_dealer_end,
    test_dealer_offer,
    test_dealer_rating,
    test_dealer_registration,
    test_dealer_stock,
    test_dealer_target,
    test_dealer_territory,
    test_dealer_tour,
    test_delivery_promise,
    test_dealer_access,
    test_dealer_exit,
    test_dealer_form,
    test_dealer_grade,
    test_dealer_portal,
    test_dealer_portal_deals,
    test_dealer_portal_leads,
    test_dealer_portal_stock,
    test_dealer_partner,
    test_demo_cadence,
    test_migration,
    test_order_requirement,
    test_order_requirement_check,
    test_order_requirement_tour,
    test_order_serial,
    test_order_trace,
    test_order_trace_alert,
    test_order_trace_journey,
    test_order_trace_matrix,
    test_order_trace_portal,
    test_order_trace_screen,
    test_order_trace_tour,
    test_res_company,
    test_supplier_material_answer,
    test_supplier_material_figures,
    test_supplier_material_send,
    test_supplier_material_tour,
)
from . import test_crm_visit
from . import test_crm_visit_brief
from . import test_crm_visit_learned
from . import test_crm_visit_touchpoint
from . import test_crm_visit_tour
from . import test_partner_scorecard_share
from . import test_partner_scorecard_metric
from . import test_partner_scorecard_score
from . import test_partner_score_override
from . import test_partner_scorecard_input
from . import test_partner_scorecard_hardening
from . import test_partner_stage
from . import test_partner_score_dirty
from . import test_partner_scorecard_access
from . import test_guards
from . import test_partner_scorecard_pyramid
from . import test_partner_score_screen
from . import test_partner_scorecard_performance
from . import test_partner_scorecard_tour
from . import test_demo_dealers
from . import test_demo_factory
from . import test_demo_suppliers
from . import test_translations
from . import test_web_unit
from . import test_partner_cadence
from . import test_partner_cadence_event
from . import test_partner_cadence_first_run
from . import test_partner_touchpoint
from . import test_partner_touchpoint_access
from . import test_supplier_receipt
from . import test_supplier_room
from . import test_supplier_rating
from . import test_supplier_mirror
from . import test_supplier_purchase
from . import test_supplier_access
from . import test_supplier_tour
