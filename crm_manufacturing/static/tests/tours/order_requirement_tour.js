import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("crm_manufacturing.requirement_salesperson", {
    steps: () => [
        {
            content: "The quotation holds the next serial numbers",
            trigger:
                ".o_data_row:contains('Tour Fan') .o_serial_range:contains('TOUR-00120 - TOUR-00121')",
        },
        {
            content: "The customer wants something of his own",
            trigger: ".o_data_row:contains('Tour Fan') button[name=action_requirement]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=customer_requirement] textarea",
            run: "edit Colour RAL 5010",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It stands below the product",
            trigger:
                "body:not(:has(.modal)) .o_customer_requirement:contains('Colour RAL 5010')",
        },
        {
            trigger: ".o_form_view button[name=action_confirm]",
            run: "click",
        },
        {
            content: "and each serial has its place in words",
            trigger: ".o_order_trace_bar",
        },
        {
            trigger: ".o_data_row:contains('Tour Fan') button[name=action_requirement]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('TOUR-00120'):contains('Planned in')",
        },
        {
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

tours.add("crm_manufacturing.requirement_shop_floor", {
    steps: () => [
        {
            content: "The shop floor reads what the customer wants",
            trigger:
                ".o_field_widget[name=customer_requirement]:contains('Colour RAL 5010')",
        },
        {
            trigger:
                ".o_field_widget[name=serial_range]:contains('TOUR-00120 - TOUR-00121')",
        },
        {
            content: "It makes exactly the numbers of the order",
            trigger: ".o_form_view button[name=action_generate_serial]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=serial_numbers] textarea",
            run({anchor}) {
                if (anchor.value.trim() !== "TOUR-00120\nTOUR-00121") {
                    throw new Error(`Other numbers: ${anchor.value}`);
                }
            },
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) button[name=button_mark_done]",
            run: "click",
        },
        {
            content: "Nothing is finished with an open check",
            trigger: ".modal:contains('Name plate engraved')",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) a[name=customer_requirement]",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Name plate engraved') [name=is_done] input",
            run: "click",
        },
        {
            trigger: "button[name=button_mark_done]",
            run: "click",
        },
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Done')",
        },
        {
            content: "The worker signed it",
            trigger:
                ".o_data_row:contains('Name plate engraved') [name=done_uid]:contains('tour_worker')",
        },
    ],
});
