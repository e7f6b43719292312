from . import (
    test_access,
    test_history_queue,
    test_olap_export_run,
    test_olap_export_target,
    test_warehouse,
    test_warehouse_failover,
    test_warehouse_faults,
    test_warehouse_kill,
    test_warehouse_queue,
    test_warehouse_silence,
    test_warehouse_views,
)
