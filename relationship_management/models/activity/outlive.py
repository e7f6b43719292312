"""What was done stays when the opportunity is deleted that it was done for."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..opportunity.recorded import MERGING
from ..shared.context import Marker, get_marked
from ..shared.may_be_told import log_notes
from .follow import FOLLOWING


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    is_left_over = fields.Boolean(
        string="Of a deleted opportunity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="It stays with its responsible, and with those who see all opportunities.",
    )
    # Who may see it, still.
    left_type_id = fields.Many2one(
        "relationship.opportunity.type",
        string="Type of the deleted opportunity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _outlive(self):
        """Take over what was done for an opportunity that is about to go."""
        model = self.env["ir.model"]._get_id(self._name)
        for activity in self:
            tasks = activity._get_tasks().with_context(**{FOLLOWING: Marker()})
            to_do = tasks.filtered("active")
            done = tasks - to_do
            # First, so that nothing begins that waited for what is deleted now.
            activity._end("cancelled" if to_do or not done else "done")
            activity._forget_tasks()
            to_do.unlink()
            for task in done:
                task.write({"res_model_id": model, "res_id": activity.id})
            left = self.env._(
                "The opportunity was deleted; what was done for it stays here."
            )
            log_notes(activity, {activity.id: left})
            kind = activity.lead_id.opportunity_type_id
            activity.write({"is_left_over": True, "left_type_id": kind.id})

    def action_reopen(self):
        if self.filtered(lambda activity: not activity._get_project()):
            raise UserError(
                self.env._(
                    "The opportunity of this activity was deleted: plan another"
                    " activity where there is more to do."
                )
            )
        return super().action_reopen()


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def unlink(self):
        """Leave with its activities what was done for the opportunity."""
        self.check_access("unlink")
        # A merge has moved them already.
        if not get_marked(self.env, MERGING):
            # sudo: asked for the right to delete it; what was done is not deleted with
            # it, whoever may see that.
            self.sudo().with_context(active_test=False).bracket_ids._outlive()
        return super().unlink()
