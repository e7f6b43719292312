"""Who leaves hands over what is still to do: core would delete it."""

from dataclasses import replace

from odoo import fields, models

from ..plan.absence import LEAVING
from ..plan.found import open_tasks
from ..plan.frame import Work
from ..shared.context import Marker, get_marked
from ..shared.may_be_told import would_see
from .activity import OPEN
from .follow import FOLLOWING
from .tasks import QUIET

# In the context while colleagues are archived who have handed over.
HANDED_OVER = "relationship_handed_over"


class ResUsers(models.Model):
    _inherit = "res.users"

    def action_archive(self):
        """Hand over, and keep what they have done: core deletes what it sees of it."""
        self._hand_over()
        done = self.with_context(active_test=True, **{HANDED_OVER: Marker()})
        return super(ResUsers, done).action_archive()

    def write(self, vals):
        if vals.get("active") is False and not get_marked(self.env, HANDED_OVER):
            self._hand_over()
        return super().write(vals)

    def unlink(self):
        """Hand over as well, and go on without what nobody takes over."""
        self.check_access("unlink")
        self.filtered("active")._hand_over()
        # sudo: rows that go with the user; only the status of their activities.
        mine = [("user_id", "in", self.ids)]
        tasks = open_tasks(self.env).sudo().search(mine)
        todo = self.env["relationship.activity.todo"].sudo().search(mine)
        brackets = tasks.relationship_activity_id | todo.activity_id
        result = super().unlink()
        brackets.exists()._go_on()
        return result

    def _hand_over(self):
        """Give activities and open tasks to the substitute, or to whose project it is.

        What nobody else may see is left to core.
        """
        self.check_access("write")
        # sudo: who may archive a colleague hands over all that is theirs; nothing of it
        # is shown to anybody who may not see it.
        leaving = self.sudo().filtered("active")
        leaving = leaving.with_context(**{LEAVING: Marker(leaving.ids)})
        mine = [("user_id", "in", leaving.ids)]
        activities = self.env["relationship.activity"].sudo()
        work = Work()
        leaving._give_to_heirs(open_tasks(self.env).sudo().search(mine), work)
        todo = self.env["relationship.activity.todo"].sudo().search(mine)
        for (user, activity), rows in todo.grouped(
            lambda row: (row.user_id, row.activity_id)
        ).items():
            if heir := leaving._find_heir(user, activity.campaign_id, activity):
                activity._pass_on_members(rows, heir, work)
        # Then what they lead, whose open tasks would follow without a word.
        for activity in activities.search([*mine, ("state", "in", OPEN)]):
            leaving._pass_on(activity)

    def _give_to_heirs(self, tasks, work):
        """Give tasks of these who leave to whoever does them now.

        :param self: all who leave, as superuser and marked so
        :param work: what is given together
        """
        given = {}
        for (user, activity, model, id_), theirs in tasks.grouped(_get_place).items():
            record = model and self.env[model].browse(id_).exists()
            if record and (heir := self._find_heir(user, record, activity)):
                given[heir] = given.get(heir, tasks.browse()) | theirs
        for heir, theirs in given.items():
            theirs.with_context(**{FOLLOWING: Marker()}, **QUIET)._pass_on(heir, work)
            self._tell_heir(heir, theirs)

    def _tell_heir(self, heir, tasks):
        """Tell a colleague once about all tasks that were taken over."""
        thread = self.env["mail.thread"].with_context(lang=heir.lang or self.env.lang)
        thread.message_notify(
            partner_ids=heir.partner_id.ids,
            subject=thread.env._("Tasks taken over: %(count)s", count=len(tasks)),
            body=thread.env._(
                "Not here any more: %(people)s. Their tasks are yours now (%(count)s).",
                people=", ".join(self.mapped("name")),
                count=len(tasks),
            ),
        )

    def _pass_on(self, activity):
        """Give what one of these leads to an heir who may, if there is one."""
        user, project = activity.user_id, activity._get_project()
        company = activity.company_id
        if project and (heir := self._find_heir(user, project, activity, company)):
            activity.user_id = heir

    def _find_heir(self, user, record, activity, company=None):
        """Return who does what a user had to do at a record, of those who see it.

        :param self: all who leave
        :param company: for which the heir has to work, to lead it
        """
        substitute = user.substitute_id
        people = [
            substitute and substitute._get_stand_in(fields.Date.context_today(self)),
            activity.user_id,
            record["user_id"] if "user_id" in record._fields else substitute.browse(),
            # What people have to do does not vanish with one of them.
            self.env.user,
        ]
        for person in people:
            # sudo: a colleague, with those who leave in the context
            heir = (person.sudo() - self).with_context(**self.env.context)
            if heir.active and not heir.share:
                companies = heir.company_ids.ids
                seen = [record, *([activity, activity.type_id] if activity else [])]
                is_ours = not company or company in heir.company_ids
                if is_ours and all(would_see(one, heir, companies) for one in seen):
                    return heir
        return substitute.browse()


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _pass_on(self, heir, work):
        """Give tasks to somebody else: those for members where there is room."""
        today = fields.Date.context_today(self)
        shared = self.filtered(
            lambda task: (
                task.addressee_id
                and task.plan_template_id
                and task.date_deadline >= today
                and not task.is_changed_by_hand
            )
        )
        for activity, tasks in shared.grouped("relationship_activity_id").items():
            activity._pass_on_members(tasks, heir, work)
        (self - shared).user_id = heir

    def _leave_to_heirs(self):
        """Give tasks of those who left while these were closed to who does them.

        They had nothing to hand over then.
        """
        # sudo: whoever opens them again, asked there; as _hand_over().
        left = self.sudo().user_id.filtered(lambda user: not user.active)
        left = left.with_context(**{LEAVING: Marker(left.ids)})
        theirs = self.sudo().filtered(lambda task: task.user_id in left)
        left._give_to_heirs(theirs, Work())


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _pass_on_members(self, rows, heir, work):
        """Give tasks to somebody else: later, where the day has no room for more.

        :param rows: tasks of this activity for members, or those still to appear
        :param work: what is given together
        """
        frame = replace(self._get_task_frame(), work=work)
        field = "template_id" if "template_id" in rows._fields else "plan_template_id"
        slots = {}
        for row in rows.sorted("date_deadline"):
            slot = row[field]._get_slots(frame).take(heir, row.date_deadline)
            slots[slot] = slots.get(slot, rows.browse()) | row
        self._take_turn_of(work)
        for (day, doer), theirs in slots.items():
            # A meeting is moved by its activity alone.
            alone = theirs.with_context(calendar_event_meeting_update=True)
            alone.write({"user_id": doer.id, "date_deadline": day})

    def _leave_to_heir(self):
        """Give what somebody leads who has left, or sees it no more, to who does.

        When they left, nobody was there to take it over.
        """
        # sudo: whoever does a task may not change the activity; as _hand_over().
        for activity in self.sudo():
            if activity._explain_unable(activity.user_id):
                activity.user_id._pass_on(activity)


def _get_place(task):
    return task.user_id, task.relationship_activity_id, task.res_model, task.res_id
