import itertools
import logging
import math

from odoo import api, fields, models
from odoo.tools import format_datetime, format_time

from odoo.addons.relationship_management.models.shared import row_trigger

from . import history_queue

_logger = logging.getLogger(__name__)


class OlapExportTarget(models.Model):
    """A database for analyses that gets the history of all opportunities.

    Company-independent. The connection is in ``olap_export_target_connection.py``, the
    transfer in ``olap_export_target_transfer.py``.
    """

    _name = "olap.export.target"
    _description = "OLAP target"
    _order = "sequence, name"

    name = fields.Char(required=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Capital letters, digits and underscores. The server's environment may"
        " hold the connection in OLAP_EXPORT_DSN_<code>.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("draft", "Not connected"), ("connected", "Connected")],
        string="Status",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language of names",
        default=lambda self: self.env.lang,
        help="Language of the names of stages, types and campaigns in the target.",
    )

    last_success = fields.Datetime(
        string="Last complete transfer", readonly=True, copy=False
    )
    last_run_id = fields.Many2one(
        "olap.export.run", string="Last transfer", compute="_compute_last_run_id"
    )
    is_failing = fields.Boolean(compute="_compute_last_run_id")
    last_message = fields.Char(compute="_compute_last_run_id")
    failure_count = fields.Integer(
        string="Failures in a row", readonly=True, copy=False
    )
    date_retry = fields.Datetime(string="Next attempt", readonly=True, copy=False)
    pending_count = fields.Integer(
        string="Waiting changes", compute="_compute_pending_count"
    )
    run_count = fields.Integer(compute="_compute_run_count")
    freshness = fields.Char(compute="_compute_freshness")

    _code_unique = models.Constraint("UNIQUE(code)", "Another target has this code.")

    def init(self):
        self.pool.post_init(history_queue.install_queue, self.env.cr)

    def _register_hook(self):
        """Say in the log when a trigger does not do its work."""
        super()._register_hook()
        for problem in row_trigger.check(self.env.cr, history_queue.TRIGGERS):
            _logger.error("Transfer to OLAP: %s Update the addon.", problem)

    def _compute_last_run_id(self):
        runs = dict(
            self.env["olap.export.run"]._read_group(
                [("target_id", "in", self.ids), ("state", "!=", "skipped")],
                ["target_id"],
                ["id:max"],
            )
        )
        unsettled = self._find_unsettled()
        for target in self:
            run = self.env["olap.export.run"].browse(runs.get(target))
            run = unsettled.get(target, run)
            target.last_run_id = run
            target.last_message = run.message
            target.is_failing = run.state == "failed"
            if target.is_failing or target.state != "connected":
                continue
            if run in target._find_dead_runs():
                target.is_failing = True
                target.last_message = self.env._(
                    "The server was stopped during the transfer. Nothing was lost;"
                    " the next transfer goes on from there."
                )
            elif moment := target._is_stuck():
                target.is_failing = True
                target.last_message = self.env._(
                    "Nothing has got through since %(moment)s, although it was tried:"
                    " each transfer found another one running, or did not end. Look"
                    " for sessions named olap_export in Odoo's database and in the"
                    " target that do nothing, and end them.",
                    moment=format_datetime(
                        self.env, moment, tz=str(self.env.tz), dt_format="short"
                    ),
                )

    def _compute_pending_count(self):
        pending = history_queue.count_pending(self.env.cr, self.ids)
        for target in self:
            target.pending_count = pending.get(target.id, 0)

    def _compute_run_count(self):
        counts = dict(
            self.env["olap.export.run"]._read_group(
                [("target_id", "in", self.ids)], ["target_id"], ["__count"]
            )
        )
        for target in self:
            target.run_count = counts.get(target, 0)

    @api.depends("active", "last_success", "pending_count", "state")
    @api.depends_context("lang", "tz")
    def _compute_freshness(self):
        minutes = self._get_minutes_to_cron()
        for target in self:
            target.freshness = target._get_freshness(minutes)

    def _get_freshness(self, minutes):
        """Return a sentence on how fresh the target is.

        :param minutes: until the next run of the batch job, None when it is off
        """
        if self.state == "draft":
            return self.env._("Not connected: create the tables first.")
        if not self.active:
            return self.env._(
                "Archived: nothing is transferred. Whoever unarchives it has everything"
                " sent again."
            )
        if not self.last_success:
            sentences = [self.env._("Nothing is in OLAP yet.")]
        else:
            local = fields.Datetime.context_timestamp(self, self.last_success)
            if local.date() == fields.Date.context_today(self):
                moment = format_time(self.env, local.time(), time_format="short")
            else:
                moment = format_datetime(
                    self.env, self.last_success, tz=str(self.env.tz), dt_format="short"
                )
            sentences = [
                self.env._("Everything up to %(moment)s is in OLAP.", moment=moment)
            ]
        if aside := self._count_set_aside():
            sentences.append(
                self.env._(
                    "Set aside, because their values do not fit: %(count)s (see"
                    " etl_quarantine in the target).",
                    count=aside,
                )
            )
        if self.pending_count == 1:
            sentences.append(self.env._("One change is waiting."))
        elif self.pending_count:
            sentences.append(
                self.env._("%(count)s changes are waiting.", count=self.pending_count)
            )
        else:
            sentences.append(self.env._("Nothing is waiting."))
        sentences.append(self._get_next_transfer(minutes))
        return " ".join(sentences)

    def _get_next_transfer(self, minutes):
        """Return a sentence on when the batch job runs."""
        if not self._get_cron():
            return self.env._(
                "The batch job was deleted: update the app to restore it."
            )
        if minutes is None:
            return self.env._("The batch job is switched off.")
        if minutes <= 1:
            return self.env._("Next transfer in less than a minute.")
        return self.env._("Next transfer in %(minutes)s minutes.", minutes=minutes)

    def _count_set_aside(self):
        """Return how many changes the target lacks since it was last filled."""
        self.ensure_one()
        runs = self.env["olap.export.run"]
        domain = [("target_id", "=", self.id)]
        again = ("mode", "not in", ("incremental", "compare"))
        # One that ended before it began left the target as it was.
        came = ["|", ("state", "in", ("done", "partial")), ("rows_sent", ">", 0)]
        all_sent = ["|", again, ("resent", "=", True)]
        filled = runs.search([*domain, *came, *all_sent], limit=1, order="id desc")
        if filled:
            domain.append(("id", ">=", filled.id))
        return runs._read_group(domain, [], ["rows_quarantined:sum"])[0][0] or 0

    @api.model
    def _get_cron(self, job="transfer"):
        """Return a batch job; an empty recordset if somebody deleted it."""
        cron = self.env.ref(f"olap_export.ir_cron_{job}", raise_if_not_found=False)
        # sudo: the operator may know when the batch job runs and call it earlier.
        return (cron or self.env["ir.cron"]).sudo()

    @api.model
    def _get_minutes_to_cron(self):
        cron = self._get_cron()
        if not cron.active:
            return None
        seconds = (cron.nextcall - fields.Datetime.now()).total_seconds()
        return max(math.ceil(seconds / 60), 0)

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        history_queue.queue_everything(self.env.cr, targets.ids)
        return targets

    def write(self, vals):
        """Queue everything for targets that get what happens again: nobody queued it
        for those that were switched off or not connected.
        """
        before = self.filtered(lambda t: t.active and t.state == "connected")
        if {"host", "port", "database", "schema_name", "path", "engine"} & set(vals):
            vals = {**vals, "state": "draft"} if "state" not in vals else vals
        result = super().write(vals)
        returning = (self - before).filtered(
            lambda t: t.active and t.state == "connected"
        )
        if returning:
            history_queue.queue_everything(self.env.cr, returning.ids)
        return result

    def copy_data(self, default=None):
        """Give a copy the next free code: there is only one target with each."""
        vals_list = super().copy_data(default)
        # sudo: codes are everybody's who may create targets; see _check_code.
        targets = self.sudo().with_context(active_test=False)
        taken = {code for [code] in targets._read_group([], ["code"])}
        for target, vals in zip(self, vals_list, strict=True):
            if "code" not in vals:
                numbers = itertools.count(2)
                codes = (f"{target.code}_{number}" for number in numbers)
                vals["code"] = next(code for code in codes if code not in taken)
                taken.add(vals["code"])
        return vals_list

    def unlink(self):
        if self:
            history_queue.forget(self.env.cr, self.ids)
        return super().unlink()

    def action_view_runs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "olap_export.olap_export_run_action"
        )
        return {
            **action,
            "domain": [("target_id", "=", self.id)],
            "context": {"default_target_id": self.id},
        }

    def action_transfer(self):
        """Open the dialog of the transfer for this target."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "olap_export.olap_export_target_transfer_action"
        )
        return {**action, "context": {"default_target_id": self.id}}
