"""Who is entered in a role later gets what has begun for each person in that role."""

from odoo import api, models

from ..activity.activity import OPEN
from ..activity.defaults import BEGINNING
from ..activity.template import get_person_key
from ..plan.found import all_tasks
from ..shared.context import get_marked

# What decides who plays which role today.
WHO = frozenset({"partner_id", "contact_id", "type_id", "date_from", "date_to"})


class RelationshipReference(models.Model):
    _inherit = "relationship.reference"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._give_tasks()
        return lines

    def write(self, vals):
        former = WHO & vals.keys() and {line: line._tell_who() for line in self.sudo()}
        result = super().write(vals)
        if former:
            # sudo: whose line it was, to compare
            changed = self.sudo().filtered(
                lambda line: former[line] != line._tell_who()
            )
            changed.with_env(self.env)._give_tasks()
        return result

    def _tell_who(self):
        """Return who plays which role today, if anybody does."""
        return self._is_valid() and (self._get_person(), self.type_id)

    def _give_tasks(self):
        """Create what activities that are under way have for each of these people."""
        if get_marked(self.env, BEGINNING):
            return  # whose tasks are created together, in a moment
        # sudo: whoever enters people; what there is to do for everybody in their role
        lines = self.sudo().filtered(lambda line: line._is_valid())
        templates = self.env["mail.activity.plan.template"].sudo()
        templates = templates.search(
            [
                *(("per", "=", "role"), ("relationship_type_id", "!=", False)),
                ("reference_type_id", "in", lines.type_id.ids),
            ]
        )
        if not templates:
            return
        for line in lines:
            for bracket in line._find_brackets(templates.relationship_type_id):
                bracket._join_people(line)

    def _find_brackets(self, types):
        """Return the activities of these types that are under way where it stands."""
        brackets = self.env["relationship.activity"]
        here = [("type_id", "in", types.ids), ("state", "in", OPEN)]
        if self.activity_id:
            return brackets.search([("id", "=", self.activity_id.id), *here])
        field = "lead_id" if self.lead_id else "campaign_id"
        if not self[field]:
            return brackets
        return brackets.search([(field, "=", self[field].id), *here], order="id")


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _join_people(self, line):
        """Create what has begun for each person in a role for one who came later.

        As the responsible; a fault hinders nobody from entering people: it is told
        here.
        """
        templates = self._get_begun().filtered(
            lambda t: (
                (t.per, t.reference_type_id) == ("role", line.type_id)
                and not t._is_each_as(t.wait_template_id)
            )
        )
        is_begun = templates and self.active and self.run_state != "copied"
        if owner := is_begun and self._as_responsible():
            self._try(lambda: self._plan_people(owner, templates, get_person_key(line)))

    def _plan_people(self, owner, templates, key):
        self._insert_tasks(owner._prepare_missing(templates, {key}))
        self._update_state()

    @api.model
    def _fold_partners(self, sources, destination):
        """Let tasks for people in a role be those of whom they are by now."""
        keys = {f"person:{source.id}" for source in sources}
        # sudo: whoever may merge partners; keys alone
        tasks = all_tasks(self.env).sudo()
        mine = [
            ("plan_template_id.per", "=", "role"),
            ("relationship_activity_id", "!=", False),
            ("task_key", "in", list(keys)),
        ]
        key = f"person:{destination.id}"
        for task in tasks.search(mine, order="active, id"):
            activity, line = task.relationship_activity_id, task.plan_template_id
            if (activity.id, line.id, key) not in activity._get_known_keys(line, [key]):
                task.task_key = key
            elif task.active and not task.is_changed_by_hand:
                activity._take_back(task)
        # sudo: as above
        activities = self.sudo().with_context(active_test=False)
        for_people = ("type_id.template_ids.per", "=", "role")
        ended = activities.search([("state", "=", "cancelled"), for_people])
        ended._rename_remembered(dict.fromkeys(keys, key))
        return super()._fold_partners(sources, destination)
