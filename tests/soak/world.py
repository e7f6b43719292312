"""The world of the soak: a source with a standby, two targets, and their transfers."""

import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.soak import oracle
from tests.soak.fixtures import FIXTURES
from tests.soak.server import Server

ROOT = Path(__file__).resolve().parents[2]
TARGETS = {"postgresql": 7, "duckdb": 8}
SOURCE = "source"
# Silence is noticed after these seconds.
LIMITS = {"connect": 1, "answer": 1, "work": 1}
PATIENCE = 120


class World:
    """A context manager; ``dice`` make it repeatable.

    :param programs: folder of PostgreSQL's server programs
    """

    def __init__(self, programs, seed):
        self.programs = programs
        self.dice = random.Random(seed)  # noqa: S311 no secret
        self.servers = 0
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="soak_"))
        self.folder = Path(folder)
        self.folder.chmod(0o755)
        self.primary = self.new_server().make()
        self.target = self.new_server().make()
        self.primary.execute("postgres", f"CREATE DATABASE {SOURCE}")
        self.target.execute("postgres", "CREATE DATABASE olap")
        self._make_source()
        self.path = self.folder / "olap" / "olap.duckdb"
        self.path.parent.mkdir()
        for engine in TARGETS:
            self.transfer(engine, mode="create")
        return self

    def __exit__(self, *exc_info):
        self.stack.close()

    def new_server(self):
        self.servers += 1
        server = Server(self.programs, self.folder / f"server{self.servers}")
        self.stack.callback(server.remove)
        return server

    def _make_source(self):
        sys.path.insert(0, str(ROOT / "olap_export"))
        from warehouse.source import TABLES_SQL

        statements = (
            (FIXTURES / "scratch_source.sql").read_text("utf-8"),
            TABLES_SQL,
            "CREATE TABLE olap_export_target (id integer, active boolean, state text)",
            (
                "INSERT INTO olap_export_target VALUES (7, true, 'connected'),"
                " (8, true, 'connected')"
            ),
            (ROOT / "olap_export/sql/olap_export_queue_capture.sql")
            .read_text("utf-8")
            .replace("{schema}", "public"),
            (
                "CREATE TRIGGER capture AFTER INSERT"
                " ON relationship_opportunity_history"
                " REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT"
                " EXECUTE FUNCTION olap_export_queue_capture()"
            ),
        )
        for statement in statements:
            self.primary.execute(SOURCE, statement)

    # -- business -----------------------------------------------------------------

    def work(self, rows=None):
        """Let people change opportunities."""
        self.primary.execute(
            SOURCE,
            "SELECT generate_history(coalesce(max(id), 0) + 1, %s)"
            " FROM relationship_opportunity_history",
            [rows or self.dice.randrange(20, 120)],
        )
        self.primary.execute(
            SOURCE,
            "SELECT setval('relationship_opportunity_history_id_seq', greatest("
            " (SELECT last_value FROM relationship_opportunity_history_id_seq),"
            " (SELECT max(id) FROM relationship_opportunity_history)))",
        )

    # -- transfers ------------------------------------------------------------------

    def given(self, engine, source=None, dsn=None, database=SOURCE, **options):
        """Return what a process of a transfer is told."""
        place = {"path": str(self.path)}
        if engine == "postgresql":
            place = {"dsn": dsn or self.target.dsn("olap")}
        return {
            "source": source or self.primary.dsn(database),
            "target_id": TARGETS[engine],
            "chunk_size": 25,
            **place,
            **options,
        }

    def begin(self, engine, fault="", preexec_fn=None, **options):
        """Start a transfer in a process of its own."""
        return subprocess.Popen(  # noqa: S603 our own file
            [
                sys.executable,
                str(FIXTURES / "transfer_process.py"),
                json.dumps(self.given(engine, **options)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "OLAP_EXPORT_FAULT": fault},
            preexec_fn=preexec_fn,  # noqa: PLW1509 sets a limit of files only
        )

    def transfer(self, engine, **options):
        """Transfer; return the sentence of a failure, or nothing."""
        process = self.begin(engine, **options)
        try:
            answer = process.communicate(timeout=PATIENCE)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return f"no end after {PATIENCE} seconds"
        return self.sentence(process, answer)

    @staticmethod
    def sentence(process, answer):
        """Return what a process said when it failed; nothing when it did not."""
        if not process.returncode:
            return ""
        return answer or f"ended with code {process.returncode}"

    # -- judgement ------------------------------------------------------------------

    def judge(self, engine):
        dsn = self.target.dsn("olap") if engine == "postgresql" else None
        read = oracle.reader(dsn, self.path)
        return oracle.judge(self.primary.dsn(SOURCE), read)

    def find_open(self):
        """Return what transfers left open at the source."""
        return self.primary.execute(
            SOURCE,
            "SELECT a.state, a.query FROM pg_stat_activity a"
            " WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()"
            # One that is idle may be in a transaction of PostgreSQL's own for a moment.
            " AND (a.xact_start IS NOT NULL AND a.state <> 'idle'"
            "      OR EXISTS (SELECT 1 FROM pg_locks l"
            "      WHERE l.pid = a.pid AND l.locktype = 'advisory'))",
        )
