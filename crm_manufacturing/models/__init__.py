# before the models of the host that inherit them
from . import (
    delivery_promise_mixin,
    delivery_promise_order_mixin,
    delivery_promise_purchase_mixin,
    delivery_promise_sale_mixin,
    delivery_promise_tolerance_mixin,
    order_requirement_category_mixin,
    order_requirement_demand_mixin,
    order_requirement_line_mixin,
    order_requirement_production_mixin,
    order_requirement_purchase_mixin,
    order_requirement_workorder_mixin,
    order_serial_line_mixin,
    order_serial_order_mixin,
    order_serial_production_mixin,
    order_trace_mixin,
    order_trace_line_mixin,
    order_trace_order_mixin,
    order_trace_portal_mixin,
    order_trace_supply_mixin,
    partner_score_guard_mixin,
)
from . import (
    account_move,
    account_partial_reconcile,
    calendar_event,
    crm_competitor,
    crm_lead,
    crm_visit,
    crm_visit_brief,
    crm_visit_brief_invoices,
    crm_visit_brief_orders,
    crm_visit_brief_products,
    crm_visit_brief_serials,
    crm_visit_brief_voice,
    crm_visit_contact,
    crm_visit_feedback,
    crm_visit_follow_up,
    crm_visit_note,
    crm_visit_overview,
    crm_visit_relationship,
    crm_visit_satisfaction,
    crm_visit_source,
    customer_credit_company,
    customer_credit_release,
    delivery_promise_change,
    digest,
    mail_activity,
    mail_activity_type,
    mrp_production,
    mrp_workorder,
    order_requirement,
    order_requirement_check,
    order_requirement_check_item,
    order_serial_label,
    order_serial_reservation,
    order_serial_reservation_draw,
    order_serial_reservation_spread,
    order_trace,
    order_trace_affected,
    order_trace_alert,
    order_trace_alert_mail,
    order_trace_alert_tell,
    order_trace_customer,
    order_trace_documents,
    order_trace_edges,
    order_trace_facts,
    order_trace_journey,
    order_trace_levels,
    order_trace_lookups,
    order_trace_lots,
    order_trace_portal,
    order_trace_sentence,
    order_trace_status,
    order_trace_steps,
    partner_cadence,
    partner_cadence_anchor,
    partner_cadence_anchor_delivery,
    partner_cadence_engine,
    partner_cadence_holiday,
    partner_cadence_load,
    partner_cadence_population,
    partner_cadence_record,
    partner_cadence_responsible,
    partner_potential,
    partner_score,
    partner_score_dirty,
    partner_score_override,
    partner_score_screen,
    partner_score_why,
    partner_scorecard,
    partner_scorecard_band,
    partner_scorecard_circle,
    partner_scorecard_criterion,
    partner_scorecard_engine,
    partner_scorecard_metric,
    partner_scorecard_metric_customer,
    partner_scorecard_metric_satisfaction,
    partner_scorecard_metric_supplier,
    partner_scorecard_metric_unit,
    partner_scorecard_pyramid,
    partner_stage,
    partner_stage_dirty,
    partner_stage_ladder,
    partner_touchpoint,
    partner_touchpoint_activity,
    partner_touchpoint_dirty,
    partner_touchpoint_history,
    product_category,
    product_product,
    product_template,
    purchase_order,
    purchase_order_line,
    res_company,
    res_config_settings,
    res_country,
    res_partner,
    sale_order,
    sale_order_line,
    stock_lot,
    stock_move,
    stock_picking,
    supplier_bill,
    supplier_block,
    supplier_clarity,
    supplier_company,
    supplier_judgement,
    supplier_partner,
    supplier_purchase_line,
    supplier_purchase_order,
    supplier_room,
    supplier_score,
    supplier_stock,
)

# dealers: models first, then what extends them
from . import dealer_grade, dealer_partner, dealer_room
from . import dealer_territory, dealer_assignment_mixin, dealer_lead
from . import dealer_end_key, dealer_registration, dealer_registration_company
from . import dealer_registration_conflict, dealer_registration_flow
from . import dealer_registration_clock

# after the rooms they complete
from . import crm_visit_touchpoint, order_serial_trace

# models first, then what extends them
from . import (
    supplier_material_plan,
    supplier_material_plan_line,
    supplier_material_plan_need,
)
from . import (
    supplier_material_answer,
    supplier_material_company,
    supplier_material_engine,
    supplier_material_figures,
    supplier_material_partner,
    supplier_material_portal,
    supplier_material_rows,
    supplier_material_send,
    supplier_material_trace,
)

# extend the orders after their own files
from . import customer_credit_order, customer_credit_portal, customer_credit_shipping

from . import dealer_order

# leads given to dealers
from . import dealer_offer, dealer_offer_company, dealer_offer_choice
from . import dealer_offer_flow, dealer_offer_clock, dealer_offer_end
from . import dealer_offer_lead

# a dealer's stock and targets
from . import (
    dealer_stock_company,
    dealer_stock_report,
    dealer_stock_report_line,
    dealer_target,
)

# the end customer behind a dealer
from . import dealer_end_customer, dealer_end_lot, dealer_end_sale, dealer_end_touch
from . import dealer_month_exclusion, dealer_scorecard, partner_scorecard_metric_dealer

# how a dealer comes and goes, and who of him may use the portal
from . import dealer_access, dealer_cadence, dealer_entry_criterion, dealer_exit
from . import dealer_form

# what a dealer reads and enters in the portal
from . import (
    dealer_portal_company,
    dealer_portal_registration,
    dealer_portal_offer,
    dealer_portal_results,
    dealer_portal_stock,
)
