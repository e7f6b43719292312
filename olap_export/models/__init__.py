from . import (
    crm_lead,
    olap_export_run,
    olap_export_run_line,
    olap_export_run_unfit,
    olap_export_target,
    olap_export_target_check,
    olap_export_target_compare,
    olap_export_target_connection,
    olap_export_target_secret,
    olap_export_target_transfer,
    olap_export_target_health,
)
