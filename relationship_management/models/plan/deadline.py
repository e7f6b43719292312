"""When a task is due: counted from a day of the activity or of its project."""

from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

from ..shared.finite import check_distance, is_near

SATURDAY = 5
ASKED_AT_ONCE = 120  # days


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    delay_count = fields.Integer(
        help="0 working days: the day itself. If nobody works on it, then the next day"
        " on which people do; counted before it, the last one."
    )
    delay_unit = fields.Selection(
        selection_add=[("working_days", "working days")],
        ondelete={"working_days": "set default"},
    )
    delay_base = fields.Selection(
        [
            ("start", "Start of the activity"),
            ("end", "End of the activity"),
            ("project_start", "Start of the project"),
            ("project_deadline", "Deadline of the project"),
        ],
        string="Counted from",
        required=True,
        default="start",
        help="A project that has no such day takes the start of the activity.",
    )

    @api.constrains("delay_count")
    def _check_delay_count(self):
        check_distance(self, "delay_count")

    def _get_date_deadline(self, base_date=False):
        """Count working days, too: those of the calendar of the current company."""
        self.ensure_one()
        if self.delay_unit != "working_days":
            return super()._get_date_deadline(base_date)
        day = base_date or fields.Date.context_today(self)
        is_before = self.delay_from == "before_plan_date"
        return self.env["res.company"]._move_working_days(
            day, -self.delay_count if is_before else self.delay_count, is_before
        )

    def _get_task_deadline(self, frame):
        """Return when a task is due: what is planned from today on is never late."""
        day = frame.days.get(self.delay_base)
        if not day or not is_near(day):
            day = frame.days["start"]
        template = self.with_company(frame.company)
        deadline = template._get_date_deadline(day)
        today = fields.Date.context_today(self)
        return max(deadline, today) if frame.days["start"] >= today else deadline


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _move_working_days(self, day, count, is_before=False):
        """Return the working day that is so many after a day, or before it.

        0: the day itself, or the next one on which people work; ``is_before``: the last
        one. A calendar without hours says nothing: Monday to Friday are taken instead.
        """
        if is_before and not count:
            # The last one before the day after it.
            day, count = day + timedelta(days=1), -1
        # sudo: whoever plans tasks may know on which days the company works.
        calendar = self.env.company.sudo().resource_calendar_id
        if calendar and (found := self._ask_calendar(calendar, day, count)):
            return found
        step = -1 if count < 0 else 1
        if not count and day.weekday() >= SATURDAY:
            count = 1
        while count:
            day += timedelta(days=step)
            if day.weekday() < SATURDAY:
                count -= step
        return day

    @api.model
    def _list_working_days(self, day):
        """Return the next working days after a day: one, or those of some months.

        They are those that :meth:`_move_working_days` finds one after the other; the
        calendar is asked once for all of them.
        """
        calendar = self.env.company.sudo().resource_calendar_id  # sudo: as above
        found = self._ask_calendar_at_once(calendar, day)
        return sorted(found) or [self._move_working_days(day, 1)]

    @api.model
    def _ask_calendar_at_once(self, calendar, day):
        if not (calendar.attendance_ids or calendar.flexible_hours):
            return set()
        zone = pytz.timezone(calendar.tz or "UTC")
        first = day + timedelta(days=1)
        start, end = (
            zone.localize(datetime.combine(each, time.min))
            for each in (first, first + timedelta(days=ASKED_AT_ONCE))
        )
        hours = calendar._work_intervals_batch(start, end)[False]
        return {stop.astimezone(zone).date() for _start, stop, _meta in hours}

    @api.model
    def _ask_calendar(self, calendar, day, count):
        zone = pytz.timezone(calendar.tz or "UTC")
        first = day + timedelta(days=1) if count > 0 else day
        moment = zone.localize(datetime.combine(first, time.min))
        if not (calendar.attendance_ids or calendar.flexible_hours):
            return None  # Odoo would look for hours in the next four years
        found = calendar.plan_days(count or 1, moment, compute_leaves=True)
        return found and found.astimezone(zone).date()
