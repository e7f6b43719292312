"""Open tasks follow their activity, as long as nobody has changed them by hand."""

from dataclasses import replace

from odoo import api, models

from ..plan.turn import take_turn
from ..shared.context import Marker
from .activity import OPEN
from .checks import PEOPLE
from .tasks import IS_OPEN, MEMBERS

DAYS = frozenset({"date_from", "date_to"})
TEXTS = frozenset({"name", "text", "partner_id", "contact_id"})
BY_NOBODY = ("is_changed_by_hand", "=", False)
# In the context while tasks change because their activity does.
FOLLOWING = "relationship_following"


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def write(self, vals):
        """Let open tasks follow, and those of new people appear."""
        self._refuse_said(vals)
        self._refuse_types([vals])
        self._refuse_other_project(vals)
        former = {activity.id: activity.user_id for activity in self}
        moved = self._get_moved(vals)
        result = super().write(vals)
        if PEOPLE & vals.keys():
            # Who archives one of them at this moment does not see it.
            take_turn(self._get_colleagues())
        if DAYS & vals.keys():
            take_turn(self.campaign_id)  # which may get other days at this moment
        if moved:
            moved._complete_by_type(vals)
            moved._change_tasks_of_type()
        copied = self.filtered(lambda activity: activity.run_state == "copied")
        changed = vals.keys() & (DAYS | TEXTS | PEOPLE)
        if changed:
            for activity in (self - copied).filtered(lambda a: a.state in OPEN):
                is_background = activity.run_state or activity.todo_count
                lines = activity._get_run_lines()
                if is_background:
                    # What has not appeared yet is planned anew, and takes no room.
                    activity._forget_run()
                gone = activity._let_tasks_follow(changed, former[activity.id])
                if is_background:
                    activity._start_run(lines)
                if gone:
                    activity._go_on(gone)
        if not self.env.su:
            copied.filtered("active")._begin_copied()
        return result

    def _let_tasks_follow(self, changed, former):
        """Bring the open tasks that nobody has changed to what the activity says now.

        :param former: who was responsible before
        :return: the lines of which tasks were taken back
        """
        gone = self._follow_people(changed)
        tasks = self._get_tasks(IS_OPEN, BY_NOBODY)
        # Only of those whose tasks have appeared: of very many the others are left out.
        shown = self._only_for(tasks.addressee_id)
        # With whom has left: who inherited their tasks keeps them, and they follow.
        bracket = shown.with_context(active_test=False)
        frame = replace(shown._get_task_frame(), bracket=bracket)
        frame.moving.extend(tasks.ids)
        for template, theirs in tasks.grouped("plan_template_id").items():
            if not template:
                continue
            subjects = {s.key: s for s in template._get_subjects(frame)}
            for task in theirs:
                subject = subjects.get(task.task_key or "")
                if subject:
                    values = self._get_following(task, subject, frame, changed, former)
                    values = {k: v for k, v in values.items() if task[k] != v}
                    # As the user, who may change the record at which the task hangs.
                    task.sudo(self.env.su)._follow(values)
        self._take_turn_of(frame.work)
        return gone

    def _get_following(self, task, subject, frame, changed, former):
        """Return what a task becomes, of those aspects that have changed."""
        template = task.plan_template_id
        values = {}
        if changed & (TEXTS | {"user_id"}):
            values |= template._get_task_texts(frame, subject)
        owner = template._find_owners(frame, subject)
        is_left = template._is_left_to_responsible(subject, owner)
        before = former if is_left else owner[: len(owner) == 1]
        stand_in = before and before._get_stand_in(task.date_deadline)
        is_theirs = task.user_id in before | stand_in
        if changed & DAYS or ("user_id" in changed and is_left and is_theirs):
            owner = frame.responsible if is_left else before
            owner = owner if is_theirs else task.user_id
            day, user = template._choose_day_of(frame, subject, owner)
            if changed & DAYS or subject.is_shared:
                values["date_deadline"] = day
            else:
                user = template._get_able_stand_in(frame, owner, task.date_deadline)
            if is_theirs or subject.is_shared:
                values["user_id"] = user
        return values

    def _name_anew(self, tasks, todo):
        """Let tasks for members, and those to come, say who these are by now."""
        members = tasks.addressee_id | todo.addressee_id
        shown = self.with_context(**{MEMBERS: Marker(members)})
        frame = shown._get_task_frame()
        for template in tasks.plan_template_id | todo.template_id:
            subjects = {s.key: s for s in template._get_subjects(frame)}
            for row in (
                *tasks.filtered(lambda task, t=template: task.plan_template_id == t),
                *todo.filtered(lambda row, t=template: row.template_id == t),
            ):
                if subject := subjects.get(row.task_key):
                    texts = template._get_task_texts(frame, subject)
                    row._follow({k: v for k, v in texts.items() if row[k] != v})

    @api.model
    def _fold_partners(self, sources, destination):
        return []

    @api.model
    def _settle_merge(self, destination):
        """Let tasks name whom they are about by now."""
        who = (("partner_id", "=", destination.id), ("contact_id", "=", destination.id))
        everything = self.with_context(active_test=False)
        for activity in everything.search(["|", *who, ("state", "in", OPEN)]):
            activity._let_tasks_follow({"partner_id"}, activity.user_id)
        members = self.env["relationship.campaign.addressee"]
        members.search(["|", *who])._name_in_tasks()
        return []

    def _change_tasks_of_type(self):
        """Take back what the former type gave people to do, and create what is now."""
        for activity in self.filtered(lambda a: a.state in OPEN):
            templates = activity._get_templates()
            former = ("plan_template_id", "not in", templates.ids)
            activity._take_back(activity._get_tasks(IS_OPEN, BY_NOBODY, former))
            activity._forget_run()
        self._leave_to_heir()
        self._create_tasks()
        # Of this type something may be done already.
        self.filtered(lambda a: a.state in OPEN and a.active)._go_on()

    def _take_back(self, tasks):
        """Delete open tasks: whoever may change the project may take them back."""
        tasks.sudo(self.env.su).with_context(**{FOLLOWING: Marker()}).unlink()

    def _follow_people(self, changed):
        """Give tasks to who takes part now, and take open ones from who does not.

        :return: the lines of those that were taken back
        """
        templates = self._get_templates().filtered(lambda t: t.per == "responsible")
        if not changed & PEOPLE:
            return templates.browse()
        wanted = {f"user:{user.id}" for user in self._get_colleagues()}
        gone = self._get_tasks(
            *(IS_OPEN, BY_NOBODY, ("plan_template_id", "in", templates.ids)),
            ("task_key", "not in", list(wanted)),
        )
        lines = gone.plan_template_id
        self._take_back(gone)
        begun = templates & self._get_begun()
        self._insert_tasks(self._prepare_missing(begun, wanted))
        return lines

    def unlink(self):
        """Delete with what is still to do; what was done stays where it was done."""
        self.check_access("unlink")
        self._take_back(self._get_tasks(IS_OPEN))
        self._get_tasks().filtered(
            lambda task: task._is_secret() or task._is_at_shared_partner()
        )._keep_private()
        return super().unlink()
