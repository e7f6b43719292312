import shutil
import subprocess
import sys

from odoo.tests import tagged

from ...warehouse.duckdb import loader
from .warehouse_case import WarehouseCase, duckdb


@tagged("post_install", "-at_install")
class TestWarehouseNeighbours(WarehouseCase):
    """What lies beside a DuckDB file, or beside a row, stops nothing."""

    def setUp(self):
        super().setUp()
        self.reset()
        self.generate(300)

    def test_other_files_in_the_folder(self):
        self.folder.joinpath("other.duckdb").write_text("no database")
        self.folder.joinpath(".olap_export_temp").write_text("")
        self.folder.joinpath("warehouse.duckdb.wal").write_text("of somebody else")
        self.folder.joinpath("duckdb.py").write_text("raise SystemExit")
        self.folder.joinpath("warehouse.duckdb.new").mkdir()
        self.addCleanup(shutil.rmtree, self.folder / "warehouse.duckdb.new", True)
        engine = self.make_duckdb()
        self.transfer(engine)
        self.assertExactlyOnce(engine)

    def test_two_files_at_once(self):
        """Each has its own place for what does not fit into memory."""
        places = set()
        for name in ("one", "two"):
            file = loader.DuckdbFile()
            file.open(self.folder / f"{name}.duckdb")
            place = "SELECT current_setting('temp_directory')"
            places.add(file.execute(place)[0])
            file.connection.close()
        self.assertEqual(len(places), 2)

    def test_names_of_three_megabytes(self):
        name = 'a"' * 1_500_000
        for table, column, value in (
            ("res_partner", "name", name),
            ("res_partner", "email", name),
            ("crm_lead", "name", name),
            ("res_currency", "full_name", name),
        ):
            with self.subTest(table=table, column=column):
                self.source_cr.execute(
                    f"INSERT INTO {table} ({column}) VALUES (%s)", [value]
                )
        self.source_cr.execute(
            "INSERT INTO crm_stage (name) VALUES (jsonb_build_object('en_US', %s))",
            [name],
        )
        self.source_cr.execute(
            "INSERT INTO relationship_opportunity_history"
            " (opportunity_id, changed_at, event, status, name, number, lead_type)"
            " VALUES (5, '2026-01-01', 'delete', 'open', %s, %s, %s)",
            [name, name, name],
        )
        for engine in (self.make_postgresql(), self.make_duckdb()):
            self.transfer(engine, mode="full")
            self.assertStatesFollow(engine)
            longest = "SELECT max(length(name)) FROM {}"
            for table in ("dim_stage", "dim_currency", "pii.partner_pii"):
                found = self.read_target(engine, longest.format(table))
                self.assertEqual(found, [(40_000,)], table)

    def test_an_older_file_in_its_place_is_noticed(self):
        engine = self.make_duckdb()
        self.transfer(engine)
        older = self.folder / "backup"
        shutil.copyfile(engine.path, older)
        self.generate(50)
        self.assertFalse(self.transfer(engine).replaced)
        shutil.copyfile(older, engine.path)
        result = self.transfer(engine, only_if_waiting=True)
        self.assertTrue(result.replaced and result.idle)
        self.assertExactlyOnce(engine)
        self.assertFalse(self.transfer(engine).replaced)
        engine.path.write_text("something else")
        self.assertTrue(self.transfer(engine).replaced)
        self.assertExactlyOnce(engine)

    def test_what_somebody_wrote_into_the_published_file_is_gone(self):
        """Whoever opens it sees nothing else than what is compared with Odoo."""
        engine = self.make_duckdb()
        self.transfer(engine)
        facts = "SELECT sum(expected_revenue) FROM fact_opportunity_{}"
        reads = (
            *(facts.format(name) for name in ("event", "state")),
            *(f"SELECT count(*) FROM {n}" for n in ("dim_stage", "v_forecast")),
            "SELECT count(*) FROM bridge_opportunity_rep",
            "SELECT count(*) FROM duckdb_tables()",
        )
        before = [self.read_target(engine, statement) for statement in reads]
        crash = (
            "import duckdb, os; c = duckdb.connect({!r}); c.execute({!r}); os._exit(0)"
        )
        for statement in (
            "UPDATE fact_opportunity_event SET expected_revenue = 1",
            "UPDATE fact_opportunity_state SET expected_revenue = 1",
            *("DELETE FROM dim_stage", "DELETE FROM bridge_opportunity_rep"),
            *("DROP VIEW v_forecast", "CREATE TABLE mine (a integer)"),
        ):
            for mode in ("incremental", "compare"):
                with self.subTest(statement=statement, mode=mode):
                    if mode == "compare":
                        with duckdb.connect(str(engine.path)) as connection:
                            connection.execute(statement)
                    else:
                        # He dies: it stands in the log beside the file.
                        code = crash.format(str(engine.path), statement)
                        subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603
                    result = self.transfer(engine, mode=mode, only_if_waiting=True)
                    self.assertTrue(result.replaced)
                    after = [self.read_target(engine, s) for s in reads]
                    self.assertEqual(after, before)
                    self.assertFalse(self.transfer(engine).replaced)
