{
    "name": "Relationship Management and Email Marketing",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Mailings of one company stay out of the campaigns of another",
    "author": "Relationship management developers",
    "license": "LGPL-3",
    "depends": ["relationship_management", "mass_mailing"],
    "auto_install": True,
}
