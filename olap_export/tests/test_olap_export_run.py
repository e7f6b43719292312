from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..warehouse import errors, transfer
from .common import SECRET, TRANSFER, OlapExportCase


@tagged("post_install", "-at_install")
class TestOlapExportRun(OlapExportCase):
    """The run log: what happened, in a sentence, whatever happened."""

    def setUp(self):
        super().setUp()
        self.connect()

    def test_an_unreachable_target_ends_in_a_sentence(self):
        run = self.transfer()
        self.assertEqual(run.state, "failed")
        self.assertIn("does not answer", run.message)
        self.assertNotIn(SECRET, run.message)
        self.assertTrue(run.date_end)
        self.assertEqual(run.rows_new, 0)

    def test_a_run_is_called_by_its_time_as_people_write_it(self):
        run = self.transfer()
        run.date_start = "2026-11-30 22:15:31"
        for lang, tz, name in (
            ("en_US", "Europe/Warsaw", "11/30/26, 11:15 PM"),
            ("en_US", "UTC", "11/30/26, 10:15 PM"),
        ):
            self.env.user.tz = tz
            seen = run.with_context(lang=lang)
            seen.invalidate_recordset()
            # Unicode's data have one kind of space here or another.
            self.assertEqual(" ".join(seen.display_name.split()), name)

    def test_the_batch_job_survives_an_unreachable_target(self):
        for number in range(1, 4):
            self.target.date_retry = False
            self.run_cron()
            self.assertEqual(self.target.failure_count, number)
        self.assertTrue(self.target.is_failing)
        self.assertTrue(self.cron.active)
        self.assertEqual(self.cron.failure_count, 0)

    def test_the_batch_job_waits_longer_after_each_failure(self):
        waits = []
        for _number in range(8):
            self.transfer()
            waits.append(self.target.date_retry - fields.Datetime.now())
        self.assertLessEqual(waits[0], timedelta(minutes=10))
        self.assertGreater(waits[2], timedelta(minutes=39))
        self.assertLessEqual(waits[-1], timedelta(hours=6))
        count = self.target.run_count
        self.run_cron()
        self.assertEqual(self.target.run_count, count, "not yet due")

    def test_the_count_of_failures_has_an_end(self):
        """Nor does it keep a run from being logged."""
        self.target.with_user(self.adam).failure_count = 2**31 - 1
        self.env.flush_all()
        run = self.transfer()
        self.assertEqual(run.state, "failed")
        self.assertIn("does not answer", run.message)
        self.assertEqual(self.target.failure_count, 100_000)

    def test_success_clears_failures(self):
        self.transfer()
        with self.succeeding(sent=5, new=4, rows={"dim_stage": 2, "dim_team": 0}):
            run = self.transfer()
        self.assertEqual(run.state, "done")
        self.assertEqual((run.rows_sent, run.rows_new), (5, 4))
        self.assertEqual(run.line_ids.mapped("table_name"), ["dim_stage"])
        self.assertEqual(self.target.failure_count, 0)
        self.assertEqual(self.target.last_success, run.date_start)

    def test_a_rest_is_left_to_the_batch_job(self):
        triggers = self.env["ir.cron.trigger"].search_count([])
        with self.succeeding(sent=5, new=5, pending=7, interrupted=True):
            run = self.transfer()
        self.assertEqual(run.state, "partial")
        self.assertIn("7", run.message)
        self.assertFalse(self.target.last_success)
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers + 1)

    def test_later_changes_wait_for_the_next_regular_run(self):
        triggers = self.env["ir.cron.trigger"].search_count([])
        with self.succeeding(sent=5, new=5, pending=7):
            run = self.transfer()
        self.assertEqual((run.state, run.progress), ("done", 100))
        self.assertIn("7", run.message)
        self.assertEqual(self.target.last_success, run.date_start)
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers)

    def test_the_batch_job_counts_what_is_left_of_all_targets(self):
        second = self.target.copy({"code": "SECOND", "database": "second"})
        third = self.target.copy({"code": "THIRD", "database": "third"})
        (second + third).state = "connected"
        triggers = self.env["ir.cron.trigger"].search_count([])
        results = [
            transfer.Result(pending=9, interrupted=True),
            transfer.Result(),
            transfer.Result(pending=9, interrupted=True),
        ]
        with patch(f"{TRANSFER}.transfer.run", side_effect=results):
            progress = self.run_cron()
        self.assertEqual(progress[0], (0, 3))
        self.assertEqual(
            [step for step in progress if step[0]], [(1, 3), (1, 2), (1, 2)]
        )
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers)

    def test_the_batch_job_compares_names_once_an_hour(self):
        def lazy(**options):
            with self.succeeding() as run:
                self.transfer(**options)
            return run.call_args.kwargs["only_if_waiting"]

        self.assertFalse(lazy(trigger="cron"), "there was no transfer yet")
        self.assertTrue(lazy(trigger="cron"))
        self.assertFalse(lazy(trigger="manual"))
        self.env["olap.export.run"].search([]).date_start = (
            fields.Datetime.now() - timedelta(hours=2)
        )
        with self.succeeding(idle=True):
            run = self.transfer(trigger="cron")
        self.assertEqual(run.state, "skipped")
        self.assertEqual(self.target.last_success, run.date_start)
        self.assertFalse(lazy(trigger="cron"), "an idle run compared nothing")
        with self.breaking(errors.TransferError(errors.UNREACHABLE)):
            self.transfer()
        self.assertFalse(lazy(trigger="cron"), "the last one failed")

    def conflicting(self, times):
        """Let the first writes on the target conflict with somebody else's."""
        write = type(self.target).write
        calls = []

        def conflict(records, values):
            if "failure_count" in values:
                calls.append(values)
                if len(calls) <= times:
                    raise SerializationFailure
            return write(records, values)

        self.addCleanup(self.assertTrue, calls)
        self.startPatcher(patch(f"{TRANSFER}.time.sleep"))
        return patch.object(type(self.target), "write", conflict)

    def test_a_conflict_while_logging_is_repeated(self):
        with self.conflicting(4), self.succeeding(sent=3):
            run = self.transfer()
        self.assertEqual((run.state, run.rows_sent), ("done", 3))
        with self.conflicting(4):
            self.assertEqual(self.transfer().state, "failed")

    def test_a_conflict_without_end_does_not_stop_the_batch_job(self):
        with self.conflicting(99), self.succeeding(), self.assertLogs(TRANSFER):
            run = self.transfer()
        self.assertEqual(run.state, "running")
        with self.succeeding():
            self.transfer()
        self.assertEqual(run.state, "failed", "closed by the next one")

    def test_after_a_run_in_vain_the_next_one_begins_with_less(self):
        def first_size(outcome, mode="incremental"):
            with outcome as run:
                self.transfer(mode=mode)
            return run.call_args.kwargs["first_size"]

        vain = errors.TransferError(errors.TIME_UP, seconds=93)
        self.assertEqual(first_size(self.breaking(vain)), 5000)
        self.assertEqual(first_size(self.breaking(vain)), 1250)
        reached = self.succeeding(sent=900, chunk_size=450, interrupted=True)
        self.assertEqual(first_size(reached), 312)
        self.assertEqual(first_size(self.breaking(vain)), 450)
        for _run in range(5):
            first_size(self.breaking(vain))
        self.assertEqual(first_size(self.succeeding(chunk_size=200_000)), 100)
        self.assertEqual(first_size(self.breaking(vain), "replace"), 200_000)
        self.assertEqual(first_size(self.breaking(vain), "replace"), 5000)

    def test_old_runs_are_removed(self):
        self.env["olap.export.run"].search([]).unlink()
        now = fields.Datetime.now()
        runs = {}
        for days, state in (
            (200, "done"),
            (190, "failed"),
            (180, "done"),
            (170, "failed"),
            (160, "skipped"),
            (150, "running"),
            (5, "skipped"),
        ):
            runs[days] = self.env["olap.export.run"].create(
                {
                    "target_id": self.target.id,
                    "state": state,
                    "date_start": now - timedelta(days=days),
                }
            )
        runs[200]._set_lines({"dim_stage": 1})
        self.env["olap.export.run"]._gc_runs()
        left = [days for days, run in runs.items() if run.exists()]
        self.assertEqual(left, [180, 170, 5])
        self.assertFalse(self.env["olap.export.run.line"].search([]))

    def test_another_transfer_is_no_failure(self):
        with self.breaking(errors.TargetBusyError(errors.BUSY)):
            run = self.transfer()
        self.assertEqual(run.state, "skipped")
        self.assertEqual(self.target.failure_count, 0)

    def test_an_unexpected_error_is_logged_and_told(self):
        with (
            self.breaking(ZeroDivisionError(SECRET)),
            self.assertLogs(TRANSFER, "WARNING") as log,
        ):
            run = self.transfer()
        self.assertEqual(run.state, "failed")
        self.assertIn("ZeroDivisionError", run.message)
        self.assertNotIn(SECRET, run.message)
        self.assertEqual(len(log.output), 1)

    def test_a_row_that_is_refused_is_not_in_the_log(self):
        """It may be a person's name and address."""
        self.env.cr.execute("CREATE TEMP TABLE people (name varchar CHECK (name = ''))")
        with self.assertRaises(IntegrityError) as caught, self.env.cr.savepoint():
            self.env.cr.execute("INSERT INTO people VALUES (%s)", [SECRET])
        self.assertIn(SECRET, str(caught.exception))
        with (
            self.breaking(caught.exception),
            self.assertLogs(TRANSFER, "WARNING") as log,
        ):
            run = self.transfer()
        self.assertRegex(run.message, "constraint people_name_check of table people")
        self.assertRegex(log.output[0], 'violates check constraint "people_name_check"')
        self.assertNotIn(SECRET, log.output[0])

    def test_interrupted_runs_are_closed_later(self):
        lost = self.env["olap.export.run"].create({"target_id": self.target.id})
        with self.succeeding():
            self.transfer()
        self.assertEqual(lost.state, "failed")
        self.assertIn("stopped", lost.message)

    def test_an_operator_transfers_with_the_dialog(self):
        dialog = Form(
            self.env["olap.export.target.transfer"]
            .with_user(self.olga)
            .with_context(default_target_id=self.target.id)
        )
        dialog.mode = "full"
        self.registry_enter_test_mode(register_cleanup=False)
        try:
            with self.succeeding(sent=1) as run:
                action = dialog.save().action_transfer()
        finally:
            self.registry_leave_test_mode()
        self.assertEqual(run.call_args.kwargs["mode"], "full")
        done = self.env["olap.export.run"].browse(action["res_id"])
        self.assertEqual((done.user_id, done.trigger), (self.olga, "manual"))

    def test_the_first_transfer_creates_the_tables(self):
        self.target.state = "draft"
        with (
            patch.object(type(self.target), "_get_engine") as engine,
            self.succeeding(),
        ):
            self.transfer()
        engine.return_value.create_tables.assert_called_once_with()
        self.assertEqual(self.target.state, "connected")

    def test_progress_is_visible_while_it_runs(self):
        seen = []

        def run(_source, _engine, on_progress, **options):
            on_progress(transfer.Result(sent=30, pending=70))
            current = self.env["olap.export.run"].search([], limit=1, order="id desc")
            current.invalidate_recordset()
            seen.append((current.state, current.progress))
            return transfer.Result(sent=100, new=100)

        with patch(f"{TRANSFER}.transfer.run", run):
            self.transfer()
        self.assertEqual(seen, [("running", 30.0)])

    @mute_logger(TRANSFER)
    def test_banner_says_how_fresh_the_targets_are(self):
        banner = self.env["olap.export.run"].with_user(self.olga).get_banner()
        self.assertEqual(len(banner), 1)
        self.assertIn("Nothing is in OLAP yet.", banner[0])

    def insert_history(self, leads):
        """Return the numbers of the newest history rows of opportunities."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT max(id) FROM relationship_opportunity_history"
            " WHERE opportunity_id = ANY(%s) GROUP BY opportunity_id ORDER BY 1",
            [leads.ids],
        )
        return [number for (number,) in self.env.cr.fetchall()]

    def test_a_run_names_what_does_not_fit_to_who_may_see_it(self):
        leads = self.env["crm.lead"].create(
            [
                {"name": f"Line {n}", "type": "opportunity", "user_id": self.piotr.id}
                for n in range(7)
            ]
        )
        leads[1].user_id = self.ewa
        ids = self.insert_history(leads)
        with self.succeeding(sent=9, new=9, unfit=ids):
            run = self.transfer()
        self.assertEqual((run.state, run.rows_quarantined), ("done", 7))
        self.assertIn(
            "Changes with values that the target cannot hold: 7.", run.message
        )
        self.assertNotIn("Line", run.message)
        said = run.with_user(self.ewa)
        self.ewa.group_ids += self.env.ref("olap_export.olap_export_group_operator")
        number = leads[0].number or ""
        self.assertIn(f"{number} Line 0".strip(), said.unfit_summary)
        self.assertRegex(said.unfit_summary, "Line 4 and 2 more$")
        self.piotr.group_ids += self.env.ref("olap_export.olap_export_group_operator")
        own = run.with_user(self.piotr)
        self.assertNotIn("Line 1", own.unfit_summary)
        self.assertRegex(own.unfit_summary, "and 2 more$")
        self.assertEqual(
            run.with_user(self.olga).unfit_summary,
            "Opportunities that you are not allowed to see: 7.",
        )

    def test_a_door_leads_to_exactly_what_does_not_fit(self):
        leads = self.env["crm.lead"].create(
            [{"name": f"Door {n}", "type": "opportunity"} for n in range(3)]
        )
        ids = self.insert_history(leads[:2])
        with self.succeeding(sent=3, new=3, unfit=ids):
            run = self.transfer()
        action = run.with_user(self.adam).action_view_unfit()
        self.assertEqual(action["res_model"], "relationship.opportunity.history")
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.sorted("id").ids, ids)
        self.ewa.group_ids += self.env.ref("olap_export.olap_export_group_operator")
        arch = run.with_user(self.ewa).get_view(view_type="form")["arch"]
        self.assertIn("action_view_unfit", arch)

    def test_a_run_without_such_values_says_nothing(self):
        with self.succeeding(sent=3, new=3):
            run = self.transfer()
        self.assertFalse(run.unfit_summary)
        self.assertFalse(self.env[run._name].search([("id", "=", run.id)]).unfit_ids)
