# pylint: disable=consider-merging-classes-inherited
import logging
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models

from ..warehouse import errors, source, transfer

_logger = logging.getLogger(__name__)

# A prefork worker ends after 60 seconds of work: the next run takes the rest.
SECONDS = 45
CHUNK_SIZE = 200_000
# A target that fails is asked again after 10, 20, 40 … minutes, at most 6 hours.
FIRST_RETRY, LAST_RETRY = timedelta(minutes=10), timedelta(hours=6)


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
        targets = self.search([("state", "=", "connected")]).filtered(
            lambda target: not target.date_retry or target.date_retry <= now
        )
        cron._commit_progress(remaining=len(targets))
        for number, target in enumerate(targets, start=1):
            left = len(targets) - number
            run = target._transfer(trigger="cron")
            # Ends the transaction, so that the run becomes visible here.
            seconds = cron._commit_progress(1, remaining=left)
            if run.state == "partial":
                cron._commit_progress(remaining=left + 1)
            if not seconds:
                break

    def _transfer(self, mode="incremental", trigger="manual", seconds=SECONDS):
        """Transfer the history to the targets, each in transactions of its own.

        Nothing is raised: what went wrong is a sentence on the run. The runs are
        written by other transactions; to read them here, end this one first.

        :param mode: see ``warehouse.transfer.run``
        :param trigger: ``manual`` or ``cron``
        :param seconds: when to leave the rest to the batch job; None: never
        :return: the ``olap.export.run`` records
        """
        runs = self.env["olap.export.run"]
        for target in self:
            runs += runs.browse(target._transfer_logged(mode, trigger, seconds))
        return runs

    @contextmanager
    def _in_own_transaction(self):
        """Yield this target in a new transaction, which is committed at the end."""
        with self.env.registry.cursor() as cr:
            # sudo: the log is nobody's to write; the caller was checked before.
            yield self.with_env(self.env(cr=cr, su=True))

    def _transfer_logged(self, mode, trigger, seconds):
        """Transfer with a run record from beginning to end; return its id."""
        self.ensure_one()
        with self._in_own_transaction() as target:
            run_id = (
                target.env["olap.export.run"]
                .create({"target_id": self.id, "mode": mode, "trigger": trigger})
                .id
            )
        try:
            result = self._transfer_rows(run_id, mode, seconds)
        except Exception as error:  # noqa: BLE001 every failure becomes a sentence
            self._log_failure(run_id, error)
        else:
            self._log_success(run_id, result)
        return run_id

    def _transfer_rows(self, run_id, mode, seconds):
        with self._in_own_transaction() as target:
            if target.state == "draft":
                target._create_tables()
            engine = target._get_engine()
            lang = target.lang

        def on_progress(result):
            with self._in_own_transaction() as target:
                run = target.env["olap.export.run"].browse(run_id)
                run.write(run._prepare_result(result))

        return transfer.run(
            source.Source(
                self._connect_source,
                self.id,
                lang=lang,
                condition=self._get_condition(),
            ),
            engine,
            mode=mode,
            chunk_size=CHUNK_SIZE if mode != "replace" else 10**9,
            seconds=seconds,
            on_progress=on_progress,
        )

    @api.model
    def _get_condition(self):
        """Return the SQL condition that events must fulfil to leave Odoo.

        The hook for types whose analysis is restricted; see
        ``warehouse/sql/source/event.sql`` for the names it may use.
        """
        return "true"

    def _log_success(self, run_id, result):
        with self._in_own_transaction() as target:
            run = target.env["olap.export.run"].browse(run_id)
            run.write(
                {
                    **run._prepare_result(result),
                    **self._prepare_end(run),
                    "state": "partial" if result.pending else "done",
                    "message": target._get_success_message(result),
                }
            )
            run._set_lines(result.rows)
            values = {"failure_count": 0, "date_retry": False}
            if not result.pending:
                values["last_success"] = run.date_start
            target.write(values)
            target._close_interrupted(run)
            if result.pending and target._get_cron().active:
                target._get_cron()._trigger()

    def _log_failure(self, run_id, error):
        busy = isinstance(error, errors.TargetBusyError)
        if not isinstance(error, errors.TransferError):
            # The text of a database error may quote data, never the connection.
            _logger.warning("OLAP transfer %s failed.", run_id, exc_info=error)
        with self._in_own_transaction() as target:
            run = target.env["olap.export.run"].browse(run_id)
            run.write(
                {
                    **self._prepare_end(run),
                    "state": "skipped" if busy else "failed",
                    "message": target._explain(error),
                }
            )
            if not busy:
                failures = target.failure_count + 1
                wait = min(FIRST_RETRY * 2 ** min(failures - 1, 10), LAST_RETRY)
                target.write(
                    {
                        "failure_count": failures,
                        "date_retry": fields.Datetime.now() + wait,
                    }
                )
                target._close_interrupted(run)

    def _prepare_end(self, run):
        now = fields.Datetime.now()
        return {"date_end": now, "duration": (now - run.date_start).total_seconds()}

    def _get_success_message(self, result):
        sentences = []
        if result.resent:
            sentences.append(
                self.env._(
                    "The target was older than expected, so everything was sent again."
                )
            )
        if result.quarantined:
            sentences.append(
                self.env._(
                    "%(count)s events were set aside: the target cannot hold their"
                    " values.",
                    count=result.quarantined,
                )
            )
        if result.pending:
            sentences.append(
                self.env._(
                    "%(count)s changes are left to the batch job.", count=result.pending
                )
            )
        elif not sentences:
            sentences.append(self.env._("Everything is in OLAP."))
        return " ".join(sentences)

    def _close_interrupted(self, run):
        """Close the runs whose server went down: the lock was free, they are over."""
        interrupted = self.env["olap.export.run"].search(
            [
                ("target_id", "=", self.id),
                ("state", "=", "running"),
                ("id", "<", run.id),
            ]
        )
        interrupted.write(
            {
                "state": "failed",
                "message": self.env._(
                    "The server was stopped during the transfer. Nothing was lost; a"
                    " later transfer went on from there."
                ),
            }
        )
