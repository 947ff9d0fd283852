{
    "name": "CRM for Manufacturing: Resellers",
    "summary": "Leads reach dealers by our rules, and one portal page tells of them",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_manufacturing maintainers",
    "depends": ["crm_manufacturing", "website_crm_partner_assign"],
    "data": [
        "security/ir.rule.csv",
        "views/res_partner_views.xml",
        "views/res_partner_grade_views.xml",
    ],
    "auto_install": True,
    "installable": True,
    "post_init_hook": "post_init_hook",
}
