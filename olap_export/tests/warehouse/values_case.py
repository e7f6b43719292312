"""Histories with values that one step can hold and the next cannot."""

import json

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
        *('[[{"id": 1}]]', "[[[]]]", '[{"id": [1]}]', '[{"id": 1, "partner_id": 2.5}]'),
        '[{"id": 1, "partner_id": [5], "kind": ["competitor"], "share": [50]}]',
        '[{"id": 4.0, "partner_id": 5.00, "kind": "competitor", "share": 1e1}]',
        json.dumps([{"id": 1, "kind": "x" * 3_000_000}]),
    ),
    "boolean": ("true", "false"),
    "bigint": ("-1", "0", "9223372036854775807", "-9223372036854775808"),
}
# What makes tables of version 1.
OLDER = (
    *(
        f"ALTER TABLE fact_opportunity_{name}"
        " ALTER COLUMN group_rate TYPE numeric(18,10)"
        for name in ("event", "state")
    ),
    "DROP VIEW v_pipeline_by_rep",
    *(
        f"ALTER TABLE bridge_opportunity_{name} DROP COLUMN {column}"
        for name in ("rep", "reference", "competitor")
        for column in ("date_from", "date_to")
    ),
    "ALTER TABLE dim_partner DROP COLUMN merged_into_key",
    "UPDATE schema_version SET version = 1",
)


class ValuesCase(WarehouseCase):
    """Rows with any value, and an empty target of each engine for each test."""

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
        self.engines = self.make_engines()

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
