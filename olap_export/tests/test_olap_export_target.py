import os
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from psycopg2.errors import LockNotAvailable

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import config

from ..warehouse import errors
from .common import SECRET, TRANSFER, OlapExportCase

CONNECTION = "odoo.addons.olap_export.models.olap_export_target_connection"


@tagged("post_install", "-at_install")
class TestOlapExportTarget(OlapExportCase):
    """Connections: where they come from and what is said about them."""

    def test_fields_make_a_connection_string(self):
        self.assertEqual(self.target.connection_source, "fields")
        dsn = self.target._get_dsn()
        for part in ("host=127.0.0.1", "port=9", "dbname=nowhere", "sslmode=require"):
            self.assertIn(part, dsn)

    def test_a_file_of_the_server_that_is_no_warehouse_is_refused(self):
        for values in ({"path": "/etc/passwd"}, {"path": "warehouse.duckdb"}):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, "begins with / and ends"),
            ):
                self.target.write(values)
        with patch.dict(os.environ, {"OLAP_EXPORT_DSN_NOWHERE": "/etc/passwd"}):
            self.target.engine = "duckdb"
            with self.refused("no connection yet", errors.TransferError):
                self.target._get_dsn()

    def test_freshness_tells_what_was_set_aside(self):
        self.target.write({"state": "connected", "last_success": fields.Datetime.now()})
        self.assertNotIn("Set aside", self.target.freshness)
        self.env["olap.export.run"].create(
            {"target_id": self.target.id, "state": "done", "rows_quarantined": 3}
        )
        self.target.invalidate_recordset()
        self.assertRegex(self.target.freshness, "Set aside.*: 3")

    def test_configuration_comes_before_the_fields(self):
        with patch.dict(config.options, {"olap_export_dsn_nowhere": "dbname=file"}):
            self.target.invalidate_recordset()
            self.assertEqual(self.target.connection_source, "configuration")
            self.assertEqual(self.target._get_dsn(), "dbname=file")

    def test_environment_comes_first(self):
        with (
            patch.dict(config.options, {"olap_export_dsn_nowhere": "dbname=file"}),
            patch.dict(os.environ, {"OLAP_EXPORT_DSN_NOWHERE": "dbname=env"}),
        ):
            self.target.invalidate_recordset()
            self.assertEqual(self.target.connection_source, "environment")
            self.assertEqual(self.target._get_dsn(), "dbname=env")
            self.assertEqual(self.target.variable, "OLAP_EXPORT_DSN_NOWHERE")

    def test_without_any_connection_the_sentence_names_the_variable(self):
        self.target.database = False
        with self.assertRaises(errors.TransferError) as caught:
            self.target._get_dsn()
        self.assertIn("OLAP_EXPORT_DSN_NOWHERE", str(caught.exception))

    def test_test_connection_says_what_to_do(self):
        answer = self.target.with_user(self.olga).action_test_connection()["params"]
        self.assertEqual(answer["type"], "danger")
        self.assertIn("does not answer", answer["message"])
        self.assertNotIn(SECRET, answer["message"])

    def test_create_tables_says_what_to_do(self):
        with self.assertRaises(UserError) as caught:
            self.target.with_user(self.adam).action_create_tables()
        self.assertIn("does not answer", str(caught.exception))
        self.assertEqual(self.target.state, "draft")
        self.assertFalse(self.cron.active)

    def test_what_nobody_expects_is_logged(self):
        class Engine:
            limits = None

            def check(self):
                raise ZeroDivisionError(SECRET)

            create_tables = check

        target = self.target.with_user(self.adam)
        with (
            patch.object(type(target), "_get_engine", return_value=Engine()),
            self.assertLogs(CONNECTION, "WARNING") as log,
        ):
            said = target.action_test_connection()["params"]["message"]
            with self.assertRaises(UserError) as caught:
                target.action_create_tables()
        self.assertEqual(said, str(caught.exception))
        self.assertRegex(said, r"failed \(ZeroDivisionError\). Details are in the")
        self.assertNotIn(SECRET, said)
        self.assertEqual(len(log.output), 2)
        self.assertIn("OLAP target NOWHERE failed", log.output[0])

    def test_a_lock_in_odoo_is_told_as_such(self):
        class Locked(LockNotAvailable):
            pgcode = "55P03"

        self.connect()
        self.startPatcher(patch(f"{TRANSFER}.time.sleep"))
        with (
            patch.object(
                type(self.target),
                "_get_limited_engine",
                side_effect=Locked,
            ),
            self.assertLogs(TRANSFER),
        ):
            run = self.transfer()
        self.assertRegex(run.message, "blocks a table of Odoo's own database")

    def test_sentences_are_translated(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        target = self.target.with_context(lang="pl_PL")
        for error in (errors.UNREACHABLE, errors.DISK_FULL, errors.TABLES_MISSING):
            sentence = target._explain(errors.TransferError(error))
            self.assertNotEqual(sentence, error)

    def test_a_changed_connection_must_be_connected_again(self):
        self.connect()
        self.target.host = "192.0.2.1"
        self.assertEqual(self.target.state, "draft")

    def test_freshness_is_a_sentence(self):
        self.assertIn("Not connected", self.target.freshness)
        self.connect()
        self.env.invalidate_all()
        self.assertIn("Nothing is in OLAP yet.", self.target.freshness)
        self.assertIn("Next transfer in", self.target.freshness)

    def test_an_archived_target_promises_nothing(self):
        """It waits for nobody, and is not transferred to by the dialog."""
        self.connect()
        self.target.last_success = fields.Datetime.now()
        self.target.active = False
        target = self.target.with_user(self.olga)
        self.assertEqual(
            target.freshness,
            "Archived: nothing is transferred. Whoever unarchives it has everything"
            " sent again.",
        )
        dialog = self.env["olap.export.target.transfer"].with_user(self.olga)
        dialog = dialog.create({"target_id": target.id})
        with self.succeeding() as run, self.refused("“Nowhere” is archived: unarchive"):
            dialog.action_transfer()
        self.assertFalse(run.called)
        self.target.active = True
        self.assertIn("Everything up to", target.freshness)

    def test_freshness_speaks_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.connect()
        self.target.last_success = "2026-05-03 21:30:00"
        self.env.flush_all()
        said = {}
        for lang, tz in (("en_US", "UTC"), ("pl_PL", "UTC"), ("en_US", "Asia/Tokyo")):
            target = self.target.with_context(lang=lang, tz=tz)
            said[lang, tz] = target.freshness.replace("\u202f", " ")
        self.assertIn("5/3/26, 9:30 PM", said["en_US", "UTC"])
        self.assertIn("3.05.2026, 21:30", said["pl_PL", "UTC"])
        self.assertIn("5/4/26, 6:30 AM", said["en_US", "Asia/Tokyo"])

    def test_freshness_counts_minutes_as_people_do(self):
        self.connect()
        now = fields.Datetime.now()
        for seconds, sentence in (
            (-30, "Next transfer in less than a minute."),
            (40, "Next transfer in less than a minute."),
            (400, "Next transfer in 7 minutes."),
        ):
            self.cron.nextcall = now + timedelta(seconds=seconds)
            self.env.invalidate_all()
            self.assertIn(sentence, self.target.freshness)

    def test_without_the_batch_job_everything_else_works(self):
        self.connect()
        self.cron.unlink()
        self.env.invalidate_all()
        self.assertIn("The batch job was deleted", self.target.freshness)
        self.target.state = "draft"
        self.create_tables()
        self.assertEqual(self.target.state, "connected")

    def create_tables(self):
        with patch.object(type(self.target), "_get_engine"):
            self.target.action_create_tables()

    def test_only_the_first_connection_starts_the_batch_job(self):
        self.env["olap.export.target"].with_context(active_test=False).search(
            []
        ).state = "draft"
        self.create_tables()
        self.assertTrue(self.cron.active)
        self.cron.active = False
        self.create_tables()
        self.assertFalse(self.cron.active, "the tables were only updated")
        self.target.copy({"code": "SECOND", "database": "second"}).state = "connected"
        self.target.state = "draft"
        self.create_tables()
        self.assertFalse(self.cron.active, "another target is connected")

    def test_a_busy_batch_job_does_not_stop_the_creation_of_tables(self):
        self.env["olap.export.target"].with_context(active_test=False).search(
            []
        ).state = "draft"
        with (
            patch.object(
                type(self.cron), "write", side_effect=UserError("running")
            ) as write,
            self.assertLogs(CONNECTION, "WARNING"),
        ):
            self.create_tables()
        write.assert_called_once_with({"active": True})
        self.assertEqual(self.target.state, "connected")

    def test_form_for_administrators_and_operators(self):
        with Form(self.env["olap.export.target"].with_user(self.adam)) as form:
            form.name = "File"
            form.code = "FILE"
            form.engine = "duckdb"
        self.assertEqual(form.record.state, "draft")
        arch = (
            self.env["olap.export.target"]
            .with_user(self.olga)
            .get_view(view_type="form")["arch"]
        )
        self.assertNotIn("password", arch)
        self.assertNotIn("action_create_tables", arch)

    def test_neutralize(self):
        self.connect()
        path = Path(__file__).parents[1] / "data" / "neutralize.sql"
        self.env.flush_all()
        self.env.cr.execute(path.read_text(encoding="utf-8"))
        self.env.invalidate_all()
        self.assertFalse(self.target.active)
        self.assertEqual(self.target.state, "draft")
        self.assertFalse(self.target.password)
        with (
            patch.dict(os.environ, {"OLAP_EXPORT_DSN_NOWHERE": "dbname=env"}),
            self.refused("no connection yet", errors.TransferError),
        ):
            self.target._get_dsn()

    def test_extendable_engine(self):
        engines = self.env["olap.export.target"]._fields["engine"].get_values(self.env)
        self.assertEqual(engines[:2], ["postgresql", "duckdb"])
