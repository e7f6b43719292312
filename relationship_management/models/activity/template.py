"""Task templates of activity types: for whom there is a task each."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..plan.frame import Subject
from ..plan.placeholder import WORD_FIELDS, get_partner_words
from ..shared.kinds import check_kinds
from ..shared.may_be_told import hide_names
from .slots import Slots

# Core's categories of tasks in which one speaks to somebody.
TALKS = ("phonecall", "meeting")
# Rules that may find somebody else for each member.
BY_MEMBER = ("partner", "team")


def get_person_key(line):
    """Return what tells the task for a person in a role from those for others."""
    return f"person:{line._get_person().id}"


class MailActivityPlan(models.Model):
    _name = "mail.activity.plan"
    _inherit = ["mail.activity.plan", "relationship.unique.mixin"]

    relationship_type_id = fields.Many2one(
        "relationship.activity.type",
        string="Activity type",
        readonly=True,
        copy=False,
        ondelete="cascade",
    )

    _type_unique = models.UniqueIndex(
        "(relationship_type_id)",
        "This type of activities has its list of tasks already: change that one.",
    )

    @api.depends("name", "relationship_type_id")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """Hide the plan of a type as the type itself: it is called like it."""
        result = super()._compute_display_name()
        hide_names(self.filtered("relationship_type_id"))
        return result

    def copy_data(self, default=None):
        """Leave the lines of the type where they are: it has one plan."""
        vals_list = super().copy_data(default)
        for vals in vals_list:
            for _command, _id, line in vals.get("template_ids", ()):
                line.pop("relationship_type_id", None)
        return vals_list


class MailActivityPlanTemplate(models.Model):
    _name = "mail.activity.plan.template"
    _inherit = ["mail.activity.plan.template", "relationship.type.guard.mixin"]
    _type_paths = ("relationship_type_id",)

    relationship_type_id = fields.Many2one(
        "relationship.activity.type",
        string="Activity type",
        index="btree_not_null",
        ondelete="cascade",
    )

    @api.depends("summary", "activity_type_id", "relationship_type_id")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """Hide what is to be done, too, in what waits for it."""
        result = super()._compute_display_name()
        hide_names(self.filtered("relationship_type_id"))
        return result

    per = fields.Selection(
        [
            ("one", "One task"),
            ("responsible", "One for each responsible"),
            ("addressee", "One for each member"),
            ("role", "One for each person in a role"),
        ],
        string="How many",
        required=True,
        default="one",
        help="Each responsible: the one of the activity and all who take part. Each"
        " member: of the campaign, or the partner. Each person in a role: of the"
        " opportunity.",
    )
    is_contact = fields.Boolean(
        string="Is a contact",
        compute="_compute_is_contact",
        store=True,
        readonly=False,
        precompute=True,
        help="Whoever does the task has contacted the member, which is marked so.",
    )
    reference_type_id = fields.Many2one(
        "relationship.reference.type",
        string="Role",
        ondelete="restrict",
        check_company=True,
        help="The role of the opportunity whose people are meant.",
    )
    responsible_type = fields.Selection(
        selection_add=[("role", "Person in a role")], ondelete={"role": "set default"}
    )

    @api.model_create_multi
    def create(self, vals_list):
        check_kinds(self, vals_list)
        return super().create([self._put_into_list(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._put_into_list(vals))

    @api.model
    def _put_into_list(self, vals):
        """Return values by which a line stands in the plan of its type, if it has one.

        The type and its plan go, and wait, together.
        """
        if type_id := vals.get("relationship_type_id"):
            kind = self.env["relationship.activity.type"].browse(type_id)
            return {**vals, "plan_id": kind._get_plan().id}
        if plan_id := vals.get("plan_id"):
            # sudo: only which type it is of; whoever may use the plan was asked.
            plan = self.env["mail.activity.plan"].sudo().browse(plan_id)
            return {**vals, "relationship_type_id": plan.relationship_type_id.id}
        return vals

    @api.depends("per", "activity_type_id")
    def _compute_is_contact(self):
        """Propose it of tasks for members in which one speaks to them."""
        for template in self:
            talks = template.activity_type_id.category in TALKS
            template.is_contact = talks and template.per == "addressee"

    @api.constrains("per", "responsible_type", "reference_type_id")
    def _check_role(self):
        for template in self:
            by_role = "role" in (template.per, template.responsible_type)
            if by_role and not template.reference_type_id:
                raise ValidationError(
                    self.env._(
                        "Choose the role whose people are meant, or another rule for"
                        " the task."
                    )
                )

    def _is_passed_over(self, bracket):
        """Tell whether others begin that wait for it, where it finds nobody.

        Not where it is for the members of a campaign: others may join.
        """
        is_joined = self.per == "addressee" and bracket and bracket.campaign_id
        return not is_joined

    def _find_users(self, record, partner):
        if self.responsible_type != "role":
            return super()._find_users(record, partner)
        people = self._find_people(record)
        # sudo: which colleague stands behind a person of the opportunity
        users = (people.partner_id | people.contact_id).sudo().user_ids
        users = users.filtered(lambda user: not user.share)
        return users.sudo(self.env.su)

    def _find_people(self, *records):
        """Return the references of records that play the role today."""
        references = self.env["relationship.reference"]
        for record in records:
            if "reference_ids" in record._fields:
                # sudo: only whose task it becomes; the record was asked for.
                references = references.sudo() | record.sudo().reference_ids
        return references.filtered(
            lambda line: line.type_id == self.reference_type_id and line._is_valid()
        )

    def _get_subjects(self, frame):
        if not frame.bracket or self.per == "one":
            return [Subject()]
        return getattr(self, f"_get_{self.per}_subjects")(frame)

    def _get_responsible_subjects(self, frame):
        """Return a subject for the responsible and for each who takes part."""
        users = (frame.responsible | frame.bracket.participant_ids)._origin
        return [Subject(f"user:{user.id}", user=user) for user in users]

    def _get_addressee_subjects(self, frame):
        """Return a subject for each member who may be reached, or for the partner."""
        if frame.record._name != "relationship.campaign":
            return [Subject()]
        members = frame.bracket._get_reachable_addressees()
        # sudo: names alone, once for all of them
        told = members.sudo()
        people = told.partner_id | told.contact_id
        people.fetch(WORD_FIELDS)
        people.commercial_partner_id.fetch(["name"])
        return [
            Subject(
                f"member:{member.id}",
                words=get_partner_words(named.partner_id, named.contact_id),
                partner=member.target_id,
                values={"addressee_id": member.id},
            )
            for member, named in zip(members, told, strict=True)
        ]

    def _choose_day(self, frame, subject):
        """Share tasks for members out among days, so many a day for each person."""
        if not subject.is_shared:
            return super()._choose_day(frame, subject)
        slots = self._get_slots(frame)
        owner = slots.owner
        if owner is None:
            owner = self._choose_owner(frame, subject, slots.first_day)
            if self.responsible_type not in BY_MEMBER:
                slots.owner = owner
        if not owner:
            return slots.first_day, owner
        frame.work.given[owner.id] += 1
        return slots.take(owner)

    @api.model
    def _count_open(self, users):
        """Count what is still to appear, too."""
        # sudo: numbers alone, as of tasks
        todo = self.env["relationship.activity.todo"].sudo()
        domain = [("user_id", "in", users.ids)]
        later = todo._read_group(domain, ["user_id"], ["__count"])
        return [*super()._count_open(users), *later]

    def _choose_day_of(self, frame, subject, owner):
        """Return when somebody's task is due, and who does it then."""
        if subject.is_shared:
            return self._get_slots(frame).take(owner)
        day = self._get_task_deadline(frame)
        return day, self._get_able_stand_in(frame, owner, day)

    def _get_slots(self, frame):
        if self.id not in frame.slots:
            frame.slots[self.id] = Slots(frame, self)
        return frame.slots[self.id]

    def _get_role_subjects(self, frame):
        """Return a subject for each person; of nobody, as the template says."""
        people = {}
        for line in self._find_people(frame.record, frame.bracket):
            # Whoever is entered at the project and at the activity is one person.
            people.setdefault(get_person_key(line), line)
        if not people and self.if_nobody == "responsible":
            return [Subject()]
        return [
            Subject(
                key,
                words=get_partner_words(line.partner_id, line.contact_id),
                partner=line._get_person(),
            )
            for key, line in people.items()
        ]

    def _get_task_texts(self, frame, subject):
        """Take over the text of the activity where the line has none; name whom."""
        texts = super()._get_task_texts(frame, subject)
        if not frame.bracket:
            return texts
        names = [word for word in subject.words.values() if word]
        summary = texts["summary"] or frame.bracket.name
        if names and not any(name in summary for name in names):
            summary = f"{summary}: {names[0]}"
        return {
            "summary": summary,
            "note": texts["note"] or frame.bracket.text,
        }

    def _prepare_task(self, frame, subject):
        tasks = super()._prepare_task(frame, subject)
        if frame.bracket:
            for task in tasks:
                task.update(relationship_activity_id=frame.bracket.id)
                task.update(task_key=subject.key)
        return tasks
