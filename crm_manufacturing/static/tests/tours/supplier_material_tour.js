import {registry} from "@web/core/registry";

/** Preview, then send to all suppliers: three clicks from the plan to the result. */
registry.category("web_tour.tours").add("crm_manufacturing_supplier_material", {
    steps: () => [
        {
            content: "Look at what would go out",
            trigger: ".o_control_panel button:contains('Preview and Send')",
            run: "click",
        },
        {
            content: "The differences are there before anything is sent",
            trigger: ".o_supplier_material_send td:contains('Foshan Motor')",
        },
        {
            content: "An address that cannot work is shown",
            trigger:
                ".o_supplier_material_send .text-danger:contains('no e-mail address')",
        },
        {
            content: "Send to all who can be reached",
            trigger: ".o_send:contains('Send to'):enabled",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "The result of each",
            trigger:
                ".o_supplier_material_send tr:contains('Foshan Motor') .badge:not(.text-bg-danger)",
        },
        {
            content: "The bar is full",
            trigger: ".o_supplier_material_send .progress[aria-valuenow='100']",
        },
    ],
});
