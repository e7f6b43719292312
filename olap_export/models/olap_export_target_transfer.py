# pylint: disable=consider-merging-classes-inherited
import logging
import random
import time
from contextlib import suppress
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..warehouse import errors, source, transfer
from .olap_export_target_health import SHORTEST

_logger = logging.getLogger(__name__)

# A prefork worker ends after 60 seconds of work: the next run takes the rest.
SECONDS = 45
# A target that fails is asked again after 10, 20, 40 … minutes, at most 6 hours.
FIRST_RETRY, LAST_RETRY = timedelta(minutes=10), timedelta(hours=6)
# Nobody counts further; the field has an end.
MOST_FAILURES = 100_000
# The batch job compares names at least this often, even if no change waits.
LONGEST_IDLENESS = timedelta(hours=1)
TRIES = 5


class OlapExportTarget(models.Model):
    """The transfer, as Odoo sees it: run log, batch job, failures."""

    _inherit = "olap.export.target"

    @api.model
    def _cron_transfer(self):
        """Transfer what waits for each connected target.

        A failure ends in the run log, never in an exception: Odoo would switch the
        job off after some days.
        """
        cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        connected = self.search([("state", "=", "connected")])
        connected._close_dead_runs()
        # Those that make trouble last: they may use up the time.
        targets = connected.filtered(
            lambda target: not target.date_retry or target.date_retry <= now
        ).sorted("failure_count")
        cron._commit_progress(remaining=len(targets))
        unfinished = 0
        for number, target in enumerate(targets, start=1):
            if number > 1 and self._get_seconds_left("cron") < 2 * SHORTEST:
                break
            unfinished += target._transfer_in_turn()
            # What remains makes Odoo run the job again at once.
            left = len(targets) - number + unfinished
            if not cron._commit_progress(1, remaining=left):
                break

    def _transfer_in_turn(self, mode="incremental"):
        """Transfer for the batch job; return whether something is left to do.

        Whatever happens, the other targets have their turn.
        """
        try:
            run = self._transfer(mode, trigger="cron")
            # Ends the transaction, so that the run becomes visible here.
            self.env["ir.cron"]._commit_progress()
            return run.exists().state == "partial"
        except Exception:  # pylint: disable=broad-exception-caught
            _logger.warning("The transfer to a target broke off.", exc_info=True)
            return False

    def _transfer(self, mode="incremental", trigger="manual", seconds=SECONDS):
        """Transfer the history to the targets, each in transactions of its own.

        Nothing is raised: what went wrong is a sentence on the run. The runs are
        written by other transactions; to read them here, end this one first. It waits
        for the targets: see ``_end_transaction``.

        :param mode: see ``warehouse.transfer.run``
        :param trigger: ``manual`` or ``cron``
        :param seconds: when to leave the rest to the batch job; None: never
        :return: the ``olap.export.run`` records, which a deleted target takes along
        """
        run_ids = [target._transfer_logged(mode, trigger, seconds) for target in self]
        return self.env["olap.export.run"].browse(filter(None, run_ids))

    def _end_transaction(self):
        """Commit what the caller has done: nobody waits for a target in a transaction.

        It would keep its locks and its snapshot as long as the target is silent.
        """
        # A button's own request: what came before it is complete by itself.
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _in_own_transaction(self, function, tries=TRIES):
        """Call a function with this target in a new transaction, and commit it.

        When somebody else changes the same records, it is called again.
        """
        try:
            with self.env.registry.cursor() as cr:
                cr.execute("SET LOCAL lock_timeout = '5s'")
                # sudo: the log is nobody's to write; the caller was checked before.
                return function(self.with_env(self.env(cr=cr, su=True)))
        except psycopg2.Error as error:
            # See errors.explain: it is no fault of the target.
            error.at_source = True
            if tries == 1 or not isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                raise
        time.sleep(random.uniform(0, 0.1 * 2 ** (TRIES - tries)))  # noqa: S311 no secret
        return self._in_own_transaction(function, tries - 1)

    def _transfer_logged(self, mode, trigger, seconds):
        """Transfer with a run record from beginning to end; return its id.

        None: the target does not exist any more.
        """
        self.ensure_one()
        # Not a statement in the transaction of the caller, here and below: it would
        # stay open as long as the target is waited for.
        self._close_dead_runs()
        run_id = self._in_own_transaction(
            lambda target: target._create_run(mode, trigger)
        )
        if not run_id:
            return None
        try:
            result = self._transfer_rows(run_id, mode, trigger, seconds)
        except Exception as error:  # noqa: BLE001 every failure becomes a sentence
            outcome = error

            def log(target):
                target._log_failure(run_id, outcome)
        else:

            def log(target):
                target._log_success(run_id, result)

        try:
            self._in_own_transaction(log)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # The run stays open; the next one closes it.
            _logger.warning("OLAP transfer %s cannot be logged.", run_id, exc_info=True)
        return run_id

    def _create_run(self, mode, trigger):
        if not self.exists():
            return None
        runs = self.env["olap.export.run"]
        values = {"target_id": self.id, "mode": mode, "trigger": trigger}
        return runs.create(values).id

    def _transfer_rows(self, run_id, mode, trigger, seconds):
        limits = self._get_limits(trigger, seconds)

        def prepare(target):
            return {
                "engine": target._get_limited_engine(limits),
                "is_new": target.state == "draft",
                "lang": target.lang,
                "condition": target._get_condition(),
                "activity_condition": target._get_activity_condition(),
                "first_size": target._choose_first_size(run_id, mode),
                "lazy": (trigger, mode) == ("cron", "incremental")
                and target._may_be_idle(run_id),
            }

        def on_progress(result):
            def write(target):
                run = target.env["olap.export.run"].browse(run_id).exists()
                if not target.exists():
                    raise errors.TransferError(errors.TARGET_DELETED)
                run.write(run._prepare_result(result))

            # A number on a screen is no reason to fail.
            with suppress(*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                self._in_own_transaction(write)

        given = self._in_own_transaction(prepare)
        if given["is_new"]:
            given["engine"].create_tables()
            self._in_own_transaction(lambda target: target._set_connected())
        return transfer.run(
            source.Source(
                self._connect_source,
                self.id,
                lang=given["lang"],
                condition=given["condition"],
                activity_condition=given["activity_condition"],
                run_id=run_id,
                limits=limits,
            ),
            given["engine"],
            mode=mode,
            first_size=given["first_size"],
            seconds=self._get_seconds_to_load(trigger, seconds),
            only_if_waiting=given["lazy"],
            on_progress=on_progress,
        )

    def _choose_first_size(self, run_id, mode):
        """Return how many rows the first chunk may have, and note it.

        What nobody keeps when the time is up has to be little for a slow target.
        """
        run = self.env["olap.export.run"].browse(run_id)
        before = self._find_run_before(run_id)
        run.chunk_size = transfer.choose_size(
            mode,
            before.chunk_size,
            fruitless=before.state == "failed" and not before.rows_sent,
        )
        return run.chunk_size

    def _find_run_before(self, run_id):
        return self.env["olap.export.run"].search(
            [
                ("target_id", "=", self.id),
                ("id", "<", run_id),
                ("state", "!=", "skipped"),
            ],
            limit=1,
            order="id desc",
        )

    def _may_be_idle(self, run_id):
        """Return whether a run may end at once if nothing waits.

        Names are compared once an hour, and after a run that was not completed.
        """
        before = self._find_run_before(run_id)
        limit = fields.Datetime.now() - LONGEST_IDLENESS
        return before.state == "done" and before.date_start > limit

    @api.model
    def _get_condition(self):
        """Return the SQL condition that events must fulfil to leave Odoo.

        The hook for types whose analysis is restricted; see
        ``warehouse/sql/source/event.sql`` for the names it may use.
        """
        return "true"

    @api.model
    def _get_activity_condition(self):
        """Return the same of activities; see ``sql/source/fact_activity.sql``."""
        return "true"

    def _log_success(self, run_id, result):
        run = self.env["olap.export.run"].browse(run_id).exists()
        if not run:
            return
        state = "partial" if result.interrupted else "done"
        run.write(
            {
                **run._prepare_result(result),
                **self._prepare_end(run),
                "state": "skipped" if result.idle else state,
                "message": self._get_success_message(result),
            }
        )
        run._set_lines(result.rows)
        values = {"failure_count": 0, "date_retry": False}
        if not result.interrupted:
            values["last_success"] = run.date_start
        self.write(values)
        self._close_earlier_runs(run)
        # The batch job itself goes on as long as something remains.
        if result.interrupted and run.trigger == "manual":
            cron = self._get_cron("compare" if result.found else "transfer")
            if cron.active:
                cron._trigger()

    def _log_failure(self, run_id, error):
        busy = isinstance(error, errors.TargetBusyError)
        errors.log(_logger, f"OLAP transfer {run_id}", error)
        run = self.env["olap.export.run"].browse(run_id).exists()
        if not run:
            return
        run.write(
            {
                **self._prepare_end(run),
                "state": "skipped" if busy else "failed",
                "message": self._explain(error),
                "remedy": errors.explain(error).remedy,
            }
        )
        if not busy:
            failures = min(self.failure_count + 1, MOST_FAILURES)
            wait = min(FIRST_RETRY * 2 ** min(failures - 1, 10), LAST_RETRY)
            self.write(
                {
                    "failure_count": failures,
                    "date_retry": fields.Datetime.now() + wait,
                }
            )
            self._close_earlier_runs(run)

    def _prepare_end(self, run):
        now = fields.Datetime.now()
        return {"date_end": now, "duration": (now - run.date_start).total_seconds()}

    def _get_success_message(self, result):
        sentences = self._get_comparison_sentences(result)
        if result.replaced and not result.interrupted:
            sentences.append(
                self.env._(
                    "The published file had been changed, or replaced by another one:"
                    " readers have the present one again."
                )
            )
        if result.resent:
            sentences.append(
                self.env._(
                    "The target was older than expected, so everything was sent again."
                )
            )
        if result.taken_back:
            sentences.append(
                self.env._(
                    "Events taken back, since Odoo does not have them: %(count)s.",
                    count=result.taken_back,
                )
            )
        if result.quarantined:
            sentences.append(
                self.env._(
                    "Changes with values that the target cannot hold: %(count)s. These"
                    " values were set aside, all the rest arrived.",
                    count=result.quarantined,
                )
            )
        if result.interrupted and (result.pending or not sentences):
            sentences.append(
                self.env._(
                    "Changes left to the batch job: %(count)s.", count=result.pending
                )
            )
        elif result.pending:
            sentences.append(
                self.env._(
                    "Everything from before the transfer is in OLAP; later changes wait"
                    " for the next one: %(count)s.",
                    count=result.pending,
                )
            )
        elif result.idle:
            sentences.append(self.env._("Nothing was waiting."))
        elif not sentences:
            sentences.append(self.env._("Everything is in OLAP."))
        return " ".join(sentences)

    def _close_earlier_runs(self, run):
        """Close the runs whose server went down: the lock was free, they are over."""
        earlier = self.env["olap.export.run"].search(
            [
                ("target_id", "=", self.id),
                ("state", "=", "running"),
                ("id", "<", run.id),
            ]
        )
        earlier._close_interrupted()
