import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("crm_manufacturing.visit", {
    steps: () => [
        {
            content: "The visit is due: report it",
            trigger: ".o_my_day_line:contains('Tour Customer') .o_my_day_log",
            run: "click",
        },
        {
            content: "The report knows the customer; say what came of it",
            trigger:
                ".o_form_view:has(.o_field_widget[name='partner_id'] input:value('Tour Customer')) .o_field_widget[name='outcome'] .o_radio_item:contains('Interested') input",
            run: "click",
        },
        {
            content: "Say what was promised",
            trigger: ".o_field_widget[name='next_step'] input",
            run: "edit Offer for the hotel",
        },
        {
            content: "as a lead",
            trigger:
                ".o_field_widget[name='next_step_kind'] .o_radio_item:contains('Lead') input",
            run: "click",
        },
        {
            content: "Note a wish",
            trigger: ".o_field_widget[name='note_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "about a product",
            trigger: ".o_selected_row .o_field_widget[name='topic'] input",
            run: "click",
        },
        {
            content: "Choose the topic",
            trigger: ".o_select_menu_item:contains('Product Feedback')",
            run: "click",
        },
        {
            content: "in the customer's words",
            trigger: ".o_selected_row .o_field_widget[name='text'] textarea",
            run: "edit A quieter fan",
        },
        {
            content: "Whom we met",
            trigger: ".nav-link[name='people']",
            run: "click",
        },
        {
            content: "Add somebody",
            trigger:
                ".o_field_widget[name='contact_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "The customer's people come first",
            trigger: ".o_selected_row .o_field_widget[name='partner_id'] input",
            run: "click",
        },
        {
            content: "Choose the first",
            trigger:
                ".o-autocomplete--dropdown-item:first-child:contains('Zoe the Buyer') a",
            run: "click",
        },
        {
            content: "and the part she plays",
            trigger: ".o_selected_row .o_field_widget[name='role'] input",
            run: "click",
        },
        {
            content: "She decides",
            trigger: ".o_select_menu_item:contains('Decides')",
            run: "click",
        },
        {
            content: "Close the report",
            trigger: "button[name='action_done']",
            run: "click",
        },
        {
            content: "It is done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Done')",
        },
        {
            content: "Back to the notes",
            trigger: ".nav-link[name='notes']",
            run: "click",
        },
        {
            content: "Put the wish on the list",
            trigger: ".o_data_row button[name='action_open_feedback']",
            run: "click",
        },
        {
            content: "The wish is on the list, with who asked",
            trigger:
                ".o_form_view .o_field_widget[name='note_ids'] .o_data_row:contains('Tour Customer')",
        },
        {
            content: "Back to the report",
            trigger:
                ".o_breadcrumb .o_back_button a, .o_breadcrumb a:contains('Visit')",
            run: "click",
        },
        {
            content: "Open the follow-up lead",
            trigger: ".oe_stat_button[name='action_create_lead']",
            run: "click",
        },
        {
            content: "It is the lead that was promised",
            trigger:
                ".o_form_view .o_field_widget[name='name'] textarea:value('Offer for the hotel')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_manufacturing.snooze", {
    steps: () => [
        {
            content: "The visit is due, and there is no time",
            trigger: ".o_my_day_line:contains('Tour Customer') button[title='More']",
            run: "click",
        },
        {
            content: "Snooze it",
            trigger: ".o-dropdown-item:contains('Snooze')",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_radio_item:contains('No time') input",
            run: "click",
        },
        {
            content: "Later",
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "It is out of sight",
            trigger: ".o_my_day:not(:has(.o_my_day_line:contains('Tour Customer')))",
        },
    ],
});

registry.category("web_tour.tours").add("crm_manufacturing.compliance", {
    steps: () => [
        {
            content: "All customers",
            trigger: ".o_facet_remove",
            run: "click",
        },
        {
            content: "Two fell due, one of them was done: open that one",
            trigger:
                ".o_pivot tbody tr:first-child:has(.o_pivot_cell_value:eq(0):contains('2')) .o_pivot_cell_value:eq(1):contains('1')",
            run: "click",
        },
        {
            content: "The list holds what the figure counts",
            trigger:
                ".o_list_view:has(.o_data_row:contains('Done')):not(:has(.o_data_row:contains('Overdue')))",
        },
    ],
});

registry.category("web_tour.tours").add("crm_manufacturing.quick_log", {
    steps: () => [
        {
            content: "Log a call from the customer",
            trigger: ".o_form_view button[name='action_log_call']",
            run: "click",
        },
        {
            content: "Choose what came of it",
            trigger:
                ".modal .o_field_widget[name='outcome'] .o_selection_badge:contains('Order')",
            run: "click",
        },
        {
            content: "What next",
            trigger: ".modal .o_field_widget[name='next_step'] input",
            run: "edit Send pro forma",
        },
        {
            content: "Enter is enough",
            trigger: ".modal .o_field_widget[name='next_step'] input",
            run: "press Enter",
        },
        {
            content: "The call is logged",
            trigger: "body:not(:has(.modal)) .o_notification:contains('Logged')",
        },
        {
            content: "It is in the overview",
            trigger: ".nav-link[name='customer_overview']",
            run: "click",
        },
        {
            content: "as the last touch",
            trigger:
                ".o_crm_visit_brief section[data-section='touches'] .o_brief_line:contains('Order or Quotation')",
        },
    ],
});
