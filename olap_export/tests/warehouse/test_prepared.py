import contextlib

import psycopg2

from odoo.tests import tagged

from .private_cluster import PrivateCluster
from .warehouse_case import WarehouseCase


@tagged("post_install", "-at_install")
class TestWarehousePrepared(WarehouseCase):
    """Transactions of two phases, on a server that allows them."""

    @classmethod
    def create_database(cls, purpose):
        if not hasattr(cls, "cluster"):
            cls.cluster = PrivateCluster()
            cls.addClassCleanup(cls.cluster.remove)
            cls.open_cursor(cls.cluster.dsn()).execute(
                "ALTER SYSTEM SET max_prepared_transactions = 5"
            )
            cls.cluster.stop("fast")
            cls.cluster.start()
        cls.open_cursor(cls.cluster.dsn()).execute(f"CREATE DATABASE {purpose}")
        return cls.cluster.dsn(purpose)

    def test_a_transaction_that_is_prepared_later_is_not_lost(self):
        """It does not know the target, and ends its session before it is over."""
        self.source_cr.execute("UPDATE olap_export_target SET state = 'draft'")
        self.generate(10)
        engine = self.make_postgresql()
        with contextlib.closing(psycopg2.connect(self.source_dsn)) as slow:
            late = slow.xid(1, "olap_export_test", "late")
            slow.tpc_begin(late)
            slow.cursor().execute(
                "INSERT INTO relationship_opportunity_history"
                " (opportunity_id, changed_at, event, status)"
                " VALUES (1, '2025-01-01', 'change', 'open')"
            )
            self.source_cr.execute("UPDATE olap_export_target SET state = 'connected'")
            self.assertEqual(self.transfer(engine).new, 10)
            slow.tpc_prepare()
        self.assertEqual(self.transfer(engine).new, 0)
        with contextlib.closing(psycopg2.connect(self.source_dsn)) as other:
            other.tpc_commit(late)
        self.assertEqual(self.transfer(engine).new, 1)
        self.assertExactlyOnce(engine)
        self.assertEqual(self.transfer(engine).sent, 0)
