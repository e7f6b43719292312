from odoo.tests import tagged

from odoo.addons.relationship_management.models.history import columns as history

from ...warehouse import columns
from .values_case import EDGES, ValuesCase

DESCRIBED = columns.Columns()
LONG = {
    "varchar": "character varying",
    "timestamp": "timestamp without time zone",
}


@tagged("post_install", "-at_install")
class TestWarehouseValues(ValuesCase):
    """Whatever is in a row: all others arrive, and its own status does, too."""

    def edge_cases(self):
        """Yield every column of the history with every value for its type."""
        for column, type_ in self.types.items():
            for value in EDGES[type_]:
                yield column, value

    def find_unfit(self):
        """Return the numbers of the rows that do not fit, by the description."""
        rows = self.read_source(
            "SELECT id FROM relationship_opportunity_history h"
            f" WHERE NOT ({DESCRIBED.fits} AND {columns.KEYED}) ORDER BY 1"
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

    def test_every_column_of_the_history_is_described(self):
        types = {c.name: LONG.get(c.kind.type, c.kind.type) for c in history.COLUMNS}
        copied = types.keys() & self.types.keys()
        self.assertEqual(
            {c: types[c] for c in copied}.items() - self.types.items(), set()
        )
        self.assertEqual(columns.Columns(self.types).further, ())
        self.assertEqual(set(self.types.values()) - set(EDGES), set())

    def test_what_passes_without_a_look_fits_or_is_refused_by_its_type(self):
        """Otherwise a row counts as fitting in one company, and not in another."""
        for opportunity, (column, value) in self.list_cases().items():
            self.insert(opportunity, "change", **{column: value})
        passing = self.read_source(
            f"SELECT id, opportunity_id, {DESCRIBED.reasons()}"
            f" FROM relationship_opportunity_history h"
            f" WHERE {DESCRIBED.plain} AND NOT ({DESCRIBED.fits} AND {columns.KEYED})"
        )
        cases = self.list_cases()
        typed = {c.origin for c in columns.EVENT_COLUMNS if "numeric" in c.type}
        for _id, opportunity, reason in passing:
            self.assertIn(reason, typed, cases[opportunity])

    # -- rows -----------------------------------------------------------------------

    def list_cases(self):
        """Return ``{opportunity: (column, value)}``."""
        # The highest number: what follows would come before it.
        left_out = ("id", "9223372036854775807")
        cases = [case for case in self.edge_cases() if case != left_out]
        return dict(enumerate(cases, start=1))

    def check(self, cases, engine, result):
        """Check that all opportunities are lost by now, and what the run names."""
        current = self.current(engine)
        for opportunity, (column, value) in cases.items():
            said = f"{column} = {value[:60]}"
            self.assertEqual(current.get(opportunity), ("lost", 1000), said)
        unfit = self.find_unfit()
        # Of a part of them, fewer may be unfit.
        least = 2 if len(cases) == len(self.list_cases()) else 3
        self.assertGreater(len(unfit), len(cases) / least)
        self.assertEqual(sorted(result.unfit), unfit)
        kept = self.read_target(engine, "SELECT count(*) FROM etl_quarantine")
        self.assertEqual(kept, [(len(unfit),)])
        self.assertStatesFollow(engine)
        self.assertFalse(self.read_source("SELECT * FROM olap_export_queue"))

    def test_each_value_in_company(self):
        """All in one chunk, between rows that are as they should be."""
        cases = self.list_cases()
        for opportunity, (column, value) in cases.items():
            self.insert(opportunity, "create")
            self.insert(opportunity, "change", **{column: value})
            self.insert(opportunity, "lost", "lost")
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            self.check(cases, engine, self.transfer(engine))

    def test_each_value_alone(self):
        """Each in a chunk of its own; what follows comes with the next transfer."""
        cases = dict(self.some(self.list_cases().items()))
        for opportunity, (column, value) in cases.items():
            self.insert(opportunity, "change", **{column: value})
        results = []
        for engine in self.engines:
            self.source_cr.execute("TRUNCATE olap_export_position")
            results.append(self.transfer(engine, chunk_size=1))
        for opportunity in cases:
            self.insert(opportunity, "lost", "lost")
        for engine, result in zip(self.engines, results, strict=True):
            self.source_cr.execute("UPDATE olap_export_position SET queue_all = true")
            self.transfer(engine)
            self.check(cases, engine, result)
