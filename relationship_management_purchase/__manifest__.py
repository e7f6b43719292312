{
    "name": "Relationship Management and Purchase",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Suppliers from purchase orders and bills",
    "author": "Relationship management developers",
    "license": "LGPL-3",
    "depends": ["relationship_management_account", "purchase"],
    "data": ["views/relationship_partner_report_views.xml"],
    "auto_install": True,
}
