{
    "name": "CRM for Manufacturing: extension tests",
    "summary": "Extends every hook of crm_manufacturing, to prove that it can be",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "license": "LGPL-3",
    "author": "crm_manufacturing maintainers",
    "depends": ["crm_manufacturing"],
    "data": ["security/ir.model.access.csv"],
    "external_dependencies": {"python": ["hypothesis"]},
    "installable": True,
}
