{
    "name": "CRM for Manufacturing: Dropshipping",
    "summary": "Goods that the vendor ships to the customer himself, traced",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "crm_manufacturing maintainers",
    "depends": ["crm_manufacturing", "stock_dropshipping"],
    "auto_install": True,
    "installable": True,
}
