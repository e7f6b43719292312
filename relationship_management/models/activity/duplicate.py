"""A duplicate gives nobody anything to do before somebody has looked at it."""

from odoo import models

from ..shared.context import Marker, get_marked

# In the context while activities are duplicated.
COPYING = "relationship_copying"


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def copy(self, default=None):
        """Wait with the tasks until somebody saves the duplicate, or asks for them."""
        copying = self.with_context(**{COPYING: Marker()})
        copies = super(RelationshipActivity, copying).copy(default).with_env(self.env)
        # sudo: only the server writes it; the user has just planned the activity.
        copies.sudo().write({"run_state": "copied"})
        return copies

    def _create_tasks(self):
        if get_marked(self.env, COPYING):
            return self.env["mail.activity"]
        return super()._create_tasks()

    def action_create_tasks(self):
        """Create the tasks of duplicates as they are."""
        self.check_access("write")
        self.filtered(lambda activity: activity.run_state == "copied")._begin_copied()

    def _begin_copied(self):
        self._forget_run()
        self._create_tasks()
