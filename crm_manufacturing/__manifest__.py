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
        "data/partner_scorecard_data.xml",
    ],
    "installable": True,
}
