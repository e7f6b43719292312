import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from unittest.mock import patch

import psutil
import psycopg2

from odoo.tests import tagged

from ...warehouse import deadline
from ...warehouse.duckdb.process import Loader
from .warehouse_case import HERE, TARGET_ID, WarehouseCase


@tagged("post_install", "-at_install")
class TestWarehouseLeftovers(WarehouseCase):
    """What others leave: killed transfers, dead readers, transactions of a role."""

    def setUp(self):
        super().setUp()
        self.reset()
        self.generate(20)

    def test_files_of_killed_transfers_go(self):
        engine = self.make_duckdb()
        left = engine.path.parent / f".olap_export_{engine.path.name}_killed"
        left.mkdir()
        (left / "partner_pii.csv").write_text("Anna")
        others = engine.path.parent / ".olap_export_other.duckdb_living"
        others.mkdir()
        self.addCleanup(others.rmdir)
        self.transfer(engine)
        self.assertFalse(left.exists())
        self.assertTrue(others.exists())
        self.assertExactlyOnce(engine)

    def test_files_of_other_targets_stay(self):
        """Also of those whose names begin with ours."""
        engine = self.make_duckdb("a")
        for name in ("a.duckdb_old.duckdb", "a.duckdb_old", "a.duckdb_x_y", "a", "A"):
            with tempfile.TemporaryDirectory(
                dir=engine.path.parent, prefix=f".olap_export_{name}_"
            ) as living:
                engine.open(self.make_source())._remove_leftovers()
                self.assertTrue(Path(living).exists(), name)
        with tempfile.TemporaryDirectory(
            dir=engine.path.parent,
            prefix=".olap_export_a.duckdb_",
            ignore_cleanup_errors=True,
        ) as killed:
            engine.open(self.make_source())._remove_leftovers()
            self.assertFalse(Path(killed).exists())

    def test_the_log_of_a_dead_reader_goes(self):
        engine = self.make_duckdb()
        self.transfer(engine)
        log = engine.path.with_name(f"{engine.path.name}.wal")
        log.write_bytes(b"left by somebody who died")
        self.generate(5)
        self.transfer(engine)
        self.assertFalse(log.exists())
        self.assertExactlyOnce(engine)

    def test_a_child_does_not_outlive_its_parent(self):
        """Stopped, it would never see that the pipe is closed, and keep its lock."""
        engine = self.make_duckdb()
        given = {
            "source": self.source_dsn,
            "target_id": TARGET_ID,
            "path": str(engine.path),
            "stop_at": ["register", 1],
        }
        parent = subprocess.Popen(  # noqa: S603 our own file
            [sys.executable, str(HERE / "transfer_process.py"), json.dumps(given)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.addCleanup(parent.wait)
        self.addCleanup(parent.kill)
        child = self.wait_for(lambda: self.find_stopped(parent))
        self.addCleanup(self.end, child)
        parent.kill()
        parent.wait()
        self.wait_for(lambda: self.is_gone(child))
        self.transfer_when_free(engine)
        self.assertExactlyOnce(engine)

    def end(self, process):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()

    def find_stopped(self, parent):
        for child in psutil.Process(parent.pid).children():
            if child.status() == psutil.STATUS_STOPPED:
                return child
        return None

    def is_gone(self, process):
        with contextlib.suppress(psutil.NoSuchProcess):
            return process.status() == psutil.STATUS_ZOMBIE
        return True

    def test_opening_a_large_file_takes_its_time(self):
        """It may be copied or its log replayed: that is no short answer."""
        engine = self.make_duckdb()
        call = Loader.call

        def slow(loader, command, /, **arguments):
            pid = loader.process.pid
            if command == "open":
                os.kill(pid, signal.SIGSTOP)
                threading.Timer(3, os.kill, (pid, signal.SIGCONT)).start()
            return call(loader, command, **arguments)

        limits = deadline.Limits(answer=1, work=60)
        with (
            patch.object(Loader, "call", slow),
            Loader(engine.path, limits=limits) as loader,
        ):
            self.assertIsNone(loader.process.poll())

    def test_the_largest_amount_at_rate_1(self):
        self.source_cr.execute(
            "UPDATE relationship_opportunity_history"
            " SET expected_revenue = 99999999999999.9999, group_rate = 1"
            " WHERE id = (SELECT max(id) FROM relationship_opportunity_history)"
        )
        for engine in self.make_engines():
            self.source_cr.execute("TRUNCATE olap_export_position")
            self.transfer(engine)
            self.transfer(engine)
            self.assertExactlyOnce(engine)

    def test_a_late_commit_is_seen_by_a_role_that_sees_no_others(self):
        """Only superusers are told when transactions of other roles began."""
        cr = self.source_cr
        cr.execute("DROP ROLE IF EXISTS olap_plain")
        cr.execute("CREATE ROLE olap_plain")
        self.addCleanup(cr.execute, "DROP OWNED BY olap_plain; DROP ROLE olap_plain")
        cr.execute(
            "GRANT ALL ON ALL TABLES IN SCHEMA public TO olap_plain;"
            " GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO olap_plain"
        )
        cr.execute("UPDATE olap_export_target SET state = 'draft'")
        source = self.make_source()
        connect = source._connect

        def as_plain_role():
            connection = connect()
            with connection, connection.cursor() as plain:
                plain.execute("SET ROLE olap_plain")
            return connection

        with contextlib.closing(psycopg2.connect(self.source_dsn)) as slow:
            late = slow.cursor()
            late.execute(
                "INSERT INTO relationship_opportunity_history"
                " (opportunity_id, changed_at, event, status)"
                " VALUES (1, '2025-01-01', 'change', 'open')"
            )
            cr.execute("UPDATE olap_export_target SET state = 'connected'")
            source._connect = as_plain_role
            with source:
                source.identify()
                source.queue_backlog()
                source.queue_backlog()
                self.assertEqual(source.count_pending(), 20)
            slow.commit()
        with source:
            source.queue_backlog()
            self.assertEqual(source.count_pending(), 21)
