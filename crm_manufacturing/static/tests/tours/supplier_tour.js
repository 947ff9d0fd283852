import {registry} from "@web/core/registry";

/** A buyer looks at the ratings, opens a supplier and follows a figure to its lines. */
registry.category("web_tour.tours").add("crm_manufacturing_supplier", {
    steps: () => [
        {
            content: "The supplier is rated A",
            trigger: ".o_data_row:contains(Foshan):contains(Reliable) td[name=score]",
            run: "click",
        },
        {
            content: "Both sides are there",
            trigger: ".o_mirror_ours:contains(Average days to pay)",
        },
        {
            content: "And each figure once",
            trigger: ".o_form_view:not(:has(.o_partner_score_why))",
        },
        {
            content: "A figure opens its lines",
            trigger: ".o_mirror_theirs button[data-metric=supplier_otif]:contains(100)",
            run: "click",
        },
        {
            content: "Five lines were counted",
            trigger: ".o_list_view .o_data_row:nth-child(5)",
        },
    ],
});
