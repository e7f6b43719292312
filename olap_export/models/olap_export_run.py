from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime
from odoo.tools.constants import GC_UNLINK_LIMIT

MODES = [
    ("incremental", "Since the last transfer"),
    ("full", "Anytime"),
    ("repair", "Take back what Odoo does not have"),
    ("replace", "Start over"),
    ("compare", "Compare with Odoo"),
]
KEPT = timedelta(days=90)


class OlapExportRun(models.Model):
    """One execution of the transfer to a target, successful or not.

    Written while it runs, in transactions of its own, so that people see the progress
    and a failure leaves its sentence behind.
    """

    _name = "olap.export.run"
    _description = "OLAP transfer"
    _order = "date_start desc, id desc"
    _rec_name = "date_start"

    target_id = fields.Many2one(
        "olap.export.target", required=True, index=True, ondelete="cascade"
    )
    mode = fields.Selection(
        MODES,
        string="Changed since",
        required=True,
        default="incremental",
    )
    trigger = fields.Selection(
        [("manual", "By hand"), ("cron", "Batch job")],
        string="Started by",
        required=True,
        default="manual",
    )
    user_id = fields.Many2one("res.users", default=lambda self: self.env.user)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("partial", "To be continued"),
            ("skipped", "Not needed"),
            ("failed", "Failed"),
        ],
        string="Status",
        required=True,
        default="running",
    )
    message = fields.Char()
    remedy = fields.Selection(MODES, help="What mends the failure.")

    date_start = fields.Datetime(
        string="Start", required=True, default=fields.Datetime.now
    )
    date_end = fields.Datetime(string="End")
    duration = fields.Float(string="Seconds", digits=(16, 1), aggregator="sum")
    event_seconds = fields.Float(string="Seconds for events", digits=(16, 1))
    state_seconds = fields.Float(string="Seconds for states", digits=(16, 1))

    rows_sent = fields.Integer(string="Sent")
    rows_new = fields.Integer(string="New rows")
    rows_quarantined = fields.Integer(
        string="Set aside",
        help="Changes with a value that the target cannot hold. They were sent without"
        " it; as they are, they stand in the table etl_quarantine.",
    )
    resent = fields.Boolean(
        string="All sent again",
        help="The target was older than what it had confirmed.",
    )
    rows_pending = fields.Integer(string="Still waiting", aggregator=None)
    chunk_size = fields.Integer(string="Rows at once", aggregator=None)
    progress = fields.Float(compute="_compute_progress", aggregator=None)

    @api.depends("date_start")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        """Say when it was as people say it, in their time."""
        for run in self:
            run.display_name = format_datetime(
                self.env, run.date_start, dt_format="short"
            )

    line_ids = fields.One2many("olap.export.run.line", "run_id", string="Tables")

    @api.depends("rows_sent", "rows_pending", "state")
    def _compute_progress(self):
        """Compute the sent part of all rows, in percent."""
        for run in self:
            total = run.rows_sent + run.rows_pending
            # What still waits after a complete run came later.
            complete = run.state in ("done", "skipped") or not total
            run.progress = 100.0 if complete else 100.0 * run.rows_sent / total

    def _prepare_result(self, result):
        """Return the values that a ``warehouse.transfer.Result`` stands for."""
        return {
            "rows_sent": result.sent,
            "rows_new": result.new,
            "rows_quarantined": result.quarantined,
            "unfit_ids": result.unfit or False,
            "resent": result.resent,
            "rows_pending": result.pending,
            "chunk_size": result.chunk_size,
            "event_seconds": result.seconds.get("events", 0),
            "state_seconds": result.seconds.get("states", 0),
        }

    def _set_lines(self, rows):
        """Store the changed rows by table, those that changed at all.

        :param rows: ``{table: number}``
        """
        self.ensure_one()
        self.line_ids = [fields.Command.clear()] + [
            fields.Command.create({"table_name": table, "row_count": count})
            for table, count in rows.items()
            if count
        ]

    def action_repair(self):
        """Open the dialog of the transfer; it proposes what mends the failure."""
        self.ensure_one()
        return self.target_id.action_transfer()

    def _close_interrupted(self):
        """Say that these runs ended with their server."""
        for run in self:
            run.write(
                {
                    "state": "failed",
                    "date_end": run.write_date,
                    "message": self.env._(
                        "The server was stopped during the transfer. Nothing was lost;"
                        " the next transfer goes on from there."
                    ),
                }
            )

    @api.autovacuum
    def _gc_runs(self):
        """Remove old runs, except the last success and the last failure of a target.

        Runs whose server went down are closed: no transfer may follow that does it.
        """
        running = self.search([("state", "=", "running")])
        running.target_id._find_dead_runs()._close_interrupted()
        newest = self._read_group(
            [("state", "in", ("done", "failed"))], ["target_id", "state"], ["id:max"]
        )
        old = self.search(
            [
                ("date_start", "<", fields.Datetime.now() - KEPT),
                ("id", "not in", [run_id for _target, _state, run_id in newest]),
            ],
            limit=GC_UNLINK_LIMIT,
            order="id",
        )
        old.unlink()
        return len(old), len(old) == GC_UNLINK_LIMIT

    @api.model
    def get_banner(self):
        """Return the sentences on top of the list: how fresh each target is."""
        targets = self.env["olap.export.target"].search([("state", "=", "connected")])
        several = len(targets) > 1
        banner = []
        for target in targets:
            sentences = [target.freshness]
            if target.is_failing:
                sentences.append(target.last_message or "")
            text = " ".join(sentences)
            banner.append(f"{target.name}: {text}" if several else text)
        return banner
