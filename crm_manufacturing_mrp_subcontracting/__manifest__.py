{
    "name": "CRM for Manufacturing: Subcontracting",
    "summary": "Orders that a subcontractor makes, traced as what they are: purchases",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_manufacturing maintainers",
    "depends": ["crm_manufacturing", "mrp_subcontracting"],
    "auto_install": True,
    "installable": True,
}
