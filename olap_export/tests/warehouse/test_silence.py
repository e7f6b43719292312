import contextlib
import functools
import os
import signal
import socket
import tempfile
import threading
import time
from pathlib import Path
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged

from ...warehouse import (
    deadline,
    engine_duckdb,
    engine_postgresql,
    errors,
    transfer,
)
from ...warehouse.duckdb.process import Loader
from ...warehouse.source import Source
from .freezing_proxy import TO_CLIENT, FreezingProxy
from .warehouse_case import TARGET_ID, WarehouseCase
from .watcher import Watcher

LIMITS = deadline.Limits(connect=0.5, answer=0.5, work=0.5)
# What a machine under load may add to any limit, and several waits in a row.
PATIENCE = 15


@tagged("post_install", "-at_install")
class TestWarehouseSilence(WarehouseCase):
    """A target that takes everything and says nothing: the transfer ends in time."""

    def setUp(self):
        super().setUp()
        self.reset()
        self.generate(60)

    @contextlib.contextmanager
    def proxy(self, dsn, **options):
        """Yield a proxy before a server, with the connection string through it."""
        given = psycopg2.extensions.parse_dsn(dsn)
        server = (given.get("host", "127.0.0.1"), int(given.get("port", 5432)))
        if server[0].startswith("/"):
            server = Path(server[0]) / f".s.PGSQL.{server[1]}"
        with FreezingProxy(server, **options) as proxy:
            place = psycopg2.extensions.parse_dsn(proxy.address)
            proxy.dsn = psycopg2.extensions.make_dsn(**{**given, **place})
            yield proxy

    def count_messages(self):
        self.make_postgresql()
        with self.proxy(self.target_dsn) as proxy:
            self.transfer(engine_postgresql.Engine(proxy.dsn), chunk_size=30)
            return list(proxy.messages)

    def frozen_transfer(self, engine, limits=LIMITS, source_dsn=None):
        """Transfer to a target that falls silent; return the sentence."""
        source_dsn = source_dsn or self.source_dsn
        source = Source(lambda: psycopg2.connect(source_dsn), TARGET_ID, limits=limits)
        engine.limits = limits
        start = time.monotonic()
        try:
            transfer.run(source, engine, chunk_size=30)
        except Exception as error:  # noqa: BLE001 judged by its sentence
            found = errors.explain(error)
        else:
            found = None
        self.assertLess(time.monotonic() - start, PATIENCE)
        self.assertNothingOpen()
        return found

    def assertNothingOpen(self):
        """Check that the source keeps no transaction and no lock."""
        for _attempt in range(50):
            left = self.read_source(
                "SELECT a.pid, a.state, a.query FROM pg_stat_activity a"
                " WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()"
                " AND (a.xact_start IS NOT NULL OR EXISTS (SELECT 1 FROM pg_locks l"
                "      WHERE l.pid = a.pid AND l.locktype = 'advisory'))"
            )
            if not left:
                return
            time.sleep(0.1)
        self.fail(f"left open: {left}")

    # -- PostgreSQL -------------------------------------------------------------------

    def test_a_target_that_falls_silent_at_any_message(self):
        """One of each kind here; ``make soak`` takes every single message."""
        messages = self.count_messages()
        self.assertGreater(len(messages), 300)
        first = {message: number for number, message in enumerate(messages[::-1])}
        chosen = sorted({len(messages) - number for number in first.values()})
        chosen += range(20, len(messages), len(messages) // 8)
        for turn, number in enumerate(self.some(chosen)):
            with self.subTest(number=number, message=messages[number - 1]):
                self.generate(60)
                with self.proxy(
                    self.target_dsn, freeze_at=number, reads=turn % 2 == 0
                ) as proxy:
                    found = self.frozen_transfer(engine_postgresql.Engine(proxy.dsn))
                    self.assertTrue(proxy.frozen.is_set())
                    if number < len(messages) - 5:
                        self.assertEqual(found.text, errors.TARGET_SILENT, str(found))
                        self.assertRegex(str(found), r"did not answer for \d+ seconds")
                    # The frozen session still holds the target's lock: it is ended.
                    self.transfer(engine_postgresql.Engine(self.target_dsn))
                    self.assertExactlyOnce(engine_postgresql.Engine(self.target_dsn))

    def test_no_transaction_of_the_source_is_open_behind_a_silent_target(self):
        limits = deadline.Limits(connect=2.5, answer=2.5, work=2.5)
        self.make_postgresql()
        count = len(self.count_messages())
        for number in self.some(range(count // 8, count, count // 5), 2):
            self.generate(60)
            with (
                self.subTest(number=number),
                self.proxy(self.target_dsn, freeze_at=number) as proxy,
                Watcher(self.source_dsn, proxy.frozen.is_set) as watcher,
            ):
                self.frozen_transfer(engine_postgresql.Engine(proxy.dsn), limits)
                self.assertTrue(watcher.since)
                self.assertFalse(watcher.found)

    def test_a_port_that_takes_connections_and_says_nothing(self):
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen(5)
            port = server.getsockname()[1]
            for extra in ("", " connect_timeout=0", " sslmode=disable"):
                engine = engine_postgresql.Engine(
                    f"host=127.0.0.1 port={port} dbname=x user=x{extra}"
                )
                found = self.frozen_transfer(engine)
                self.assertEqual(found.text, errors.TARGET_SILENT)
                engine.limits = LIMITS
                for method in (engine.check, engine.create_tables):
                    with self.assertRaisesRegex(
                        errors.TransferError, "did not answer for"
                    ):
                        method()

    def test_a_long_backlog_into_a_target_that_does_not_read(self):
        """The socket is full: the transfer waits for it in sending."""
        self.generate(60_000)
        self.make_postgresql()
        with self.proxy(self.target_dsn) as proxy:
            frozen = proxy.frozen
            with self.at_copy(frozen.set):
                found = self.frozen_transfer(
                    engine_postgresql.Engine(proxy.dsn),
                    deadline.Limits(connect=5, answer=2, work=60),
                )
        self.assertEqual(found.text, errors.TARGET_SILENT)
        self.transfer(engine_postgresql.Engine(self.target_dsn))
        self.assertExactlyOnce(engine_postgresql.Engine(self.target_dsn))

    @contextlib.contextmanager
    def at_copy(self, action):
        """Do something when a block of events is on its way."""
        from ...warehouse import fault

        def reach(phase):
            if phase == "copying":
                action()

        with patch.object(fault, "reach", reach):
            yield

    def test_a_source_that_falls_silent(self):
        self.make_postgresql()
        self.transfer(engine_postgresql.Engine(self.target_dsn))
        # The first transfer says more than those that follow, so it does not count.
        self.generate(5)
        with self.proxy(self.source_dsn) as proxy:
            self.transfer_from(proxy)
            count = len(proxy.messages)
        for number in self.some(range(5, count, count // 8), 2):
            self.generate(5)
            with (
                self.subTest(number=number, count=count),
                self.proxy(self.source_dsn, freeze_at=number) as proxy,
            ):
                start = time.monotonic()
                with self.assertRaises(errors.TransferError) as caught:
                    self.transfer_from(proxy, LIMITS)
                self.assertLess(time.monotonic() - start, PATIENCE)
                self.assertEqual(caught.exception.text, errors.SOURCE_SILENT)
            self.transfer_when_free(engine_postgresql.Engine(self.target_dsn))
            self.assertExactlyOnce(engine_postgresql.Engine(self.target_dsn))

    def transfer_from(self, proxy, limits=None):
        """Transfer from the source behind a proxy."""
        source = Source(lambda: psycopg2.connect(proxy.dsn), TARGET_ID, limits=limits)
        return transfer.run(source, engine_postgresql.Engine(self.target_dsn))

    def test_no_wait_outlasts_the_end_of_the_transfer(self):
        self.make_postgresql()
        with self.proxy(self.target_dsn, freeze_at=40) as proxy:
            found = self.frozen_transfer(
                engine_postgresql.Engine(proxy.dsn),
                deadline.Limits(end=time.monotonic() + 2),
            )
        self.assertEqual(found.text, errors.TIME_UP)
        self.assertRegex(str(found), "raise limit_time_real")

    def test_a_slow_target_is_not_taken_for_a_silent_one(self):
        engine = self.make_postgresql()
        engine.limits = deadline.Limits(answer=0.3, work=30)
        with contextlib.closing(engine.connect()) as connection:
            cr = connection.cursor()
            with connection.working():
                cr.execute("SELECT pg_sleep(0.6)")
            with self.assertRaisesRegex(errors.TransferError, "did not answer for"):
                cr.execute("SELECT pg_sleep(5)")

    def test_a_target_busy_with_another_odoo_is_left_alone(self):
        """Only sessions of this very target are ended."""
        engine = self.make_postgresql()
        from ...warehouse.source import lock_key

        uuid = self.read_source("SELECT value FROM ir_config_parameter")[0][0]
        with contextlib.closing(psycopg2.connect(self.target_dsn)) as other:
            cr = other.cursor()
            cr.execute("SELECT pg_advisory_lock(%s)", [lock_key(f"target:{uuid}")])
            with self.assertRaisesRegex(errors.TargetBusyError, "Another transfer"):
                self.transfer(engine)
            cr.execute("SELECT 1")

    def test_threads_end(self):
        before = threading.active_count()
        with self.proxy(self.target_dsn, freeze_at=60) as proxy:
            self.make_postgresql()
            self.frozen_transfer(engine_postgresql.Engine(proxy.dsn))
        for _attempt in range(50):
            if threading.active_count() <= before + 1:
                break
            time.sleep(0.1)
        self.assertLessEqual(threading.active_count(), before + 1)

    # -- slow -------------------------------------------------------------------------

    def slow_transfer(self, engine, size, patience):
        """Transfer as long as Odoo would let it; return the result."""
        result = transfer.Result(chunk_size=size)
        engine.limits = deadline.Limits(end=time.monotonic() + 3 * patience)
        connect = functools.partial(psycopg2.connect, self.source_dsn)
        source = Source(connect, TARGET_ID, limits=engine.limits)
        with contextlib.suppress(errors.TransferError):
            result = transfer.run(source, engine, first_size=size, seconds=2)
        return result

    def assertGoesOn(self, engine):
        """Check that the third run at the latest brings rows, and so does the next.

        A machine that is busy with other things gets more time, and tries again.
        """
        for patience in (1, 2, 4, 8):
            brought = self.bring(engine, patience)
            if all(brought[2:]):
                break
        self.assertTrue(all(brought[2:]), brought)
        self.assertLess(brought[0], 3000, "the target is not slow")

    def bring(self, engine, patience):
        """Return how many rows each of four slow transfers brings."""
        brought, size = [], 0
        with (
            patch.object(transfer, "FIRST_CHUNK", 2000),
            patch.object(transfer, "CHUNK_SECONDS", 0.25),
        ):
            for _run in range(4):
                fruitless = bool(brought) and not brought[-1]
                size = transfer.choose_size("incremental", size, fruitless=fruitless)
                result = self.slow_transfer(engine, size, patience)
                brought.append(result.sent)
                size = result.chunk_size
        return brought

    def test_a_slow_postgresql_gets_its_rows(self):
        self.generate(3000)
        engine = self.make_postgresql()
        with patch.object(Source, "read_chunks", lambda *_args: iter(())):
            self.transfer(engine)
        with self.proxy(self.target_dsn, rate=120_000) as proxy:
            self.assertGoesOn(engine_postgresql.Engine(proxy.dsn))
        self.transfer(engine)
        self.assertExactlyOnce(engine)

    def test_a_slow_loader_of_duckdb_gets_its_rows(self):
        self.generate(3000)
        engine = self.make_duckdb()
        call = Loader.call

        def slow(loader, command, /, **arguments):
            if command == "events":
                left = loader.limits.end - time.monotonic()
                time.sleep(max(min(arguments["expected"] / 640, left), 0))
            return call(loader, command, **arguments)

        with patch.object(Loader, "call", slow):
            self.assertGoesOn(engine)
        engine.limits = None
        self.transfer(engine)
        self.assertExactlyOnce(engine)

    # -- DuckDB -----------------------------------------------------------------------

    def stop_at(self, wanted, limits, arrival=1):
        """Stop the child process when it is about to get a command.

        It was given ``limits``, which a slow machine needs for what comes before, and
        has half a second once it is stopped.
        """
        call = Loader.call
        arrivals = []

        def stopping(loader, command, /, **arguments):
            if command == wanted:
                arrivals.append(loader.process.pid)
                if len(arrivals) == arrival:
                    os.kill(loader.process.pid, signal.SIGSTOP)
                    self.assertEqual(loader.limits, limits)
                    loader.limits = LIMITS
            return call(loader, command, **arguments)

        self.stopped = arrivals
        return patch.object(Loader, "call", stopping)

    def test_a_loader_that_is_stopped_at_any_command(self):
        engine = self.make_duckdb()
        limits = deadline.Limits(answer=10, work=10)
        arrivals = (
            *(("open", 1), ("register", 1), ("newest", 1), ("strangers", 1)),
            *(("dimension", 5), ("events", 1), ("events", 2), ("refresh", 1)),
            ("publish", 1),
        )
        for command, arrival in self.some(arrivals, 3):
            with self.subTest(command=command, arrival=arrival):
                self.generate(60)
                with self.stop_at(command, limits, arrival):
                    found = self.frozen_transfer(
                        engine_duckdb.Engine(engine.path), limits
                    )
                self.assertTrue(self.stopped, "the command never came")
                self.assertEqual(found.text, errors.LOADER_SILENT, str(found))
                with self.assertRaises(ProcessLookupError):
                    os.kill(self.stopped[-1], 0)
                self.transfer(engine)
                self.assertExactlyOnce(engine)

    def test_a_loader_that_is_stopped_while_it_creates_the_tables(self):
        """The command is longer than a pipe holds: sending it waits, too."""
        with tempfile.TemporaryDirectory() as folder:
            if not self.make_duckdb("other"):
                return
            limits = deadline.Limits(answer=10, work=10)
            engine = engine_duckdb.Engine(Path(folder) / "new.duckdb", limits)
            for command in ("open", "create_tables", "publish"):
                with (
                    self.stop_at(command, limits),
                    self.assertRaisesRegex(errors.TransferError, "did not answer for"),
                ):
                    engine.create_tables()
            engine.limits = None
            engine.create_tables()
            self.transfer(engine)
            self.assertExactlyOnce(engine)

    def test_the_messages_of_both_directions_are_counted(self):
        messages = self.count_messages()
        self.assertIn((TO_CLIENT, "Z"), messages)
