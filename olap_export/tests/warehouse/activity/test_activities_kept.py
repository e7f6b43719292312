import signal
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged

from ....warehouse import errors
from ..warehouse_case import OFFSET
from .activities_case import ActivitiesCase

KEY = f"activity_key = {OFFSET}"


@tagged("post_install", "-at_install")
class TestWarehouseActivitiesKept(ActivitiesCase):
    """Nothing is missed and nothing lasts that is wrong, whatever happens."""

    def assertFollows(self, engine):
        """Check that the fact says what the source says, and that nothing waits."""
        expected = self.read_source(
            "SELECT id, state, number FROM relationship_activity"
            " UNION ALL SELECT activity_id, state, number"
            " FROM relationship_activity_history WHERE deleted_at IS NOT NULL"
        )
        self.assertEqual(
            self.rows(engine, "status, number"), {row[0]: row[1:] for row in expected}
        )
        self.assertEqual(self.count_queue(), 0)

    def fill(self, count=9):
        for number in range(count):
            self.insert(number=f"V-{number}", lead_id=number + 1)

    def test_a_change_while_it_is_sent_is_sent_again(self):
        """Its own row of the queue goes, and not that of the later change."""
        self.fill(2)
        for engine in self.turns():
            self.settle(engine)
            self.change(1, state="in_progress")
            session = type(engine.open(None))
            copied = session.load_activities

            def load(session, *arguments, copied=copied):
                changed = copied(session, *arguments)
                self.change(1, state="done")
                return changed

            with patch.object(session, "load_activities", load):
                self.transfer(engine)
            self.assertEqual(self.count_queue(), 1)
            self.assertEqual(self.rows(engine, "status")[1], ("in_progress",))
            self.transfer(engine)
            self.assertFollows(engine)
            self.change(1, state="planned")

    def test_a_late_commit_and_one_from_before_the_connection(self):
        self.fill(3)
        engine = self.engines[0]
        self.source_cr.execute("UPDATE olap_export_target SET state = 'draft'")
        slow = psycopg2.connect(self.source_dsn)
        self.addCleanup(slow.close)
        slow.cursor().execute("UPDATE relationship_activity SET state = 'done'")
        self.source_cr.execute("UPDATE olap_export_target SET state = 'connected'")
        self.transfer(engine)
        slow.commit()
        self.transfer(engine)
        self.assertFollows(engine)
        slow.cursor().execute("UPDATE relationship_activity SET state = 'cancelled'")
        self.insert(number="meanwhile")
        self.transfer(engine)
        self.assertEqual(self.rows(engine, "status")[1], ("done",))
        slow.commit()
        self.transfer(engine)
        self.assertFollows(engine)

    def test_what_somebody_damaged_is_found_and_mended(self):
        self.fill()
        self.delete(4, state="done", number="V-3")
        row = "SELECT * FROM fact_activity WHERE"
        for engine in self.turns():
            self.settle(engine)
            self.assertFollows(engine)
            before = self.read_target(engine, f"{row} true ORDER BY activity_key")
            doubles = "" if hasattr(engine, "dsn") else f" UNION ALL {row} {KEY} + 7"
            self.damage(
                engine,
                f"DELETE FROM fact_activity WHERE {KEY} + 1",
                f"UPDATE fact_activity SET status = 'lost' WHERE {KEY} + 2",
                f"UPDATE fact_activity SET source_key = 9 WHERE {KEY} + 3",
                f"UPDATE fact_activity SET is_deleted = false WHERE {KEY} + 4",
                f"UPDATE fact_activity SET {KEY} + 70 WHERE {KEY} + 5",
                f"CREATE TABLE kept AS {row} {KEY} + 6{doubles}",
                f"UPDATE kept SET activity_key = activity_key + 80 WHERE {KEY} + 6",
                "INSERT INTO fact_activity SELECT * FROM kept",
                "DROP TABLE kept",
                "DELETE FROM dim_activity_type WHERE activity_type_key > 0",
            )
            self.source_cr.execute(
                "UPDATE relationship_activity SET priority = '2'"
                " WHERE id = 9; TRUNCATE olap_export_activity_queue"
            )
            self.assertEqual(self.transfer(engine).sent, 0, "nobody knows of it")
            found = self.transfer(engine, mode="compare", chunk_size=4)
            self.assertGreaterEqual(found.activities, 8)
            self.assertFollows(engine)
            self.change(9, priority="0")
            self.transfer(engine)
            self.assertEqual(
                self.read_target(engine, f"{row} true ORDER BY activity_key"), before
            )
            self.assertEqual(self.transfer(engine, mode="compare").activities, 0)

    def test_what_a_comparison_found_is_told_by_whoever_ends_it(self):
        """Its time was up: the batch job goes on; a walk that fills finds nothing."""
        self.fill()
        for engine in self.turns():
            first = self.transfer(engine, chunk_size=4, seconds=0)
            told = [first.activities, self.transfer(engine).activities]
            self.settle(engine)
            self.damage(
                engine,
                f"DELETE FROM fact_activity WHERE {KEY} + 1",
                f"UPDATE fact_activity SET status = 'lost' WHERE {KEY} + 2",
            )
            result = self.transfer(engine, mode="compare", chunk_size=4, seconds=0)
            told.append(result.activities)
            self.assertTrue(result.interrupted)
            result = self.transfer(engine, only_if_waiting=True)
            told += [result.activities, self.transfer(engine).activities]
            self.assertEqual(told, [0, 0, 0, 2, 0], engine)
            self.assertFollows(engine)

    def test_what_waits_is_no_fault_of_the_target(self):
        self.fill()
        for engine in self.turns():
            self.settle(engine)
            self.change(3, state="done")
            result = self.transfer(engine, mode="compare")
            self.assertEqual((result.activities, result.found.complete), (0, True))
            self.assertFollows(engine)
            self.change(3, state="planned")

    def test_a_walk_goes_on_where_the_time_was_up(self):
        self.fill()
        for engine in self.turns():
            self.settle(engine)
            self.damage(engine, "DELETE FROM fact_activity")
            options = {"seconds": 0, "chunk_size": 4}
            for pieces, interrupted in ((4, True), (8, True), (9, False)):
                result = self.transfer(engine, **options)
                self.assertEqual(result.interrupted, interrupted)
                if interrupted and hasattr(engine, "path"):
                    continue  # readers see all of it at the end
                self.assertEqual(len(self.rows(engine, "1")), pieces)
            self.assertFollows(engine)
            self.assertFalse(self.transfer(engine, only_if_waiting=True).sent)
            self.assertTrue(self.transfer(engine, only_if_waiting=True).idle)
            self.change(2, state="done")
            result = self.transfer(engine, only_if_waiting=True)
            self.assertEqual((result.idle, result.sent, result.pending), (False, 1, 0))
            self.assertEqual(result.rows["fact_activity"], 1)
            self.change(2, state="planned")

    def test_targets_of_the_version_before_and_damaged_ones(self):
        self.fill()
        self.generate(30)
        for engine in self.turns():
            self.transfer(engine)
            states = self.read_target(
                engine, "SELECT * FROM fact_opportunity_state ORDER BY event_key"
            )
            drop = "CASCADE" if hasattr(engine, "dsn") else ""
            older = (
                *(
                    f"DROP VIEW IF EXISTS v_activity_{v} {drop}"
                    for v in ("outcome", "done")
                ),
                f"DROP TABLE fact_activity {drop}",
                f"DROP TABLE dim_activity_type {drop}",
                f"DROP TABLE dim_activity_result {drop}",
                "ALTER TABLE dim_partner DROP COLUMN merged_into_key",
                "UPDATE schema_version SET version = 2",
            )
            for damages in (
                older,
                ("TRUNCATE fact_activity",),
                (f"DROP TABLE fact_activity {drop}",),
                (f"ALTER TABLE fact_activity DROP COLUMN days_late {drop}",),
                (f"DROP TABLE dim_activity_result {drop}",),
                ("TRUNCATE etl_source",),
            ):
                with self.subTest(engine=engine, damages=damages):
                    self.damage(engine, *damages)
                    if damages is older:
                        with self.assertRaises(errors.TransferError) as caught:
                            self.transfer(engine)
                        self.assertRegex(str(caught.exception), "use “Update tables”")
                    engine.create_tables()
                    self.transfer(engine)
                    self.assertFollows(engine)
                    self.assertEqual(
                        self.read_target(
                            engine,
                            "SELECT * FROM fact_opportunity_state ORDER BY event_key",
                        ),
                        states,
                    )
                    self.read_target(engine, "SELECT * FROM v_activity_outcome")

    def test_killed_anywhere_it_is_sent_once(self):
        phases = "read", "commit", "committed", "finished"
        for engine in self.turns():
            self.source_cr.execute("TRUNCATE relationship_activity RESTART IDENTITY")
            for phase in phases:
                with self.subTest(engine=engine, phase=phase):
                    self.fill(30)
                    self.change(2, state=f"before {phase}")
                    code, answer, _reached = self.run_process(
                        engine, f"activities_{phase}:2"
                    )
                    killed = code == -signal.SIGKILL or "ended unexpectedly" in answer
                    self.assertTrue(killed, answer)
                    code, answer, _reached = self.run_process(engine)
                    self.assertEqual(code, 0, answer)
                    self.assertFollows(engine)
