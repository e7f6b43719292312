{
    "name": "Relationship Management and Invoicing",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Customers and suppliers from invoices and bills, and their files",
    "author": "Relationship management developers",
    "license": "LGPL-3",
    "depends": ["relationship_management", "account"],
    "auto_install": True,
}
