"""Saving an activity generates its tasks, each of them once."""

from dataclasses import replace

from odoo import SUPERUSER_ID, models
from odoo.tools import format_date

from ..plan.found import all_tasks
from ..plan.frame import Frame, Work, generating
from ..plan.placeholder import get_partner_words
from ..plan.turn import take_turn
from ..shared.context import Marker, get_marked
from ..shared.may_be_told import is_hidden
from .activity import OPEN
from .activity_type import VISIT

# Core's create() is quadratic: it is handed so many at once.
BATCH = 1000
# Of more members the tasks are created in the background.
FEW = 200
# In the context: of which members the tasks are prepared.
MEMBERS = "relationship_members"
# In the context: the last member who counts, and those before who do not.
JOINED_BEFORE = "relationship_joined_before"
IS_OPEN = ("active", "=", True)
QUIET = {"mail_activity_quick_update": True}


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _create_tasks(self, planner=None):
        """Create the tasks that begin with these activities and do not exist yet.

        :param planner: the only one of them as whoever sees whom it is for
        """
        planned, work, known = [], Work(), set()
        at_work = self.filtered(lambda a: a.state in OPEN and a.active)
        lines = {a: (planner or a)._begin_lines() for a in at_work}
        # Who excludes a member at this moment does not see the task that it gets, nor
        # who completes the campaign the activity.
        take_turn(at_work.campaign_id)
        for templates, activities in at_work.grouped(lines.get).items():
            known |= activities._get_known_keys(templates)
        for activity, templates in lines.items():
            missing = (planner or activity)._prepare_missing
            planned += missing(templates, work=work, known=known)
        self._take_turn_of(work, planned)
        tasks = self._insert_tasks(planned)
        given = {
            (t["relationship_activity_id"], t["plan_template_id"]) for t in planned
        }
        given |= {(activity_id, line_id) for activity_id, line_id, _key in known}
        for activity, templates in lines.items():
            activity._begin_behind(
                templates.filtered(
                    lambda line, a=activity: (
                        (a.id, line.id) not in given and line._is_passed_over(a)
                    )
                )
            )
        return tasks

    def _begin_lines(self):
        """Return the lines to be planned at once; those for many begin later."""
        templates = self._get_templates()._get_beginning()
        of_members = templates.filtered(lambda t: t.per == "addressee")
        if not (of_members and self._has_many_members()):
            return templates
        self._start_run(of_members)
        return templates - of_members

    def _get_templates(self):
        # sudo: what a type generates it generates for whoever may use it.
        return self.type_id.sudo().template_ids

    def _prepare_missing(self, templates, keys=None, work=None, known=None):
        """Return the values of the tasks of these templates that nobody created yet.

        :param work: of what is planned together with it
        :param known: what there is already of that, see :meth:`_get_known_keys`
        """
        self.ensure_one()
        if not self._get_project():
            return []  # its opportunity was deleted: tasks have nowhere to hang
        frame = replace(self._get_task_frame(), work=work or Work())
        tasks = templates._prepare_tasks(frame, keys)
        if work is None:
            self._take_turn_of(frame.work)
        if known is None:
            known = self._get_known_keys(templates, keys)
        return [
            task
            for task in tasks
            if (self.id, task["plan_template_id"], task["task_key"]) not in known
        ]

    def _take_turn_of(self, work, planned=()):
        """Let whoever else fills the days of the same people come second.

        Each would count what the other one gives them to do as nothing; and who
        archives one of them does not see it. All people in one statement, and so in
        one order: two who plan wait, but not for each other.

        :param planned: values of tasks
        """
        leading = self._get_colleagues().ids if planned else ()
        people = {*work.known, *(task["user_id"] for task in planned), *leading}
        take_turn(self.env["res.users"].browse(sorted(people)))

    def _get_known_keys(self, templates, keys=None):
        """Return activity, template and key of what there is, was, or will appear.

        :param keys: only these; nothing else is read, of what may be very many
        """
        here = [] if keys is None else [("task_key", "in", list(keys))]
        tasks = self._get_tasks(("plan_template_id", "in", templates.ids), *here)
        tasks.fetch(["relationship_activity_id", "plan_template_id", "task_key"])
        todo = self.env["relationship.activity.todo"].sudo()  # sudo: keys alone
        todo = todo.search_fetch(
            [
                ("activity_id", "in", self.ids),
                ("template_id", "in", templates.ids),
                *here,
            ],
            ["activity_id", "template_id", "task_key"],
        )
        rows = [
            *((t.relationship_activity_id, t.plan_template_id, t) for t in tasks),
            *((row.activity_id, row.template_id, row) for row in todo),
        ]
        return {(a.id, template.id, row.task_key or "") for a, template, row in rows}

    def _get_tasks(self, *domain, limit=None):
        """Return all tasks, done ones too, whoever they are for.

        :param domain: which ones; of a large campaign nobody wants all of them
        """
        # sudo: what there is, for those who may see the activity; not shown by this.
        tasks = all_tasks(self.env).sudo()
        return tasks.search(
            [("relationship_activity_id", "in", self.ids), *domain], limit=limit
        )

    def _insert_tasks(self, planned):
        """Create tasks without a mail for each, and tell each person once."""
        tasks = self.env["mail.activity"]
        for start in range(0, len(planned), BATCH):
            batch = planned[start : start + BATCH]
            tasks |= generating(tasks).with_context(**QUIET).create(batch)
        tasks = tasks.with_env(self.env)
        self._tell_tasks(tasks)
        return tasks

    def _tell_tasks(self, tasks):
        """Send each person one message about all that was just planned."""
        for user, theirs in tasks.grouped("user_id").items():
            if user == self.env.user:
                continue
            activities = theirs.relationship_activity_id
            # sudo: to read the language of a colleague, and to whom to write.
            lang = user.sudo().lang or self.env.lang
            told = activities[:1].with_context(lang=lang)
            if is_hidden(activities):
                told = told.with_user(SUPERUSER_ID)  # an author reads what it says
            told.message_notify(
                partner_ids=user.sudo().partner_id.ids,
                subject=told.env._("New tasks: %(count)s", count=len(theirs)),
                body=told.env._(
                    "You have new tasks (%(count)s), the first of them until %(day)s:"
                    " %(names)s",
                    count=len(theirs),
                    day=format_date(told.env, min(theirs.mapped("date_deadline"))),
                    names=", ".join(activities.mapped("name")[:4]),
                ),
            )

    def _get_task_frame(self):
        """Return what the task templates of the type are applied to."""
        self.ensure_one()
        project = self._get_project()
        name = (self.lead_id or self.campaign_id).display_name
        days = {"start": self.date_from, "end": self.date_to or self.date_from}
        if hasattr(project, "_get_project_days"):
            days |= project._get_project_days()
        people = get_partner_words(self.partner_id, self.contact_id, name)
        return Frame(
            record=project,
            bracket=self,
            responsible=self.user_id,
            company=self.company_id or self.env.company,
            partner=self.partner_id,
            days=days,
            words={
                **people,
                "subject": self.name,
                "number": self.number,
                "project": name or people["partner"],
                "responsible": self.user_id.name,
            },
        )

    def _get_reachable_addressees(self):
        """Return the members of the campaign, or of a batch, whom one may reach."""
        members = get_marked(self.env, MEMBERS)
        if members is not None:
            return members
        return self._filter_reachable(self._get_addressees())

    def _filter_reachable(self, members):
        left_out = self._find_left_out(members)
        if not left_out:
            return members
        return members.filtered(lambda member: member.id not in left_out)

    def _only_for(self, members):
        """Return the activity for preparing tasks for these members alone."""
        there = members.with_env(self.env).search(
            [*self._get_member_domain(), ("id", "in", members.ids)], order="id"
        )
        reached = self._filter_reachable(there)
        return self.with_context(**{MEMBERS: Marker(reached)})

    def _get_addressees(self):
        """Return the members of the campaign who are not excluded, in their order."""
        members = self.env["relationship.campaign.addressee"]
        return members.search(self._get_member_domain(), order="id")

    def _get_member_domain(self):
        domain = [
            ("campaign_id", "=", self.campaign_id.id),
            ("state", "!=", "excluded"),
        ]
        if planned := self.sudo().run_companies:  # sudo: which ones, for any reader
            domain.append(("company_id", "in", planned))
        if before := get_marked(self.env, JOINED_BEFORE):
            last, late = before
            domain += [("id", "<=", last), ("id", "not in", late)]
        return domain

    def _has_many_members(self):
        """Tell whether tasks for each of them are created in the background."""
        return self._count_members() > FEW

    def _are_many(self, *rows):
        """Tell it of the members of these rows, or else of all."""
        given = [found for found in rows if found is not None]
        return sum(map(len, given)) > FEW if given else self._has_many_members()

    def _count_members(self, after=0):
        if not self.campaign_id:
            return 0
        members = self.env["relationship.campaign.addressee"]
        here = [("id", ">", after)] if after else []
        return members.search_count([*self._get_member_domain(), *here])

    def _find_left_out(self, members):
        """Return why some members get no task: ``{id: reason}``, by the one judge."""
        channel = (self.channel != VISIT and self.channel) or None
        campaign, reasons = self.campaign_id, {}
        for company, theirs in members.grouped("company_id").items():
            verdicts = theirs.target_id._judge_consent(
                channel,
                campaign.purpose_id.id,
                only_given=bool(channel and campaign.needs_consent),
                company=company,
            )
            if any(verdicts.values()):
                reasons |= {
                    member.id: verdicts[member.target_id.id]
                    for member in theirs
                    if verdicts.get(member.target_id.id)
                }
        return reasons
