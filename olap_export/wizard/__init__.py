from . import olap_export_target_transfer
