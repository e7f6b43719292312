from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

# So often a batch begins anew when somebody else changed the same records.
TRIES = 5


class RelationshipCampaignFreeze(models.Model):
    """What becomes of runs in the background: they go on, or they are forgotten."""

    _inherit = "relationship.campaign.freeze"

    @api.model
    def _cron_go_on(self):
        """Go on with the runs in the background, batch by batch."""
        runs = self.search([("state", "=", "running")], order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=runs._count_left())
        for run in runs:
            tries = 0
            while run.try_lock_for_update() and run.state == "running":
                before = run.done
                tries += 1
                try:
                    with self.env.cr.savepoint():
                        run._run_batch()
                    tries = 0
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    if tries < TRIES:
                        # Only a new transaction sees what the colleague changed.
                        self.env.cr.rollback()
                        continue
                    run._stop(run._get_concurrency_error())
                except Exception as error:  # noqa: BLE001 - told on the run
                    run._stop(error)
                if run.state != "running":
                    run._tell_user()
                if not cron._commit_progress(
                    run.done - before, remaining=runs._count_left()
                ):
                    return

    def _count_left(self):
        running = self.filtered(lambda run: run.state == "running")
        return sum(max(run.total - run.done, 1) for run in running)

    def _get_concurrency_error(self):
        run = self.with_context(lang=self.user_id.lang)
        return run.env._(
            "Others change the same members or partners again and again: wait a"
            " little, and choose Go on."
        )

    def _stop(self, error):
        self.invalidate_recordset()
        self.write({"state": "failed", "error": str(error) or type(error).__name__})

    @api.autovacuum
    def _gc_drafts(self):
        """Forget previews that nobody has applied."""
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.search([("state", "=", "draft"), ("create_date", "<", yesterday)]).unlink()
