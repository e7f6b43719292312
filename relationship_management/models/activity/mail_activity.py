from odoo import api, fields, models


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

    @api.model
    def _get_models_with_stage(self):
        """Return the models whose activities belong to a stage."""
        return ("crm.lead", "relationship.campaign")

    @api.depends("res_model", "res_id")
    def _compute_crm_stage_id(self):
        for model in self._get_models_with_stage():
            activities = self.filtered(
                lambda activity, model=model: activity.res_model == model
            )
            records = self.env[model].browse(activities.mapped("res_id"))
            for activity, record in zip(activities, records, strict=True):
                activity.crm_stage_id = record.stage_id
