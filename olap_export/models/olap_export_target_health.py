# pylint: disable=consider-merging-classes-inherited
import threading
import time
from contextlib import suppress
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, config

from ..warehouse import queries
from ..warehouse.deadline import Limits
from ..warehouse.source import run_key

# What Odoo needs to write down how a transfer ended, before its limit of time.
MARGIN = 0.15
# Without any limit of Odoo's, one transfer in the background may take this long.
LONGEST = 3600
# Less is not worth beginning with.
SHORTEST = 20
# If nothing gets through for so long although it is tried, something is wrong.
PATIENCE = timedelta(hours=1)


class OlapExportTarget(models.Model):
    """Whether a target is well: ends of waiting, dead runs, nothing getting through."""

    _inherit = "olap.export.target"

    @api.model
    def _get_seconds_left(self, trigger):
        """Return the seconds until Odoo would end the worker or the whole server.

        :param trigger: ``manual`` or ``cron``, as Odoo's limits differ
        """
        limit, cron_limit = config["limit_time_real"], config["limit_time_real_cron"]
        # 0 means: no limit in a worker, that of requests in a thread.
        if trigger == "cron" and (cron_limit > 0 or (not cron_limit and self._forks())):
            limit = cron_limit
        if not limit:
            return LONGEST
        # A thread counts from the beginning of its request or of all its jobs.
        started = getattr(threading.current_thread(), "start_time", None)
        spent = time.time() - started if started else 0
        return limit * (1 - MARGIN) - spent

    @api.model
    def _forks(self):
        return bool(config["workers"])

    @api.model
    def _get_seconds_to_load(self, trigger, seconds):
        """Return when to leave the rest of the events: states need time, too."""
        if seconds is None:
            return None
        return min(seconds, self._get_seconds_left(trigger) / 2)

    @api.model
    def _get_limits(self, trigger="manual", seconds=LONGEST):
        """Return how long the waits of a transfer may last.

        :param seconds: None: it may last as long as it likes, a single wait may not
        """
        if seconds is None:
            return Limits(work=LONGEST)
        left = max(self._get_seconds_left(trigger), SHORTEST)
        return Limits(end=time.monotonic() + left)

    def _find_dead_runs(self):
        """Return the runs that are said to be running, but nobody runs them.

        A run holds an advisory lock of its own until it is over.
        """
        runs = self.env["olap.export.run"].search(
            [("target_id", "in", self.ids), ("state", "=", "running")]
        )
        if not runs:
            return runs
        self.env.cr.execute(SQL(queries.read("source/live_runs")))  # pylint: disable=sql-injection
        held = {key for (key,) in self.env.cr.fetchall()}
        # A run that begins or ends at this moment has no lock for an instant.
        recent = fields.Datetime.now() - timedelta(seconds=SHORTEST)
        return runs.filtered(
            lambda run: run_key(run.id) not in held and run.write_date < recent
        )

    def _close_dead_runs(self):
        """Write down the end of runs whose server went down."""
        for target in self:
            # Others may do the same; each in a transaction of its own.
            with suppress(*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                target._in_own_transaction(
                    lambda target: target._find_dead_runs()._close_interrupted()
                )

    def _is_stuck(self):
        """Return since when nothing gets through although it is tried, if so."""
        self.ensure_one()
        runs = self.env["olap.export.run"]
        mine = [("target_id", "=", self.id)]
        # Rows that arrive are good news, even if the run is not over yet.
        arriving = [
            *mine,
            *("|", ("state", "in", ("done", "partial"))),
            *("&", ("state", "=", "running"), ("rows_sent", ">", 0)),
        ]
        news = runs.search(arriving, limit=1, order="write_date desc").write_date
        since = max(filter(None, (news, self.last_success)), default=None)
        attempts = [*mine, *([("date_start", ">", since)] if since else [])]
        first = runs.search(attempts, limit=1, order="date_start")
        if first and first.date_start < fields.Datetime.now() - PATIENCE:
            return first.date_start
        return False
