from unittest.mock import patch

from odoo.tests import tagged

from ...warehouse import errors, verify
from .warehouse_case import OFFSET, TARGET_ID, WarehouseCase


@tagged("post_install", "-at_install")
class TestWarehouseFailover(WarehouseCase):
    """A source that lost commits: noticed by what the rows say, and repaired."""

    def setUp(self):
        super().setUp()
        self.reset()
        self.engines = self.make_engines()
        self.generate(50)
        for engine in self.engines:
            self.transfer(engine, mode="full")

    def lose(self, condition, *, restart=None):
        """Take commits out of the source, as a fail-over does."""
        self.source_cr.execute(
            f"DELETE FROM relationship_opportunity_history WHERE {condition}"
        )
        if restart:
            self.source_cr.execute(
                "SELECT setval('relationship_opportunity_history_id_seq', %s)",
                [restart],
            )

    def insert(self, count, day="2025-06-01", **values):
        values = {"status": "open", **values}
        columns = "".join(f", {name}" for name in values)
        self.source_cr.execute(
            "INSERT INTO relationship_opportunity_history"
            f" (opportunity_id, changed_at, event{columns})"
            f" SELECT n, '{day}', 'change'{', %s' * len(values)}"
            f" FROM generate_series(1, {count}) n",
            list(values.values()),
        )

    def assertRepaired(self, count):
        """Check that every engine notices, is repaired, and holds the truth."""
        for engine in self.engines:
            before = self.read_target(
                engine, "SELECT count(*) FROM fact_opportunity_event"
            )
            with self.assertRaisesRegex(
                errors.TransferError,
                "^Events in the target that are not, or not like that, in Odoo:"
                f" {count} .*"
                "Take back what Odoo does not have",
            ):
                self.transfer(engine)
            after = self.read_target(
                engine, "SELECT count(*) FROM fact_opportunity_event"
            )
            self.assertEqual(after, before, "nothing was added to a wrong history")
            result = self.transfer(engine, mode="repair")
            self.assertEqual(result.taken_back, count)
            self.assertExactlyOnce(engine)
            self.transfer(engine)
            self.assertExactlyOnce(engine)

    def test_lost_events_are_noticed_although_the_sequence_ran_ahead(self):
        """PostgreSQL logs a sequence 32 numbers ahead: the numbers say nothing."""
        self.lose("id > 40")
        self.assertRepaired(10)

    def test_lost_events_are_noticed_after_their_numbers_were_used_again(self):
        self.lose("id > 40", restart=40)
        self.insert(25)
        self.assertRepaired(10)

    def test_a_late_commit_with_a_low_number_is_noticed(self):
        """The last commit may have a number from long before."""
        self.source_cr.execute(
            "CREATE TEMP TABLE late AS SELECT * FROM relationship_opportunity_history"
            " WHERE id = 7"
        )
        self.reset()
        self.engines = self.make_engines()
        self.generate(3000)
        self.lose("id = 7")
        for engine in self.engines:
            self.source_cr.execute("DELETE FROM olap_export_queue")
            self.transfer(engine, mode="full")
        columns = self.read_source(
            "SELECT string_agg(attname, ', ') FROM pg_attribute"
            " WHERE attrelid = 'relationship_opportunity_history'::regclass"
            " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
        )[0][0]
        self.source_cr.execute(
            f"INSERT INTO relationship_opportunity_history ({columns})"
            f" SELECT {columns} FROM late"
        )
        for engine in self.engines:
            self.source_cr.execute(
                f"INSERT INTO olap_export_queue VALUES ({TARGET_ID}, 7)"
                " ON CONFLICT DO NOTHING"
            )
            self.transfer(engine)
            self.assertExactlyOnce(engine)
        self.lose("id = 7")
        self.assertRepaired(1)

    def test_a_late_commit_among_many_others_is_noticed(self):
        """It lies anywhere in what its transfer brought, even in an earlier batch."""
        for engine in self.engines:
            for chunk_size, place in ((10_000, 1), (10_000, 1300), (600, 400)):
                with self.subTest(engine=engine, size=chunk_size, place=place):
                    first = self.read_source(
                        "SELECT max(id) FROM relationship_opportunity_history"
                    )[0][0]
                    self.source_cr.execute("DELETE FROM olap_export_queue")
                    self.generate(2600)
                    self.transfer(engine, chunk_size=chunk_size)
                    self.assertExactlyOnce(engine)
                    self.lose(f"id = {first + place}")
                    with self.assertRaises(errors.TransferError) as caught:
                        self.transfer(engine)
                    self.assertRegex(
                        str(caught.exception),
                        "^Events in the target that are not, or not like that, in Odoo:"
                        rf" 1 \(the first has the number {first + place}\)",
                    )
                    self.assertEqual(caught.exception.text, errors.SOURCE_CONFLICT)
                    result = self.transfer(engine, mode="repair")
                    self.assertEqual(result.taken_back, 1)
                    self.assertExactlyOnce(engine)
            # The other engine's turn: it has its own position, and lacks all that.
            self.source_cr.execute("UPDATE olap_export_position SET batch_id = 0")
            self.transfer(self.engines[-1], mode="repair")

    def test_the_same_number_with_another_event_is_noticed(self):
        for column in ("transaction_id", "opportunity_id"):
            with self.subTest(column=column):
                self.source_cr.execute(
                    f"UPDATE relationship_opportunity_history SET {column} = 5"
                    " WHERE id = 50"
                )
                self.assertRepaired(1)

    def assertSentAgain(self, engine, count):
        """Check that a transfer puts right what is not as in Odoo."""
        result = self.transfer(engine, only_if_waiting=True)
        self.assertEqual((result.again, result.new), (count, count))
        self.assertExactlyOnce(engine)
        self.assertEqual(self.transfer(engine).again, 0)

    def test_the_same_event_with_any_other_content_is_sent_again(self):
        changes = (
            ("status", "won"),
            ("stage_id", 4),
            ("user_id", 9),
            ("partner_id", 9),
            ("changed_at", "2031-01-01"),
            ("expected_revenue", 77),
            ("binding", True),
        )
        for number, (column, value) in enumerate(changes, 44):
            before = self.read_source(
                f"SELECT {column} FROM relationship_opportunity_history"
                f" WHERE id = {number}"
            )[0][0]
            self.assertNotEqual(before, value)
            self.source_cr.execute(
                f"UPDATE relationship_opportunity_history SET {column} = %s"
                f" WHERE id = {number}",
                [value],
            )
        for engine in self.engines:
            self.assertSentAgain(engine, len(changes))

    def test_an_amount_that_somebody_changed_in_the_target_is_sent_again(self):
        columns = (
            *("probability", "automated_probability", "expected_revenue"),
            *("recurring_revenue", "recurring_revenue_monthly", "contribution_margin"),
            *("forecast_revenue", "forecast_margin", "group_rate"),
        )
        for engine in self.engines:
            names = ", ".join(columns)
            amounts = f"SELECT {names} FROM fact_opportunity_event ORDER BY event_key"
            before = self.read_target(engine, amounts)
            for number, column in enumerate(columns):
                self.damage(
                    engine,
                    f"UPDATE fact_opportunity_event SET {column} = {column} + 0.5"
                    f" WHERE event_key = {OFFSET + 1 + number}",
                )
            self.assertSentAgain(engine, 9)
            self.assertEqual(self.read_target(engine, amounts), before)

    def test_an_older_event_that_somebody_changed_stops_nothing(self):
        """Not even when everything is sent: it stays, and the night mends it."""
        for engine in self.engines:
            self.damage(
                engine,
                "UPDATE fact_opportunity_event SET status = 'x', event_at ="
                " event_at + INTERVAL '1 hour'"
                f" WHERE event_key = {OFFSET + 9}",
            )
            with patch.object(verify, "check", return_value=0):
                self.transfer(engine, mode="full")
            self.assertEqual(self.transfer(engine, mode="compare").found.again, 1)
            self.assertExactlyOnce(engine)

    def test_what_was_set_aside_is_taken_back_too(self):
        self.insert(1, expected_revenue="NaN")
        for engine in self.engines:
            self.source_cr.execute("UPDATE olap_export_position SET queue_all = true")
            self.transfer(engine)
        self.lose("id > 40")
        for engine in self.engines:
            self.transfer(engine, mode="repair")
            self.assertExactlyOnce(engine)
            aside = self.read_target(engine, "SELECT count(*) FROM etl_quarantine")
            self.assertEqual(aside, [(0,)])

    def test_a_repair_that_is_killed_is_repeated(self):
        self.lose("id > 40")
        self.insert(3)
        for engine in self.engines:
            for phase in self.some(
                ("queued", "taken_back", "target_commit", "refresh_commit"), 2
            ):
                code, answer, reached = self.run_process(
                    engine, f"{phase}:1", mode="repair"
                )
                self.assertIn(phase, reached, answer)
                self.assertTrue(code, (phase, answer))
                code, answer, _reached = self.run_process(engine, mode="repair")
                self.assertEqual(code, 0, (phase, answer))
                self.assertExactlyOnce(engine)
                self.source_cr.execute(
                    "DELETE FROM relationship_opportunity_history"
                    " WHERE id = (SELECT max(id) FROM relationship_opportunity_history)"
                )

    def test_other_sources_of_the_target_are_left_alone(self):
        engine = self.make_postgresql()
        self.transfer(engine, mode="full")
        cr = self.open_cursor(self.target_dsn)
        cr.execute(
            "INSERT INTO etl_source VALUES (2, 'other', 'other', 'other', 0, NULL);"
            "INSERT INTO etl_batch VALUES (999, 2, 0, 0, 1, 1, 0, now(), true);"
            "CREATE TEMP TABLE other AS SELECT * FROM fact_opportunity_event LIMIT 1;"
            f"UPDATE other SET source_key = 2, event_key = 2 * {OFFSET} + 1,"
            " batch_id = 999;"
            "INSERT INTO fact_opportunity_event SELECT * FROM other"
        )
        self.lose("id > 40")
        self.transfer(engine, mode="repair")
        left = self.read_target(
            engine,
            "SELECT source_key, count(*) FROM fact_opportunity_event GROUP BY 1"
            " ORDER BY 1",
        )
        self.assertEqual(left, [(1, 40), (2, 1)])

    def test_anytime_repairs_states(self):
        for engine in self.engines:
            before = self.read_states(engine)
            self.assertEqual(len(before), 50)
            self.damage(
                engine,
                "DELETE FROM fact_opportunity_state WHERE event_key % 3 = 0",
                "UPDATE fact_opportunity_state SET status = 'lost',"
                " valid_to = '2000-01-01'"
                " WHERE event_key % 3 = 1",
                "DELETE FROM bridge_opportunity_rep",
            )
            self.assertNotEqual(self.read_states(engine), before)
            self.transfer(engine, mode="full")
            self.assertEqual(self.read_states(engine), before)
            self.assertExactlyOnce(engine)

    def read_states(self, engine):
        return self.read_target(
            engine,
            "SELECT s.event_key, s.status, valid_from, valid_to, b.weight"
            " FROM fact_opportunity_state s LEFT JOIN bridge_opportunity_rep b"
            " ON b.reference_group_key = s.reference_group_key AND b.reference_id ="
            " (SELECT min(reference_id) FROM bridge_opportunity_rep r"
            "   WHERE r.reference_group_key = s.reference_group_key)"
            " ORDER BY s.event_key",
        )
