"""An activity with a time has one meeting in the calendar, which follows it."""

from datetime import timedelta

from odoo import Command, fields, models

from ..activity.activity import OPEN
from ..activity.duplicate import COPYING
from ..activity.follow import FOLLOWING
from ..shared.context import Marker, get_marked, without_defaults
from .when import DECIDING

# In the context while meetings of activities are put into the calendar.
PLANNING = "relationship_planning_meetings"
# In the context while an activity changes because somebody moved its meeting.
MOVED = "relationship_moved_in_calendar"
# Of more at once each colleague is told in one message.
FEW_MEETINGS = 10
# So many of them by their names.
NAMED = 4
# What a meeting follows.
FOLLOWED = DECIDING | {
    *("name", "participant_ids", "contact_id", "state", "active", "run_state"),
    *("lead_id", "campaign_id", "partner_id"),
}


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    meeting_ids = fields.One2many(
        "calendar.event",
        "relationship_activity_id",
        string="Meetings",
        readonly=True,
        copy=False,
    )

    def write(self, vals):
        """Let the meeting follow, appear, and go."""
        if not FOLLOWED & vals.keys() or get_marked(self.env, MOVED):
            return super().write(vals)
        # sudo: what there is; the right to change it is asked below.
        before = {a.id: a._prepare_meeting() for a in self.sudo() if a._is_met()}
        result = super().write(vals)
        self.sudo()._keep_meetings(before)  # sudo: as above; it may be given away
        return result

    def action_cancel(self):
        """Call off the meetings of all of them at once."""
        self.check_access("write")
        ending = self.filtered(lambda activity: activity.state in OPEN)
        meetings = (activity._get_meeting() for activity in ending)
        # sudo: who is to come to what the user may cancel, which was asked
        self.env["calendar.event"].sudo().union(*meetings)._call_off()
        return super().action_cancel()

    def _keep_meetings(self, before):
        """Bring the meetings in step with what has changed.

        :param before: ``{id: values}`` of those that had one, or should have had
        """
        appearing, gone = self.browse(), self.env["calendar.event"]
        for activity in self:
            old = before.get(activity.id)
            if not activity._is_met():
                if old and activity.state != "done":
                    gone |= activity._get_meeting()
                continue
            new, meeting = activity._prepare_meeting(), activity._get_meeting()
            if meeting:
                meeting._follow_activity(old or new, new)
            elif not old or old["start"] != new["start"]:
                appearing |= activity
        gone._call_off()
        appearing._create_meetings()

    def _is_met(self):
        """Tell whether there is to be a meeting, or there is one for all day."""
        is_begun = self.active and self.run_state != "copied"
        if self.state not in OPEN or not is_begun or not self._get_project():
            return False
        is_meeting = self.type_id.sudo().is_meeting  # sudo: a setting
        is_timed = bool(self.meeting_start)
        return is_timed or (is_meeting and self._get_meeting().allday)

    def _get_meeting(self):
        """Return the meeting in the calendar, whoever may see it."""
        # sudo: whoever changes the activity changes its meeting, also in a calendar
        # that is private to a colleague.
        return self.sudo().meeting_ids.filtered("active")[:1]

    def _get_attendees(self):
        """Return who is to come: customers only where the type says so."""
        activity = self.sudo()  # sudo: colleagues, and whom they meet
        guest = activity.contact_id if activity.type_id.invites_contact else []
        partners = activity._get_colleagues().partner_id
        return (partners | guest) if guest else partners

    def _prepare_meeting(self):
        """Return what the meeting of an activity says; nothing of its text."""
        self.ensure_one()
        project = self.sudo()._get_project()  # sudo: only its id
        start = self.meeting_start
        return {
            "name": self.name,
            "start": start,
            "stop": start and start + timedelta(minutes=round(self.meeting_hours * 60)),
            "days": (self.date_from, self.date_to or self.date_from),
            "user_id": self.user_id.id,
            "partner_ids": set(self._get_attendees().ids),
            "res_model_id": self.env["ir.model"]._get_id(project._name),
            "res_id": project.id,
            "opportunity_id": self.sudo().lead_id.id,
        }

    def _create_meetings(self):
        """Put the meetings of these activities into the calendar."""
        wanted = self.filtered(lambda a: a.meeting_start and a._is_met())
        # A duplicate waits until somebody saves it.
        if not wanted or get_marked(self.env, COPYING):
            return
        is_many = len(wanted) > FEW_MEETINGS
        values = []
        for activity in wanted:
            new = activity._prepare_meeting()
            del new["days"]
            attendees = sorted(new["partner_ids"])
            own = {"relationship_activity_id": activity.id, "allday": False}
            own["partner_ids"] = [Command.set(attendees)]
            values.append({**new, **own})
        # sudo: the user may plan the activity, which was asked; the meeting of one that
        # is hidden from others is for its people.
        events = without_defaults(self.env["calendar.event"].sudo()).with_context(
            skip_contact_description=True,
            no_mail_to_attendees=is_many,
            **{FOLLOWING: Marker(), PLANNING: Marker()},
        )
        events.create(values)
        wanted._join_meetings()
        if is_many:
            wanted._tell_meetings()

    def _tell_meetings(self):
        """Send each person one message about many meetings, and invite the guests."""
        meetings = self.sudo().meeting_ids  # sudo: just created
        everybody = self.sudo()._get_colleagues()  # sudo: colleagues
        for user in everybody - self.env.user:
            theirs = self.filtered(lambda a, u=user: u in a._get_colleagues())
            told = theirs[:1].with_context(lang=user.lang or self.env.lang)
            told.message_notify(
                partner_ids=user.partner_id.ids,
                subject=told.env._("New meetings: %(count)s", count=len(theirs)),
                body=told.env._(
                    "You have new meetings in your calendar (%(count)s): %(names)s",
                    count=len(theirs),
                    names=", ".join(theirs.mapped("name")[:NAMED]),
                ),
            )
        guests = meetings.attendee_ids.filtered(
            lambda a: a.partner_id not in everybody.partner_id
        )
        guests._send_invitation_emails()


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def _follow_activity(self, old, new):
        """Bring the meeting to what the activity says, but for what people changed.

        :param old: what the activity said before, as of :meth:`_prepare_meeting`
        """
        # What a reader is not told stands as empty in the cache.
        self.invalidate_recordset(["name", "partner_ids"])
        changed = {name: value for name, value in new.items() if value != old[name]}
        days, partners = changed.pop("days", None), changed.pop("partner_ids", None)
        if self.name != old["name"]:
            changed.pop("name", None)
        values = {n: v for n, v in changed.items() if v != self._get_plain(n)}
        if partners is not None:
            values["partner_ids"] = self._get_changed_partners(old, new)
        if new["start"] and (self.allday or values.keys() & {"start", "stop"}):
            # Of one of them core would compute the other one.
            values |= {"start": new["start"], "stop": new["stop"], "allday": False}
        elif days and self.allday:
            values |= {"start_date": days[0], "stop_date": days[1]}
        if values:
            following = without_defaults(self).with_context(**{FOLLOWING: Marker()})
            following.write(values)
            self.relationship_activity_id._join_meetings()

    def _get_plain(self, name):
        return self._fields[name].convert_to_write(self[name], self)

    def _get_changed_partners(self, old, new):
        """Return commands: whom somebody invited in the calendar stays invited."""
        gone = old["partner_ids"] - new["partner_ids"]
        came = new["partner_ids"] - old["partner_ids"] - set(self.partner_ids.ids)
        return [
            *map(Command.unlink, sorted(gone)),
            *map(Command.link, sorted(came)),
        ]

    def _call_off(self):
        """Take meetings that are still to come out of the calendar, and tell it."""
        now = fields.Datetime.now()
        coming = self.filtered(lambda event: event.start > now)
        coming._tell_called_off()
        coming.with_context(**{FOLLOWING: Marker()}).unlink()

    def _tell_called_off(self):
        """Tell those who were to come, in core's words; of many, colleagues once."""
        template = self.env.ref(
            "calendar.calendar_template_delete_event", raise_if_not_found=False
        )
        told = self.env.user.partner_id
        if len(self) > FEW_MEETINGS:
            told |= self._tell_colleagues()
        for event in self if template else []:
            if others := event.partner_ids - told:
                subject, body = (
                    template._render_field(name, event.ids, compute_lang=True)[event.id]
                    for name in ("subject", "body_html")
                )
                # At no record: the messages of a meeting go with it.
                self.env["mail.thread"].message_notify(
                    partner_ids=others.ids,
                    subject=subject,
                    body=body,
                    email_layout_xmlid="mail.mail_notification_light",
                )

    def _tell_colleagues(self):
        """Tell each colleague in one message what is called off; return whom."""
        users = self.partner_ids.user_ids.filtered(lambda user: not user.share)
        for user in users - self.env.user:
            theirs = self.filtered(lambda e, u=user: u.partner_id in e.partner_ids)
            thread = self.env["mail.thread"].with_context(
                lang=user.lang or self.env.lang
            )
            thread.message_notify(
                partner_ids=user.partner_id.ids,
                subject=thread.env._(
                    "Meetings called off: %(count)s", count=len(theirs)
                ),
                body=thread.env._(
                    "Meetings are called off (%(count)s): %(names)s",
                    count=len(theirs),
                    names=", ".join(theirs.mapped("name")[:NAMED]),
                ),
            )
        return users.partner_id
