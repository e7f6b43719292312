from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..warehouse import errors, transfer
from .common import TRANSFER, OlapExportCase


@tagged("post_install", "-at_install")
class TestOlapExportGone(OlapExportCase):
    """A target that is deleted, or that fails, keeps nobody else waiting."""

    def setUp(self):
        super().setUp()
        self.connect()

    def test_a_target_deleted_during_its_transfer_is_no_error(self):
        second = self.target.copy({"code": "SECOND", "database": "second"})
        second.state = "connected"
        failing = errors.TransferError(errors.UNREACHABLE)

        def deleting(deleted, ending):
            def run(_source, _engine, on_progress, **options):
                if deleted in self.env["olap.export.run"].search([]).target_id:
                    deleted.unlink()
                    if ending == "progress":
                        on_progress(transfer.Result(sent=1))
                    if ending == "failure":
                        raise failing
                return transfer.Result(sent=1, new=1)

            return patch(f"{TRANSFER}.transfer.run", run)

        for ending in ("progress", "failure", "success"):
            deleted = self.target.copy({"code": ending.upper(), "database": ending})
            deleted.write({"state": "connected", "failure_count": 0})
            (self.target + second).write({"date_retry": False, "failure_count": 1})
            before = second.run_count
            with self.subTest(ending=ending), deleting(deleted, ending):
                self.run_cron()
                self.assertFalse(deleted.exists())
                self.assertEqual(second.run_count, before + 1)
                self.assertEqual(second.last_run_id.state, "done")

    def test_a_target_that_is_gone_before_its_turn_is_no_error(self):
        gone = self.target.copy({"code": "GONE"})
        gone.unlink()
        with self.succeeding() as run:
            self.assertFalse(self.transfer(gone))
        run.assert_not_called()

    def test_one_target_never_keeps_the_others_waiting(self):
        second = self.target.copy({"code": "SECOND", "database": "second"})
        second.write({"state": "connected", "failure_count": 1})
        create_run = type(self.target)._create_run

        def create(target, *args):
            if target == self.target:
                raise ZeroDivisionError
            return create_run(target, *args)

        with (
            patch.object(type(self.target), "_create_run", create),
            self.succeeding(sent=1),
            self.assertLogs(TRANSFER),
        ):
            self.run_cron()
        self.assertEqual(second.last_run_id.state, "done")

    def test_the_dialog_says_that_the_target_was_deleted(self):
        dialog = self.env["olap.export.target.transfer"].create(
            {"target_id": self.target.id}
        )

        def run(*_args, **_options):
            self.target.unlink()
            return transfer.Result()

        self.registry_enter_test_mode()
        with (
            patch(f"{TRANSFER}.transfer.run", run),
            self.assertRaises(UserError) as caught,
        ):
            dialog.with_user(self.adam).action_transfer()
        self.assertRegex(str(caught.exception), "The target was deleted meanwhile")
