from odoo import api, fields, models

from ..shared.source import Contact, Source


class MailActivity(models.Model):
    """An activity remembers the stage in which it was planned."""

    _inherit = "mail.activity"

    crm_stage_id = fields.Many2one(
        "crm.stage",
        string="Sales stage",
        compute="_compute_crm_stage_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        help="The stage of the opportunity or campaign when the activity was planned.",
    )

    def _describe_source(self):
        contact = Contact(self.env._("Activity"), 10, rows="_get_done_activity_rows")
        return Source(contact=contact)

    @api.depends("res_model", "res_id")
    def _compute_crm_stage_id(self):
        sources = self.env["relationship.source"]._get_descriptions()
        for model, source in sources.items():
            if not source.stage:
                continue
            activities = self.filtered(
                lambda activity, model=model: activity.res_model == model
            )
            records = self.env[model].browse(activities.mapped("res_id"))
            for activity, record in zip(activities, records, strict=True):
                activity.crm_stage_id = record[source.stage]
