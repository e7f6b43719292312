{
    "name": "Relationship Management and Sales",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Customers from orders and invoices, and what they buy and pay",
    "author": "Relationship management developers",
    "license": "LGPL-3",
    "depends": ["relationship_management_account", "sale_crm"],
    "data": [
        "views/relationship_partner_report_views.xml",
        "views/res_partner_views.xml",
    ],
    "auto_install": True,
}
