"""What comes back when somebody goes on with an activity that had ended.

Tasks that were closed with it are open again, and those that were taken back are
created as they would be by now: with the days and words that people gave them, for
members whom one may still call on, and for colleagues who are still there.
"""

from collections import Counter

from odoo import fields, models

from ..plan.absence import LEAVING
from ..plan.frame import generating
from ..plan.turn import take_turn
from ..shared.context import Marker
from ..shared.may_be_told import log_notes
from .follow import FOLLOWING
from .status import WAS_CLOSED
from .tasks import IS_OPEN

# What is remembered of tasks that are taken back.
REMEMBERED = (
    *("activity_type_id", "addressee_id", "calendar_event_id", "date_deadline"),
    *("is_changed_by_hand", "note", "plan_template_id", "summary", "task_key"),
    "user_id",
)
# Of more only those are that somebody has changed.
MOST = 500
MEMBER = "member:"


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
        """Go on: tasks that were closed or taken back with it are open again."""
        self._ask_and_take_turn()
        # Whoever excludes a member at this moment does not see its task.
        take_turn(self.campaign_id)
        for activity in self.filtered(lambda a: a.state in ("done", "cancelled")):
            closed = activity._get_tasks(WAS_CLOSED)
            others = activity._get_tasks(("id", "not in", closed.ids), limit=1)
            state = "in_progress" if others else "planned"
            activity._set_state(state, date_done=False)
            closed = activity._leave_closed(closed)
            closed.sudo(False)._open_again()
            activity._leave_to_heir()
            closed._leave_to_heirs()
            if not activity._bring_back_tasks():
                activity._create_tasks()
            activity._go_on()
            if activity.state == "done":
                # All is done, and somebody wants to go on: the next task will tell.
                activity._set_state("in_progress", date_done=False)

    def _leave_closed(self, tasks):
        """Return those of closed tasks that may be opened again."""
        gone = self._find_gone(tasks.mapped("task_key"))
        again = tasks.filtered(lambda task: task.task_key not in gone)
        self._tell_gone(tasks - again, gone)
        # Who archives one of them at this moment does not see what they get.
        take_turn(again.user_id)
        return again

    def _find_gone(self, keys):
        """Return which members nobody calls on any more: ``{key: reason}``."""
        ids = {int(key.removeprefix(MEMBER)) for key in keys if is_of_member(key)}
        # sudo: members of other companies, whom whoever ended it has ended, too
        asked = self.env["relationship.campaign.addressee"].sudo().browse(ids)
        there = asked.exists().filtered(lambda m: m.campaign_id == self.campaign_id)
        out = there.filtered(lambda member: member.state == "excluded")
        gone = dict.fromkeys((asked - there).ids, "hand")
        gone |= {member.id: member.exclusion or "hand" for member in out}
        gone |= self.sudo()._find_left_out(there - out)  # sudo: as above
        return {f"{MEMBER}{id_}": reason for id_, reason in gone.items()}

    def _tell_gone(self, rows, reasons):
        """Say in the chatter how many do not come back, and why: no names."""
        counts = Counter(reasons[row["task_key"]] for row in rows)
        if counts:
            body = self.env._(
                "Members who are not addressed any more – %(reasons)s. Tasks that do"
                " not come back: %(count)s.",
                reasons=self._tell_left_out(counts),
                count=sum(counts.values()),
            )
            log_notes(self, {self.id: body})

    def _remember_tasks(self):
        """Keep what is to do, for whoever goes on with what is cancelled now.

        As ``{"tasks": values, "is_whole": whether these are all, "changed": fields of
        the activity that have changed since, "user_id": who was responsible}``.
        """
        # sudo: whoever cancels; nobody reads it
        for activity in self.sudo():
            tasks = activity._get_tasks(IS_OPEN, limit=MOST + 1)
            is_in_parts = activity.run_state or activity.todo_count
            is_whole = bool(tasks) and not is_in_parts and len(tasks) <= MOST
            if not is_whole:
                by_hand = ("is_changed_by_hand", "=", True)
                tasks = activity._get_tasks(IS_OPEN, by_hand, limit=MOST)
            activity.cancelled_tasks = {
                "tasks": [task._get_remembered() for task in tasks],
                "is_whole": is_whole,
                "changed": [],
                "user_id": activity.user_id.id,
            }

    def _note_change(self, names):
        """Remember what has changed since the tasks were taken back."""
        # sudo: of whoever has changed it; nobody reads it
        for activity in self.sudo().filtered("cancelled_tasks"):
            remembered = activity.cancelled_tasks
            changed = sorted({*names, *remembered["changed"]})
            activity.cancelled_tasks = {**remembered, "changed": changed}

    def _forget_tasks(self):
        """Let them be planned anew: the activity is another one by now."""
        # sudo: of whoever has changed it; nobody reads it
        if remembering := self.sudo().filtered("cancelled_tasks"):
            remembering.cancelled_tasks = False

    def _bring_back_tasks(self):
        """Create the tasks again that were taken back, as they would be by now.

        :return: whether these are all; else the others are planned anew
        """
        remembered = self.sudo().cancelled_tasks  # sudo: as above
        self._forget_tasks()
        if not remembered:
            return False
        rows = remembered["tasks"]
        gone = self._find_gone([row["task_key"] for row in rows])
        self._tell_gone([row for row in rows if row["task_key"] in gone], gone)
        users = self.env["res.users"].browse({row["user_id"] for row in rows})
        take_turn(users | self._get_colleagues())
        people = self._find_people_keys()
        again = [
            self._renew(row)
            for row in rows
            if row["task_key"] not in gone
            and row["task_key"] in people.get(row["plan_template_id"], row["task_key"])
        ]
        former = self.env["res.users"].browse(remembered["user_id"])
        # Who takes part is asked in any case, and all are named as they are called now.
        changed = {*remembered["changed"], "partner_id", "participant_ids"}
        # sudo: what whoever reopens it took back with it, also of other companies
        everything = self.sudo()
        everything._insert_tasks(again)
        everything._let_tasks_follow(changed, former)
        if remembered["is_whole"]:
            self._insert_tasks(self._prepare_missing(self._get_person_lines()))
        return remembered["is_whole"]

    def _get_person_lines(self):
        """Return the lines for each person in a role that have begun for all."""
        return self._get_begun().filtered(
            lambda t: t.per == "role" and not t._is_each_as(t.wait_template_id)
        )

    def _find_people_keys(self):
        """Return for whom lines for people in a role are now: ``{line id: keys}``.

        Of other lines it says nothing: whoever they were for, they still are.
        """
        lines = self._get_templates().filtered(lambda line: line.per == "role")
        frame = self.sudo()._get_task_frame()  # sudo: keys alone
        return {
            line.id: {subject.key for subject in line._get_subjects(frame)}
            for line in lines
        }

    def _renew(self, row):
        """Return the values of a task that was taken back, as it can be by now."""
        values = dict(row)
        for name in ("activity_type_id", "calendar_event_id", "plan_template_id"):
            # sudo: whether it is there, whoever sees it
            records = self.env["mail.activity"][name].sudo()
            if values[name] and not records.browse(values[name]).exists():
                values[name] = False
        project, users = self._get_project(), self.env["res.users"]
        return {
            **values,
            "relationship_activity_id": self.id,
            "res_id": project.id,
            "res_model_id": self.env["ir.model"]._get_id(project._name),
            "user_id": self._find_doer(users.browse(row["user_id"])).id,
        }

    def _find_doer(self, user):
        """Return who does by now what a colleague had to do here."""
        user = user.sudo().exists()  # sudo: a colleague, who may have left
        if user.active and not self._explain_unable(user):
            return user
        left = user.with_context(**{LEAVING: Marker(user.ids)})
        return left._find_heir(user, self._get_project(), self) or self.user_id


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _get_remembered(self):
        """Return the values of a task as JSON holds them."""
        values = {
            name: self._fields[name].convert_to_read(self[name], self, False)
            for name in REMEMBERED
        }
        day = fields.Date.to_string(self.date_deadline)
        return {**values, "date_deadline": day, "task_key": self.task_key or ""}

    def _open_again(self):
        """Open tasks that were closed with what they belong to."""
        opening = self.with_context(**{FOLLOWING: Marker()})
        generating(opening).write({"active": True, "is_closed_with_activity": False})


def is_of_member(key):
    """Tell whether a task is for a member of the campaign, by its key."""
    return (key or "").startswith(MEMBER)
