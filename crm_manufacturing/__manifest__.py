{
    "name": "CRM for Manufacturing",
    "summary": "Customer pyramid, rhythm and stages from real orders and invoices",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_manufacturing maintainers",
    "depends": [
        "sale_crm",
        "sale_mrp",
        "purchase_mrp",
        "sale_purchase_stock",
        "partnership",
        "contacts",
    ],
    "data": [
        "security/crm_manufacturing_groups.xml",
        "security/ir.model.access.csv",
        "security/partner_scorecard_rules.xml",
        "security/partner_stage_report_rules.xml",
        "data/partner_scorecard_data.xml",
        "views/partner_scorecard_views.xml",
        "views/partner_score_views.xml",
        "views/partner_stage_views.xml",
        "views/res_partner_views.xml",
        "views/crm_lead_views.xml",
        "views/sale_order_views.xml",
        "views/mrp_production_views.xml",
        "views/stock_picking_views.xml",
        "views/res_config_settings_views.xml",
        "views/crm_menus.xml",
    ],
    "demo": [
        "demo/res_partner_demo.xml",
        "demo/product_product_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_manufacturing/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_manufacturing/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_manufacturing/static/tests/**/*.test.js",
        ],
    },
    "installable": True,
}
