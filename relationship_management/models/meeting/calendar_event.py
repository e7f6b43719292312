from odoo import api, fields, models

from ..shared.context import get_marked
from .keep import PLANNING
from .places import ACTIVITY


class CalendarEvent(models.Model):
    """A meeting knows the activity that put it into the calendar."""

    _name = "calendar.event"
    _inherit = ["calendar.event", "relationship.server.fields.mixin"]
    _not_offered = frozenset({"is_told"})

    # The occurrences that somebody makes of it are not the activity's.
    relationship_activity_id = fields.Many2one(
        "relationship.activity",
        string="Sales activity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def _get_server_fields(self):
        return frozenset({"relationship_activity_id"})

    @api.model_create_multi
    def create(self, vals_list):
        """Let nobody but an activity say that a meeting is its own."""
        if not self.env.su:
            vals_list = [{**v, "relationship_activity_id": False} for v in vals_list]
        return super().create(vals_list)

    def _get_of_activities(self):
        """Return those that an activity has put into the calendar."""
        # sudo: which ones, whoever may see them, and nothing else of them
        known = self.sudo().with_context(prefetch_fields=False)
        return known.filtered("relationship_activity_id").with_env(self.env)

    @api.model
    def _get_activity_excluded_models(self):
        """Plan no task of core's for a meeting of an activity, which has its own."""
        excluded = [*super()._get_activity_excluded_models(), ACTIVITY]
        if get_marked(self.env, PLANNING):
            models_of_tasks = ("crm.lead", "relationship.campaign", "res.partner")
            excluded = [*excluded, *models_of_tasks]
        return excluded

    def _sync_activities(self, fields):
        """Leave the tasks of an activity to it: they follow it, each by its line."""
        others = self - self._get_of_activities()
        return super(CalendarEvent, others)._sync_activities(fields)

    def unlink(self):
        """Leave the tasks there that core would delete with their meeting."""
        # sudo: whoever may delete the meeting; only its column in the tasks
        tasks = self._get_of_activities().sudo().with_context(active_test=False)
        tasks.activity_ids._leave_meeting()
        return super().unlink()


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def log_meeting(self, meeting):
        """Leave it to the activity to tell of its meeting, and to whom."""
        # sudo: only where it hangs
        is_of_activity = meeting.sudo().res_model == ACTIVITY
        if not (is_of_activity or meeting._get_of_activities()):
            return super().log_meeting(meeting)
        return self.env["mail.message"]
