import {registry} from "@web/core/registry";

const openPyramid = [
    {
        content: "The pyramid shows one key customer",
        trigger: ".o_pyramid_band[data-code='A'] .o_pyramid_count:contains('1')",
    },
];

const openCustomer = (name) => [
    {
        content: "Open the segment of the key customers",
        trigger: ".o_pyramid_band[data-code='A']",
        run: "click",
    },
    {
        content: "The list holds the segment alone",
        trigger: `.o_list_view:not(:has(.o_data_row:nth-child(2) .o_data_cell)) .o_data_row:contains('${name}')`,
    },
    {
        content: "Open its score",
        trigger: `.o_data_row:contains('${name}') .o_data_cell[name='date']`,
        run: "click",
    },
    {
        content: "The why panel is there",
        trigger: ".o_form_view .o_why_card .o_why_tier:contains('A')",
    },
];

registry.category("web_tour.tours").add("crm_manufacturing.pyramid_manager", {
    steps: () => [
        ...openPyramid,
        {
            content: "A manager may recompute",
            trigger: ".o_pyramid_recompute",
            run: "click",
        },
        {
            content: "The pyramid is still there when that is done",
            trigger: ".o_pyramid_recompute:enabled",
        },
        {
            content: "The ladder counts the new customers",
            trigger: ".o_stage_step[data-stage='new']:contains('2')",
        },
        ...openCustomer("Tour Big Fans"),
        {
            content: "Go on to the contact",
            trigger: ".o_field_widget[name='partner_id'] a",
            run: "click",
        },
        {
            content: "The contact shows his tier and stage",
            trigger: "[name='customer_tier'] .o_partner_tier:contains('A')",
        },
        {
            content: "Read why",
            trigger: ".nav-link[name='customer_tier']",
            run: "click",
        },
        {
            content: "Rank, share and the figure behind it",
            trigger: ".o_why_card .o_why_criterion[data-metric='invoiced_revenue']",
        },
        {
            content: "Override the tier",
            trigger: ".o_why_card .o_why_override",
            run: "click",
        },
        {
            content: "Choose another tier",
            trigger:
                ".modal .o_field_widget[name='band_id'] .o_selection_badge:contains('B')",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name='reason'] input",
            run: "edit Pays late since spring",
        },
        {
            content: "Apply",
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "The contact shows the override",
            trigger:
                "body:not(:has(.modal)) [name='customer_tier'] .o_partner_tier:contains('B') .fa-gavel",
        },
        {
            content: "And so does the panel, with the reason",
            trigger: ".nav-link[name='customer_tier']",
            run: "click",
        },
        {
            content: "The reason is told",
            trigger: ".o_why_overridden:contains('Pays late since spring')",
        },
        {
            content: "Open the documents behind the figure",
            trigger: ".o_why_criterion[data-metric='invoiced_revenue']",
            run: "click",
        },
        {
            content: "It is the one invoice",
            trigger: ".o_list_view .o_data_row:contains('850.00')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_manufacturing.pyramid_salesperson", {
    steps: () => [
        ...openPyramid,
        {
            content: "A salesperson sees his own customers alone",
            trigger: ".o_pyramid_total .o_pyramid_count:contains(/^1$/)",
        },
        {
            content: "and cannot recompute",
            trigger: ".o_pyramid_screen:not(:has(.o_pyramid_recompute))",
        },
        {
            content: "not from the control panel either",
            trigger: "body:not(:has(button:contains('Recompute')))",
        },
        ...openCustomer("Tour Big Fans"),
        {
            content: "and cannot override",
            trigger:
                ".o_form_view:not(:has(.o_why_override)):not(:has([name='action_override']))",
        },
    ],
});
