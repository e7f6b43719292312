"""Tasks for each person in a role stay with that person, whoever is merged."""

from odoo import api, models

from ..activity.activity import OPEN
from ..activity.follow import BY_NOBODY
from ..activity.tasks import IS_OPEN
from ..plan.frame import generating


class RelationshipReference(models.Model):
    _inherit = "relationship.reference"

    def _hand_over(self, kept):
        """Let the tasks for the line that is gone be for the one that stays."""
        super()._hand_over(kept)
        # sudo: whoever may merge; a key, and doubles that nobody has changed.
        tasks = self.env["mail.activity"].sudo().with_context(active_test=False)
        mine = tasks.search([("task_key", "=", self._get_task_key())])
        theirs = tasks.search([("task_key", "=", kept._get_task_key())])
        brackets = self.env["relationship.activity"]
        for task in mine:
            double = theirs.filtered(lambda t, task=task: t._is_double_of(task))
            # Who was called already is not called once more.
            spare = (task | double)._get_untouched()[:1] if double else double
            brackets |= spare.relationship_activity_id
            spare.relationship_activity_id._take_back(spare)
            if spare == double:
                generating(task).write({"task_key": kept._get_task_key()})
        brackets._go_on()


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _is_double_of(self, other):
        """Tell whether two tasks come from the same line of the same activity."""
        names = ("relationship_activity_id", "plan_template_id")
        return all(self[name] == other[name] for name in names)

    def _get_untouched(self):
        return self.filtered(lambda task: task.active and not task.is_changed_by_hand)


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    @api.model
    def _settle_merge(self, destination):
        """Let the tasks for people name them, too."""
        sentences = super()._settle_merge(destination)
        lines = self.env["relationship.reference"].search(
            [
                "|",
                ("partner_id", "=", destination.id),
                ("contact_id", "=", destination.id),
            ]
        )
        tasks = self.env["mail.activity"].search(
            [
                IS_OPEN,
                BY_NOBODY,
                ("task_key", "in", [line._get_task_key() for line in lines]),
                ("relationship_activity_id.state", "in", OPEN),
            ]
        )
        later = self.env["relationship.activity.todo"]
        for bracket, theirs in tasks.grouped("relationship_activity_id").items():
            bracket._name_anew(theirs, later)
        return sentences
