import math
from unittest.mock import Mock, patch

from odoo.tests import tagged

from ...warehouse import compare, errors, transfer, verify
from ...warehouse.source import Source
from .values_case import EDGES, ValuesCase
from .warehouse_case import OFFSET, TARGET_ID

NOTHING = (0, 0, 0)
FACTS = "SELECT * FROM fact_opportunity_{} ORDER BY event_key"
COMPARED = (
    "event_key, status, expected_revenue, group_rate, reference_lines, event_at,"
    " closing_date_key, stage_key"
)
CONTENTS = (
    FACTS.format("event").replace("*", COMPARED),
    FACTS.format("state"),
    *(
        f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3, 4"
        for table, columns in compare.BRIDGES.items()
    ),
)


@tagged("post_install", "-at_install")
class TestWarehouseCompare(ValuesCase):
    """Whatever somebody deletes or changes behind our back is found and mended."""

    def setUp(self):
        super().setUp()
        self.random_history(300, seed=5)
        for engine in self.turns():
            self.transfer(engine, mode="full")

    def turns(self):
        """Yield the engines, each as if it were the only one."""
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position, olap_export_queue")
            self.source_cr.execute(
                "INSERT INTO olap_export_position (target_id, queue_all)"
                " VALUES (%s, false)",
                [TARGET_ID],
            )
            yield engine

    def contents(self, engine):
        return self.read_all(engine, *CONTENTS)

    def compare(self, engine, **options):
        return self.transfer(engine, mode="compare", **options).found

    def assertMended(self, damages, **expected):
        """Check that all damages are found and mended, and then no longer found."""
        for engine in self.turns():
            before = self.contents(engine)
            self.damage(engine, *damages)
            self.assertNotEqual(self.contents(engine), before)
            found = self.compare(engine)
            for name, value in {"complete": True, **expected}.items():
                self.assertEqual(getattr(found, name), value, name)
            self.assertEqual(self.contents(engine), before)
            self.assertStatesFollow(engine)
            again = self.compare(engine)
            self.assertEqual((again.again, again.opportunities, again.groups), NOTHING)

    def test_nothing_is_found_where_nothing_is_wrong(self):
        for engine in self.turns():
            found = self.compare(engine)
            count = self.read_source(
                "SELECT count(*) FROM relationship_opportunity_history"
            )[0][0]
            self.assertEqual(found, compare.Comparison(events=count, complete=True))

    def test_nothing_is_found_whatever_is_in_a_row(self):
        cases = [(c, v) for c, t in self.types.items() for v in EDGES[t]]
        for opportunity, (column, value) in enumerate(cases, 1000):
            if (column, value) != ("id", "9223372036854775807"):
                self.insert(opportunity, "change", **{column: value})
        for engine in self.turns():
            self.source_cr.execute("UPDATE olap_export_position SET queue_all = true")
            self.transfer(engine)
            found = self.compare(engine)
            self.assertEqual((found.again, found.opportunities, found.groups), NOTHING)
            self.assertFalse(found.strangers)

    def test_queue_rows_that_somebody_deleted(self):
        for engine in self.turns():
            self.insert(1, "won", "won")
            self.source_cr.execute("DELETE FROM olap_export_queue")
            self.assertEqual(self.transfer(engine).sent, 0, "nobody knows of it")
            result = self.transfer(engine, mode="compare")
            self.assertGreaterEqual(result.found.again, 1)
            self.assertEqual(result.new, result.found.again)
            self.assertExactlyOnce(engine)

    def test_what_waits_is_no_gap(self):
        for engine in self.turns():
            self.insert(1, "won", "won")
            if engine is not self.engines[0]:
                self.compare(engine)
                self.insert(1, "won", "won")
            result = self.transfer(engine, mode="compare")
            self.assertEqual((result.found.again, result.new), (0, 1))
            self.assertExactlyOnce(engine)

    def test_events_that_somebody_deleted_or_changed(self):
        changes = (
            *("expected_revenue = 77", "stage_key = 0", "status = 'x'", "path = NULL"),
            *("group_rate = 9", "reference_lines = '[]'", "event_date_key = 20300101"),
            *("event_at = event_at - INTERVAL '40 day'", "binding = NOT binding"),
            *("closing_date_key = 0", "reference_group_key = 5", "source_key = 9"),
        )
        update = "UPDATE fact_opportunity_event SET {} WHERE event_key = {}"
        some = f"event_key BETWEEN {OFFSET + 60} AND {OFFSET + 90}"
        self.assertMended(
            (
                f"DELETE FROM fact_opportunity_event WHERE {some}",
                "ALTER TABLE fact_opportunity_event ALTER path DROP NOT NULL",
                *(
                    update.format(change, OFFSET + number)
                    for number, change in enumerate(changes, 101)
                ),
            ),
            again=31 + len(changes),
            strangers=0,
        )

    def test_states_that_somebody_deleted_changed_or_invented(self):
        changes = (
            *("is_current = NOT is_current", "expected_revenue_group = 1.5"),
            *("valid_to_date_key = 20990101", "event_key = event_key + 1000000"),
            "valid_from = valid_from - INTERVAL '1 second'",
        )
        update = "UPDATE fact_opportunity_state SET {} WHERE event_key = {}"
        self.assertMended(
            (
                f"DELETE FROM fact_opportunity_state WHERE event_key = {OFFSET + 7}",
                *(
                    update.format(change, OFFSET + number)
                    for number, change in enumerate(changes, 101)
                ),
            ),
            again=0,
            opportunities=len(
                self.read_source(
                    "SELECT DISTINCT opportunity_id"
                    " FROM relationship_opportunity_history"
                    " WHERE id = 7 OR id BETWEEN 101 AND 105"
                )
            ),
        )

    def test_bridges_that_somebody_deleted_or_changed(self):
        groups = self.read_target(
            self.engines[0],
            "SELECT reference_group_key FROM bridge_opportunity_reference"
            " WHERE kind = 'competitor' AND reference_group_key IN"
            " (SELECT reference_group_key FROM bridge_opportunity_rep)"
            " GROUP BY 1 ORDER BY 1 LIMIT 5",
        )
        where = "WHERE reference_group_key = {}"
        damages = (
            *(f"DELETE FROM {table} {where}" for table in compare.BRIDGES),
            f"UPDATE bridge_opportunity_rep SET weight = 0.1 {where}",
            f"UPDATE bridge_opportunity_competitor SET strength = 0.9 {where}",
        )
        self.assertMended(
            [d.format(g) for d, (g,) in zip(damages, groups, strict=True)],
            again=0,
            opportunities=0,
            groups=5,
        )

    def test_what_somebody_wrote_into_columns_of_our_own(self):
        days = "SELECT date_key FROM dim_date WHERE date_key IN (10101, 20700203)"
        lines = '[{"id": 1, "partner_id": 12, "kind": "competitor"}]'
        for engine in self.turns():
            self.transfer(engine, mode="full")
            for number, day in enumerate(("0001-01-01", "2070-02-03"), 1):
                self.insert(number, "change", date_deadline=day, reference_lines=lines)
                self.transfer(engine)
            before = self.contents(engine)
            self.damage(
                engine,
                "DELETE FROM etl_batch WHERE rows_new = 1 AND batch_id <>"
                " (SELECT max(batch_id) FROM etl_batch)",
                "UPDATE etl_batch SET is_applied = false",
                "UPDATE bridge_opportunity_competitor SET source_key = 9",
                days.replace("SELECT date_key", "DELETE"),
            )
            self.transfer(engine)
            self.compare(engine)
            self.assertEqual(self.contents(engine), before)
            self.assertEqual(len(self.read_target(engine, days)), 2)
            self.transfer(engine)
            self.assertEqual(self.contents(engine), before)

    def test_days_and_members_that_every_target_has(self):
        """A report by month counts by what the day says of itself."""
        days = "SELECT * FROM dim_date ORDER BY date_key"
        members = "SELECT * FROM dim_stage WHERE stage_key <= 0 ORDER BY stage_key"
        for engine in self.turns():
            before = [self.read_target(engine, text) for text in (days, members)]
            self.damage(
                engine,
                "UPDATE dim_date SET year = 1999, month = 13, name = 'x',"
                " month_start = NULL WHERE date_key IN (20260315, 20260316)",
                "UPDATE dim_date SET name = 'Nobody' WHERE date_key = -1",
                "DELETE FROM dim_date WHERE date_key = 20260317",
                "UPDATE dim_stage SET name = 'Known', is_deleted = true"
                " WHERE stage_key = 0",
            )
            self.compare(engine)
            after = [self.read_target(engine, text) for text in (days, members)]
            self.assertEqual(after, before)

    def test_an_event_that_odoo_never_had_is_named_and_left(self):
        gone = self.read_source(
            "SELECT min(id) + 30 FROM relationship_opportunity_history"
        )[0][0]
        self.source_cr.execute(
            "DELETE FROM relationship_opportunity_history WHERE id IN (%s, %s)",
            [gone, gone + 1],
        )
        for engine in self.turns():
            self.damage(
                engine,
                "DELETE FROM fact_opportunity_event"
                f" WHERE event_key IN ({OFFSET + 3}, {OFFSET + 4})",
            )
            before = self.read_target(engine, FACTS.format("event"))
            with self.assertRaises(errors.TransferError) as caught:
                self.transfer(engine, mode="compare")
            self.assertRegex(
                str(caught.exception),
                "^Events in the target that are not, or not like that, in Odoo: 2"
                rf" \(the first has the number {gone}\).*Take back",
            )
            self.assertEqual(caught.exception.remedy, "repair")
            self.assertEqual(self.read_target(engine, FACTS.format("event")), before)
            self.transfer(engine, mode="repair")
            self.assertEqual(self.compare(engine).again, 0)
            self.assertExactlyOnce(engine)

    def test_it_goes_on_where_the_time_was_up(self):
        for engine in self.turns():
            self.damage(
                engine,
                "DELETE FROM fact_opportunity_event"
                f" WHERE event_key IN ({OFFSET + 3}, {OFFSET + 250})",
                f"DELETE FROM fact_opportunity_state WHERE event_key = {OFFSET + 150}",
            )
            again = opportunities = runs = 0
            for _number in range(40):
                with (
                    patch.object(compare, "RANGE", 100),
                    patch.object(compare, "time", Mock(monotonic=lambda: math.inf)),
                ):
                    result = self.transfer(engine, mode="compare", seconds=1000)
                runs += 1
                again += result.found.again
                opportunities += result.found.opportunities
                if result.found.complete:
                    break
                self.assertTrue(result.interrupted)
            self.assertTrue(result.found.complete)
            self.assertGreater(runs, 3)
            self.assertEqual((again, opportunities), (2, 1))
            self.assertExactlyOnce(engine)
            self.assertEqual(self.contents(engine), self.contents(self.engines[0]))

    def compare_until(self, engine, name, value):
        """Compare in small parts until it came so far, whose time is up each time."""
        found = compare.Comparison()
        while getattr(found, name) < value:
            with (
                patch.object(compare, "RANGE", 100),
                patch.object(compare, "time", Mock(monotonic=lambda: math.inf)),
            ):
                found = self.compare(engine, seconds=1000)
        self.assertFalse(found.complete)
        return found

    def test_it_goes_on_in_the_same_parts(self):
        """Also when there are more events by then."""
        for engine in self.turns():
            parts = self.compare_until(engine, "part", 1).parts
            for _number in range(200):
                self.insert(9, "change")
            wrong = f"WHERE opportunity_key % {parts} = {parts - 1}"
            self.damage(engine, f"DELETE FROM fact_opportunity_state {wrong}")
            found = self.compare(engine)
            self.assertTrue(found.complete)
            self.assertGreater(found.opportunities, 1)
            self.assertGreater(found.events, 200, "of the whole comparison")
            self.assertStatesFollow(engine)

    def test_only_one_whose_time_was_up_the_same_night_goes_on(self):
        delete = "DELETE FROM fact_opportunity_event WHERE event_key <= {}"
        for engine in self.turns():
            before = self.contents(engine)
            # It failed.
            with (
                patch.object(compare, "compare_states", side_effect=TimeoutError),
                self.assertRaises(TimeoutError),
            ):
                self.compare(engine)
            self.damage(engine, delete.format(OFFSET + 10))
            found = self.compare(engine)
            self.assertEqual((found.again, found.complete), (10, True))
            # It failed when it went on.
            self.compare_until(engine, "after", 100)
            with (
                patch.object(compare, "compare_states", side_effect=TimeoutError),
                self.assertRaises(TimeoutError),
            ):
                self.compare(engine)
            self.damage(engine, delete.format(OFFSET + 10))
            self.assertEqual(self.compare(engine).again, 10)
            # It was another night.
            self.compare_until(engine, "part", 1)
            self.source_cr.execute(
                "UPDATE olap_export_position SET compared_at = now() - %s",
                [compare.A_NIGHT],
            )
            self.damage(engine, delete.format(OFFSET + 10))
            self.assertEqual(self.compare(engine).again, 10)
            self.assertEqual(self.contents(engine), before)

    def test_a_comparison_that_breaks_off_leaves_no_gap(self):
        """The transfers until the next night send what it found."""
        counts = "SELECT count(DISTINCT event_key), count(*) FROM fact_opportunity_{}"
        for engine in self.turns():
            before = self.contents(engine)
            tables = ("event", "state")
            full = [self.read_target(engine, counts.format(t)) for t in tables]
            for phase in ("queued_again", "forgotten", "mended"):
                self.damage(
                    engine,
                    "DELETE FROM fact_opportunity_event"
                    f" WHERE event_key = {OFFSET + 3}",
                    "UPDATE fact_opportunity_event SET status = 'won',"
                    " expected_revenue = 7, event_at = event_at + INTERVAL '1 hour'"
                    f" WHERE event_key = {OFFSET + 5}",
                )
                code, answer, phases = self.run_process(
                    engine, f"{phase}:1", mode=transfer.COMPARE
                )
                self.assertIn(phase, phases, answer)
                self.assertTrue(code, answer)
                self.transfer(engine)
                for table, expected in zip(tables, full, strict=True):
                    found = self.read_target(engine, counts.format(table))
                    self.assertEqual(found, expected, (phase, table))
                self.compare(engine)
                self.assertEqual(self.contents(engine), before, phase)

    def test_nothing_is_taken_out_that_cannot_be_queued(self):
        update = "UPDATE fact_opportunity_event SET stage_key = 0 WHERE event_key < {}"
        for engine in self.turns():
            before = self.contents(engine)
            self.damage(engine, update.format(OFFSET + 50))
            with (
                patch.object(Source, "queue", side_effect=TimeoutError),
                self.assertRaises(TimeoutError),
            ):
                self.compare(engine)
            with patch.object(verify, "check", return_value=0):
                self.transfer(engine)
            self.assertExactlyOnce(engine)
            self.compare(engine)
            self.assertEqual(self.contents(engine), before)
