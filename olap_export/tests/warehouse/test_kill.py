import os
import signal
from collections import Counter
from pathlib import Path

from odoo.tests import tagged

from .warehouse_case import WarehouseCase

SHARED = (
    "source_locked", "target_locked", "queued", "dimension_commit",
    "dimension_committed", "target_commit", "target_committed", "queue_delete",
    "source_commit", "source_committed", "refresh_commit", "refresh_committed",
    "fetched",
)  # fmt: skip
POSTGRESQL = (*SHARED, "copying", "copied")
DUCKDB = (
    *SHARED, "loaded", "loader_committed", "checkpointed", "copied_file",
    "published",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestWarehouseKill(WarehouseCase):
    """A transfer that is killed anywhere loses nothing and doubles nothing.

    Each named phase is killed at, in one of three runs; a phase that is never reached
    fails the test, because a loop that kills nobody proves nothing.
    """

    def setUp(self):
        super().setUp()
        self.reset()

    def kill_at(self, engine, phases):
        """Kill one transfer at each phase, at its first or third arrival."""
        hits, phases = Counter(), self.some(phases, 3)
        for number, phase in enumerate(phases):
            self.generate(70)
            arrival = 3 if phase in ("copying", "dimension_commit") else 1
            if phase in ("target_commit", "target_committed", "queue_delete"):
                arrival = 2
            code, answer, reached = self.run_process(engine, f"{phase}:{arrival}")
            self.assertEqual(reached.count(phase), arrival, (phase, answer))
            # The loader of DuckDB is a process of its own: then its parent says so.
            killed = code == -signal.SIGKILL or "ended unexpectedly" in answer
            self.assertTrue(killed, (phase, code, answer))
            hits[phase] += 1
            if number % 3 == 1:
                # A second kill before anything was repaired.
                code, answer, _reached = self.run_process(engine, "queued:1")
                self.assertEqual(code, -signal.SIGKILL, answer)
            code, answer, _reached = self.run_process(engine)
            self.assertEqual(code, 0, (phase, answer))
            self.assertExactlyOnce(engine)
        self.assertEqual(set(hits), set(phases))
        return hits

    def test_postgresql_survives_kills_at_every_phase(self):
        engine = self.make_postgresql()
        hits = self.kill_at(engine, POSTGRESQL)
        # What was sent before the kill is repeated beside the fact.
        self.source_cr.execute("UPDATE olap_export_position SET queue_all = true")
        code, answer, reached = self.run_process(engine, "staged:2")
        self.assertEqual(code, -signal.SIGKILL, answer)
        hits["staged"] += reached.count("staged") // 2
        self.assertEqual(self.run_process(engine)[0], 0)
        self.assertExactlyOnce(engine)
        self.assertEqual(hits["staged"], 1)

    def test_duckdb_survives_kills_at_every_phase(self):
        engine = self.make_duckdb()
        self.kill_at(engine, DUCKDB)

    def test_duckdb_publishes_what_a_crash_kept_from_readers(self):
        """Whatever the clocks of the two files say."""
        engine = self.make_duckdb()
        for phase in ("refresh_committed", "checkpointed", "copied_file"):
            with self.subTest(phase=phase):
                self.generate(30)
                answer = self.run_process(engine, f"{phase}:1")[1]
                self.assertIn("ended unexpectedly", answer)
                os.utime(f"{engine.path}.work", ns=(0, 0))
                code, answer, _reached = self.run_process(engine)
                self.assertEqual(code, 0, answer)
                self.assertExactlyOnce(engine)
                self.assertTrue(Path(f"{engine.path}.published").exists())

    def test_duckdb_publishes_only_what_is_new(self):
        engine = self.make_duckdb()
        self.generate(30)
        self.transfer(engine)
        published = engine.path.stat().st_ino
        self.transfer(engine)
        self.assertEqual(engine.path.stat().st_ino, published)

    def test_the_check_notices_a_queue_that_is_emptied_too_early(self):
        engine = self.make_postgresql()
        self.generate(70)
        code, answer, _reached = self.run_process(
            engine, "target_commit:2", mutant="delete_first"
        )
        self.assertEqual(code, -signal.SIGKILL, answer)
        self.run_process(engine)
        with self.assertRaises(AssertionError):
            self.assertExactlyOnce(engine)

    def test_the_check_notices_a_missing_key(self):
        engine = self.make_postgresql()
        cr = self.open_cursor(self.target_dsn)
        cr.execute(
            "ALTER TABLE fact_opportunity_event"
            " DROP CONSTRAINT fact_opportunity_event_pkey;"
            " ALTER TABLE fact_opportunity_state"
            " DROP CONSTRAINT fact_opportunity_state_pkey"
        )
        self.generate(70)
        code, answer, _reached = self.run_process(
            engine, "queue_delete:2", mutant="no_key"
        )
        self.assertEqual(code, -signal.SIGKILL, answer)
        self.run_process(engine, mutant="no_key")
        with self.assertRaises(AssertionError):
            self.assertExactlyOnce(engine)
