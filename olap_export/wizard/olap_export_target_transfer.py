from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.olap_export_run import MODES


class OlapExportTargetTransfer(models.TransientModel):
    """The dialog that starts a transfer at once."""

    _name = "olap.export.target.transfer"
    _description = "Transfer to OLAP"

    target_id = fields.Many2one(
        "olap.export.target",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["olap.export.target"].search([], limit=1),
    )
    mode = fields.Selection(
        MODES,
        string="Changed since",
        required=True,
        compute="_compute_mode",
        store=True,
        readonly=False,
        precompute=True,
    )
    freshness = fields.Char(related="target_id.freshness")
    is_failing = fields.Boolean(related="target_id.is_failing")
    last_message = fields.Char(related="target_id.last_message")

    @api.depends("target_id")
    def _compute_mode(self):
        """Propose what mends the last failure."""
        for dialog in self:
            dialog.mode = dialog.target_id.last_run_id.remedy or "incremental"

    def action_transfer(self):
        """Transfer now and show the run; a long rest is left to the batch job."""
        self.ensure_one()
        self.target_id.check_access("read")
        if not self.target_id.active:
            raise UserError(
                self.env._(
                    "“%(target)s” is archived: unarchive it, and everything is sent"
                    " again.",
                    target=self.target_id.name,
                )
            )
        if self.target_id.state == "draft":
            # The first transfer creates the tables.
            self.target_id.check_access("write")
        target, mode = self.target_id, self.mode
        target._end_transaction()
        run = target._transfer(mode).exists()
        if not run:
            raise UserError(
                self.env._("The target was deleted meanwhile: nothing is left to show.")
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "olap_export.olap_export_run_action"
        )
        return {**action, "views": [(False, "form")], "res_id": run.id}
