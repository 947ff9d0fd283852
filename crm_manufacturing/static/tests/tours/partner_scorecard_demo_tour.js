import {registry} from "@web/core/registry";

/* Tours through the demo company, whose figures they do not know by heart. */

registry.category("web_tour.tours").add("crm_manufacturing.demo_salesperson", {
    steps: () => [
        {
            content: "A salesperson sees his own pyramid",
            trigger: ".o_pyramid:contains('Key customers')",
        },
        {
            content: "and cannot recompute it",
            trigger: ".o_pyramid_screen:not(:has(.o_pyramid_recompute))",
        },
        {
            content: "Open his key customers",
            trigger: ".o_pyramid_band[data-code='A']",
            run: "click",
        },
        {
            content: "Open the largest",
            trigger: ".o_data_row:first .o_data_cell[name='date']",
            run: "click",
        },
        {
            content: "Read why he is a key customer",
            trigger: ".o_why_card .o_why_criterion[data-metric='invoiced_revenue']",
        },
        {
            content: "Margins are not for him, but their weight is told",
            trigger: ".o_why_card .o_why_hidden:contains('40 %')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_manufacturing.demo_manager", {
    steps: () => [
        {
            content: "The whole company's pyramid",
            trigger: ".o_pyramid_total .o_pyramid_count:contains(/^1\\d\\d$/)",
        },
        {
            content: "Open the dormant customers",
            trigger: ".o_stage_step[data-stage='dormant']",
            run: "click",
        },
        {
            content: "They are there",
            trigger: ".o_list_view .o_data_row",
        },
        {
            content: "Back to the pyramid",
            trigger: ".o_breadcrumb .breadcrumb-item a",
            run: "click",
        },
        {
            content: "Open the key customers",
            trigger: ".o_pyramid_band[data-code='A']",
            run: "click",
        },
        {
            content: "An overridden one is marked",
            trigger: ".o_data_row .o_partner_tier .fa-gavel",
        },
    ],
});
