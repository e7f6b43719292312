from odoo.tests import tagged

from ...warehouse import errors, star
from .warehouse_case import WarehouseCase

ALL = (
    *star.FACTS,
    *(dimension.name for dimension in star.DIMENSIONS if dimension.schema != "pii"),
    "dim_date",
    "etl_source",
    "schema_version",
)
SOME = (
    "fact_opportunity_event",
    "fact_opportunity_state",
    "bridge_opportunity_rep",
    "etl_batch",
    "etl_source",
    "etl_quarantine",
    "dim_stage",
    "dim_date",
    "schema_version",
)
COLUMNS = (
    ("fact_opportunity_event", "expected_revenue"),
    ("fact_opportunity_state", "valid_to"),
    ("bridge_opportunity_rep", "weight"),
    ("etl_batch", "rows_sent"),
    ("etl_source", "name"),
    ("dim_stage", "name"),
    ("dim_stage", "is_deleted"),
    ("dim_team", "source_key"),
    ("dim_date", "quarter"),
)


@tagged("post_install", "-at_install")
class TestWarehouseRestore(WarehouseCase):
    """*Create tables* brings back what somebody dropped from a target."""

    def setUp(self):
        super().setUp()
        self.reset()
        self.generate(60)
        # A stage that Odoo has forgotten: the target alone knows it.
        self.source_cr.execute(
            "UPDATE relationship_opportunity_history SET stage_id = 99 WHERE id = 7"
        )

    def contents(self, engine):
        """Return what readers see, apart from numbers of batches and times."""
        columns = "event_key, opportunity_key, status, expected_revenue"
        return self.read_all(
            engine,
            f"SELECT {columns} FROM fact_opportunity_event ORDER BY 1",
            (
                f"SELECT {columns}, valid_from, valid_to, is_current"
                " FROM fact_opportunity_state ORDER BY 1"
            ),
            (
                "SELECT reference_group_key, reference_id, source_key, partner_key,"
                " employee_key, weight, date_from, date_to"
                " FROM bridge_opportunity_rep ORDER BY 1, 2"
            ),
            (
                "SELECT stage_key, source_key, name, is_deleted FROM dim_stage"
                " ORDER BY 1"
            ),
            "SELECT team_key, source_key, name FROM dim_team ORDER BY 1",
            "SELECT date_key, quarter FROM dim_date ORDER BY 1",
            "SELECT count(*) FROM v_pipeline_as_of",
            "SELECT version FROM schema_version",
        )

    def assertRestored(self, engine, statement, contents):
        self.damage(engine, statement)
        engine.create_tables()
        self.transfer(engine)
        self.assertExactlyOnce(engine)
        self.assertEqual(self.contents(engine), contents)

    def test_dropped_tables_and_columns_of_postgresql(self):
        engine = self.make_postgresql()
        self.transfer(engine)
        contents = self.contents(engine)
        catalogue = self.read_catalogue()
        statements = (
            *(f"DROP TABLE {table} CASCADE" for table in ALL),
            "DROP SCHEMA pii CASCADE",
            "DROP TABLE schema_version, fact_opportunity_event CASCADE",
            *(f"ALTER TABLE {t} DROP COLUMN {c} CASCADE" for t, c in COLUMNS),
        )
        for statement in self.some(statements):
            with self.subTest(statement=statement):
                self.assertRestored(engine, statement, contents)
                self.assertEqual(self.read_catalogue(), catalogue)

    def test_dropped_keys_indexes_and_views_of_postgresql(self):
        engine = self.make_postgresql()
        self.transfer(engine)
        contents = self.contents(engine)
        catalogue = self.read_catalogue()
        for statement in (
            "DROP VIEW v_pipeline_as_of CASCADE",
            "DROP INDEX fact_opportunity_event_batch_idx",
            "ALTER TABLE dim_stage DROP CONSTRAINT dim_stage_pkey",
            (
                "ALTER TABLE fact_opportunity_event"
                " DROP CONSTRAINT fact_opportunity_event_pkey;"
                " INSERT INTO fact_opportunity_event"
                " SELECT * FROM fact_opportunity_event WHERE event_key % 2 = 0"
            ),
            "ALTER TABLE dim_stage ALTER is_deleted DROP NOT NULL",
        ):
            with self.subTest(statement=statement):
                self.assertRestored(engine, statement, contents)
                self.assertEqual(self.read_catalogue(), catalogue)

    def read_catalogue(self):
        """Return columns, constraints and indexes of the target, without order."""
        cr = self.open_cursor(self.target_dsn)
        cr.execute(
            """
            SELECT c.relname, a.attname, a.atttypid, a.atttypmod, a.attnotnull::text
              FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace::regnamespace::text IN ('public', 'pii')
               AND a.attnum > 0 AND NOT a.attisdropped
             UNION ALL
            SELECT conrelid::regclass::text, conname, 0, 0, pg_get_constraintdef(oid)
              FROM pg_constraint WHERE conrelid <> 0 AND contype IN ('p', 'u', 'c')
               AND connamespace::regnamespace::text IN ('public', 'pii')
             UNION ALL
            SELECT tablename, indexname, 0, 0, indexdef FROM pg_indexes
             WHERE schemaname IN ('public', 'pii')
             ORDER BY 1, 2, 5
            """
        )
        return cr.fetchall()

    def test_dropped_tables_and_columns_of_duckdb(self):
        engine = self.make_duckdb()
        self.transfer(engine)
        contents = self.contents(engine)
        statements = (
            *(f"DROP TABLE {table}" for table in SOME),
            "DROP TABLE pii.partner_pii",
            "DROP VIEW v_pipeline_as_of",
            *(f"ALTER TABLE {table} DROP COLUMN {c}" for table, c in COLUMNS),
        )
        for statement in self.some(statements):
            with self.subTest(statement=statement):
                self.assertRestored(engine, statement, contents)

    def test_emptied_tables_are_filled_by_the_update_of_tables(self):
        for engine in self.make_engines():
            self.transfer(engine, mode="full")
            contents = self.contents(engine)
            for table in self.some(SOME, 2):
                with self.subTest(engine=engine, table=table):
                    self.assertRestored(engine, f"TRUNCATE {table}", contents)

    def test_emptied_tables_are_filled_by_a_transfer(self):
        """Its sentence does not send anybody in a circle, and none is green in vain."""
        emptied = [table for table in ALL if table != "schema_version"]
        for engine in self.make_engines():
            self.transfer(engine, mode="full")
            contents = self.contents(engine)
            for tables, mode in (
                (emptied, "incremental"),
                (emptied, "repair"),
                (["dim_date", "dim_stage", "bridge_opportunity_rep"], "full"),
                (["dim_date", "dim_stage", "bridge_opportunity_rep"], "replace"),
                (["fact_opportunity_event"], "incremental"),
                (["fact_opportunity_state"], "incremental"),
                (["etl_source"], "incremental"),
                (["etl_source", "fact_opportunity_state", "etl_batch"], "incremental"),
            ):
                with self.subTest(engine=engine, tables=tables, mode=mode):
                    self.damage(engine, *(f"TRUNCATE {table}" for table in tables))
                    self.transfer(engine, mode=mode)
                    self.assertExactlyOnce(engine)
                    if "dim_stage" in tables and mode == "incremental":
                        # Not for the sake of one member that Odoo has forgotten.
                        self.transfer(engine, mode="full")
                    self.assertEqual(self.contents(engine), contents)

    def test_the_version_alone_is_gone(self):
        for engine in self.make_engines():
            self.transfer(engine, mode="full")
            contents = self.contents(engine)
            part = (
                "DELETE FROM dim_date WHERE date_key % 7 = 0; DELETE FROM dim_stage"
                " WHERE stage_key = -1; DELETE FROM schema_version"
            )
            for statement in ("DELETE FROM schema_version", part):
                with self.subTest(engine=engine, statement=statement):
                    self.damage(engine, statement)
                    with self.assertRaises(errors.TransferError) as caught:
                        self.transfer(engine)
                    self.assertRegex(
                        str(caught.exception), "use “Update tables” on the target first"
                    )
                    engine.create_tables()
                    self.transfer(engine)
                    self.assertExactlyOnce(engine)
                    self.assertEqual(self.contents(engine), contents)

    def test_a_day_is_what_its_number_says(self):
        for engine in self.make_engines():
            rows = self.read_target(
                engine, "SELECT * FROM dim_date WHERE date_key > 0 ORDER BY 1"
            )
            self.assertEqual(len(rows), 18263 + 1, "the last one is without end")
            for key, day, *numbers, month, quarter, name in rows:
                year, week, weekday = day.isocalendar()
                of_year = (day.month + 2) // 3
                self.assertEqual(
                    (key, numbers, month, quarter, name),
                    (
                        int(day.strftime("%Y%m%d")),
                        [day.year, of_year, day.month, day.day, weekday, year, week],
                        day.replace(day=1),
                        day.replace(month=3 * of_year - 2, day=1),
                        str(day),
                    ),
                )

    def test_a_missing_table_is_told_with_its_remedy(self):
        for engine in self.make_engines():
            self.transfer(engine, mode="full")
            self.damage(engine, "DROP TABLE fact_opportunity_state CASCADE")
            self.generate(5)
            with self.assertRaises(Exception) as caught:
                self.transfer(engine)
            found = errors.explain(caught.exception)
            self.assertEqual(found.text, errors.TABLES_DAMAGED)
            self.assertRegex(str(found), "use “Update tables” on the target")
            engine.create_tables()
            self.transfer(engine)
            self.assertExactlyOnce(engine)
