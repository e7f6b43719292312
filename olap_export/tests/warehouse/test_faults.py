import contextlib
import os
import subprocess
import tempfile
from pathlib import Path
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged

from ...warehouse import (
    engine_duckdb,
    engine_postgresql,
    errors,
    fault,
    star,
)
from ...warehouse.duckdb import loader
from ...warehouse.spool import Spool
from . import warehouse_case
from .private_cluster import PASSWORD, PrivateCluster
from .warehouse_case import WarehouseCase


@tagged("post_install", "-at_install")
class TestWarehouseFaults(WarehouseCase):
    """Whatever goes wrong: a sentence, nothing counted, the next run catches up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster = PrivateCluster()
        cls.addClassCleanup(cls.cluster.remove)

    def setUp(self):
        super().setUp()
        self.reset()
        self.generate(3000)

    def make_target(self, database, **options):
        """Return an engine for a new database of the private server."""
        cr = self.open_cursor(self.cluster.dsn())
        tablespace = options.get("tablespace")
        cr.execute(
            f"CREATE DATABASE {database} TEMPLATE template0"
            + (f" TABLESPACE {tablespace}" if tablespace else "")
        )
        cr.connection.close()
        engine = engine_postgresql.Engine(self.cluster.dsn(database))
        engine.create_tables()
        return engine

    def assertSentence(self, text, engine, **options):
        """Check that the transfer ends with this sentence, without any secret."""
        with self.assertRaises(Exception) as caught:
            self.transfer(engine, **options)
        found = errors.explain(caught.exception)
        self.assertEqual(found.text, text, repr(caught.exception))
        self.assertNotIn(PASSWORD, str(found))
        self.assertNotIn("password=", str(found))
        return found

    def count_waiting(self):
        return self.read_source("SELECT count(*) FROM olap_export_queue")[0][0]

    @contextlib.contextmanager
    def at_phase(self, phase, action, arrival=1):
        """Do something when the transfer reaches a phase for the n-th time."""
        arrivals = []

        def reach(reached):
            if reached == phase:
                arrivals.append(reached)
                if len(arrivals) == arrival:
                    action()

        with patch.object(fault, "reach", reach):
            yield
        self.assertGreaterEqual(len(arrivals), arrival, f"{phase} was never reached")

    # -- settings of the servers ------------------------------------------------------

    def assertNames(self, engine):
        self.assertEqual(
            self.read_target(
                engine, "SELECT DISTINCT name FROM dim_team WHERE team_key > 0"
            ),
            [("Łódź – Größe 🙂",)],
        )

    def name_team(self):
        self.source_cr.execute(
            "UPDATE crm_team SET name = jsonb_build_object('en_US', 'Łódź – Größe 🙂')"
        )

    def test_names_arrive_whatever_the_settings_of_both_sides_are(self):
        self.name_team()
        self.make_target("settings")
        cr = self.open_cursor(self.cluster.dsn())
        cr.execute("CREATE ROLE encoded SUPERUSER LOGIN PASSWORD 'e'")
        plain = self.cluster.dsn("settings", "e", "encoded")
        for encoding in ("LATIN1", "SQL_ASCII"):
            with (
                self.subTest(encoding=encoding),
                self.set_source(f"client_encoding = {encoding}"),
            ):
                cr.execute(f"ALTER DATABASE settings SET client_encoding = {encoding}")
                cr.execute(f"ALTER ROLE encoded SET client_encoding = {encoding}")
                for dsn in (
                    self.cluster.dsn("settings"),
                    plain,
                    f"{plain} client_encoding={encoding}",
                    f"{plain} options='-c client_encoding={encoding}'",
                ):
                    engine = engine_postgresql.Engine(dsn)
                    self.transfer(engine, mode="replace")
                    self.assertNames(engine_postgresql.Engine(self.utf8(dsn)))
                engine = self.make_duckdb(encoding)
                self.transfer(engine, mode="full")
                self.assertNames(engine)

    def utf8(self, dsn):
        given = psycopg2.extensions.parse_dsn(dsn)
        return psycopg2.extensions.make_dsn(**given | {"client_encoding": "UTF8"})

    def test_a_target_in_another_encoding_is_refused(self):
        cr = self.open_cursor(self.cluster.dsn())
        for encoding in ("LATIN1", "LATIN2", "SQL_ASCII"):
            name = f"encoded_{encoding.lower()}"
            cr.execute(
                f"CREATE DATABASE {name} ENCODING {encoding} TEMPLATE template0"
                " LC_COLLATE 'C' LC_CTYPE 'C'"
            )
            engine = engine_postgresql.Engine(self.cluster.dsn(name))
            for method in (engine.check, engine.create_tables):
                with self.assertRaises(errors.TransferError) as caught:
                    method()
                self.assertRegex(
                    str(caught.exception), f"text as {encoding}, .* encoding UTF8"
                )
            self.assertSentence(errors.TARGET_ENCODING, engine)

    # -- connections ----------------------------------------------------------------

    def test_wrong_connections(self):
        cluster = self.cluster
        for dsn, sentence in (
            (cluster.dsn(password="battery staple"), errors.WRONG_PASSWORD),
            (cluster.dsn(user="nobody"), errors.WRONG_PASSWORD),
            (cluster.dsn("nothing_here"), errors.DATABASE_MISSING),
            ("host=/nonexistent dbname=x password=secret", errors.UNREACHABLE),
            ("host=127.0.0.1 port=9 dbname=x", errors.UNREACHABLE),
            ("this is no dsn password=secret", errors.BAD_CONNECTION_SETTINGS),
            ("postgresql://u:secret@[bad/x", errors.BAD_CONNECTION_SETTINGS),
        ):
            engine = engine_postgresql.Engine(dsn, variable="OLAP_EXPORT_DSN_X")
            found = self.assertSentence(sentence, engine)
            self.assertNotIn("secret", str(found))
            with self.assertRaises(errors.TransferError) as caught:
                engine.check()
            self.assertEqual(caught.exception.text, sentence)
        self.assertEqual(self.count_waiting(), 3000)

    def test_a_user_without_rights(self):
        cr = self.open_cursor(self.cluster.dsn())
        cr.execute("CREATE ROLE reader LOGIN PASSWORD 'r'")
        self.make_target("rights")
        engine = engine_postgresql.Engine(self.cluster.dsn("rights", "r", "reader"))
        self.assertSentence(errors.NO_RIGHT, engine)

    def test_tables_of_other_versions(self):
        engine = self.make_postgresql()
        cr = self.open_cursor(self.target_dsn)
        cr.execute("UPDATE schema_version SET version = 99")
        found = self.assertSentence(errors.VERSION_LATER, engine)
        self.assertIn("99", str(found))
        with self.assertRaisesRegex(errors.TransferError, "a later version of"):
            engine.create_tables()
        cr.execute("UPDATE schema_version SET version = 0")
        cr.execute("DROP TABLE schema_version")
        self.assertSentence(errors.TABLES_MISSING, engine)

    def test_duckdb_is_not_installed(self):
        (self.folder / "none").mkdir(exist_ok=True)
        (self.folder / "none" / "duckdb.py").write_text("raise ImportError\n")
        with patch.dict(os.environ, {"PYTHONPATH": str(self.folder / "none")}):
            engine = engine_duckdb.Engine(self.folder / "none" / "x.duckdb")
            self.assertSentence(errors.DUCKDB_MISSING, engine)

    def test_looking_at_a_duckdb_target_touches_nothing(self):
        engine = engine_duckdb.Engine(self.folder / "look" / "new.duckdb")
        engine.path.parent.mkdir()
        self.assertEqual(engine.check()["version"], 0)
        self.assertFalse(list(engine.path.parent.iterdir()))
        engine.create_tables()
        before = {(p.name, p.stat().st_mtime_ns) for p in engine.path.parent.iterdir()}
        with engine_duckdb.Loader(engine.path):
            # The lock is not needed.
            self.assertEqual(engine.check()["version"], star.VERSION)
        after = {(p.name, p.stat().st_mtime_ns) for p in engine.path.parent.iterdir()}
        self.assertEqual(after, before)

    def test_duckdb_folder_is_missing(self):
        for path in ("/nonexistent/x.duckdb", "relative.duckdb"):
            self.assertSentence(errors.DUCKDB_FOLDER, engine_duckdb.Engine(path))

    def test_duckdb_file_is_garbage_or_in_use(self):
        engine = self.make_duckdb("busy")
        with engine_duckdb.Loader(engine.path):
            self.assertSentence(errors.DUCKDB_LOCKED, engine)
        Path(f"{engine.path}.work").write_bytes(b"no database" * 1000)
        self.assertSentence(errors.DUCKDB_BROKEN, engine)

    def test_only_a_broken_file_is_called_broken(self):
        if warehouse_case.duckdb is None:
            return
        path = self.folder / "garbage.duckdb"
        path.write_bytes(b"no database" * 1000)
        said = {
            f"ATTACH '{path}'": "cannot be read: IO Error.*not a valid DuckDB database",
            "SELECT 'x'::INTEGER": "could not load the file: Conversion Error",
            "SELEC 1": "could not load the file: Parser Error",
            "SELECT 1 FROM range(3) WHERE error('Look here')": "Error: Look here",
            "SET memory_limit = '1MB'; SET temp_directory = '';"
            " SELECT len(list(range::varchar)) FROM range(1000000)": "Out of Memory",
            "ATTACH '/nowhere/x.duckdb'": "could not load the file: IO Error",
        }
        for statement, words in said.items():
            with self.subTest(statement=statement):
                with warehouse_case.duckdb.connect() as connection:
                    try:
                        connection.execute(statement).fetchall()
                    except warehouse_case.duckdb.Error as error:
                        answer = loader.explain(error)
                sentence = str(
                    errors.TransferError(
                        getattr(errors, answer["error"]), **answer["values"]
                    )
                )
                self.assertRegex(sentence, words)
                self.assertRegex(sentence, "the next transfer (goes on|sends)")

    # -- in the middle ----------------------------------------------------------------

    def test_target_server_is_killed_in_mid_load(self):
        engine = self.make_target("killed")
        self.transfer(engine, chunk_size=500, seconds=0)
        arrived = 3000 - self.count_waiting()
        with self.at_phase("copying", self.cluster.stop, arrival=2):
            self.assertSentence(errors.CONNECTION_LOST, engine, chunk_size=1000)
        self.generate(10)
        self.assertSentence(errors.UNREACHABLE, engine)
        self.assertGreater(self.count_waiting(), 3000 - arrived - 1001)
        self.cluster.start()
        self.transfer(engine, chunk_size=1000)
        self.assertExactlyOnce(engine)

    def test_target_server_is_killed_around_the_commit(self):
        engine = self.make_target("commits")
        for phase in ("target_commit", "target_committed", "refresh_commit"):
            self.generate(100)
            with (
                self.at_phase(phase, self.cluster.stop),
                contextlib.suppress(psycopg2.Error, errors.TransferError),
            ):
                self.transfer(engine, chunk_size=1000)
            self.cluster.start()
            self.transfer(engine)
            self.assertExactlyOnce(engine)

    def test_source_session_is_killed_in_mid_load(self):
        engine = self.make_postgresql()
        write = Spool.write

        def kill(spool, data):
            self.source_cr.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database()"
                " AND query LIKE 'COPY%'"
            )
            return write(spool, data)

        with patch.object(Spool, "write", kill):
            self.assertSentence(errors.CONNECTION_LOST, engine, chunk_size=1000)
        self.transfer(engine)
        self.assertExactlyOnce(engine)

    def test_target_table_is_locked(self):
        engine = self.make_postgresql()
        with contextlib.closing(psycopg2.connect(self.target_dsn)) as other:
            other.cursor().execute("LOCK TABLE fact_opportunity_event")
            with patch.object(engine_postgresql, "LOCK_TIMEOUT", "200ms"):
                self.assertSentence(errors.LOCKED_OUT, engine)
        self.transfer(engine)
        self.assertExactlyOnce(engine)

    # -- disk -------------------------------------------------------------------------

    @contextlib.contextmanager
    def small_disk(self, megabytes):
        """Yield a folder on a file system of its own, and a function to enlarge it."""
        folder = tempfile.mkdtemp(prefix="olap_disk_")
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder]
        mounted = (
            os.geteuid() == 0
            and not subprocess.run(  # noqa: S603
                command, check=False, stderr=subprocess.DEVNULL
            ).returncode
        )
        if not mounted:
            os.rmdir(folder)
            self.skipTest("a small file system needs the right to mount one")

        def enlarge():
            options = ["mount", "-o", "remount,size=500m", folder]
            subprocess.run(options, check=True)  # noqa: S603

        try:
            yield Path(folder), enlarge
        finally:
            subprocess.run(["umount", "-l", folder], check=True)  # noqa: S603, S607
            os.rmdir(folder)

    def test_disk_of_postgresql_is_full(self):
        with self.small_disk(14) as (folder, enlarge):
            os.chmod(folder, 0o777)  # noqa: S103 the server is another user
            place = folder / "space"
            place.mkdir()
            os.chown(place, *_owner(self.cluster.folder))
            cr = self.open_cursor(self.cluster.dsn())
            cr.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
            engine = self.make_target("disk_full", tablespace="small")
            self.generate(30000)
            self.assertSentence(errors.DISK_FULL, engine, chunk_size=20000)
            self.assertGreater(self.count_waiting(), 10000)
            enlarge()
            self.transfer(engine)
            self.assertExactlyOnce(engine)
            cr.execute("DROP DATABASE disk_full WITH (FORCE)")
            cr.execute("DROP TABLESPACE small")

    def test_disk_of_duckdb_is_full(self):
        with self.small_disk(14) as (folder, enlarge):
            engine = engine_duckdb.Engine(folder / "warehouse.duckdb")
            if self.make_duckdb():
                engine.create_tables()
            self.generate(60000)
            self.assertSentence(errors.DISK_FULL, engine, chunk_size=20000)
            enlarge()
            self.transfer(engine)
            self.assertExactlyOnce(engine)


def _owner(folder):
    status = os.stat(folder)
    return status.st_uid, status.st_gid
