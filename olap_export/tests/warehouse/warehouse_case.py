"""Scratch databases for tests of the warehouse that need committed data."""

# pylint: disable=sql-injection

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2
import psycopg2.extensions

from odoo.sql_db import connection_info_for
from odoo.tests import BaseCase, get_db_name

from odoo.addons.relationship_management.tests.some import some

from ...warehouse import engine_duckdb, engine_postgresql, errors, transfer
from ...warehouse.source import TABLES_SQL, Source
from .new_duckdb import copy_new_duckdb

try:
    import duckdb
except ImportError:
    duckdb = None

HERE = Path(__file__).parent
TARGET_ID = 7
OFFSET = 10**12


def dsn_of(dbname):
    """Return the connection string of a database on Odoo's own server."""
    _name, info = connection_info_for(dbname)
    info["dbname"] = info.pop("database")
    return psycopg2.extensions.make_dsn(**info)


def exact_numbers(cr):
    """Read NUMERIC as Decimal: Odoo makes floats of it everywhere."""
    psycopg2.extensions.register_type(psycopg2.extensions.DECIMAL, cr)


class WarehouseCase(BaseCase):
    """A source without Odoo and an empty target, both new for each class."""

    test_tags = {"standard", "post_install"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(tempfile.mkdtemp(prefix="olap_export_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.source_dsn = cls.create_database("source")
        cls.target_dsn = cls.create_database("target")
        cls.source_cr = cls.open_cursor(cls.source_dsn)
        cls.source_cr.execute((HERE / "scratch_source.sql").read_text("utf-8"))
        cls.source_cr.execute(TABLES_SQL)
        cls.install_trigger()

    @classmethod
    def create_database(cls, purpose):
        name = f"olap_export_test_{os.getpid()}_{purpose}"
        admin = psycopg2.connect(dsn_of(get_db_name()))
        admin.autocommit = True
        cls.addClassCleanup(admin.close)
        with admin.cursor() as cr:
            cr.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cr.execute(f"CREATE DATABASE \"{name}\" ENCODING 'utf8' TEMPLATE template0")
        cls.addClassCleanup(cls.drop_database, admin, name)
        return dsn_of(name)

    @classmethod
    def drop_database(cls, admin, name):
        with admin.cursor() as cr:
            cr.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s",
                [name],
            )
            cr.execute(f'DROP DATABASE IF EXISTS "{name}"')

    @classmethod
    def open_cursor(cls, dsn):
        connection = psycopg2.connect(dsn)
        connection.autocommit = True
        cls.addClassCleanup(connection.close)
        cr = connection.cursor()
        exact_numbers(cr)
        return cr

    @classmethod
    def install_trigger(cls):
        """Install the trigger of the addon, without Odoo."""
        cls.source_cr.execute(
            f"""
            CREATE TABLE olap_export_target (id integer, active boolean, state varchar);
            INSERT INTO olap_export_target VALUES ({TARGET_ID}, true, 'connected')
            """
        )
        function = HERE.parents[1] / "sql" / "olap_export_queue_capture.sql"
        cls.source_cr.execute(
            function.read_text(encoding="utf-8").replace("{schema}", "public")
        )
        cls.source_cr.execute(
            """
            CREATE TRIGGER olap_export_queue_insert
             AFTER INSERT ON relationship_opportunity_history
             REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT
             EXECUTE FUNCTION olap_export_queue_capture()
            """
        )

    @classmethod
    def make_source(cls, **options):
        return Source(lambda: psycopg2.connect(cls.source_dsn), TARGET_ID, **options)

    @classmethod
    def make_postgresql(cls):
        engine = engine_postgresql.Engine(cls.target_dsn)
        engine.create_tables()
        return engine

    def make_duckdb(self, name="warehouse"):
        if duckdb is None:
            self.skipTest("the Python package duckdb is not installed")
        engine = engine_duckdb.Engine(self.folder / f"{name}.duckdb")
        if engine.path.exists():
            engine.create_tables()
        else:
            copy_new_duckdb(engine.path)
        return engine

    def make_engines(self, share=2):
        """Return an empty target of each engine whose turn it is in this run."""
        return [
            make()
            for make in self.some((self.make_postgresql, self.make_duckdb), share)
        ]

    def some(self, cases, share=4):
        """Return the cases whose turn it is; each test begins with another one."""
        place = zlib.crc32(self._testMethodName.encode())
        return some(cases, share, place)

    def reset(self):
        """Forget the targets and what was sent to them."""
        cr = self.open_cursor(self.target_dsn)
        cr.execute("DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS pii CASCADE")
        cr.execute("CREATE SCHEMA public")
        for path in self.folder.glob("*.duckdb*"):
            if path.is_dir():  # what a transfer left that was killed
                shutil.rmtree(path)
            else:
                path.unlink()
        self.source_cr.execute(
            "TRUNCATE olap_export_queue; TRUNCATE olap_export_position;"
            " TRUNCATE relationship_opportunity_history RESTART IDENTITY"
        )

    def transfer(self, engine, **options):
        return transfer.run(self.make_source(), engine, **options)

    def transfer_when_free(self, engine):
        """Transfer, once PostgreSQL has noticed that the one before is gone."""

        def try_it():
            with contextlib.suppress(errors.TargetBusyError):
                return self.transfer(engine)
            return None

        return self.wait_for(try_it)

    def wait_for(self, function):
        for _attempt in range(600):
            if found := function():
                return found
            time.sleep(0.1)
        return self.fail("not within a minute")

    def run_process(self, engine, fault="", **options):
        """Transfer in a process of its own, which ``fault`` may kill.

        :return: exit code, answer, reached phases
        """
        given = {"source": self.source_dsn, "target_id": TARGET_ID, **options}
        if isinstance(engine, engine_duckdb.Engine):
            given["path"] = str(engine.path)
        else:
            given["dsn"] = engine.dsn
        log = self.folder / "phases.log"
        log.unlink(missing_ok=True)
        done = subprocess.run(  # noqa: S603 our own file
            [sys.executable, str(HERE / "transfer_process.py"), json.dumps(given)],
            capture_output=True,
            text=True,
            check=False,
            env={
                **os.environ,
                "OLAP_EXPORT_FAULT": fault,
                "OLAP_EXPORT_FAULT_LOG": str(log),
            },
        )
        phases = log.read_text("ascii").split() if log.exists() else []
        return done.returncode, done.stdout + done.stderr, phases

    @classmethod
    def generate(cls, rows):
        """Insert ``rows`` plain history rows, committed."""
        cls.source_cr.execute(
            "SELECT generate_history(coalesce(max(id), 0) + 1, %s)"
            " FROM relationship_opportunity_history",
            [rows],
        )

    @classmethod
    def random_history(cls, rows, seed):
        """Insert a history with everything that makes life hard; return its size."""
        dice = random.Random(seed)  # noqa: S311 no secret
        leads = max(rows // 8, 1)
        clock = datetime(2024, 3, 1)  # noqa: DTZ001 UTC, as in the table
        gone = set()
        for number in range(rows):
            lead = dice.randrange(1, leads + 1)
            if lead in gone:
                continue
            clock += timedelta(minutes=dice.expovariate(1 / 200))
            moment = clock - timedelta(hours=dice.choice((0, 0, 0, 0, 30)))
            event = dice.choice(("create",) + ("change",) * 9 + ("won", "lost"))
            if dice.random() < 0.02:
                event = dice.choice(("delete", "merge"))
                gone.add(lead)
            cls.insert_row(dice, number, lead, moment, event)
        cls.source_cr.execute("SELECT count(*) FROM relationship_opportunity_history")
        return cls.source_cr.fetchone()[0]

    @classmethod
    def insert_row(cls, dice, number, lead, moment, event):
        pick = dice.choice
        reps = [
            {
                "id": number * 10 + place,
                "partner_id": 11 + dice.randrange(14),
                "contact_id": None,
                "type_id": 1 + place % 2,
                "kind": pick(("sales_representative", "competitor")),
                "share": pick((None, 0, 12.5, 33.33, 50)),
                "influence": pick((None, "2")),
                "attitude": pick((None, "for")),
            }
            for place in range(dice.randrange(5))
        ]
        values = {
            "opportunity_id": lead,
            "transaction_id": number - 10**9,
            "changed_at": moment,
            "event": event,
            "name": pick(('Line \\N, "quoted"\ttab\r\nend', "", "Zażółć 🙂")),
            "lead_type": pick(("opportunity",) * 9 + ("lead",)),
            "status": {"won": "won", "lost": "lost"}.get(event)
            or pick(("open",) * 9 + ("archived",)),
            "stage_id": pick((1, 2, 3, 4, None, 99)),
            "user_id": pick((1, 2, 3, None, 77)),
            "company_id": pick((1, 2, 3, None)),
            "binding": dice.random() < 0.8,
            "apply_probability": dice.random() < 0.7,
            "probability": pick((None, 0, 100, dice.randrange(10001) / 100)),
            "expected_revenue": pick(
                (None, 0, -5, dice.randrange(10**9) / 1000, 10**12 + 0.25)
            ),
            "contribution_margin": pick((None, dice.randrange(10**7) / 100)),
            "currency_id": pick((1, 2, 3)),
            "group_currency_id": 1,
            "group_rate": pick((1, None, 4.3123456789, 0.00012)),
            "date_deadline": pick((None, moment.date() + timedelta(days=40))),
            "reference_lines": json.dumps(reps) if reps else None,
        }
        columns = ", ".join(values)
        places = ", ".join(f"%({column})s" for column in values)
        cls.source_cr.execute(
            f"INSERT INTO relationship_opportunity_history ({columns})"
            f" VALUES ({places})",
            values,
        )

    def read_target(self, engine, statement):
        """Return the rows of a statement that works on every engine."""
        return self.read_all(engine, statement)[0]

    def read_all(self, engine, *statements):
        """Return the rows of each statement; to open a file costs more than to read."""
        if isinstance(engine, engine_duckdb.Engine):
            with contextlib.closing(
                duckdb.connect(str(engine.path), read_only=True)
            ) as connection:
                return [connection.execute(s).fetchall() for s in statements]
        with (
            contextlib.closing(psycopg2.connect(engine.dsn)) as connection,
            connection.cursor() as cr,
        ):
            exact_numbers(cr)
            return [cr.execute(s) or cr.fetchall() for s in statements]

    def damage(self, engine, *statements):
        """Let somebody else write into the target."""
        if hasattr(engine, "dsn"):
            with psycopg2.connect(engine.dsn) as connection:
                for statement in statements:
                    connection.cursor().execute(statement)
            connection.close()
            return
        for path in (engine.path, f"{engine.path}.work"):
            with duckdb.connect(str(path)) as connection:
                for statement in statements:
                    connection.execute(statement)

    @contextlib.contextmanager
    def set_source(self, setting):
        """Give the source's database a setting."""
        name = psycopg2.extensions.parse_dsn(self.source_dsn)["dbname"]
        self.source_cr.execute(f'ALTER DATABASE "{name}" SET {setting}')
        try:
            yield
        finally:
            self.source_cr.execute(f'ALTER DATABASE "{name}" RESET ALL')

    def read_source(self, statement):
        self.source_cr.execute(statement)
        return self.source_cr.fetchall()

    def assertExactlyOnce(self, engine):
        """Check that the target holds every committed history row once, as it is."""
        expected = self.read_source(
            "SELECT id, opportunity_id, transaction_id, event, status,"
            " expected_revenue::numeric(18,4), changed_at"
            " FROM relationship_opportunity_history ORDER BY id"
        )
        found = self.read_target(
            engine,
            f"SELECT event_key - {OFFSET}, opportunity_key - {OFFSET}, transaction_id,"
            " event, status, expected_revenue, event_at"
            " FROM fact_opportunity_event ORDER BY event_key",
        )
        self.assertEqual(len(found), len(expected))
        self.assertEqual(found, expected)
        self.assertFalse(self.read_source("SELECT * FROM olap_export_queue"))
        self.assertStatesFollow(engine)

    def assertStatesFollow(self, engine):
        """Check that each event has one state, without overlap, gap or open batch."""
        [counts], [torn] = self.read_all(
            engine,
            """
            SELECT (SELECT count(*) FROM fact_opportunity_event),
                   (SELECT count(*) FROM fact_opportunity_state),
                   (SELECT count(DISTINCT event_key) FROM fact_opportunity_state),
                   (SELECT count(*) FROM etl_batch WHERE NOT is_applied)
            """,
            """
            SELECT count(*)
              FROM (SELECT valid_to, valid_to_date_key, event,
                           LEAD(valid_from) OVER w AS next_from,
                           LEAD(valid_from_date_key) OVER w AS next_date_key
                      FROM fact_opportunity_state
                    WINDOW w AS (PARTITION BY opportunity_key ORDER BY event_key)) s
             WHERE event NOT IN ('delete', 'merge') AND next_from IS NOT NULL
               AND (valid_to <> next_from OR valid_to_date_key <> next_date_key)
            """,
        )
        self.assertEqual(counts[:3], (counts[0],) * 3)
        self.assertEqual(counts[3], 0)
        self.assertEqual(torn[0], 0)
