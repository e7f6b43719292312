"""What comes back when somebody goes on with an activity that had ended.

What people have changed by hand comes back as it was; all else is planned anew, for
whoever is there by then.
"""

from odoo import Command, fields, models

from ..plan.absence import LEAVING
from ..plan.frame import generating
from ..plan.turn import take_turn
from ..shared.context import Marker
from .follow import FOLLOWING
from .tasks import FEW, IS_OPEN, JOINED_BEFORE, QUIET

# What is remembered of tasks that somebody has changed.
REMEMBERED = (
    *("activity_type_id", "addressee_id", "calendar_event_id", "date_deadline"),
    "attachment_ids",
    *("is_changed_by_hand", "note", "plan_template_id", "summary", "task_key"),
    "user_id",
)


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    # What there was to do, see _remember_tasks: only the server reads it.
    cancelled_tasks = fields.Json(
        string="Cancelled tasks",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        prefetch=False,
    )

    def action_reopen(self):
        """Go on: what was closed or taken back with it is to be done again."""
        self._ask_and_take_turn()
        self.filtered(lambda activity: not activity.active).action_unarchive()
        for activity in self.filtered(lambda a: a.state in ("done", "cancelled")):
            tasks = activity._get_tasks()
            closed = tasks.filtered("is_closed_with_activity")
            state = "in_progress" if tasks - closed else "planned"
            activity._set_state(state, date_done=False)
            going_on = activity._call_those_before(tasks)
            kept = closed._get_touched()
            # sudo: whoever reopens it has closed these, also of other companies
            activity.sudo()._take_back(closed - kept)
            kept.sudo(False)._open_again()
            activity._give_to_doers(kept)
            activity._bring_back_tasks()
            activity._leave_to_heir()
            going_on._plan_anew()
            going_on._go_on()
            if activity.state == "done":
                # All is done, and somebody wants to go on: the next task will tell.
                activity._set_state("in_progress", date_done=False)

    def _plan_anew(self):
        """Create the tasks that are to be done, as if the activity were new.

        As the responsible, for the companies for whose members it was planned.
        """
        # Who excludes a member at this moment does not see its task.
        take_turn(self.campaign_id)
        if planner := self._as_responsible():  # else it says that nobody is there
            if planner._has_many_members() and not planner._find_lacking(1):
                planner = planner.with_context(**{JOINED_BEFORE: Marker((0, []))})
            # sudo: whoever reopens it has ended what there was for these members
            self.sudo()._create_tasks(planner)

    def _call_those_before(self, tasks):
        """Return the activity for planning for those members who are not new to it.

        All are called where the type says so, and of very many members.

        :param tasks: all that there are still
        """
        # sudo: a setting of the type
        if self.type_id.sudo().includes_joining or self._has_many_members():
            return self
        remembered = self._get_ended()
        if remembered and remembered["type_id"] == self.type_id.id:
            before = remembered["last"], remembered["late"]
        elif remembered or not tasks.plan_template_id & self._get_templates():
            return self  # of another type, or of none
        else:
            before = max(tasks.addressee_id.ids, default=0), []
        if before[0] is None:
            return self
        return self.with_context(**{JOINED_BEFORE: Marker(before)})

    # What was taken back

    def _remember_tasks(self, are_closed=False):
        """Keep what people have changed, for whoever goes on with what ends now.

        As ``{"tasks": values, "type_id": …, "last": the newest member, "late": those
        before who had no task yet}``.

        :param are_closed: the tasks stay there
        """
        # sudo: whoever ends it; nobody reads it
        for activity in self.sudo():
            touched = activity._get_tasks(IS_OPEN)._get_touched()
            if are_closed:
                touched = touched.browse()
            is_being_planned = activity.run_state or activity.todo_count
            is_known = not (is_being_planned or activity._has_many_members())
            newest = activity._find_newest_member() if is_known else None
            activity.cancelled_tasks = {
                "tasks": [task._get_remembered() for task in touched],
                "type_id": activity.type_id.id,
                "last": newest,
                "late": activity._find_late() if newest else [],
            }
            # Core deletes the files of a task with it.
            touched._get_files().write({"res_model": False, "res_id": 0})

    def _find_late(self):
        """Return the ids of members who had no task yet: not for want of an address."""
        former, lacking = self._get_ended(), self._find_lacking(FEW).ids
        if former.get("last") and former["type_id"] == self.type_id.id:
            last, late = former["last"], former["late"]
            return [id_ for id_ in lacking if id_ > last or id_ in late]
        return lacking

    def _find_newest_member(self):
        """Return the id of whoever joined the campaign last, excluded or not; or 0."""
        members = self.env["relationship.campaign.addressee"]
        here = [("campaign_id", "=", self.campaign_id.id)]
        return members.search(here, order="id DESC", limit=1).id or 0

    def _get_ended(self):
        """Return what is remembered, if anything; other shapes are older ones."""
        remembered = self.sudo().cancelled_tasks  # sudo: for the server alone
        return remembered if isinstance(remembered, dict) else {}

    def _forget_tasks(self):
        """Let nothing come back of what was to do; it is known who joined late."""
        # sudo: of whoever has changed it; nobody reads it
        for activity in self.sudo().filtered("cancelled_tasks"):
            remembered = activity._get_ended()
            activity.cancelled_tasks = remembered and {**remembered, "tasks": []}

    def _rename_remembered(self, keys):
        """Let what is remembered be for whom others have become.

        :param keys: ``{former key: key}`` of tasks
        """
        # sudo: of whoever may merge them; nobody reads it
        for activity in self.sudo().filtered(lambda a: a._get_ended()):
            remembered = activity._get_ended()
            rows = [
                {**row, "task_key": keys.get(row["task_key"], row["task_key"])}
                for row in remembered["tasks"]
            ]
            if rows != remembered["tasks"]:
                activity.cancelled_tasks = {**remembered, "tasks": rows}

    def _bring_back_tasks(self):
        """Create the tasks again that people had changed, where the activity is now."""
        remembered = self._get_ended()
        self._forget_tasks()
        rows = remembered.get("tasks") or []
        users = self.env["res.users"].browse(row["user_id"] for row in rows)
        take_turn(users)
        lines = self.env["mail.activity.plan.template"]
        lines = lines.browse(row["plan_template_id"] or 0 for row in rows)
        known = self._get_known_keys(lines, [row["task_key"] for row in rows])
        again = []
        for row in rows:
            values = self._renew(row)
            key = (self.id, values["plan_template_id"], values["task_key"])
            if key in known:
                # Somebody else's by now, beside which it stays.
                values.update(plan_template_id=False, task_key="")
            known.add(key)
            again.append(values)
        # sudo: what whoever reopens it took back with it, also of other companies
        tasks = self.sudo()._insert_tasks(again)
        for task, row in zip(tasks, rows, strict=True):
            files = task.env["ir.attachment"].browse(row["files"]).exists()
            files.write({"res_model": task._name, "res_id": task.id})

    def _renew(self, row):
        """Return the values of a task that was taken back, as it can be by now."""
        values, key = dict(row), row["task_key"]
        del values["files"]
        if key.startswith("member:"):
            values["addressee_id"] = int(key.removeprefix("member:"))
        for name in (
            *("activity_type_id", "addressee_id", "calendar_event_id"),
            "plan_template_id",
        ):
            # sudo: whether it is there, whoever sees it
            records = self.env["mail.activity"][name].sudo()
            if values[name] and not records.browse(values[name]).exists():
                values[name] = False
        # sudo: as above
        files = self.env["ir.attachment"].sudo().browse(row["attachment_ids"]).exists()
        project, users = self._get_project(), self.env["res.users"]
        return {
            **values,
            "attachment_ids": [Command.set(files.ids)],
            "relationship_activity_id": self.id,
            "res_id": project.id,
            "res_model_id": self.env["ir.model"]._get_id(project._name),
            "user_id": self._find_doer(users.browse(row["user_id"])).id,
        }

    def _find_doer(self, user):
        """Return who does by now what a colleague had to do here, if anybody may."""
        if not user:
            return user  # for whoever has time
        user = user.sudo().exists()  # sudo: a colleague, who may have left
        left = user.with_context(**{LEAVING: Marker(user.ids)})
        heir = user.active and user
        if not heir or self._explain_unable(heir):
            heir = left._find_heir(user, self._get_project(), self)
        return heir.with_env(self.env)

    def _give_to_doers(self, tasks):
        """Give tasks that were closed to who does them by now."""
        # Who archives one of them at this moment does not see what they get.
        take_turn(tasks.user_id)
        for user, theirs in tasks.grouped("user_id").items():
            doer = self._find_doer(user)
            if doer != user:
                # sudo: whoever opens them again, also of other companies
                given = theirs.sudo().with_context(**{FOLLOWING: Marker()}, **QUIET)
                given.user_id = doer
                self._tell_tasks(theirs)


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _get_remembered(self):
        """Return the values of a task as JSON holds them."""
        values = {
            name: self._fields[name].convert_to_read(self[name], self, False)
            for name in REMEMBERED
        }
        day = fields.Date.to_string(self.date_deadline)
        values |= {"date_deadline": day, "task_key": self.task_key or ""}
        return {**values, "files": self._get_files().ids}

    def _get_files(self):
        """Return the files that core deletes with these tasks."""
        # sudo: which ones, of tasks that whoever ends their activity takes back
        files = self.env["ir.attachment"].sudo()
        here = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        return files.search(here)

    def _get_touched(self):
        """Return those that somebody has changed, or put something to."""
        with_files = set(self._get_files().mapped("res_id"))
        return self.filtered(
            lambda task: (
                task.is_changed_by_hand or task.attachment_ids or task.id in with_files
            )
        )

    def _open_again(self):
        """Open tasks that were closed with what they belong to."""
        opening = self.with_context(**{FOLLOWING: Marker()})
        generating(opening).write({"active": True, "is_closed_with_activity": False})
