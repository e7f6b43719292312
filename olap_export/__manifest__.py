{
    "name": "OLAP Export",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Opportunities and activities in a database for analyses",
    "author": "Relationship management developers",
    "license": "LGPL-3",
    "depends": ["relationship_management"],
    "data": [
        "security/olap_export_groups.xml",
        "security/ir.model.access.csv",
        "security/olap_export_rules.xml",
        "data/ir_cron_data.xml",
        "views/olap_export_target_views.xml",
        "views/olap_export_run_views.xml",
        "wizard/olap_export_target_transfer_views.xml",
        "views/olap_export_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["olap_export/static/src/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
