"""What saving would do, said before it is done."""

from collections import Counter

from odoo import api, fields, models
from odoo.tools import format_date

from ..shared.context import Marker
from .tasks import MEMBERS

# Of more members than these only the number is told.
JUDGED = 5000
NAMES = 5


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    preview = fields.Text(compute="_compute_preview")

    @api.depends(
        *("type_id", "campaign_id", "lead_id", "partner_id", "contact_id", "channel"),
        *("user_id", "participant_ids", "date_from", "date_to", "run_state"),
    )
    def _compute_preview(self):
        for activity in self:
            ready = activity.type_id and activity.user_id and activity.date_from
            ready = ready and activity._has_near_days()
            is_new = not activity._origin or activity.run_state == "copied"
            is_told = ready and is_new and activity._get_project()
            activity.preview = activity._preview() if is_told else False

    def _preview(self):
        """Return what saving creates, for whom, until when, and whom it leaves out."""
        templates = self._get_templates()
        if not templates:
            return self.env._("The type has no tasks: nobody is given anything to do.")
        number = self._count_members()
        of_members = templates.filtered(lambda t: t.per == "addressee")
        if number > JUDGED and of_members:
            return self.env._(
                "Up to %(count)s tasks. Who may not be reached is left out while they"
                " are created, in the background.",
                count=number * len(of_members) + len(templates - of_members),
            )
        reached, left_out = None, {}
        if number and of_members:
            members = self._get_addressees()
            left_out = self._find_left_out(members)
            reached = members.filtered(lambda member: member.id not in left_out)
        planner = self.with_context(**{MEMBERS: Marker(reached)})
        frame = planner._get_task_frame()
        tasks, reached = templates._get_beginning()._prepare_reached(frame)
        lines = [self._tell_planned(tasks), *self._tell_absent(templates, frame, tasks)]
        lines += self._tell_nobody(reached, tasks, number)
        if waiting := templates - reached:
            lines.append(
                self.env._(
                    "Later, when others are done: %(names)s.",
                    names=", ".join(t.display_name or "" for t in waiting),
                )
            )
        if left_out:
            lines.append(
                self.env._(
                    "Left out: %(count)s – %(reasons)s.",
                    count=len(left_out),
                    reasons=self._tell_left_out(Counter(left_out.values())),
                )
            )
        return "\n".join(lines)

    def _tell_planned(self, tasks):
        if not tasks:
            return self.env._("No task would be created.")
        days = [task["date_deadline"] for task in tasks]
        users = Counter(task["user_id"] for task in tasks)
        people = self.env["res.users"].sudo().browse(users)  # sudo: names of colleagues
        names = [f"{user.name}: {users[user.id]}" for user in people[:NAMES]]
        return self.env._(
            "Saving creates tasks: %(count)s, for people: %(people)s (%(names)s), due"
            " from %(first)s to %(last)s, at most %(most)s a day for each person.",
            count=len(tasks),
            people=len(people),
            first=format_date(self.env, min(days)),
            last=format_date(self.env, max(days)),
            most=max(
                Counter((t["user_id"], t["date_deadline"]) for t in tasks).values()
            ),
            names=", ".join([*names, *(["…"] if len(people) > NAMES else [])]),
        )

    def _tell_absent(self, templates, frame, tasks):
        """Say who is away on the days of the tasks, and who does them instead."""
        days = {task["date_deadline"] for task in tasks}
        for user in frame.seeing:
            away = [day for day in days if user._is_absent(day)]
            stand_in = away and user._get_stand_in(min(away))
            if away and stand_in != user:
                yield self.env._(
                    "%(absent)s is absent until %(day)s: %(user)s stands in.",
                    absent=user.sudo().name,  # sudo: names of colleagues
                    day=format_date(self.env, user.sudo().absent_until or max(away)),
                    user=stand_in.sudo().name,
                )

    def _tell_nobody(self, templates, tasks, number):
        """Say for which tasks nobody was found."""
        planned = {task["plan_template_id"] for task in tasks}
        for template in templates:
            if template.id not in planned and not (
                template.per == "addressee" and number
            ):
                yield self.env._(
                    "%(task)s: nobody is found who could do it, so there is no such"
                    " task.",
                    task=template.display_name or template.activity_type_id.name,
                )
