"""Who moves a meeting in the calendar moves its activity, if they may change it."""

from odoo import api, fields, models

from ..activity.activity import OPEN
from ..activity.follow import FOLLOWING
from ..shared.button import open_form
from ..shared.context import Marker, get_marked
from .activity_type import is_length
from .keep import MOVED
from .tasks import NOTING

CALENDAR_TIMES = frozenset(
    {"start", "stop", "start_date", "stop_date", "duration", "allday", "active"}
)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def write(self, vals):
        """Move the activities along, and let nobody say that a meeting is theirs."""
        if not self.env.su:
            own = "relationship_activity_id"
            vals = {name: value for name, value in vals.items() if name != own}
        if get_marked(self.env, NOTING) and vals.keys() == {"notes"}:
            # Nor could whoever closes an activity write into each calendar.
            return super(CalendarEvent, self - self._get_of_activities()).write(vals)
        result = super().write(vals)
        if CALENDAR_TIMES & vals.keys() and not get_marked(self.env, FOLLOWING):
            self._get_of_activities()._move_activities()
        return result

    def _move_activities(self):
        """Bring open activities to the time that their meeting has now.

        Of whoever may not change the activity, or at a time that it cannot have, the
        meeting keeps the time by itself, and the activity says so: refusing it would
        stop what synchronizes calendars.
        """
        for event in self.filtered("active"):
            activity = event.relationship_activity_id
            # sudo: whether it is open, whoever may see it
            if event.start and event.stop and activity.sudo().state in OPEN:
                values = event._get_other_times()
                if values and activity._may_follow(values):
                    activity.with_context(**{MOVED: Marker()}).write(values)
                    activity._join_meetings()

    def _get_other_times(self):
        """Return the times of a meeting that its activity does not have."""
        activity = self.relationship_activity_id.sudo()  # sudo: to compare times
        if self.allday:
            values = {
                "meeting_start": False,
                "date_from": self.start_date,
                "date_to": self.stop_date,
            }
            is_same = all(activity[name] == value for name, value in values.items())
        else:
            start = self.start.replace(second=0, microsecond=0)
            hours = (self.stop - self.start).total_seconds() / 3600
            values = {"meeting_start": start, "meeting_hours": hours}
            is_as_long = abs(activity.meeting_hours - hours) < 1 / 60
            is_same = activity.meeting_start == start and is_as_long
        return {} if is_same else values


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    meeting_id = fields.Many2one("calendar.event", compute="_compute_meeting_id")
    is_meeting_missing = fields.Boolean(compute="_compute_meeting_id")
    meeting_other_time = fields.Char(compute="_compute_meeting_id")

    @api.depends(
        *("meeting_ids.active", "meeting_ids.start", "meeting_ids.stop"),
        *("active", "meeting_start", "meeting_hours", "state", "run_state"),
    )
    @api.depends_context("tz", "lang")
    def _compute_meeting_id(self):
        """Tell what became of the meeting in the calendar."""
        for activity in self:
            # sudo: when it is, for those who may see the activity
            meeting = activity._origin._get_meeting()
            is_open = bool(activity._origin) and activity.state in OPEN
            activity.meeting_id = meeting.sudo(self.env.su)
            activity.is_meeting_missing = (
                is_open and not meeting and activity._origin._is_met()
            )
            is_other = is_open and meeting and meeting._get_other_times()
            activity.meeting_other_time = meeting.display_time if is_other else False

    def _may_follow(self, values):
        """Tell whether the user may give it these times, and its type has such."""
        if not self.has_access("write"):
            return False
        kind = self.type_id.sudo()  # sudo: a setting
        is_timed = bool(values["meeting_start"])
        return not is_timed or (kind.is_meeting and is_length(values["meeting_hours"]))

    def action_plan_meeting(self):
        """Put meetings into the calendar again that somebody has deleted there."""
        self._ask_and_take_turn()
        self.filtered(lambda activity: not activity._get_meeting())._create_meetings()

    def action_view_meeting(self):
        self.ensure_one()
        self.check_access("read")
        return open_form("calendar.event", res_id=self.meeting_id.id)
