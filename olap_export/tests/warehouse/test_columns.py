import json
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from odoo.tests import tagged

from ...warehouse import columns
from .values_case import EDGES, ValuesCase
from .warehouse_case import OFFSET

LARGE = 3_000_000_000
# A further column of each kind: its type in the history, a value, and what a target
# makes of it, under which name.
FURTHER = {
    "referred": ("varchar", "Fair", "Fair", "referred"),
    "is_hot": ("boolean", True, True, "is_hot"),
    "color": ("integer", 7, 7, "color"),
    "medium_id": ("integer", 5, OFFSET + 5, "medium_key"),
    # Their names stand for something else in the facts.
    "source_id": ("integer", 6, OFFSET + 6, "lead_source_key"),
    "employee_id": ("integer", 8, OFFSET + 8, "lead_employee_key"),
    "is_current": ("boolean", False, False, "lead_is_current"),
    "loaded_at": (
        *("timestamp", datetime(2026, 5, 2, 8), datetime(2026, 5, 2, 8)),  # noqa: DTZ001
        "lead_loaded_at",
    ),
    "prorated": ("numeric", Decimal("12.5"), Decimal("12.5"), "prorated"),
    "visited_on": ("date", date(2026, 5, 1), date(2026, 5, 1), "visited_on"),
    "opened_at": (
        *("timestamp", datetime(2026, 5, 1, 8), datetime(2026, 5, 1, 8)),  # noqa: DTZ001
        "opened_at",
    ),
}


@tagged("post_install", "-at_install")
class TestWarehouseColumns(ValuesCase):
    """What else the history tracks arrives, also where targets are full already."""

    def setUp(self):
        super().setUp()
        self.forget()
        self.addCleanup(self.forget)

    def forget(self):
        for name in (*FURTHER, "properties"):
            self.source_cr.execute(
                "ALTER TABLE relationship_opportunity_history"
                f" DROP COLUMN IF EXISTS {name}"
            )

    def track(self):
        """Do what an update does to the history."""
        types = {name: row[0] for name, row in FURTHER.items()}
        for name, type_ in {**types, "properties": "jsonb"}.items():
            self.source_cr.execute(
                "ALTER TABLE relationship_opportunity_history"
                f" ADD COLUMN {name} {type_}"
            )

    def send(self, engine, **options):
        self.source_cr.execute("UPDATE olap_export_position SET queue_all = true")
        return self.transfer(engine, **options)

    def read_further(self, engine, table):
        names = ", ".join(row[3] for row in FURTHER.values())
        return self.read_target(
            engine, f"SELECT {names} FROM fact_opportunity_{table} ORDER BY event_key"
        )

    def test_a_new_column_reaches_a_target_that_is_there(self):
        self.insert(1, "create")
        for engine in self.engines:
            self.send(engine)
        self.track()
        values = {name: row[1] for name, row in FURTHER.items()}
        self.insert(1, "change", **values, properties=json.dumps({"a": 1}))
        self.insert(2, "create")
        filled = tuple(row[2] for row in FURTHER.values())
        empty = tuple(None for _name in FURTHER)
        unset = tuple(-1 if name.endswith("_id") else None for name in FURTHER)
        for engine in self.engines:
            steps = (
                partial(self.send, engine),
                engine.create_tables,
                partial(self.send, engine, mode="full"),
            )
            for step in steps:
                step()
                for table in ("event", "state"):
                    self.assertEqual(
                        self.read_further(engine, table), [empty, filled, unset], table
                    )
            self.assertExactlyOnce(engine)

    def test_no_name_stands_for_two_columns(self):
        """Whatever the facts and what makes states of them call theirs."""
        for name in sorted(columns.TAKEN):
            types = {name: "boolean", f"{name.removesuffix('_key')}_id": "integer"}
            described = columns.Columns(types)
            names = [column.name for column in described.event]
            self.assertEqual(len(names), len(set(names)), name)
            further = {column.name for column in described.further}
            self.assertFalse(further & columns.TAKEN, name)
        self.assertFalse(columns.Columns({"partner_id": "integer"}).further)
        for table in ("event", "state"):
            found = self.read_target(
                self.engines[0],
                "SELECT column_name FROM information_schema.columns"
                f" WHERE table_name = 'fact_opportunity_{table}'",
            )
            self.assertLessEqual({name for (name,) in found}, columns.TAKEN)

    def test_a_target_of_two_sources_keeps_those_of_the_other(self):
        """Also when the other one computes its states, or the tables are mended."""
        self.track()
        self.insert(1, "create", referred="Fair")
        for engine in self.engines:
            self.send(engine)
        self.forget()
        self.insert(2, "create")
        self.source_cr.execute(
            "UPDATE ir_config_parameter SET value = gen_random_uuid()::text"
            " WHERE key = 'database.uuid'"
        )
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            self.transfer(engine)
            self.damage(engine, "DROP TABLE bridge_opportunity_competitor")
            engine.create_tables()
            found = self.read_target(
                engine, "SELECT referred FROM fact_opportunity_state ORDER BY event_key"
            )
            self.assertEqual(found, [("Fair",), (None,), (None,)])

    def test_whatever_is_in_it_all_others_arrive(self):
        self.track()
        self.source_cr.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = 'relationship_opportunity_history'"
        )
        types = dict(self.source_cr.fetchall())
        cases = [(name, value) for name in FURTHER for value in EDGES[types[name]]]
        for opportunity, (name, value) in enumerate(cases, start=1):
            self.insert(opportunity, "change", **{name: value})
            self.insert(opportunity, "lost", "lost")
        described = columns.Columns(types)
        unfit = self.read_source(
            "SELECT id FROM relationship_opportunity_history h"
            f" WHERE NOT ({described.fits}) ORDER BY id"
        )
        self.assertGreater(len(unfit), 10)
        for engine in self.engines:
            result = self.send(engine)
            self.assertEqual(sorted(result.unfit), [number for (number,) in unfit])
            self.assertExactlyOnce(engine)
            current = self.current(engine)
            for opportunity, case in enumerate(cases, start=1):
                self.assertEqual(current[opportunity], ("lost", 1000), case)


@tagged("post_install", "-at_install")
class TestLargeNumbers(ValuesCase):
    def test_numbers_beyond_32_bits_arrive(self):
        self.source_cr.execute(
            "SELECT setval('relationship_opportunity_history_id_seq', %s)", [LARGE]
        )
        numbers = [self.insert(1, what) for what in ("create", "change", "change")]
        self.assertEqual(numbers[0], LARGE + 1)
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            result = self.transfer(engine, chunk_size=2)
            self.assertEqual((result.new, result.unfit), (3, []))
            self.assertExactlyOnce(engine)
            # The comparison with the source finds all of them there.
            self.assertEqual(self.transfer(engine).new, 0)
            self.assertEqual(self.transfer(engine, mode="repair").taken_back, 0)

    def test_a_number_that_no_key_can_hold_is_set_aside(self):
        """It would be the key of an event of the next source."""
        beyond = (10**12, 2**63 - 1, -(10**12), -(2**63))
        for number in (10**12 - 1, *beyond):
            self.insert(1, "change", id=number)
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            result = self.transfer(engine, mode="full")
            self.assertEqual(sorted(result.unfit), sorted(beyond))
            found = self.read_target(
                engine, "SELECT event_key FROM fact_opportunity_event"
            )
            self.assertEqual(found, [(OFFSET + 10**12 - 1,)])
            self.assertEqual(self.transfer(engine, mode="repair").taken_back, 0)
            kept = self.read_target(
                engine, "SELECT event_key, content FROM etl_quarantine"
            )
            self.assertEqual(
                sorted(json.loads(content)["id"] for _key, content in kept),
                sorted(beyond),
            )
            self.assertLess(max(key for key, _content in kept), 0)
