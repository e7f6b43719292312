from odoo.tests import BaseCase, tagged

from ...warehouse import errors, queries, schema, star, transpile
from .values_case import OLDER
from .warehouse_case import WarehouseCase

try:
    import sqlglot
except ImportError:
    sqlglot = None


@tagged("post_install", "-at_install")
class TestWarehouseViews(BaseCase):
    """Views are written once; the other engines' texts are made from them."""

    def test_generated_views_are_up_to_date(self):
        if sqlglot is None:
            self.skipTest("sqlglot is not installed")
        for dialect in transpile.DIALECTS:
            for view in star.VIEWS:
                path = schema.VIEW_FOLDER / dialect / f"{view}.sql"
                text = path.read_text(encoding="utf-8")
                if not text.startswith("-- by hand:"):
                    self.assertEqual(text, transpile.transpile(view, dialect), path)

    def test_every_engine_has_every_view(self):
        for folder in ("", *transpile.DIALECTS):
            found = {path.stem for path in (schema.VIEW_FOLDER / folder).glob("*.sql")}
            self.assertEqual(found, set(star.VIEWS))

    def test_all_statements_are_loaded_without_comments(self):
        for path in queries.SQL_FOLDER.rglob("*.sql"):
            name = path.relative_to(queries.SQL_FOLDER).with_suffix("")
            self.assertNotIn("--", queries.read(str(name)), name)

    def test_migrations_are_chosen_by_engine(self):
        import tempfile
        from pathlib import Path

        with tempfile.TemporaryDirectory() as folder:
            for name in (
                "0002_more.sql",
                "0003_other.sql",
                "0003_other.duckdb.sql",
                "0004_keys.postgresql.sql",
            ):
                (Path(folder) / name).write_text("SELECT 1;\n")

            def chosen(engine, found):
                return [p.name for p in schema.migrations(engine, found, folder)]

            self.assertEqual(
                chosen("duckdb", 1), ["0002_more.sql", "0003_other.duckdb.sql"]
            )
            self.assertEqual(
                chosen("postgresql", 2), ["0003_other.sql", "0004_keys.postgresql.sql"]
            )


@tagged("post_install", "-at_install")
class TestWarehouseReports(WarehouseCase):
    """What people build upon the tables and views of a PostgreSQL target."""

    def setUp(self):
        super().setUp()
        self.reset()
        self.generate(60)

    def test_views_of_others_stay(self):
        engine = self.make_postgresql()
        reports = (
            "CREATE VIEW my_report AS SELECT * FROM v_forecast",
            "CREATE MATERIALIZED VIEW my_copy AS SELECT * FROM v_pipeline_by_rep",
            "CREATE VIEW my_own AS SELECT * FROM dim_date, fact_opportunity_state",
            "GRANT SELECT ON v_forecast TO PUBLIC",
        )
        self.damage(engine, *reports)
        for damage in (
            "SELECT 1",
            "DROP TABLE etl_quarantine",
            "DROP INDEX fact_opportunity_event_batch_idx",
            (
                "DROP VIEW v_pipeline_as_of CASCADE;"
                " CREATE VIEW v_pipeline_as_of AS SELECT 1 AS other"
            ),
        ):
            with self.subTest(damage=damage):
                self.damage(engine, damage)
                engine.create_tables()
                self.transfer(engine)
                self.assertExactlyOnce(engine)
                found = self.read_target(
                    engine,
                    "SELECT has_table_privilege('public', 'v_forecast', 'SELECT'),"
                    " (SELECT count(*) FROM my_report) >= 0,"
                    " (SELECT count(*) FROM v_pipeline_as_of) >= 0",
                )
                self.assertEqual(found, [(True, True, True)])

    def test_what_hinders_a_repair_is_named(self):
        engine = self.make_postgresql()
        for report, damage in (
            (
                "CREATE VIEW my_report AS SELECT date_key FROM dim_date",
                "ALTER TABLE dim_date DROP COLUMN quarter CASCADE",
            ),
            (
                "CREATE MATERIALIZED VIEW my_report AS SELECT 1 FROM v_forecast",
                "ALTER VIEW v_forecast RENAME COLUMN company_key TO firm",
            ),
        ):
            with self.subTest(report=report):
                self.damage(engine, report, damage)
                with self.assertRaises(Exception) as caught:
                    engine.create_tables()
                found = errors.explain(caught.exception)
                self.assertEqual(found.text, errors.BUILT_UPON)
                self.assertRegex(str(found), "view my_report depends on.* Drop it")
                self.damage(engine, f"DROP {report[7 : report.index(' AS ')]}")
                engine.create_tables()
        self.transfer(engine)
        self.assertExactlyOnce(engine)

    def test_what_hinders_the_step_to_another_version_is_named(self):
        """Whatever it is, and once it is gone, the update works."""
        engine = self.make_postgresql()
        fact = "fact_opportunity_event"
        rise = (
            "CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RAISE ''not this: 1000''; END'; CREATE TRIGGER mine"
        )
        for kind, make, drop in (
            (
                "view mine depends on",
                "CREATE VIEW mine AS SELECT * FROM fact_opportunity_state",
                "DROP VIEW mine",
            ),
            (
                "materialized view mine depends on",
                f"CREATE MATERIALIZED VIEW mine AS SELECT group_rate FROM {fact}",
                "DROP MATERIALIZED VIEW mine",
            ),
            (
                'used by generated column "mine"',
                (
                    f"ALTER TABLE {fact} ADD mine numeric"
                    " GENERATED ALWAYS AS (group_rate * 2) STORED"
                ),
                f"ALTER TABLE {fact} DROP COLUMN mine",
            ),
            (
                "trigger mine on table",
                f"{rise} BEFORE UPDATE OF group_rate ON {fact} EXECUTE FUNCTION mine()",
                "DROP FUNCTION mine CASCADE",
            ),
            (
                r"function mine\(\) line",
                f"{rise} BEFORE DELETE ON {fact} EXECUTE FUNCTION mine()",
                "DROP FUNCTION mine CASCADE",
            ),
            (
                "policy mine on table",
                f"CREATE POLICY mine ON {fact} USING (group_rate > 0)",
                f"DROP POLICY mine ON {fact}",
            ),
            (
                "constraint mine of table notes",
                (
                    f"CREATE TABLE notes (a bigint CONSTRAINT mine REFERENCES {fact});"
                    f"INSERT INTO notes SELECT min(event_key) FROM {fact}"
                ),
                "DROP TABLE notes",
            ),
        ):
            with self.subTest(kind=kind):
                self.transfer(engine)
                # One that hinders nothing is not blamed.
                self.damage(engine, "CREATE VIEW other AS SELECT 1 FROM v_forecast")
                self.damage(engine, *OLDER, make)
                with self.assertRaises(Exception) as caught:
                    engine.create_tables()
                found = errors.explain(caught.exception)
                self.assertEqual(found.text, errors.BUILT_UPON)
                self.assertRegex(
                    str(found), f"{kind}.* Drop it, .* use “Update tables”"
                )
                self.assertNotRegex(str(found), "other|1000")
                self.damage(engine, drop, "DROP VIEW other")
                engine.create_tables()
                self.transfer(engine)
                self.assertExactlyOnce(engine)

    def test_damaged_tables_of_the_version_before_are_updated_too(self):
        for engine in self.make_engines():
            self.source_cr.execute("UPDATE olap_export_position SET queue_all = true")
            self.transfer(engine)
            cascade = " CASCADE" if hasattr(engine, "dsn") else ""
            for damage in (
                "SELECT 1",
                f"ALTER TABLE fact_opportunity_state DROP COLUMN group_rate{cascade}",
                *(
                    f"DROP TABLE {name}{cascade}"
                    for name in (
                        *("fact_opportunity_event", "fact_opportunity_state"),
                        *("etl_batch", "etl_quarantine", "bridge_opportunity_rep"),
                    )
                ),
            ):
                with self.subTest(engine=engine, damage=damage):
                    self.damage(engine, *OLDER, damage)
                    with self.assertRaises(errors.TransferError) as caught:
                        self.transfer(engine)
                    self.assertRegex(str(caught.exception), "use “Update tables” on")
                    engine.create_tables()
                    self.transfer(engine)
                    self.assertExactlyOnce(engine)
