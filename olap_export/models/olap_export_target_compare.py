# pylint: disable=consider-merging-classes-inherited
from datetime import timedelta

from odoo import api, fields, models

# Within so much time the nightly comparison of a target is one.
A_NIGHT = timedelta(hours=6)


class OlapExportTarget(models.Model):
    """The nightly comparison with Odoo, which finds what no transfer can miss."""

    _inherit = "olap.export.target"

    @api.model
    def _cron_compare(self):
        """Compare all events, and what follows from them, once a night.

        What the time does not suffice for comes when Odoo calls again, at once.
        """
        cron = self.env["ir.cron"]
        # One that fails is asked again by the transfer; tomorrow is another night.
        targets = self.search([("state", "=", "connected"), ("date_retry", "=", False)])
        targets -= (
            self.env["olap.export.run"].search(self._get_through_domain()).target_id
        )
        cron._commit_progress(remaining=len(targets))
        unfinished = 0
        for number, target in enumerate(targets, start=1):
            unfinished += target._transfer_in_turn("compare")
            left = len(targets) - number + unfinished
            if not cron._commit_progress(1, remaining=left):
                break

    @api.model
    def _get_through_domain(self):
        """Return the condition of runs that ended the comparison of this night."""
        return [
            ("mode", "=", "compare"),
            ("trigger", "=", "cron"),
            ("state", "not in", ("partial", "running")),
            ("date_start", ">", fields.Datetime.now() - A_NIGHT),
        ]

    def _find_unsettled(self):
        """Return ``{target: run}`` of comparisons that found what Odoo does not have.

        Nothing settles that but *Take back* or *Start over*, or a comparison that finds
        it no more: the next transfer compares the newest events only.
        """
        runs = self.env["olap.export.run"]
        last = runs._read_group(
            [
                ("target_id", "in", self.ids),
                ("mode", "in", ("compare", "repair", "replace")),
                *("|", ("state", "=", "done"), ("remedy", "!=", False)),
            ],
            ["target_id"],
            ["id:max"],
        )
        ended = {target: runs.browse(run_id) for target, run_id in last}
        return {
            t: run for t, run in ended.items() if run.mode == "compare" and run.remedy
        }

    def _get_comparison_sentences(self, found):
        """Return what a comparison found and mended, in sentences.

        :param found: ``warehouse.compare.Comparison``
        """
        sentences = []
        if found.again:
            sentences.append(
                self.env._(
                    "%(count)s changes were missing in OLAP, or not as in Odoo: they"
                    " were sent again.",
                    count=found.again,
                )
            )
        if found.opportunities:
            sentences.append(
                self.env._(
                    "The states of %(count)s opportunities were not as their changes"
                    " say: they were computed anew.",
                    count=found.opportunities,
                )
            )
        if found.groups:
            sentences.append(
                self.env._(
                    "The partners of %(count)s opportunities were not as their changes"
                    " say: they were entered anew.",
                    count=found.groups,
                )
            )
        if not found.complete:
            sentences.append(
                self.env._("The comparison goes on with the nightly batch job.")
            )
        elif not sentences:
            sentences.append(
                self.env._(
                    "OLAP was compared with Odoo (%(count)s changes): nothing was"
                    " missing and nothing was different.",
                    count=found.events,
                )
            )
        return sentences
