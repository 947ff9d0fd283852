import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

tours.add("crm_manufacturing.order_salesperson", {
    steps: () => [
        {
            content: "Orders at risk say what they wait for",
            trigger:
                ".o_data_row:contains('Tour Ada'):contains('Waits for 6 Tour Coil')",
        },
        {
            content: "A click on a line opens its order",
            trigger: ".o_data_row:contains('Tour Ada') td[name=product_id]",
            run: "click",
        },
        {
            content: "The bar shows where it is",
            trigger: ".o_order_trace_bar[data-state='waiting_material']",
        },
        {
            content: "and says what it waits for",
            trigger:
                ".o_order_trace_sentence:contains('Waits for 6 Tour Coil, promised')",
        },
        {
            trigger: "a[name=order_trace_journey]",
            run: "click",
        },
        {
            content: "The sentence names no purchase order to a salesperson",
            trigger:
                ".o_journey_sentence:contains('Waits for 6 Tour Coil, promised'):not(:contains('Tour Foshan'))",
        },
        {
            content: "He opens a production, and no purchase",
            trigger:
                ".o_order_trace_journey:has([data-station=productions] button):not(:has([data-station=purchases] button))",
        },
        {
            content: "and copies what the customer may know",
            trigger:
                ".o_journey_customer_text:contains('Tour Fan: 0 of 2 finished, ships')",
        },
    ],
});

tours.add("crm_manufacturing.order_buyer", {
    steps: () => [
        {
            content: "Customers wait for this purchase",
            trigger:
                ".o_form_view button[name=action_affected_customers]:contains('Customers Waiting')",
            run: "click",
        },
        {
            trigger:
                ".o_list_view .o_data_row:contains('Tour Ada'):contains('Waiting for Material')",
        },
        {
            content: "Back to the purchase",
            trigger: ".o_back_button, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "The vendor brings it later",
            trigger: ".o_form_view .o_field_widget[name=date_planned] button",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=date_planned] input",
            run({anchor}) {
                const {DateTime} = luxon;
                const later = DateTime.now().plus({days: 12});
                anchor.value = later.toFormat("MM/dd/yyyy HH:mm:ss");
                anchor.dispatchEvent(new Event("input", {bubbles: true}));
                anchor.dispatchEvent(new Event("change", {bubbles: true}));
            },
        },
        {
            content: "and we say why",
            trigger: ".o_field_widget[name=promise_reason] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('Supplier')",
            run: "click",
        },
        ...stepUtils.saveForm(),
    ],
});

tours.add("crm_manufacturing.order_told", {
    steps: () => [
        {
            content: "The activity has the new date and a draft mail",
            trigger: ".o-mail-Activity:contains('Late deliveries')",
        },
        {
            trigger:
                ".o-mail-ActivityMailTemplate-preview, .o-mail-Activity-mailTemplates button:contains('Preview')",
            run: "click",
        },
        {
            content: "The draft speaks of the order and of no supplier",
            trigger:
                ".o_mail_composer_form_view, .modal:contains('later than we promised')",
        },
        {
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            content: "He called instead, and is done",
            trigger: ".o-mail-Activity .o-mail-Activity-markDone",
            run: "click",
        },
        {
            trigger:
                ".o-mail-ActivityMarkAsDone button[aria-label='Done'], .o-mail-ActivityMarkAsDone button:contains('Done')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o-mail-Activity:contains('Late deliveries')))",
        },
    ],
});

tours.add("crm_manufacturing.order_customer", {
    steps: () => [
        {
            content: "The customer reads state, promise and the date he was told",
            trigger:
                "#order_trace:contains('Tour Fan'):contains('Waiting for Material'):contains('Now expected')",
        },
        {
            content: "and no document of ours",
            trigger: "body:not(:contains('Tour Foshan')):not(:contains('Tour Coil'))",
        },
    ],
});
