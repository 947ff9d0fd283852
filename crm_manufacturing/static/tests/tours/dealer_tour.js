import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const OPEN = (dealer) => `.o_data_row:contains('${dealer}') td[name=end_name]`;
const STATE = (name) =>
    `.o_statusbar_status .o_arrow_button_current:contains('${name}')`;

/** Back to the list, where it shows all. */
const back = () => [
    {
        trigger: ".o_back_button, .breadcrumb-item.o_back_button a",
        run: "click",
    },
    {
        trigger: ".o_list_view .o_data_row",
    },
];

tours.add("crm_manufacturing.dealer_registers", {
    steps: () => [
        {
            trigger: "#dealer_deals a[href='/my/dealer/deals/new']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Who is the end customer",
            trigger: "#dealer_deal_form #end_name",
            run: "edit Tour Harbour Hall",
        },
        {
            trigger: "#end_country",
            run: "selectByLabel Spain",
        },
        {
            content: "A product by its name",
            trigger: "input[name=product_0]",
            run: "edit Tour Fan",
        },
        {
            trigger: "textarea[name=evidence]",
            run: "edit The hall is measured, the owner asks for a plan",
        },
        {
            trigger: "button[name=do][value=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is submitted, and says nothing of anybody else",
            trigger: "body:not(:contains('Tour Boreas')) .badge:contains('Submitted')",
        },
    ],
});

tours.add("crm_manufacturing.dealer_answered", {
    steps: () => [
        {
            content: "What waits for an answer",
            trigger: OPEN("Tour Ventus"),
            run: "click",
        },
        {
            content: "Who else is at it stands first",
            trigger:
                ".o_form_view [name=conflicts] .o_data_row:contains('Tour Boreas'):contains('Approved')",
        },
        {
            trigger: ".alert-danger:contains('cannot be approved beside it')",
        },
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            content: "and cannot be passed over",
            trigger: ".modal:contains('is approved for this end customer')",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        ...back(),
        {
            trigger: ".o_searchview_facet .o_facet_remove",
            run: "click",
        },
        {
            content: "The other dealer gives it up",
            trigger: OPEN("Tour Boreas"),
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=answer] textarea",
            run: "edit As agreed on the phone: you do not go on with it",
        },
        {
            trigger: "button[name=action_return]",
            run: "click",
        },
        {
            trigger: STATE("Returned"),
        },
        ...back(),
        {
            trigger: OPEN("Tour Ventus"),
            run: "click",
        },
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            content: "Now it is protected",
            trigger: STATE("Approved"),
        },
        {
            content: "and has its opportunity",
            trigger: "button[name=action_open_lead]",
            run: "click",
        },
        {
            trigger:
                ".o_form_view .o_field_widget[name=dealer_id]:contains('Tour Ventus'), .o_form_view .o_field_widget[name=dealer_id] input:value('Tour Ventus')",
        },
    ],
});

tours.add("crm_manufacturing.dealer_won", {
    steps: () => [
        {
            content: "The dealer's order for the opportunity",
            trigger: "button[name=action_view_sale_order]",
            run: "click",
        },
        {
            content: "says where it is",
            trigger: ".o_form_view .o_order_trace_bar[data-state='waiting_material']",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            trigger: "button[name=action_set_won_rainbowman]",
            run: "click",
        },
        {
            trigger: STATE("Won"),
        },
    ],
});

tours.add("crm_manufacturing.dealer_follows", {
    steps: () => [
        {
            content: "The dealer reads where his order is",
            trigger:
                "#dealer_orders .card:contains('Tour Fan'):contains('Waiting for Material')",
        },
        {
            content: "and nothing of what it is made of",
            trigger: "body:not(:contains('Tour Coil'))",
        },
        {
            trigger: "a[href='/my/dealer/deals']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "His deal is won",
            trigger:
                "#dealer_deals .list-group-item:contains('Tour Harbour Hall') .badge:contains('Won')",
        },
    ],
});
