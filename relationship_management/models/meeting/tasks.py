"""The task that is the meeting itself shows its time, and stands there once."""

from odoo import models

from ..activity.follow import FOLLOWING
from ..activity.tasks import QUIET
from ..shared.context import Marker

# In the context while tasks are done, of which core makes a note in their meeting.
NOTING = "relationship_noting_what_came"


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _insert_tasks(self, planned):
        tasks = super()._insert_tasks(planned)
        tasks.relationship_activity_id._join_meetings()
        return tasks

    def _join_meetings(self):
        """Link the tasks of core's category meeting to the meeting of that day."""
        activities = self.sudo().filtered("meeting_ids")  # sudo: columns of the server
        if not activities:
            return
        tasks = activities._get_tasks(
            ("active", "=", True),
            ("activity_type_id.category", "=", "meeting"),
        )
        for activity, theirs in tasks.grouped("relationship_activity_id").items():
            meeting, people = activity._get_meeting(), activity._get_colleagues()
            own = theirs.filtered(
                lambda task, a=activity, p=people: (
                    task.user_id in p and task.date_deadline == a.date_from
                )
            )
            own._join_meeting(meeting)
            (theirs - own)._leave_meeting()


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _join_meeting(self, meeting):
        apart = self.filtered(lambda task: task.calendar_event_id != meeting)
        if apart:
            follower = {FOLLOWING: Marker(), **QUIET}
            apart.with_context(**follower).write({"calendar_event_id": meeting.id})

    def _leave_meeting(self):
        self.filtered("calendar_event_id")._join_meeting(
            self.env["calendar.event"].sudo()
        )

    def _action_done(self, feedback=False, attachment_ids=False):
        """Leave what came of it with the task: a meeting has other readers."""
        noting = self.with_context(**{NOTING: Marker()})
        messages, tasks = super(MailActivity, noting)._action_done(
            feedback, attachment_ids
        )
        return messages.with_env(self.env), tasks.with_env(self.env)

    def _follow(self, values):
        """Leave the meeting to the activity, which moves it itself."""
        alone = self.with_context(calendar_event_meeting_update=True)
        return super(MailActivity, alone)._follow(values)
