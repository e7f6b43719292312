"""Whoever leaves hands over what is still to do, where core would delete it."""

from collections import defaultdict

from odoo import models

from ..shared.context import Marker
from ..shared.may_be_told import would_see
from .activity import OPEN
from .follow import FOLLOWING
from .tasks import QUIET


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Hand over the tasks of people who leave, however they are archived."""
        if "active" in vals and not vals["active"]:
            self._hand_over()
        return super().write(vals)

    def action_archive(self):
        """Hand over before core deletes the tasks."""
        self._hand_over()
        return super().action_archive()

    def _hand_over(self):
        """Give tasks to the substitute, or to who is responsible for what they are of.

        A task of an activity always finds somebody, at last whoever archives; another
        one that finds nobody goes with its user, as in core.
        """
        self.check_access("write")
        # sudo: asked for the right to change the people; of whatever they have to do.
        activities = self.env["relationship.activity"].sudo()
        tasks = self.env["mail.activity"].sudo().search([("user_id", "in", self.ids)])
        handed = defaultdict(tasks.browse)
        for task in tasks:
            if heir := self._find_heir(task):
                handed[heir] |= task
        for heir, theirs in handed.items():
            theirs.with_context(**{FOLLOWING: Marker()}, **QUIET).write(
                {"user_id": heir.id}
            )
            self._tell_heir(heir, theirs)
        led = activities.search([("user_id", "in", self.ids), ("state", "in", OPEN)])
        for activity in led:
            if heir := self._find_heir(activity):
                activity.with_context(**QUIET).user_id = heir

    def _find_heir(self, work):
        """Return the first colleague who stays and sees what a task is of, if any.

        :param work: a task, or an activity
        """
        if work._name == "mail.activity":
            activity, day = work.relationship_activity_id, work.date_deadline
            record = work.res_model in self.env and self.env[work.res_model].sudo()
            record = record is not False and record.browse(work.res_id).exists()
        else:
            activity, day, record = work, work.date_from, work._get_project()
        people = []
        if substitute := work.user_id.substitute_id:
            people.append(substitute._get_stand_in(day))
        people.append(activity.user_id)
        if record and "user_id" in record._fields:
            people.append(record.user_id)
        if activity:
            people.append(self.env.user)
        for user in people:
            # Users of another model have no rights here.
            if user._name == self._name and self._may_inherit(user, record, activity):
                return user
        return None

    def _may_inherit(self, user, record, activity):
        if not user or not user.active or user.share or user in self:
            return False
        companies = user.company_ids.ids
        return all(
            would_see(each, user, companies) for each in (record, activity) if each
        )

    def _tell_heir(self, heir, tasks):
        """Tell a colleague once about all tasks that were taken over."""
        thread = self.env["mail.thread"].with_context(lang=heir.lang or self.env.lang)
        names = ", ".join(dict.fromkeys(tasks.user_id.mapped("name")))
        thread.message_notify(
            partner_ids=heir.partner_id.ids,
            subject=thread.env._("Tasks taken over: %(count)s", count=len(tasks)),
            body=thread.env._(
                "Not here any more: %(people)s. Their tasks are yours now (%(count)s).",
                people=names,
                count=len(tasks),
            ),
        )
