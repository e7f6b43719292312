"""Tasks of activities: which one made them, and whether a person changed them."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..plan.frame import generating
from ..plan.turn import take_turn
from ..shared.context import Marker, get_marked
from ..shared.may_be_told import refuse_also
from .follow import FOLLOWING
from .status import CLOSING
from .tasks import QUIET

# What a person may decide otherwise than the activity.
OWN = ("date_deadline", "summary", "note", "user_id", "activity_type_id")
# In the context while the chatter is told that a task is done, and nothing else of it.
DISCREET = "relationship_telling_no_names"
WORDLESS = "feedback"  # nothing of what was planned, but what came of it
KEYS = frozenset(
    {
        *("relationship_activity_id", "task_key", "addressee_id"),
        *("is_changed_by_hand", "is_closed_with_activity", "is_private"),
    }
)


class MailActivity(models.Model):
    _inherit = "mail.activity"
    _generated_fields = KEYS | {"plan_template_id"}
    _not_offered = frozenset({"task_key", "is_closed_with_activity", "is_private"})

    relationship_activity_id = fields.Many2one(
        "relationship.activity",
        string="Sales activity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    task_key = fields.Char(readonly=True, copy=False)
    addressee_id = fields.Many2one(
        "relationship.campaign.addressee",
        string="Campaign member",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    is_changed_by_hand = fields.Boolean(
        string="Changed by hand",
        readonly=True,
        copy=False,
        help="Somebody changed the task: it no longer follows its activity.",
    )
    # Nobody did it: it comes back when the activity is opened again.
    is_closed_with_activity = fields.Boolean(
        string="Closed with the activity", readonly=True, copy=False
    )
    # Whose activity or member is gone, which said who is told: only who did it is.
    is_private = fields.Boolean(string="Told to nobody else", readonly=True, copy=False)

    # A template that is deleted leaves its tasks behind, which then have no key.
    _task_unique = models.UniqueIndex(
        "(relationship_activity_id, plan_template_id, task_key) WHERE task_key <> ''",
        "This task of the activity exists already.",
    )

    def write(self, vals):
        """Notice what a person decides, and bring the activity in step."""
        follows = get_marked(self.env, FOLLOWING)
        if "active" in vals and not follows:
            take_turn(self.sudo().relationship_activity_id)  # sudo: only its turn
            if vals["active"]:
                # Whoever takes one up again ends it by themselves.
                closed = self.filtered("is_closed_with_activity")
                mark = {"is_closed_with_activity": False}
                super(MailActivity, generating(closed)).write(mark)
        if not follows and (own := {k: v for k, v in vals.items() if k in OWN}):
            changed = self.filtered(lambda task: task._is_changed_by(own))
            # A mark that only the server sets, and not a write of its own.
            super(MailActivity, generating(changed)).write({"is_changed_by_hand": True})
        given = self.browse()
        if "user_id" in vals and not (follows or self._may_generate()):
            given = self.filtered(lambda task: task.user_id.id != vals["user_id"])
        result = super().write(vals)
        given._check_doers()
        if "active" in vals and not follows:
            # sudo: whoever has a task does it; only the status of the activity.
            self.sudo().relationship_activity_id._update_state()
        return result

    def _check_doers(self):
        """Ask the activity of a task, which knows who can be given it."""
        ours = self.filtered("relationship_activity_id")
        for task in ours.filtered("user_id").sudo():  # sudo: to look at colleagues
            if refusal := task.relationship_activity_id._explain_unable(task.user_id):
                raise ValidationError(refusal)
        return super(MailActivity, self - ours)._check_doers()

    def _is_changed_by(self, vals):
        """Tell whether values differ from what the task says."""
        if not self.relationship_activity_id or self.is_changed_by_hand:
            return False
        return any(
            self._to_cache(name, value) != self._to_cache(name, self[name])
            for name, value in vals.items()
        )

    def _to_cache(self, name, value):
        return self._fields[name].convert_to_cache(value, self, validate=False)

    def _action_done(self, feedback=False, attachment_ids=False):
        """Keep from the chatter what not everybody may read who reads it."""
        self.check_access("write")  # core asks for the record alone
        secret = self.filtered(lambda task: task._is_secret())
        shared = (self - secret).filtered(lambda task: task._is_at_shared_partner())
        messages, tasks = super(MailActivity, self - secret - shared)._action_done(
            feedback, attachment_ids
        )
        if shared:
            wordless = shared.with_context(**{DISCREET: Marker(WORDLESS)})
            done = super(MailActivity, wordless)._action_done(feedback, attachment_ids)
            messages |= done[0].with_env(self.env)
            tasks |= done[1].with_env(self.env)
        for task in secret:
            discreet = task.with_context(**{DISCREET: Marker()})
            done = super(MailActivity, discreet)._action_done(feedback, attachment_ids)
            # sudo: back to the task, where core takes them from as superuser.
            message = done[0].sudo()
            message.attachment_ids.write({"res_model": self._name, "res_id": task.id})
            message.attachment_ids = False
            messages |= done[0].with_env(self.env)
            tasks |= done[1].with_env(self.env)
        if get_marked(self.env, CLOSING):
            # What core's types of activities plan next, where all of it ends.
            tasks.unlink()
            tasks = tasks.browse()
        return messages, tasks

    def _is_secret(self):
        """Tell whether somebody who reads the chatter may not see the activity."""
        task = self.sudo()  # sudo: companies and groups alone, of whatever is meant
        bracket = task.relationship_activity_id
        if bracket and bracket.type_id._is_restricted():
            return True
        partners = bracket.partner_id | bracket.contact_id
        theirs = task.addressee_id.company_id | partners.company_id
        if not theirs or bracket.lead_id:
            return False
        if bracket.campaign_id:
            return bool(bracket.campaign_id._get_linked_companies())
        return not bracket.partner_id.company_id

    def _keep_private(self):
        """Tell nobody else what was done where nobody could be asked who may know."""
        generating(self).write({"is_private": True})

    def _is_at_shared_partner(self):
        """Tell whether others read the chatter than those who see the activity.

        They are told what was done and what came of it, as of any task, but not the
        texts of an activity that is one company's.
        """
        # sudo: companies alone, of whatever is meant
        bracket, companies = (
            self.sudo().relationship_activity_id,
            self.env["res.company"],
        )
        return bool(
            self.res_model == "res.partner"
            and bracket.company_id
            and not bracket.partner_id.company_id
            and companies.sudo().search_count([], limit=2) > 1
        )

    @api.model
    def _get_told(self):
        """Return a domain of those whose activity the user may see, and that name
        nobody whom another company alone knows.

        One's own tasks are told in any case; and whoever may change an activity changes
        and ends all that follows from it, told or not.
        """
        is_following = get_marked(self.env, FOLLOWING) or get_marked(self.env, CLOSING)
        if self.env.su or is_following:
            return super()._get_told()
        companies = self.env.companies
        # sudo: which company stands above one's own, to compare ids.
        known = [False, *(companies | companies.sudo().parent_ids).ids]
        members = _of_these("addressee_id", [("company_id", "in", companies.ids)])
        people = Domain.AND(
            _of_these(name, [("company_id", "in", known)])
            for name in ("partner_id", "contact_id")
        )
        # Its texts are those of the activity: by its rules, whatever it hangs at.
        seen = self.env["ir.rule"]._compute_domain("relationship.activity", "read")
        # sudo: as core asks rules, which may name what the user has no right to
        brackets = self.env["relationship.activity"].sudo()
        brackets = brackets.with_context(active_test=False)._search(people & seen)
        told = Domain("relationship_activity_id", "=", False)
        told |= Domain("relationship_activity_id", "in", brackets)
        told &= members & Domain("is_private", "=", False)
        told |= Domain("user_id", "=", self.env.uid)
        return super()._get_told() & told

    @api.model
    def _select_counted(self, alias):
        """Count what is done for an activity where the activity itself is counted."""
        column = SQL.identifier(alias, "relationship_activity_id")
        bracket = self.env["relationship.activity"]._select_analysed(column)
        return SQL("%s AND %s", super()._select_counted(alias), bracket)

    def _check_access(self, operation):
        """Let nobody read, do or delete what is about whom they may not see."""
        result = super()._check_access(operation)
        is_asked = operation != "create" and self.ids
        told = self._get_told() if is_asked else Domain.TRUE
        if told.is_true():
            return result
        # sudo: only ids, of what is refused
        tasks = self.sudo().with_context(active_test=False)
        refused = self.browse(tasks.search([("id", "in", self.ids), ~told]).ids)
        return refuse_also(
            result, refused, lambda: refused._make_access_error(operation)
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Find nothing about whom one may not see, also through a record's tasks."""
        return super()._search(Domain(domain) & self._get_told(), *args, **kwargs)

    def unlink(self):
        activities = self.sudo().relationship_activity_id  # sudo: only their status
        take_turn(activities)
        result = super().unlink()
        if not get_marked(self.env, FOLLOWING):
            activities.exists()._update_state()
        return result

    def _follow(self, values):
        """Change a task as its activity has changed."""
        if values:
            own = {
                n: self._fields[n].convert_to_write(v, self) for n, v in values.items()
            }
            follower = {FOLLOWING: Marker(), **QUIET}
            self.with_context(**follower).write(own)

    def _begin_waiting(self):
        """Begin nothing where tasks end with what they belong to, plans included."""
        is_ending = get_marked(self.env, FOLLOWING) or get_marked(self.env, CLOSING)
        doing = self.browse() if is_ending else self
        return super(MailActivity, doing)._begin_waiting()

    def _begin_template(self, template):
        """Create what waited for tasks of an activity."""
        ours = self.filtered("relationship_activity_id")
        for activity, tasks in ours.grouped("relationship_activity_id").items():
            activity._begin_template(template, tasks)
        return super(MailActivity, self - ours)._begin_template(template)


def _of_these(name, domain):
    """Return a domain of what names nothing there, or something in a domain."""
    return Domain(name, "=", False) | Domain(name, "any!", domain)
