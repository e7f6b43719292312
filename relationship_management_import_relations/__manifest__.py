{
    "name": "Relationship Management: Relations of Another Addon",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Take over the relations that partner_multi_relation left here",
    "author": "Relationship management developers",
    "license": "LGPL-3",
    "depends": ["relationship_management"],
    "data": [
        "security/ir.model.access.csv",
        "security/relationship_management_import_relations_rules.xml",
        "wizard/relation_import_views.xml",
        "views/res_config_settings_views.xml",
    ],
}
