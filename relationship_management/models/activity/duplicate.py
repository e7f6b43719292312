"""A duplicate gives nobody anything to do before somebody has looked at it."""

from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..shared.context import Marker, get_marked

# In the context while activities are duplicated.
COPYING = "relationship_copying"


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def copy(self, default=None):
        """Wait with the tasks until somebody saves the duplicate, or asks for them."""
        self._refuse_left_over()
        copying = self.with_context(**{COPYING: Marker()})
        copies = super(RelationshipActivity, copying).copy(default).with_env(self.env)
        # sudo: only the server writes it; the user has just planned the activity.
        copies.sudo().write({"run_state": "copied"})
        return copies

    def _refuse_left_over(self):
        """Refuse to go on with what was done for a deleted opportunity.

        A duplicate would hang at nothing that says who may see it.
        """
        if self.filtered("is_left_over"):
            raise UserError(
                self.env._(
                    "The opportunity of this activity was deleted: plan another"
                    " activity where there is more to do."
                )
            )

    def copy_data(self, default=None):
        """Leave out who could not be given it any more."""
        vals_list = super().copy_data(default)
        for activity, vals in zip(self, vals_list, strict=True):
            people = activity._get_colleagues()
            able = people.filtered(lambda user, a=activity: not a._explain_unable(user))
            if vals.get("user_id") in (people - able).ids:
                del vals["user_id"]
            if "participant_ids" not in (default or {}):
                taking_part = able & activity.participant_ids
                vals["participant_ids"] = [Command.set(taking_part.ids)]
            activity._put_into_campaign(vals)
        return vals_list

    def _put_into_campaign(self, vals):
        """Let a duplicate lie in its campaign: nobody is asked for its days."""
        campaign = self.campaign_id.browse(vals.get("campaign_id"))
        start, end = campaign.date_from, campaign.date_to
        if campaign and "date_from" not in vals:
            day = fields.Date.context_today(self)
            day = max(day, start or day)
            vals["date_from"] = min(day, end or day)
        if end and "date_to" not in vals:
            # sudo: a setting of the type
            kind = self.type_id.sudo()
            last = kind._get_end(fields.Date.to_date(vals["date_from"]))
            vals["date_to"] = last and min(last, end)

    def _create_tasks(self, planner=None):
        if get_marked(self.env, COPYING):
            return self.env["mail.activity"]
        return super()._create_tasks(planner)

    def action_create_tasks(self):
        """Create the tasks of duplicates as they are."""
        self.check_access("write")
        self.filtered(lambda activity: activity.run_state == "copied")._begin_copied()

    def _begin_copied(self):
        self._forget_run()
        self._leave_to_heir()
        self._create_tasks()
