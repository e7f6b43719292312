"""The time of a meeting, and the days of its activity, which follow from it."""

from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.finite import is_near
from ..shared.kinds import check_kinds
from ..shared.may_be_told import name_of
from .activity_type import MOST_HOURS, check_hours

# What the days of a meeting follow from, or what moves it.
TIMES = frozenset({"meeting_start", "meeting_hours"})
DECIDING = TIMES | {"date_from", "date_to", "user_id", "type_id"}


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    is_meeting = fields.Boolean(related="type_id.is_meeting")
    meeting_start = fields.Datetime(
        string="Time",
        copy=False,
        tracking=True,
        help="With a time it stands in the calendar of everybody who takes part. Its"
        " days are those of the responsible's time zone.",
    )
    meeting_hours = fields.Float(string="Hours")

    @api.constrains("meeting_start", "meeting_hours")
    def _check_meeting_hours(self):
        # Of another type the time itself is refused, in better words.
        timed = self.filtered("meeting_start")
        check_hours(timed.filtered(lambda a: a.is_meeting or a.meeting_hours))

    @api.onchange("type_id", "meeting_start", "meeting_hours")
    def _onchange_meeting(self):
        """Show the days of the meeting at once."""
        if not self.is_meeting:
            self.meeting_start = False
        elif self.meeting_start:
            self.meeting_hours = self.meeting_hours or self.type_id.meeting_hours
            self.date_from, self.date_to = self._get_meeting_days(
                self.meeting_start, self.meeting_hours, self.user_id
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Let an activity with a time lie on the days of its meeting."""
        check_kinds(self, vals_list)
        activities = super().create([self._with_days(vals) for vals in vals_list])
        activities._refuse_time()
        for activity in activities.filtered("meeting_start"):
            # Whose responsible turned out to live elsewhere than who plans.
            if not activity._has_meeting_days():
                activity.write({"meeting_start": activity.meeting_start})
        activities._create_meetings()
        return activities

    def write(self, vals):
        """Let the days follow the time, and the time the days."""
        if not DECIDING & vals.keys():
            return super().write(vals)
        check_kinds(self, [vals])
        # sudo: which ones have a time; the right to change them is asked below.
        known = {activity.id for activity in self.sudo() if activity.meeting_start}
        timed = self.filtered(lambda a: a.id in known or vals.get("meeting_start"))
        if (self - timed) or not timed:
            super(RelationshipActivity, self - timed).write(vals)
        for activity in timed:
            super(RelationshipActivity, activity).write(activity._with_time(vals))
        if vals.get("meeting_start"):
            self._refuse_time()
        return True

    def _refuse_time(self):
        """Refuse a time that no calendar would show."""
        for activity in self:
            kind = activity.type_id.sudo()  # sudo: a setting; named if it may be
            if activity.meeting_start and not kind.is_meeting:
                raise ValidationError(
                    self.env._(
                        "Activities of the type %(type)s have no time of day: give only"
                        " days, or choose a type whose activities are meetings.",
                        type=name_of(kind, after_noun=True),
                    )
                )

    def _with_days(self, vals):
        """Return the values of a new activity, with the days of its time."""
        start = self._read_time(vals.get("meeting_start"))
        if not start:
            return vals
        # sudo: how long meetings of a type are, and in which zone somebody works; both
        # are asked for when they are saved.
        kind = self.env["relationship.activity.type"].sudo()
        kind = kind.browse(vals.get("type_id") or ())
        user = self.env["res.users"].sudo().browse(vals.get("user_id") or ())
        hours = vals.get("meeting_hours", kind.meeting_hours)
        user = user or kind.user_id or self._find_project(vals).user_id
        first, last = self._get_meeting_days(start, hours, user)
        return {**vals, "date_from": first, "date_to": last}

    def _with_time(self, vals):
        """Return what is written to an activity that has a time, or gets one."""
        old = self.sudo()  # sudo: whoever may change it, which is asked next
        start = old.meeting_start
        if "meeting_start" in vals:
            start = self._read_time(vals["meeting_start"])
        elif self._is_no_meeting(vals.get("type_id")):
            start = False
        elif vals.get("date_from"):
            start = self._move_to_day(fields.Date.to_date(vals["date_from"]))
        if not start:
            return {**vals, "meeting_start": False}
        # Of one that was planned before its type had a time, as long as the type says.
        kind = old.type_id.browse(vals.get("type_id") or old.type_id.id)
        hours = vals.get("meeting_hours", old.meeting_hours or kind.meeting_hours)
        user = old.user_id.browse(vals.get("user_id") or old.user_id.id)
        first, last = self._get_meeting_days(start, hours, user)
        days = {"date_from": first, "date_to": last}
        return {**vals, "meeting_start": start, "meeting_hours": hours, **days}

    def _has_meeting_days(self):
        days = self._get_meeting_days(
            self.meeting_start, self.meeting_hours, self.user_id
        )
        return days == (self.date_from, self.date_to)

    @api.model
    def _is_no_meeting(self, type_id):
        # sudo: a setting of the chosen type, which is asked for when it is saved
        kinds = self.env["relationship.activity.type"].sudo()
        return bool(type_id) and not kinds.browse(type_id).is_meeting

    @api.model
    def _read_time(self, value):
        """Return a moment, to the minute, of what is given for one."""
        moment = fields.Datetime.to_datetime(value) if value else None
        return moment and moment.replace(second=0, microsecond=0)

    @api.model
    def _get_zone(self, user):
        """Return the time zone of the responsible: a day is theirs, whoever plans."""
        # sudo: the zone of a colleague
        return pytz.timezone(user.sudo().tz or str(self.env.tz))

    @api.model
    def _get_meeting_days(self, start, hours, user):
        """Return on which days a meeting begins and ends for its responsible."""
        if not is_near(start):
            return start.date(), start.date()  # a check refuses it
        hours = hours if 0 < (hours or 0) <= MOST_HOURS else 1  # another one refuses it
        zone = self._get_zone(user)
        # Up to midnight it takes nothing of the next day.
        ends = start + timedelta(hours=hours, seconds=-1)
        return tuple(
            pytz.utc.localize(moment).astimezone(zone).date()
            for moment in (start, ends)
        )

    def _move_to_day(self, day):
        """Return the same time of another day, also where the clocks change."""
        old = self.sudo()  # sudo: as _with_time()
        start, zone = old.meeting_start, self._get_zone(old.user_id)
        if day == old.date_from or not is_near(day):
            return start if is_near(day) else datetime.combine(day, start.time())
        local = pytz.utc.localize(start).astimezone(zone)
        moved = zone.localize(datetime.combine(day, local.time()))
        return moved.astimezone(pytz.utc).replace(tzinfo=None)
