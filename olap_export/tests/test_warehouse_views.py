from odoo.tests import BaseCase, tagged

from ..warehouse import queries, schema, star, transpile

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
