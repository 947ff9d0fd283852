"""The addon's shape, read from its source: rooms, pure tools, SQL, size, permissions.

A finding is either repaired or, where a list below allows it, added with its reason.
"""

from pathlib import Path

from odoo.tests import BaseCase, tagged

from . import architecture

ADDON = Path(__file__).resolve().parent.parent

# path: why this file executes SQL itself and the ORM would not do
SQL_FILES = {
    "models/supplier_material_engine.py": "one statement plans and writes a company",
    "models/order_trace.py": "one recursive statement walks whatever the records",
    "models/order_trace_facts.py": "one statement has the facts of all lines",
    "models/order_trace_lots.py": "one statement places the serials of all lines",
    "models/order_serial_reservation_draw.py": "locks freed numbers, draws new ones",
    "models/delivery_promise_purchase_mixin.py": "freezes all open orders at install",
    "models/delivery_promise_sale_mixin.py": "freezes all open orders at install",
    "models/crm_visit_feedback.py": "one query weighs all wishes",
    "models/dealer_end_key.py": "makes and locks the keys approvals meet at",
    "models/partner_scorecard_engine.py": "one statement measures, bands and writes",
    "models/partner_scorecard_metric_customer.py": "the ids behind a figure",
    "models/partner_cadence_engine.py": "one statement plans all touches of a company",
    "models/partner_cadence_load.py": "what rules would ask for, by the same statement",
    "models/partner_touchpoint_activity.py": "the queue of each user, by rank in it",
    "models/res_company.py": "the lock of a run, and the zones PostgreSQL knows",
    "models/partner_stage.py": "one statement judges all customers of a company",
}

# "path:Class.method call": why the call is right there
REVIEWED_CALLS = {
    "models/customer_credit_order.py:SaleOrder._get_credit_messages sudo": (
        "the verdict is the same for whoever asks; no invoice is named"
    ),
    "models/customer_credit_order.py:SaleOrder._get_credit_stop sudo": (
        "the shop floor and the portal are refused like the salesperson"
    ),
    "models/customer_credit_order.py:SaleOrder._is_credit_released sudo": (
        "a release holds for whoever confirms"
    ),
    "report/customer_credit_report.py:CustomerCreditReport._get_figures sudo": (
        "the figure decides for who may not read invoices"
    ),
    "report/customer_credit_report.py:CustomerCreditReport._compute_credit_limit"
    " sudo": "who reads the row may read the limit",
    "models/customer_credit_release.py:CustomerCreditRelease._note sudo": (
        "amount, sentence and log are written by nobody else"
    ),
    "models/customer_credit_shipping.py:CustomerCreditRelease._get_orders_shipping"
    " sudo": "the check must not depend on who starts it",
    "models/dealer_scorecard.py:PartnerScore.action_accept_grade sudo": (
        "a channel manager accepts a grade, after a check of his group"
    ),
    "models/dealer_assignment_mixin.py:DealerAssignmentMixin._find_dealer sudo": (
        "the portal confirms an order without rights on dealers"
    ),
    "models/customer_credit_portal.py:SaleOrder._tell_credit_stop sudo": (
        "a customer of the portal may not plan activities"
    ),
    "models/customer_credit_shipping.py:SaleOrder._get_credit_watcher sudo": (
        "whoever causes it need not read users and teams"
    ),
    "models/dealer_lead.py:CrmLead._check_dealer_company sudo": (
        "who moves a lead need not read what dealers have"
    ),
    "models/dealer_lead.py:CrmLead._unlink_without_registration sudo": (
        "who deletes a lead need not read what dealers registered"
    ),
    "models/dealer_partner.py:ResPartner._merge_dealer_stage sudo": (
        "who merges firms need not have rights on dealers' fields"
    ),
    "models/dealer_registration_clock.py:DealerRegistration._is_present sudo": (
        "who submits need not read users"
    ),
    "models/dealer_registration_flow.py:DealerRegistration._hand_over_lead sudo": (
        "the opportunity may be a colleague's"
    ),
    "models/dealer_target.py:DealerTarget._merge_partners sudo": (
        "who merges firms need not write their logs"
    ),
    "models/dealer_territory.py:ResPartner._unlink_not_the_last_named sudo": (
        "who deletes a contact need not read territories"
    ),
    "models/dealer_lead.py:CrmLead._get_dealer_categories sudo": (
        "the products quoted decide, also where the quotation is a colleague's"
    ),
    "models/dealer_order.py:SaleOrder._find_dealer sudo": (
        "the dealer of an opportunity is its order's, whoever writes the order"
    ),
    "models/dealer_territory.py:DealerTerritory._get_valid sudo": (
        "who sells where does not depend on who writes the lead"
    ),
    "models/dealer_territory.py:DealerTerritory._has_any sudo": (
        "the cache is one for all users; a yes is no secret"
    ),
    "models/dealer_partner.py:ResPartner._end_registrations sudo": (
        "who ends a dealer need not answer registrations"
    ),
    "report/customer_credit_report.py:CustomerCreditReport._is_over sudo": (
        "the days of the settings, for whoever may read who owes"
    ),
    "models/dealer_partner.py:ResPartner._end_territories sudo": (
        "who ends a dealer need not change territories"
    ),
    "models/dealer_lead.py:CrmLead._handle_won_lost sudo": (
        "who wins a lead need not have rights on registrations"
    ),
    "models/dealer_registration.py:DealerRegistration._next sudo": (
        "whoever registers a deal counts one further"
    ),
    "models/dealer_registration_clock.py:DealerRegistration._escalate sudo": (
        "the clock's column, written by nobody else"
    ),
    "models/dealer_registration_clock.py:DealerRegistration._remind sudo": (
        "the clock's column, written by nobody else"
    ),
    "models/dealer_registration_clock.py:DealerRegistration._schedule sudo": (
        "whoever submits, or the clock, asks somebody else"
    ),
    "models/dealer_registration_conflict.py:DealerRegistration._find_conflicts sudo": (
        "the same deal is the same, whoever may read it"
    ),
    "models/dealer_registration_conflict.py:DealerRegistration._find_own_leads sudo": (
        "a lead behind any registration is that dealer's, and is left out"
    ),
    "models/dealer_registration_conflict.py:DealerRegistration._note_conflicts sudo": (
        "the panel is written by the engine alone"
    ),
    "models/dealer_registration_conflict.py:DealerRegistration._secure sudo": (
        "the keys are the engine's; the check holds for whoever approves"
    ),
    "models/dealer_registration_conflict.py:DealerRegistration._sync_keys sudo": (
        "the keys are the engine's; nobody has rights on them"
    ),
    "models/dealer_registration_flow.py:DealerRegistration._get_dealer_names sudo": (
        "names that must not be told need not be read by who answers"
    ),
    "models/dealer_registration_flow.py:DealerRegistration._check_dealers sudo": (
        "the portal submits without rights on dealers' fields"
    ),
    "models/dealer_registration_flow.py:DealerRegistration._hand_on_lead sudo": (
        "the opportunity may be a colleague's"
    ),
    "models/dealer_registration_flow.py:DealerRegistration._finish_activities sudo": (
        "the activity that asks for the answer may be a colleague's"
    ),
    "models/dealer_registration_flow.py:DealerRegistration._free_lead sudo": (
        "the clock and a colleague's decision free a lead too"
    ),
    "models/dealer_registration_flow.py:DealerRegistration._move sudo": (
        "the state is written by the buttons and the clock alone"
    ),
    "models/dealer_registration_flow.py:DealerRegistration._tell_dealer sudo": (
        "who answers, or the clock, need not read the dealer's address"
    ),
    "models/dealer_lead.py:CrmLead._merge_dependences sudo": (
        "who merges leads need not have rights on registrations"
    ),
    "models/dealer_assignment_mixin.py:DealerAssignmentMixin._assign_dealer sudo": (
        "the dealer is found, whoever may write the document"
    ),
    "models/dealer_end_customer.py:CrmLead.write sudo": (
        "a lead's customer reaches orders of colleagues"
    ),
    "models/dealer_end_customer.py:DealerRegistration.write sudo": (
        "a deal's end customer reaches orders of colleagues"
    ),
    "models/dealer_end_customer.py:SaleOrder._get_end_customer sudo": (
        "for whom a dealer buys does not depend on who asks"
    ),
    "models/dealer_end_customer.py:SaleOrderLine._take_end_customer sudo": (
        "the portal changes lines without rights on the field"
    ),
    "models/dealer_end_customer.py:SaleOrderLine.write sudo": (
        "who writes the line hands the end customer on"
    ),
    "models/dealer_end_lot.py:StockLot._get_delivered_by sudo": (
        "who sells need not read the warehouse's moves"
    ),
    "models/dealer_end_lot.py:StockMove._note_end_customers sudo": (
        "the warehouse need not read orders"
    ),
    "models/dealer_end_sale.py:DealerStockReport.action_submit sudo": (
        "who looks after dealers need not write serials"
    ),
    "models/dealer_end_sale.py:DealerStockSale._get_delivered sudo": (
        "who looks after dealers need not read moves"
    ),
    "models/dealer_offer.py:DealerOffer._compute_display_name sudo": (
        "who may read what a dealer has may read its title"
    ),
    "models/dealer_offer.py:DealerOffer._get_brief sudo": (
        "chosen words of the lead, which itself is never a dealer's"
    ),
    "models/dealer_offer_choice.py:DealerOffer._get_answer_records sudo": (
        "a dealer's answers count, whoever offers"
    ),
    "models/dealer_offer_choice.py:DealerOffer._get_loads sudo": (
        "a dealer's open leads count, whoever offers"
    ),
    "models/dealer_offer_choice.py:DealerOffer._give sudo": (
        "who may write the lead offers it, after a check"
    ),
    "models/dealer_offer_choice.py:DealerOffer._group_by_company sudo": (
        "whose turn it is does not depend on who asks"
    ),
    "models/dealer_registration_flow.py:DealerRegistration._take_lead sudo": (
        "link and reason are the engine's to write, after a check"
    ),
    "models/dealer_partner.py:ResPartner.create context": (
        "a stage by default has its day as one that is given"
    ),
    "models/dealer_offer_choice.py:DealerOffer._give_company sudo": (
        "rows are made by the engine alone"
    ),
    "models/dealer_offer_company.py:ResCompany._get_offer_due sudo": (
        "who gives a lead need not read the settings"
    ),
    "models/dealer_offer_company.py:ResCompany._get_progress_due sudo": (
        "who hears of progress need not read the settings"
    ),
    "models/dealer_offer_end.py:ResPartner._end_offers sudo": (
        "who ends a dealer need not have rights on his leads"
    ),
    "models/dealer_offer_flow.py:DealerOffer._free_leads sudo": (
        "the clock, the dealer and a colleague free a lead too"
    ),
    "models/dealer_offer_flow.py:DealerOffer._move sudo": (
        "state and dates are written by the buttons and the clock"
    ),
    "models/dealer_offer_flow.py:DealerOffer._report sudo": (
        "the portal finds the dealer's row and writes no other"
    ),
    "models/dealer_offer_flow.py:DealerOffer._take_back sudo": (
        "who takes a lead back need not read the settings"
    ),
    "models/dealer_offer_flow.py:DealerOffer._take_leads sudo": (
        "the lead offered may be a colleague's"
    ),
    "models/dealer_offer_flow.py:DealerOffer._tell sudo": (
        "the address of who is told is not shown"
    ),
    "models/dealer_offer_lead.py:CrmLead._follow_dealer sudo": (
        "who moves a lead need not have rights on what is given"
    ),
    "models/dealer_offer_lead.py:CrmLead._get_offer_obstacle sudo": (
        "what stands in the way does not depend on who asks"
    ),
    "models/dealer_offer_lead.py:CrmLead._handle_won_lost sudo": (
        "who wins a lead need not have rights on what is given"
    ),
    "models/dealer_offer_lead.py:CrmLead._is_refused sudo": (
        "what stands in the way does not depend on who asks"
    ),
    "models/dealer_offer_lead.py:CrmLead._merge_dependences sudo": (
        "who merges leads need not have rights on what is given"
    ),
    "models/dealer_offer_lead.py:CrmLead._unlink_without_dealer sudo": (
        "who deletes a lead need not read what was offered"
    ),
    "models/dealer_registration_company.py:ResCompany._add_working_days sudo": (
        "who asks for a day need not read calendars"
    ),
    "models/dealer_stock_report.py:DealerStockReport._get_moved sudo": (
        "who looks after dealers need not read the warehouse's moves"
    ),
    "models/dealer_stock_report.py:DealerStockReport.action_accept sudo": (
        "the state is written by the buttons alone, after a check of rights"
    ),
    "models/dealer_stock_report.py:DealerStockReport.action_correct sudo": (
        "what a report corrects is written by the button alone, after a check"
    ),
    "models/dealer_stock_report.py:DealerStockReport.action_submit sudo": (
        "the state is written by the buttons alone, after a check of rights"
    ),
    "models/dealer_grade.py:ResPartner._move_pricelist sudo": (
        "a level's pricelist goes with it in every company, also those of others"
    ),
    "models/order_requirement.py:OrderRequirement._get_served sudo": (
        "a salesperson's words reach documents he may not write"
    ),
    "models/order_requirement_category_mixin.py:OrderRequirementCategoryMixin"
    "._lets_requirement_reach sudo": ("the category decides, whoever plans"),
    "models/order_requirement_category_mixin.py:OrderRequirementCategoryMixin"
    "._names_customer_to_vendors sudo": ("the category decides, whoever buys"),
    "models/order_requirement_check.py:OrderRequirementCheck._get_cached sudo": (
        "the cache is one for all users; ids are no secret"
    ),
    "models/order_requirement_line_mixin.py:OrderRequirementLineMixin"
    "._get_requirement_text sudo": (
        "who makes or buys reads what is wanted, not the order itself"
    ),
    "models/order_requirement_production_mixin.py:OrderRequirementProductionMixin"
    "._add_checks sudo": (
        "who confirms an order need not be able to write check lists"
    ),
    "models/order_requirement_production_mixin.py:OrderRequirementProductionMixin"
    "._get_requirement_planner sudo": (
        "who changes an order need not be able to see who plans"
    ),
    "models/order_requirement_production_mixin.py:OrderRequirementProductionMixin"
    "._merge_requirements sudo": (
        "the planner merges what he need not be able to read"
    ),
    "models/order_requirement_production_mixin.py:OrderRequirementProductionMixin"
    "._spread_requirements sudo": (
        "the planner hands on what he need not be able to read"
    ),
    "models/order_serial_label.py:OrderSerialLabel._get_label sudo": (
        "a label says the order's number, and nothing else of the order"
    ),
    "models/order_serial_line_mixin.py:OrderSerialLineMixin._free_serials sudo": (
        "numbers are given and taken by the engine alone"
    ),
    "models/order_serial_line_mixin.py:OrderSerialLineMixin._spread_serials sudo": (
        "numbers are given and taken by the engine alone"
    ),
    "models/order_serial_line_mixin.py:OrderSerialLineMixin._sync_serials sudo": (
        "numbers are given and taken by the engine alone"
    ),
    "models/order_serial_production_mixin.py:OrderSerialProductionMixin"
    "._check_reserved_serials sudo": ("the refusal names the numbers that are right"),
    "models/order_serial_production_mixin.py:OrderSerialProductionMixin"
    "._get_reservations sudo": (
        "the shop floor makes what it need not be able to change"
    ),
    "models/order_serial_production_mixin.py:OrderSerialProductionMixin"
    "._refuse_lots_of_others sudo": ("a number is refused whoever holds it"),
    "models/order_serial_production_mixin.py:OrderSerialProductionMixin"
    "._split_serials sudo": ("numbers are given and taken by the engine alone"),
    "models/order_serial_production_mixin.py:OrderSerialProductionMixin"
    "._take_reserved_lot sudo": (
        "takes rights away again: the serial is the user's own work"
    ),
    "models/order_serial_reservation.py:OrderSerialReservation._find_taken sudo": (
        "numbers of other companies and orders are refused, not shown"
    ),
    "models/order_serial_reservation.py:OrderSerialReservation._has_any sudo": (
        "the cache is one for all users; a yes is no secret"
    ),
    "models/order_serial_reservation.py:OrderSerialReservation._leave_name sudo": (
        "freed rows belong to no order, so nobody may create them"
    ),
    "models/order_serial_reservation_spread.py:OrderSerialReservation"
    "._refuse_made_elsewhere sudo": ("a number is refused whoever holds it"),
    "models/order_serial_trace.py:OrderTrace._get_lots sudo": (
        "whoever may ask for the line may know its numbers"
    ),
    "controllers/dealer_portal.py:DealerPortal._get_company sudo": (
        "a dealer may not read our company; its day and limits decide, and do not leave"
    ),
    "controllers/dealer_portal.py:DealerPortal._get_dealer_model sudo": (
        "dealers have no rights; each search has a domain on their firm and company"
    ),
    "models/dealer_access.py:ResPartner._get_portal_dealer sudo": (
        "the portal has no rights on the field that says who is a dealer"
    ),
    "models/dealer_access.py:ResPartner._get_portal_users sudo": (
        "who looks after dealers need not be able to read users"
    ),
    "models/dealer_entry_criterion.py:DealerEntryCriterion._get_missing sudo": (
        "orders and users count, whoever moves the dealer"
    ),
    "models/dealer_exit.py:DealerExit._end sudo": (
        "the stage ends by the list alone, after a check of rights"
    ),
    "models/dealer_exit.py:DealerExit._open sudo": (
        "lists are made by the button alone, after a check of rights"
    ),
    "models/dealer_exit.py:DealerExitItem._get_open_registrations sudo": (
        "what is open of a dealer, whoever answers it"
    ),
    "models/dealer_exit.py:DealerExitItem._get_open_stock sudo": (
        "the last figures of the dealer the list is about"
    ),
    "models/dealer_exit.py:DealerExitItem.action_tick sudo": (
        "ticks are written by the buttons alone, after a check of rights"
    ),
    "models/dealer_exit.py:DealerExitItem.action_undo sudo": (
        "ticks are written by the buttons alone, after a check of rights"
    ),
    "models/dealer_portal_registration.py:DealerRegistration._get_access_action"
    " sudo": "whether who opens a link is one of ours, nothing else of him",
    "models/dealer_portal_company.py:ResCompany._get_dealer_rate_problem sudo": (
        "the firm's own rows are counted, and none of them is shown"
    ),
    "wizard/dealer_access.py:DealerAccess._compute_line_ids sudo": (
        "the dealer's people are shown to who looks after him"
    ),
    "wizard/dealer_access.py:DealerAccess.action_invite_new sudo": (
        "who looks after dealers need not manage contacts"
    ),
    "wizard/dealer_access.py:DealerAccessLine._check_person sudo": (
        "a person's firm is compared, not shown"
    ),
    "wizard/dealer_access.py:DealerAccessLine._get_host_line sudo": (
        "the host's wizard, after a check of rights and of the person's firm"
    ),
    "controllers/portal.py:SupplierPortal._get_material_plans sudo": (
        "suppliers have no rights on plans; each search has the domain of their own"
    ),
    "models/supplier_material_plan.py:SupplierMaterialPlan.action_refresh sudo": (
        "figures come from documents a buyer may not read; none of them is shown"
    ),
    "models/supplier_material_send.py:SupplierMaterialPlan.send_some sudo": (
        "buyers may not write plans, so that what was sent stays what it was"
    ),
    "models/supplier_material_send.py:SupplierMaterialPlan._compute_mail_state sudo": (
        "a colleague of the sender sees whether the mail arrived"
    ),
    "models/supplier_material_send.py:SupplierMaterialPlan._is_neutralized sudo": (
        "everybody's mail stays in a copy; the flag is no secret"
    ),
    "models/supplier_material_trace.py:OrderTraceLineMixin"
    "._get_answers_that_hurt sudo": (
        "a salesperson may not read plans, and learns why his order is at risk"
    ),
    "models/supplier_material_trace.py:OrderTraceLineMixin._get_answered_late sudo": (
        "a salesperson learns which of his orders an answer hurts, not the answer"
    ),
    "models/order_trace_alert_tell.py:OrderTraceAlert._get_note Markup": (
        "a list whose items are escaped when they are put in"
    ),
    "models/order_trace_alert_mail.py:OrderTraceAlert._get_mail_rows sudo": (
        "who may see an alert may name its order in a mail to the customer"
    ),
    "models/order_trace_alert_mail.py:OrderTraceAlert._get_mail_recipients sudo": (
        "who may see an alert may write to who ordered"
    ),
    "models/order_trace_alert_mail.py:OrderTraceAlert._note_told sudo": (
        "the customer's salesperson may not be the order's"
    ),
    "models/order_trace_alert_mail.py:OrderTraceAlert._finish_activities sudo": (
        "a manager may tell the customer in place of the salesperson"
    ),
    "models/order_trace_journey.py:OrderTrace._find_documents sudo": (
        "state and date of a document are told to every reader of the order, its name "
        "and id only to who may open it"
    ),
    "models/order_trace_affected.py:OrderTrace._merge_affected sudo": (
        "a buyer has no rights on sales and learns which customers wait"
    ),
    "wizard/order_trace_affected.py:OrderTraceAffected._open_rows sudo": (
        "nobody may make rows, so that they name no order of his choice"
    ),
    "wizard/order_trace_affected.py:OrderTraceAffected._open_products sudo": (
        "who may read the product learns who waits for it, as for a document"
    ),
    "models/order_trace_alert.py:OrderTraceAlert._run_soon sudo": (
        "who moves a date need not have rights on scheduled actions"
    ),
    "models/order_trace_affected.py:OrderTrace._sort_affected sudo": (
        "a buyer has no rights on sales and learns which customers wait"
    ),
    "models/order_trace_sentence.py:OrderTrace._get_blockings sudo": (
        "the name of the product the reader's own order waits for"
    ),
    "models/order_trace_sentence.py:OrderTrace._get_purchases sudo": (
        "promise and slips of a purchase are told to every reader, its number is not"
    ),
    "models/order_trace_sentence.py:OrderTrace._get_readable sudo": (
        "takes rights away: the reader's own decide, not the caller's"
    ),
    "models/delivery_promise_change.py:DeliveryPromiseChange._get_history sudo": (
        "who may move a date may say why, and nothing else of the history"
    ),
    "models/delivery_promise_change.py:DeliveryPromiseChange._record sudo": (
        "nobody may create history, so that it cannot be forged"
    ),
    "models/delivery_promise_mixin.py:DeliveryPromiseMixin._follow_host_date sudo": (
        "a salesperson or the scheduler moves the date, the engine records it"
    ),
    "models/delivery_promise_mixin.py:DeliveryPromiseMixin._start_promise sudo": (
        "the promise is written by the engine alone"
    ),
    "models/delivery_promise_purchase_mixin.py:DeliveryPromisePurchaseMixin"
    "._freeze_vendor_promise sudo": "the promise is written by the engine alone",
    "models/partner_cadence.py:PartnerCadence._check_partner_domain sudo": (
        "a filter is tried as the run will read it"
    ),
    "models/partner_cadence.py:PartnerCadence._get_partner_domain safe_eval": (
        "a literal that only managers write, read without names of records"
    ),
    "models/partner_cadence.py:PartnerCadence._get_rules sudo": (
        "a run must not depend on who starts it"
    ),
    "models/partner_cadence.py:PartnerCadence.write sudo": (
        "a new start spreads the rows of all companies anew"
    ),
    "models/partner_cadence.py:PartnerCadence._run_now sudo": (
        "the engine plans for all, whoever made the touch"
    ),
    "models/partner_cadence_engine.py:PartnerCadence._execute sudo": (
        "who closes a visit need not be able to read the company's settings"
    ),
    "models/partner_cadence_engine.py:PartnerCadence._get_writable sudo": (
        "rows of archived rules are closed whoever starts the run"
    ),
    "models/partner_cadence_load.py:PartnerCadence._get_load sudo": (
        "the load of all people, before their rules are activated"
    ),
    "models/partner_cadence_population.py:PartnerCadence._get_condition sudo": (
        "who is planned for, and by which rule, must not depend on who starts the run"
    ),
    "models/partner_cadence_responsible.py:PartnerCadence._adjust_due_date sudo": (
        "working hours are not for salespeople to read"
    ),
    "models/partner_touchpoint.py:PartnerTouchpoint._log_done sudo": (
        "the activity may be a colleague's; the touchpoint was checked"
    ),
    "models/partner_touchpoint.py:PartnerTouchpoint._take sudo": (
        "the engine's columns, after the check of the right to the row"
    ),
    "models/partner_touchpoint_activity.py:PartnerTouchpoint._create_activities sudo": (
        "the scheduler creates for all users"
    ),
    "models/partner_touchpoint_activity.py:PartnerTouchpoint"
    "._select_next_activities sudo": ("reads the maximum among the company's settings"),
    "models/partner_touchpoint_activity.py:PartnerTouchpoint._sync_activities sudo": (
        "activities of all users follow their touchpoints"
    ),
    "report/partner_touchpoint_touch.py:PartnerTouchpointTouch._mark_documents sudo": (
        "who marks an activity done need not be able to read its document"
    ),
    "models/partner_touchpoint_history.py:<module> Markup": (
        "a literal; what is put into it is escaped"
    ),
    "models/partner_touchpoint_history.py:PartnerTouchpoint._get_history Markup": (
        "joins badges that are escaped"
    ),
    "models/partner_cadence.py:PartnerCadence._try_again_soon sudo": (
        "wakes the scheduled action, nothing more"
    ),
    "wizard/partner_cadence_activation.py:PartnerCadenceActivation"
    ".action_activate sudo": ("wakes the scheduled action, nothing more"),
    "controllers/crm_visit_satisfaction.py:SatisfactionController.satisfaction sudo": (
        "the token stands for the customer; plain values go to the page"
    ),
    "controllers/crm_visit_satisfaction.py:SatisfactionController._find_rating sudo": (
        "an anonymous customer reads the one row of his token"
    ),
    "models/crm_visit_contact.py:CrmVisitContact._get_roles sudo": (
        "a person's role is known to whoever may read the customer"
    ),
    "models/crm_visit_feedback.py:CrmVisitFeedback.write sudo": (
        "who answers a wish need not read the visits of others"
    ),
    "models/crm_visit_feedback.py:CrmVisitFeedback._tell_askers sudo": (
        "who answers a wish need not read the visits of others"
    ),
    "models/crm_visit_relationship.py:CrmVisit._get_relationships sudo": (
        "counts and colleagues' names; the visits themselves stay unread"
    ),
    "models/crm_visit_relationship.py:CrmVisit._search_one_person_risk sudo": (
        "counts alone, as the figures"
    ),
    "models/crm_visit_relationship.py:CrmVisit._get_met_deciders sudo": (
        "whether the decision maker was met, not by whom or what about"
    ),
    "models/crm_visit.py:CrmVisit._entered_done sudo": (
        "the moment of the report is written by the report alone"
    ),
    "models/crm_visit_brief_serials.py:CrmVisit._read_serials sudo": (
        "salespeople do not read serials; counts per product and month leave"
    ),
    "models/crm_visit_touchpoint.py:CrmVisit._release_higher sudo": (
        "takes the report off a colleague's touchpoint that it does not satisfy"
    ),
    "models/crm_visit_contact.py:ResPartner.name_search context": (
        "the order of what is found anyway, no more"
    ),
    "models/crm_visit_satisfaction.py:CrmVisitSatisfaction._answer sudo": (
        "salespeople do not read the host's ratings"
    ),
    "models/crm_visit_satisfaction.py:CrmVisitSatisfaction._set_grades sudo": (
        "state and day belong to the answer; the right to the row is checked"
    ),
    "models/crm_visit_source.py:CrmVisit._get_event_action sudo": (
        "a meeting has one report, also where the user may not read it"
    ),
    "models/partner_potential.py:PartnerPotential._leave_newest sudo": (
        "a newer statement overtakes one that its author may not read"
    ),
    "wizard/base_partner_merge.py:BasePartnerMergeAutomaticWizard"
    "._update_foreign_keys sudo": (
        "who may merge partners need not have rights on their scores"
    ),
    "models/partner_score.py:PartnerScore._get_current sudo": (
        "the grade of a supplier is read by all who may read the supplier"
    ),
    "models/partner_score.py:PartnerScore._join_tier sudo": (
        "reads which card is the company's pyramid, nothing of the card"
    ),
    "models/partner_score.py:PartnerScore._log_override sudo": (
        "nobody may create in the log, so that it cannot be forged"
    ),
    "models/partner_score.py:PartnerScore._resume_overrides sudo": (
        "who unarchives a contact need not have rights on its scores"
    ),
    "models/partner_score.py:PartnerScore._take_override sudo": (
        "a merge carries an override over in the name of its author"
    ),
    "models/partner_score.py:PartnerScore.action_open_documents sudo": (
        "reads the card's period; the documents themselves are read as the user"
    ),
    "models/partner_score_why.py:PartnerScore._get_why_criteria sudo": (
        "the detail holds margins too; they are left out for who may not read them"
    ),
    "models/partner_score_screen.py:PartnerScore._get_newcomer_domain sudo": (
        "a card's first day, whosever customers were judged on it"
    ),
    "models/partner_score_why.py:PartnerScore._get_hidden_weight sudo": (
        "weights alone, so that those a user sees add up to 100"
    ),
    "models/partner_score_dirty.py:PartnerScoreDirty._drain sudo": (
        "the cron reads marks and companies of everybody"
    ),
    "models/partner_score_dirty.py:PartnerScoreDirty._mark sudo": (
        "who posts an invoice marks its customer, without rights on scores"
    ),
    "models/partner_score_override.py:PartnerScoreOverride._post_on_partner sudo": (
        "who may override need not be able to write the contact"
    ),
    "models/partner_scorecard.py:PartnerScorecard._leave_pyramids sudo": (
        "an archived card is no company's pyramid, also where the user is not"
    ),
    "models/partner_scorecard.py:PartnerScorecard._get_partner_domain safe_eval": (
        "a literal that only configurers write, read without names of records"
    ),
    "models/partner_scorecard.py:PartnerScorecard._check_pyramid sudo": (
        "a card may be the pyramid of a company that its editor is not in"
    ),
    "models/partner_scorecard.py:PartnerScorecard._try_partner_domain sudo": (
        "a filter is tried as the run will read it"
    ),
    "models/partner_scorecard_band.py:PartnerScorecardBand._check_threshold context": (
        "compared with an object of ours, which no caller can send"
    ),
    "models/partner_scorecard_criterion.py:PartnerScorecardCriterion"
    "._check_weight context": (
        "compared with an object of ours, which no caller can send"
    ),
    "models/partner_scorecard_band.py:PartnerScorecardBand._get_codes sudo": (
        "the cache is one for all users; a code is no secret"
    ),
    "models/partner_scorecard_band.py:PartnerScorecardBand._get_places sudo": (
        "the cache is one for all users; a place is no secret"
    ),
    "models/partner_scorecard_band.py:PartnerScorecardBand._unlink_except_used sudo": (
        "a band is in use also where its user may not look"
    ),
    "models/partner_scorecard_engine.py:PartnerScorecard._select_population sudo": (
        "figures must not depend on who starts the computation"
    ),
    "models/partner_stage.py:PartnerStage._get_standings sudo": (
        "every employee sees the stage, few may read its history"
    ),
    "models/supplier_block.py:PurchaseOrder._get_supplier_block sudo": (
        "who asks a vendor need not read his rating to be refused"
    ),
    "models/supplier_block.py:PurchaseOrder._forget_override sudo": (
        "a buyer takes back what he could not give"
    ),
    "models/supplier_block.py:PurchaseOrder._get_who_may_override sudo": (
        "a refused buyer learns the names of those who may order"
    ),
    "models/supplier_block.py:PurchaseOrder._note_override sudo": (
        "who allowed it is written after the right was checked, by nobody else"
    ),
    "models/supplier_clarity.py:ProductCategory._get_clarity sudo": (
        "what an order must say is the same for whoever orders"
    ),
    "models/supplier_company.py:ResCompany._check_supplier_card sudo": (
        "another company's card cannot be read, only refused"
    ),
    "models/supplier_company.py:ResCompany._set_default_supplier_card sudo": (
        "the install gives the companies that exist their card"
    ),
    "models/supplier_company.py:PartnerScorecard._leave_pyramids sudo": (
        "an archived card rates nobody, also where the user is not"
    ),
    "models/supplier_partner.py:ResPartner.action_open_supplier_receipts sudo": (
        "reads the card's period; the lines themselves are read as the user"
    ),
    "models/supplier_purchase_line.py:PurchaseOrderLine._count_our_change sudo": (
        "the count is written by the engine alone"
    ),
    "models/supplier_purchase_line.py:PurchaseOrderLine._freeze_vendor_promise sudo": (
        "the day of the confirmation is written by the engine alone"
    ),
    "models/supplier_purchase_order.py:PurchaseOrder._note_request sudo": (
        "the moment of the request is written by the engine alone"
    ),
    "models/supplier_stock.py:StockMove._mark_suppliers sudo": (
        "whoever books goods in need not be able to read purchases"
    ),
    "models/supplier_stock.py:StockScrap.do_scrap sudo": (
        "whoever scraps need not be able to read purchases"
    ),
    "report/supplier_mirror.py:SupplierMirror._get_theirs sudo": (
        "figures of receipts the reader may read himself; his rights come first"
    ),
    "report/supplier_mirror.py:SupplierMirror.get_mirror sudo": (
        "months and criteria of the card, for who may read both sides"
    ),
    "report/supplier_mirror.py:SupplierMirror.get_mirror_action sudo": (
        "the card's months; the rows themselves are read as the user"
    ),
    "models/res_company.py:ResCompany._get_all sudo": (
        "a card is computed for all companies, also those the user is not in"
    ),
    "models/partner_scorecard.py:PartnerScorecard.unlink sudo": (
        "a card takes its scores along, as a foreign key would see to"
    ),
    "models/partner_scorecard_circle.py:PartnerScorecard._check_circle sudo": (
        "a card may be the pyramid of a company that its editor is not in"
    ),
    "models/res_company.py:ResCompany.unlink sudo": (
        "a company takes its scores along, as a foreign key would see to"
    ),
    "models/res_company.py:ResCompany._check_pyramid sudo": (
        "another company's card cannot be read, only refused"
    ),
    "models/res_config_settings.py:ResConfigSettings.set_values sudo": (
        "who saves other settings need not be able to read scorecards"
    ),
    "models/res_company.py:ResCompany._set_default_pyramid sudo": (
        "the install gives the companies that exist their pyramid"
    ),
}


def _sources():
    """Yield (path, text) of the addon's Python files."""
    for file in sorted(ADDON.rglob("*.py")):
        yield file.relative_to(ADDON).as_posix(), file.read_text("utf-8")


def _product_sources():
    return [pair for pair in _sources() if not pair[0].startswith("tests/")]


@tagged("standard")
class TestArchitecture(BaseCase):
    """Every rule holds for the addon."""

    def assert_holds(self, check, sources, *args):
        problems = [p for pair in sources for p in check(*pair, *args)]
        self.assertFalse(problems, "\n" + "\n".join(problems))

    def test_a_room_names_no_model_of_a_room_it_may_not_know(self):
        self.assert_holds(architecture.check_rooms, _product_sources())

    def test_tools_import_no_odoo(self):
        self.assert_holds(architecture.check_tools, _product_sources())

    def test_only_reports_and_reviewed_engines_execute_sql(self):
        self.assert_holds(architecture.check_raw_sql, _product_sources(), SQL_FILES)

    def test_a_reviewed_engine_that_executes_no_sql_leaves_the_list(self):
        sources = dict(_product_sources())
        idle = [
            path
            for path in SQL_FILES
            if not architecture.check_raw_sql(path, sources.get(path, ""), {})
        ]
        self.assertFalse(idle)

    def test_no_method_is_longer_than_a_screen(self):
        self.assert_holds(architecture.check_method_length, _sources())

    def test_calls_that_bypass_permissions_or_escaping_are_reviewed(self):
        found = set()
        for path, source in _product_sources():
            found |= architecture.guarded_calls(path, source)
        self.assertEqual(found - set(REVIEWED_CALLS), set(), "not reviewed")
        self.assertEqual(set(REVIEWED_CALLS) - found, set(), "reviewed, but gone")

    def test_no_record_takes_the_place_of_another(self):
        sources = [
            (file.relative_to(ADDON), file.read_text("utf-8"))
            for folder in ("data", "report", "security", "views", "wizard")
            for file in sorted((ADDON / folder).glob("*.xml"))
        ]
        self.assertEqual(architecture.check_repeated_ids(sources), [])

    def test_every_access_has_a_group_and_outsiders_only_read(self):
        files = ADDON.rglob("ir.model.access.csv")
        sources = [(file.name, file.read_text("utf-8")) for file in files]
        self.assert_holds(architecture.check_access, sources)


@tagged("standard")
class TestArchitectureChecks(BaseCase):
    """Every check finds its offender, and nothing in a clean sample."""

    def assert_found(self, problems, *words):
        self.assertEqual(len(problems), 1, problems)
        for word in words:
            self.assertIn(word, problems[0])

    def test_the_longest_prefix_gives_the_room(self):
        self.assertEqual(architecture.room_of("partner_score_report"), "scorecard")
        self.assertEqual(architecture.room_of("partner.scorecard.metric"), "scorecard")
        self.assertEqual(architecture.room_of("partner_scorecard_metric_sale"), "ring")
        self.assertIsNone(architecture.room_of("res_partner"))

    def test_a_room_to_the_right_is_found_however_it_is_named(self):
        for line in (
            'x = fields.Many2one("partner.stage")',
            'x = fields.One2many(comodel_name="partner.stage")',
            '_inherit = "partner.stage"',
            '_inherit = ["mail.thread", "partner.stage"]',
            'def f(self): return self.env["partner.stage"]',
            'def f(self): return SQL("SELECT 1 FROM partner_stage")',
            'def f(self): return SQL("SELECT 1 FROM a JOIN partner_stage s ON true")',
        ):
            with self.subTest(line=line):
                source = f"class A(models.Model):\n    {line}\n"
                problems = architecture.check_rooms("models/partner_score.py", source)
                self.assert_found(problems, "scorecard names partner", "room stage")

    def test_every_room_but_the_lobby_and_the_ring_has_neighbours_it_may_not_know(self):
        source = 'x = self.env["supplier.material.plan"]'
        for stem in ("crm_visit", "sale_price_policy", "order_trace", "dealer_target"):
            problems = architecture.check_rooms(f"models/{stem}.py", source)
            self.assert_found(problems, "room supply")
        for stem in ("res_partner", "partner_scorecard_metric_supplier", "supplier_x"):
            self.assertFalse(architecture.check_rooms(f"models/{stem}.py", source))

    def test_a_room_may_name_the_host_itself_and_the_rooms_to_its_left(self):
        source = 'a = env["res.partner"], env["order.trace"], env["delivery.promise.x"]'
        self.assertFalse(architecture.check_rooms("models/order_trace.py", source))

    def test_a_new_model_without_a_room_is_found(self):
        source = 'class A(models.Model):\n    _name = "{}"\n    _inherit = "{}"\n'
        for name, inherit, found in (
            ("shiny.thing", "mail.thread", 1),
            ("res.partner", "res.partner", 0),
            ("crm.horizon.step", "mail.thread", 0),
        ):
            path = "models/crm_horizon.py"
            problems = architecture.check_rooms(path, source.format(name, inherit))
            self.assertEqual(len(problems), found, name)

    def test_an_odoo_import_in_tools_is_found(self):
        for source in (
            "import odoo",
            "import odoo.tools",
            "from odoo import fields",
            "def f():\n    from odoo.tools import SQL",
        ):
            problems = architecture.check_tools("tools/period.py", source)
            self.assert_found(problems, "imports odoo")
        source = "import datetime\nfrom . import odoo"
        self.assertFalse(architecture.check_tools("tools/period.py", source))

    def test_executed_sql_is_found_outside_reports_and_engines(self):
        for call in (
            'self.env.cr.execute("SELECT 1")',
            "self.env.execute_query(query)",
            "self.env.execute_query_dict(query)",
            "cr.executemany(query, rows)",
        ):
            source = f"class A:\n    def f(self):\n        {call}\n"
            problems = architecture.check_raw_sql("models/crm_lead.py", source, {})
            self.assert_found(problems, "A.f")
            for path in ("report/crm_lead.py", "models/engine.py"):
                reviewed = {"models/engine.py": "a batch"}
                self.assertFalse(architecture.check_raw_sql(path, source, reviewed))

    def test_a_method_of_61_lines_is_found_and_one_of_60_is_not(self):
        for lines, found in ((60, 0), (61, 1)):
            source = "class A:\n    def f(self):\n" + "        pass\n" * (lines - 1)
            problems = architecture.check_method_length("models/a.py", source)
            self.assertEqual(len(problems), found, lines)

    def test_guarded_calls_are_found_with_their_place(self):
        for line, call in (
            ("self.env['res.partner'].sudo().search([])", "sudo"),
            ("Markup('<b>')", "Markup"),
            ("markupsafe.Markup('<b>')", "Markup"),
            ("safe_eval(text)", "safe_eval"),
            ("self.env.context.get('skip')", "context"),
            ("self.env.context['skip']", "context"),
            ("'skip' in self.env.context", "context"),
        ):
            source = f"class A:\n    def f(self):\n        return {line}\n"
            found = architecture.guarded_calls("models/a.py", source)
            self.assertEqual(found, {f"models/a.py:A.f {call}"}, line)
        source = "class A:\n    def f(self):\n        return self.with_context(a=1)\n"
        self.assertFalse(architecture.guarded_calls("models/a.py", source))

    def test_two_records_of_one_id_are_found_and_two_of_two_are_not(self):
        first = ("a.xml", '<menuitem\n        id="menu_a"\n        name="A" />')
        same = ("b.xml", '<record id="menu_a" model="ir.ui.menu">')
        other = ("c.xml", '<record model="ir.rule" id="rule_a">')
        self.assert_found(
            architecture.check_repeated_ids([first, same, other]), "a.xml", "b.xml"
        )
        self.assertFalse(architecture.check_repeated_ids([first, other]))

    def test_access_without_group_or_writable_by_outsiders_is_found(self):
        header = "id,group_id:id,perm_read,perm_write,perm_create,perm_unlink\n"
        for line, found in (
            ("a,,1,0,0,0", 1),
            ("a,base.group_portal,1,1,0,0", 1),
            ("a,base.group_public,1,0,0,1", 1),
            ("a,base.group_portal,1,0,0,0", 0),
            ("a,base.group_user,1,1,1,1", 0),
        ):
            problems = architecture.check_access("a.csv", header + line)
            self.assertEqual(len(problems), found, line)
