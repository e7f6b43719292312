import contextlib
import socket
import threading
import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import config

from ..warehouse import deadline, errors, transfer
from ..warehouse.source import run_key
from .common import OlapExportCase

TRANSFER = "odoo.addons.olap_export.models.olap_export_target_transfer"


@tagged("post_install", "-at_install")
class TestOlapExportHealth(OlapExportCase):
    """A target that is not well says so, and takes nothing else down."""

    def setUp(self):
        super().setUp()
        self.connect()
        self.old = fields.Datetime.now() - timedelta(hours=2)

    def run_of(self, minutes, **values):
        """Create a run that began and was last written so many minutes ago."""
        moment = fields.Datetime.now() - timedelta(minutes=minutes)
        run = self.env["olap.export.run"].create(
            {"target_id": self.target.id, "date_start": moment, **values}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE olap_export_run SET write_date = %s WHERE id = %s", [moment, run.id]
        )
        self.env.invalidate_all()
        return run

    def seen_by_olga(self):
        target = self.target.with_user(self.olga)
        target.invalidate_recordset()
        return target.is_failing, target.last_message or ""

    @contextlib.contextmanager
    def silent_server(self):
        """Let the target lead to a server that takes connections and says nothing."""
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen(5)
            self.target.write({"port": server.getsockname()[1], "state": "connected"})
            yield

    # -- silence ----------------------------------------------------------------------

    def test_transfer_now_ends_although_the_target_is_silent(self):
        limits = deadline.Limits(connect=0.5, answer=0.5, work=0.5)
        dialog = Form(
            self.env["olap.export.target.transfer"]
            .with_user(self.olga)
            .with_context(default_target_id=self.target.id)
        ).save()
        with (
            self.silent_server(),
            patch.object(type(self.target), "_get_limits", return_value=limits),
        ):
            self.env.flush_all()
            self.registry_enter_test_mode(register_cleanup=False)
            # The server never says a word: that this ends is what counts.
            try:
                action = dialog.action_transfer()
            finally:
                self.registry_leave_test_mode()
        self.env.invalidate_all()
        run = self.env["olap.export.run"].with_user(self.olga).browse(action["res_id"])
        self.assertEqual(run.state, "failed")
        self.assertRegex(run.message, r"took the connection .* did not answer for \d+")
        self.assertTrue(self.seen_by_olga()[0])
        self.assertEqual(self.target.failure_count, 1)

    def test_buttons_of_a_silent_target_end_too(self):
        limits = deadline.Limits(connect=0.5, answer=0.5, work=0.5)
        with (
            self.silent_server(),
            patch.object(type(self.target), "_get_limits", return_value=limits),
        ):
            action = self.target.with_user(self.adam).action_test_connection()
        self.assertRegex(action["params"]["message"], "did not answer for")

    def test_a_transfer_ends_before_odoo_ends_the_server(self):
        def left(trigger="manual", spent=0, **options):
            thread = threading.current_thread()
            with (
                patch.dict(config.options, options),
                patch.object(thread, "start_time", time.time() - spent, create=True),
            ):
                limits = self.target._get_limits(trigger)
            return round(limits.end - time.monotonic())

        self.assertEqual(left(limit_time_real=120), 102)
        self.assertEqual(left(limit_time_real=120, spent=60), 42)
        self.assertEqual(left(limit_time_real=120, spent=600), 20)
        self.assertEqual(
            left("cron", limit_time_real=120, limit_time_real_cron=-1), 102
        )
        self.assertEqual(
            left("cron", limit_time_real=120, limit_time_real_cron=600), 510
        )
        self.assertEqual(
            left("cron", limit_time_real=120, limit_time_real_cron=0, workers=0), 102
        )
        self.assertEqual(
            left("cron", limit_time_real=120, limit_time_real_cron=0, workers=2), 3600
        )
        self.assertEqual(left(limit_time_real=0), 3600)

    def test_the_batch_job_leaves_targets_to_the_next_run_when_time_is_short(self):
        second = self.target.copy({"code": "SECOND", "database": "second"})
        second.state = "connected"
        with (
            patch.object(type(self.target), "_get_seconds_left", return_value=30),
            patch(f"{TRANSFER}.transfer.run", return_value=transfer.Result()) as run,
        ):
            progress = self.run_cron()
        self.assertEqual(run.call_count, 1)
        self.assertEqual(progress[-1], (1, 1), "one is left, so Odoo calls again")

    # -- dead runs --------------------------------------------------------------------

    def test_a_run_whose_server_went_down_is_shown_as_failed(self):
        dead = self.run_of(5)
        self.assertTrue(self.seen_by_olga()[0])
        self.assertRegex(self.seen_by_olga()[1], "The server was stopped during")
        with patch(
            f"{TRANSFER}.transfer.run",
            side_effect=errors.TargetBusyError(errors.BUSY),
        ):
            self.run_cron()
        self.assertEqual(dead.state, "failed")
        self.assertRegex(dead.message, "The server was stopped during the transfer")
        self.assertTrue(dead.date_end)

    def test_dead_runs_are_closed_even_if_nothing_is_transferred(self):
        dead = self.run_of(5)
        self.env["olap.export.run"]._gc_runs()
        self.assertEqual(dead.state, "failed")
        self.target.date_retry = fields.Datetime.now() + timedelta(hours=1)
        dead = self.run_of(5)
        self.run_cron()
        self.assertEqual(dead.state, "failed", "although the target is not due")

    def test_a_run_that_is_alive_stays(self):
        alive, dead = self.run_of(5), self.run_of(5)
        with contextlib.closing(self.target._connect_source()) as other:
            other.cursor().execute(f"SELECT pg_advisory_lock({run_key(alive.id)})")
            self.assertEqual(self.target._find_dead_runs(), dead)
            self.assertEqual(alive.state, "running")
        beginning = self.env["olap.export.run"].create({"target_id": self.target.id})
        self.assertNotIn(beginning, self.target._find_dead_runs())

    # -- nothing gets through ---------------------------------------------------------

    def test_skipped_runs_alone_are_a_failure_after_a_while(self):
        self.run_of(50, state="skipped", message="Another transfer is running.")
        self.assertFalse(self.seen_by_olga()[0], "not for so long yet")
        self.run_of(70, state="skipped", message="Another transfer is running.")
        self.assertTrue(self.seen_by_olga()[0])
        self.assertRegex(
            self.seen_by_olga()[1], "Nothing has got through since .* end them"
        )
        banner = self.env["olap.export.run"].with_user(self.olga).get_banner()
        self.assertRegex(banner[0], "Nothing has got through since")

    def test_what_got_through_is_no_failure(self):
        self.run_of(70, state="skipped")
        for good in (
            {"state": "done"},
            {"state": "partial", "rows_sent": 5},
        ):
            run = self.run_of(30, **good)
            self.assertFalse(self.seen_by_olga()[0], good)
            run.unlink()
        self.target.last_success = fields.Datetime.now()
        self.assertFalse(self.seen_by_olga()[0], "nothing was waiting")

    # -- repair -----------------------------------------------------------------------

    def fail_with(self, text, **values):
        with patch(
            f"{TRANSFER}.transfer.run",
            side_effect=errors.TransferError(text, **values),
        ):
            return self.transfer()

    def test_the_dialog_proposes_what_mends_the_failure(self):
        dialogs = self.env["olap.export.target.transfer"].with_user(self.olga)
        dialogs = dialogs.with_context(default_target_id=self.target.id)
        self.assertEqual(Form(dialogs).mode, "incremental")
        run = self.fail_with(errors.SOURCE_CONFLICT, count=10, event=41)
        self.assertEqual(run.remedy, "repair")
        self.assertRegex(run.message, "Events in the target .*: 10 .* number 41")
        action = run.with_user(self.olga).action_repair()
        self.assertEqual(action["res_model"], "olap.export.target.transfer")
        dialog = Form(dialogs.with_context(**action["context"]))
        self.assertEqual(dialog.mode, "repair")
        self.assertIn("Take back", dialog.last_message)
        with patch(
            f"{TRANSFER}.transfer.run", return_value=transfer.Result(taken_back=10)
        ) as called:
            self.registry_enter_test_mode(register_cleanup=False)
            try:
                dialog.save().action_transfer()
            finally:
                self.registry_leave_test_mode()
        self.env.invalidate_all()
        self.assertEqual(called.call_args.kwargs["mode"], "repair")
        self.assertRegex(
            self.seen_by_olga()[1],
            "Events taken back, since Odoo does not have them: 10.",
        )
        self.assertEqual(Form(dialogs).mode, "incremental")

    def test_a_copy_is_not_led_to_take_over(self):
        """Only people know which of the two databases is the real one."""
        self.assertFalse(self.fail_with(errors.COPY_OF_SOURCE).remedy)
        self.assertEqual(self.fail_with(errors.SOURCE_CONFLICT).remedy, "repair")

    def test_sales_people_cannot_repair(self):
        with self.assertRaisesRegex(AccessError, "not allowed to create 'Transfer to"):
            self.env["olap.export.target.transfer"].with_user(self.piotr).create(
                {"target_id": self.target.id, "mode": "repair"}
            ).action_transfer()
