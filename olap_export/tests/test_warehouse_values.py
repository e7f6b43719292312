import json

from odoo.tests import tagged

from ..warehouse import columns, queries
from .warehouse_case import OFFSET, WarehouseCase

HUGE = "9" * 200
# What a column of the history can hold, by its type there, and a fact may not.
EDGES = {
    "numeric": (
        *("NaN", "Infinity", "-Infinity", "1e30", HUGE, "1e130000", "1e-16000"),
        *("99999999999999.99995", "-99999999999999.99995", "90000000000000"),
        *("99999999999999.99994", "1e10", "0.00000000001", "0", "-1"),
    ),
    "integer": ("-1", "0", "2147483647", "-2147483648"),
    "timestamp without time zone": (
        *("infinity", "-infinity", "4713-01-01 BC", "0001-01-01", "1999-12-31 23:59"),
        *("2049-12-31 12:00", "2050-01-01", "9999-12-31", "294276-01-01"),
    ),
    "date": ("infinity", "-infinity", "4713-01-01 BC", "1999-12-31", "5874897-01-01"),
    "character varying": ("", "x" * 3_000_000, "\x01\x1f\x7f", 'a"\\N,\r\n', "\\N"),
    "jsonb": (
        *("null", "1", '"x"', "true", "{}", '{"id": 1}', "[]", "[null]", "[[]]"),
        *('[1, "x"]', "[{}]", '[{"id": "x"}]', '[{"id": 1.5}]', '[{"id": 1e30}]'),
        '[{"id": 1, "partner_id": "x", "share": "much", "kind": {}, "influence": []}]',
        '[{"id": 1, "partner_id": -5, "kind": "sales_representative", "share": 1e30}]',
        '[{"id": 1, "kind": "competitor"}, {"id": 1, "kind": "competitor"}]',
        '[{"id": 7, "kind": "competitor", "share": 50}, {"id": 7, "share": null}]',
        json.dumps([{"id": 1, "kind": "x" * 3_000_000}]),
    ),
    "boolean": ("true", "false"),
    "bigint": ("-1", "0", "9223372036854775807", "-9223372036854775808"),
}
# Numbers that make the key of an event.
KEYS = ("id", "opportunity_id")
# Values of these are compared by the trigger, or never leave Odoo in the event.
UNIQUE = ("id", "opportunity_id", "transaction_id", "changed_at")
USED_ELSEWHERE = ("number", "name")


@tagged("post_install", "-at_install")
class TestWarehouseValues(WarehouseCase):
    """Whatever is in a row: all others arrive, and its own status does, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for column in ("forecast_revenue", "forecast_margin"):
            cls.source_cr.execute(
                "ALTER TABLE relationship_opportunity_history"
                f" ALTER COLUMN {column} DROP EXPRESSION"
            )
        cls.source_cr.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = 'relationship_opportunity_history'"
        )
        cls.types = dict(cls.source_cr.fetchall())

    def setUp(self):
        super().setUp()
        self.reset()
        self.engines = [self.make_postgresql(), self.make_duckdb()]

    def insert(self, opportunity, what, state="open", **values):
        """Insert a history row; return its number."""
        row = {
            "opportunity_id": opportunity,
            "changed_at": "2026-05-04 08:00",
            "event": what,
            "status": state,
            "number": f"MD-{opportunity}",
            "name": f"Line {opportunity}",
            "binding": True,
            "apply_probability": False,
            "expected_revenue": 1000,
            "contribution_margin": 100,
            "forecast_revenue": 1000,
            "forecast_margin": 100,
            "currency_id": 2,
            "group_currency_id": 1,
            "group_rate": 4.3,
            **values,
        }
        self.source_cr.execute(
            f"INSERT INTO relationship_opportunity_history ({', '.join(row)})"
            f" VALUES ({', '.join(['%s'] * len(row))}) RETURNING id",
            list(row.values()),
        )
        return self.source_cr.fetchone()[0]

    def edge_cases(self):
        """Yield every column of the history with every value for its type."""
        for column, type_ in self.types.items():
            for value in EDGES[type_]:
                yield column, value

    def current(self, engine):
        """Return ``{opportunity: (status, revenue)}`` as it is now."""
        return {
            key - OFFSET: (status, revenue)
            for key, status, revenue in self.read_target(
                engine,
                "SELECT opportunity_key, status, expected_revenue"
                " FROM fact_opportunity_state WHERE is_current",
            )
        }

    def find_unfit(self):
        """Return the numbers of the rows that do not fit, by the description."""
        rows = self.read_source(
            "SELECT id FROM relationship_opportunity_history h"
            f" WHERE NOT ({columns.FITS} AND {columns.KEYED}) ORDER BY 1"
        )
        return [number for (number,) in rows]

    # -- the description ------------------------------------------------------------

    def test_the_description_is_the_table(self):
        """No column of the fact is without a description, on no engine."""
        described = [column.name for column in columns.EVENT_COLUMNS]
        for engine in self.engines:
            found = self.read_target(
                engine,
                "SELECT column_name, numeric_precision, numeric_scale"
                " FROM information_schema.columns"
                " WHERE table_name = 'fact_opportunity_event'"
                " AND table_schema IN ('public', 'main') ORDER BY ordinal_position",
            )
            self.assertEqual([row[0] for row in found], described)
            numbers = {
                name: f"numeric({precision},{scale})"
                for name, precision, scale in found
                if scale
            }
            self.assertEqual(
                numbers,
                {
                    column.name: column.type
                    for column in columns.EVENT_COLUMNS
                    if "," in column.type
                },
            )
        schema = queries.read("schema").partition("fact_opportunity_state (")[2]
        for product in columns.PRODUCTS:
            self.assertIn(f"{product.name} {product.type}", schema)

    def test_every_column_of_the_history_is_described(self):
        origins = {column.origin for column in columns.EVENT_COLUMNS}
        self.assertEqual(set(self.types) - origins, set(USED_ELSEWHERE))
        self.assertEqual(set(self.types.values()) - set(EDGES), set())

    # -- rows -----------------------------------------------------------------------

    def insert_cases(self):
        """Insert each value between two rows that are as they should be.

        :return: ``{opportunity: what it got}``
        """
        cases = {}
        for number, (column, value) in enumerate(self.edge_cases(), start=1):
            if (column, value) == ("id", "2147483647"):
                continue  # The row after it would come before it.
            self.insert(number, "create")
            self.insert(number, "change", **{column: value})
            self.insert(number, "lost", "lost")
            cases[number] = f"{column} = {value[:60]}"
        return cases

    def check(self, cases, **options):
        unfit = self.find_unfit()
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            result = self.transfer(engine, **options)
            self.assertEqual(sorted(result.unfit), unfit)
            self.assertFalse(result.pending)
            self.assertFalse(self.read_source("SELECT * FROM olap_export_queue"))
            current = self.current(engine)
            for opportunity, said in cases.items():
                self.assertEqual(current.get(opportunity), ("lost", 1000), said)
            kept = self.read_target(engine, "SELECT count(*) FROM etl_quarantine")
            self.assertEqual(kept, [(len(unfit),)])
            self.assertStatesFollow(engine)

    def test_each_value_in_company(self):
        self.check(self.insert_cases())

    def test_each_value_alone(self):
        self.check(self.insert_cases(), chunk_size=1)
