# pylint: disable=consider-merging-classes-inherited
from odoo import api, fields, models

from odoo.addons.relationship_management.models.shared import row_trigger

from ..warehouse.compare import A_NIGHT
from . import history_queue
from .olap_export_target_transfer import FIRST_RETRY


class OlapExportTarget(models.Model):
    """The nightly comparison with Odoo, which finds what no transfer can miss."""

    _inherit = "olap.export.target"

    @api.model
    def _cron_compare(self):
        """Compare all events, and what follows from them, once a night.

        What the time does not suffice for comes when Odoo calls again, at once; a
        target that fails, when it is to be tried again.
        """
        cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        targets = self._find_not_compared().filtered(
            lambda target: (
                not target.date_retry
                or target.date_retry <= now
                # It fails until somebody decides, but it answers.
                or target.last_run_id.remedy
            )
        )
        cron._commit_progress(remaining=len(targets))
        unfinished = 0
        for number, target in enumerate(targets, start=1):
            unfinished += target._transfer_in_turn("compare")
            left = len(targets) - number + unfinished
            if not cron._commit_progress(1, remaining=left):
                break
        if left := self._find_not_compared():
            moments = [target.date_retry or now for target in left]
            self._get_cron("compare")._trigger(max(min(moments), now + FIRST_RETRY))

    @api.model
    def _find_not_compared(self):
        """Return the targets whose comparison of this night did not come to its end.

        To find what Odoo does not have is an end; a failure is none.
        """
        runs = self.env["olap.export.run"].search(
            [
                ("mode", "=", "compare"),
                ("trigger", "=", "cron"),
                *("|", ("state", "=", "done"), ("remedy", "!=", False)),
                ("date_start", ">", fields.Datetime.now() - A_NIGHT),
            ]
        )
        return self.search([("state", "=", "connected")]) - runs.target_id

    def _find_unsettled(self):
        """Return ``{target: run}`` of comparisons that found what Odoo does not have.

        Nothing settles that but *Take back* or *Start over*, or a comparison that finds
        it no more: the next transfer compares the newest events only. What these took
        out is gone although they had no time to send the rest.
        """
        runs = self.env["olap.export.run"]
        last = runs._read_group(
            [
                ("target_id", "in", self.ids),
                ("mode", "in", ("compare", "repair", "replace")),
                *("|", ("state", "=", "done"), "|", ("remedy", "!=", False)),
                *("&", ("state", "=", "partial"), ("mode", "!=", "compare")),
            ],
            ["target_id"],
            ["id:max"],
        )
        ended = {target: runs.browse(run_id) for target, run_id in last}
        return {
            t: run for t, run in ended.items() if run.mode == "compare" and run.remedy
        }

    def _get_comparison_sentences(self, result):
        """Return what was found and mended, in sentences.

        :param result: ``warehouse.transfer.Result``
        """
        again = result.again + (result.found.again if result.found else 0)
        found = None if result.resent else result.found
        sentences = self._get_mended_sentences(again, found, result.activities)
        missed = again or result.activities
        if missed and row_trigger.check(self.env.cr, history_queue.TRIGGERS):
            sentences.append(
                self.env._(
                    "What notes changes for OLAP is missing or switched off in Odoo's"
                    " database: let an administrator update the app “OLAP Export”."
                )
            )
        if found and not found.complete:
            sentences.append(
                self.env._("The comparison goes on with the nightly batch job.")
            )
        elif found and not sentences:
            sentences.append(
                self.env._(
                    "OLAP was compared with Odoo (changes: %(count)s): nothing was"
                    " missing and nothing was different.",
                    count=found.events,
                )
            )
        return sentences

    def _get_mended_sentences(self, again, found, activities):
        """Return what was not as in Odoo, in sentences.

        :param again: number of events that were sent again
        :param found: ``warehouse.compare.Comparison``, if the rest was compared
        :param activities: number of activities
        """
        opportunities = found.opportunities if found else 0
        groups = found.groups if found else 0
        sentences = {
            self.env._(
                "Changes that were missing in OLAP, or not as in Odoo: %(count)s."
                " They were sent again.",
                count=again,
            ): again,
            self.env._(
                "Opportunities whose states were not as their changes say:"
                " %(count)s. The states were computed anew.",
                count=opportunities,
            ): opportunities,
            self.env._(
                "Opportunities whose partners were not as their changes say:"
                " %(count)s. The partners were entered anew.",
                count=groups,
            ): groups,
            self.env._(
                "Activities that were missing in OLAP, or not as in Odoo:"
                " %(count)s. They are as in Odoo again.",
                count=activities,
            ): activities,
        }
        return [sentence for sentence, count in sentences.items() if count]
