import contextlib
import threading
from unittest.mock import patch

import psycopg2

from odoo.tests import get_db_name, tagged

from ...warehouse import errors, source, transfer
from .warehouse_case import TARGET_ID, WarehouseCase, dsn_of


@tagged("post_install", "-at_install")
class TestWarehouseQueue(WarehouseCase):
    """Which rows are new: late commits, several exporters, restored databases."""

    def setUp(self):
        super().setUp()
        self.reset()
        self.engine = self.make_postgresql()
        self.generate(50)

    def test_sending_twice_changes_nothing(self):
        self.transfer(self.engine)
        again = self.transfer(self.engine)
        self.assertEqual((again.sent, again.new), (0, 0))
        everything = self.transfer(self.engine, mode="full")
        self.assertEqual((everything.sent, everything.new), (50, 0))
        self.assertExactlyOnce(self.engine)

    def test_a_late_commit_is_not_skipped(self):
        self.transfer(self.engine)
        with contextlib.closing(psycopg2.connect(self.source_dsn)) as slow:
            cr = slow.cursor()
            cr.execute("SELECT generate_history(1000, 3)")
            self.generate(5)
            self.assertEqual(self.transfer(self.engine).new, 5)
            slow.commit()
        self.assertEqual(self.transfer(self.engine).new, 3)
        self.assertExactlyOnce(self.engine)

    def test_rolled_back_rows_never_arrive(self):
        with contextlib.closing(psycopg2.connect(self.source_dsn)) as slow:
            slow.cursor().execute("SELECT generate_history(1000, 3)")
            slow.rollback()
        self.transfer(self.engine)
        self.assertExactlyOnce(self.engine)

    def test_a_transaction_from_before_the_connection_is_not_lost(self):
        """It does not know the target yet, and commits after the first transfer."""
        self.reset()
        self.source_cr.execute("UPDATE olap_export_target SET state = 'draft'")
        self.generate(10)
        slow = psycopg2.connect(self.source_dsn)
        self.addCleanup(slow.close)
        slow.set_session(isolation_level="REPEATABLE READ")
        cr = slow.cursor()
        cr.execute("SELECT count(*) FROM olap_export_target")
        self.source_cr.execute("UPDATE olap_export_target SET state = 'connected'")
        engine = self.make_postgresql()
        self.assertEqual(self.transfer(engine).new, 10)
        cr.execute(
            "INSERT INTO relationship_opportunity_history"
            " (opportunity_id, changed_at, event, status)"
            " VALUES (1, '2025-01-01', 'change', 'open')"
        )
        slow.commit()
        slow.close()
        self.assertEqual(self.transfer(engine).new, 1)
        self.assertExactlyOnce(engine)

    def test_queue_rows_without_history_go(self):
        """A row that was taken back within its own transaction."""
        self.source_cr.execute(
            f"INSERT INTO olap_export_queue VALUES ({TARGET_ID}, 9999)"
        )
        self.transfer(self.engine)
        self.assertExactlyOnce(self.engine)

    def test_rows_that_arrive_meanwhile_wait_for_the_next_transfer(self):
        """A system that is always busy does not keep a transfer from its end."""

        def on_progress(result):
            self.assertLess(result.batches, 10, "no end in sight")
            self.generate(20)

        result = self.transfer(self.engine, chunk_size=20, on_progress=on_progress)
        self.assertFalse(result.interrupted)
        self.assertEqual((result.sent, result.pending), (50, 60))
        self.transfer(self.engine)
        self.assertExactlyOnce(self.engine)

    def test_a_transfer_is_interrupted_only_by_its_time(self):
        result = self.transfer(self.engine, chunk_size=20, seconds=0)
        self.assertTrue(result.interrupted)
        self.assertEqual((result.sent, result.pending), (20, 30))
        result = self.transfer(self.engine, chunk_size=30, seconds=0)
        self.assertFalse(result.interrupted, "the last chunk")

    def test_nothing_is_compared_when_nothing_waits(self):
        self.transfer(self.engine, only_if_waiting=True)
        self.source_cr.execute("UPDATE res_country SET code = 'XX' WHERE id = 1")
        result = self.transfer(self.engine, only_if_waiting=True)
        self.assertTrue(result.idle)
        self.assertFalse(result.rows)
        result = self.transfer(self.engine)
        self.assertFalse(result.idle)
        self.assertTrue(result.rows["dim_partner"])
        self.generate(1)
        result = self.transfer(self.engine, only_if_waiting=True)
        self.assertEqual((result.idle, result.new), (False, 1))

    def test_start_over_goes_on_in_the_next_transfer(self):
        for engine in (self.engine, self.make_duckdb()):
            self.transfer(engine, mode="full")
            first = self.transfer(engine, mode="replace", chunk_size=20, seconds=0)
            self.assertTrue(first.interrupted)
            on_duckdb = engine is not self.engine
            facts = "SELECT count(*) FROM fact_opportunity_event"
            self.assertEqual(
                self.read_target(engine, facts), [(50 if on_duckdb else 20,)]
            )
            self.transfer(engine, chunk_size=20)
            self.assertExactlyOnce(engine)

    def test_start_over_without_any_history(self):
        for engine in (self.engine, self.make_duckdb()):
            self.transfer(engine, mode="full")
        self.source_cr.execute("DELETE FROM relationship_opportunity_history")
        for engine in (self.engine, self.make_duckdb()):
            self.transfer(engine, mode="replace")
            self.assertExactlyOnce(engine)

    def test_the_second_exporter_goes_home(self):
        with (
            self.make_source(),
            self.assertRaisesRegex(errors.TargetBusyError, "is running"),
        ):
            self.transfer(self.engine)

    def test_two_exporters_at_once(self):
        outcomes = []

        def export():
            for _number in range(6):
                with contextlib.suppress(errors.TargetBusyError):
                    outcomes.append(self.transfer(self.engine, chunk_size=7).new)

        threads = [threading.Thread(target=export) for _number in range(2)]
        for thread in threads:
            thread.start()
        self.generate(40)
        for thread in threads:
            thread.join()
        self.transfer(self.engine)
        self.assertExactlyOnce(self.engine)

    def test_numbers_with_gaps_leave_the_queue_as_fast_as_others(self):
        """Whatever its statistics say, which may know another target only."""
        self.source_cr.execute(
            "TRUNCATE olap_export_queue;"
            "INSERT INTO olap_export_queue SELECT 8, generate_series(1, 30000);"
            "ANALYZE olap_export_queue;"
            f"INSERT INTO olap_export_queue SELECT {TARGET_ID}, 2 * n"
            " FROM generate_series(1, 20000) n"
        )
        with self.make_source() as source:
            source.identify()
            chunk = next(source.read_chunks(lambda: 15_000))
            with chunk.cursor() as cr:
                self.assertEqual(chunk.count(cr), 15_000)
            chunk.release()
            self.source_cr.execute(
                f"INSERT INTO olap_export_queue VALUES ({TARGET_ID}, 5)"
            )
            chunk.finish(1)
        waiting = self.read_source(
            "SELECT target_id, count(*), min(history_id) FROM olap_export_queue"
            " GROUP BY 1 ORDER BY 1"
        )
        self.assertEqual(waiting, [(TARGET_ID, 5001, 5), (8, 30_000, 1)])
        self.source_cr.execute("TRUNCATE olap_export_queue")

    def test_a_restored_source_is_noticed(self):
        self.transfer(self.engine)
        self.source_cr.execute(
            "DELETE FROM relationship_opportunity_history WHERE id > 40;"
            " SELECT setval('relationship_opportunity_history_id_seq', 40)"
        )
        with self.assertRaises(errors.TransferError) as caught:
            self.transfer(self.engine)
        self.assertEqual(caught.exception.text, errors.SOURCE_CONFLICT)
        self.transfer(self.engine, mode="replace", chunk_size=10**9)
        self.assertExactlyOnce(self.engine)

    def test_reused_numbers_with_other_content_are_noticed(self):
        self.transfer(self.engine)
        self.source_cr.execute(
            "DELETE FROM relationship_opportunity_history WHERE id > 40;"
            " SELECT setval('relationship_opportunity_history_id_seq', 40)"
        )
        self.source_cr.execute(
            "INSERT INTO relationship_opportunity_history"
            " (opportunity_id, transaction_id, changed_at, event, status)"
            " SELECT n, n, '2025-06-01', 'change', 'open'"
            " FROM generate_series(1, 15) n"
        )
        with self.assertRaises(errors.TransferError) as caught:
            self.transfer(self.engine)
        self.assertEqual(caught.exception.text, errors.SOURCE_CONFLICT)
        self.assertEqual(caught.exception.values["count"], 10)
        waiting = self.read_source("SELECT count(*) FROM olap_export_queue")
        self.assertEqual(waiting, [(15,)], "nothing counts as transferred")

    def test_a_restored_target_gets_everything_again(self):
        self.transfer(self.engine)
        self.generate(10)
        self.transfer(self.engine)
        cr = self.open_cursor(self.target_dsn)
        cr.execute(
            "DELETE FROM fact_opportunity_event WHERE batch_id > 1;"
            " DELETE FROM fact_opportunity_state s WHERE NOT EXISTS (SELECT 1"
            "   FROM fact_opportunity_event e WHERE e.event_key = s.event_key);"
            " DELETE FROM etl_batch WHERE batch_id > 1"
        )
        result = self.transfer(self.engine)
        self.assertTrue(result.resent)
        self.assertEqual(result.new, 10)
        self.assertExactlyOnce(self.engine)

    def test_a_copy_of_the_source_is_refused(self):
        self.transfer(self.engine)
        self.source_cr.execute("UPDATE olap_export_position SET identity = 'another'")
        with self.assertRaises(errors.TransferError) as caught:
            self.transfer(self.engine)
        self.assertEqual(caught.exception.text, errors.COPY_OF_SOURCE)
        self.transfer(self.engine, mode="replace", chunk_size=10**9)
        self.assertExactlyOnce(self.engine)

    def test_two_sources_in_one_target(self):
        self.transfer(self.engine)
        self.source_cr.execute("UPDATE ir_config_parameter SET value = 'second'")
        self.addCleanup(
            self.source_cr.execute, "UPDATE ir_config_parameter SET value = 'first'"
        )
        self.source_cr.execute("TRUNCATE olap_export_position")
        self.transfer(self.engine)
        counts = self.read_target(
            self.engine,
            "SELECT source_key, count(*) FROM fact_opportunity_state GROUP BY 1"
            " ORDER BY 1",
        )
        self.assertEqual(counts, [(1, 50), (2, 50)])

    def test_bad_values_are_set_aside(self):
        """A value that no fact can hold stops neither the others nor the rest of it."""
        self.source_cr.execute(
            "INSERT INTO relationship_opportunity_history"
            " (opportunity_id, changed_at, event, status, expected_revenue,"
            " probability)"
            " VALUES (1, '2025-06-01', 'change', 'open', 'NaN', 10),"
            " (2, '2025-06-01', 'change', 'open', 1e15, 10),"
            " (3, '2025-06-01', 'change', 'open', 5, 10)"
        )
        for engine in (self.engine, self.make_duckdb()):
            result = self.transfer(engine, mode="full")
            self.assertEqual((result.sent, result.quarantined), (53, 2))
            kept = self.read_target(engine, "SELECT count(*) FROM etl_quarantine")
            self.assertEqual(kept, [(2,)])
            facts = "SELECT count(*) FROM fact_opportunity_event"
            self.assertEqual(self.read_target(engine, facts), [(53,)])
            self.transfer(engine, mode="full")
            self.assertEqual(self.read_target(engine, facts), [(53,)])

    def test_an_unknown_time_zone_counts_as_utc(self):
        for zone, meant in (
            ("Mars/Olympus", "UTC"),
            # PostgreSQL takes them: a week away, all the year or in its summer.
            ("XXX-167", "UTC"),
            ("XXX5YYY-100", "UTC"),
            ("XXX+25", "UTC"),
            ("Pacific/Kiritimati", "Pacific/Kiritimati"),
            ("EST5EDT", "EST5EDT"),
        ):
            self.source_cr.execute(
                "UPDATE res_partner SET tz = %s WHERE id = 2", [zone]
            )
            with self.make_source() as opened:
                self.assertEqual(opened._get_time_zones()[2], meant)

    def test_restriction_hook(self):
        limited = source.Source(
            lambda: psycopg2.connect(self.source_dsn),
            TARGET_ID,
            condition="h.opportunity_type_id = 1",
        )
        transfer.run(limited, self.engine)
        types = self.read_target(
            self.engine,
            "SELECT DISTINCT opportunity_type_key % 1000 FROM fact_opportunity_event",
        )
        self.assertEqual(types, [(1,)])


@tagged("post_install", "-at_install")
class TestWarehouseSource(WarehouseCase):
    """Faults of Odoo's own database are told as such, whatever the target is."""

    def setUp(self):
        super().setUp()
        self.reset()
        self.generate(3000)

    def fail_at_source(self, engine):
        """Transfer in vain; return what is told."""
        with self.assertRaises(Exception) as caught:
            self.transfer(engine)
        return errors.explain(caught.exception)

    def test_faults_of_the_source_are_told_as_its_own(self):
        engines = self.make_engines()
        for setting, sentence in (
            ("search_path = nowhere", errors.SOURCE_INCOMPLETE),
            ("default_transaction_read_only = on", errors.SOURCE_READ_ONLY),
        ):
            for engine in engines:
                with (
                    self.subTest(setting=setting, engine=type(engine).__module__),
                    self.set_source(setting),
                ):
                    found = self.fail_at_source(engine)
                    self.assertEqual(found.text, sentence)
                    self.assertIn("Odoo's", str(found))
                    self.assertNotIn("target", str(found))

    def test_a_source_that_takes_no_connection_is_told_as_it_is(self):
        engine = self.make_postgresql()
        for dsn in (
            dsn_of("olap_export_nothing_here"),
            f"{dsn_of(get_db_name())} user=nobody_at_all",
            "host=/nonexistent dbname=x",
        ):
            with patch.object(type(self), "source_dsn", dsn):
                found = self.fail_at_source(engine)
                self.assertEqual(found.text, errors.SOURCE_UNREACHABLE)
                self.assertRegex(str(found), "Odoo's own database takes no connection")

    def test_a_locked_table_of_the_source_is_told_as_its_own(self):
        engines = self.make_engines()
        self.source_cr.execute("BEGIN; LOCK TABLE relationship_opportunity_history")
        self.addCleanup(self.source_cr.execute, "ROLLBACK")
        with patch.object(source, "LOCK_TIMEOUT", 300):
            for engine in engines:
                found = self.fail_at_source(engine)
                self.assertEqual(found.text, errors.SOURCE_LOCKED)

    def test_a_limit_for_short_statements_of_the_source_stops_nothing(self):
        slow = "(h.id % 1000 > 0 OR pg_sleep(0.2) IS NOT NULL)"
        engines = self.make_engines()
        with self.set_source("statement_timeout = 300"):
            for engine in engines:
                transfer.run(self.make_source(condition=slow), engine, mode="full")
                self.assertExactlyOnce(engine)
