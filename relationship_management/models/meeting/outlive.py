"""What becomes of meetings when activities and opportunities are merged or deleted."""

from odoo import models

from ..activity.follow import FOLLOWING
from ..shared.context import Marker


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def unlink(self):
        """Call off what is still to come; what has been stays with those who came."""
        self.check_access("unlink")
        # sudo: asked for the right to delete the activity, with all that is its own
        meetings = self.sudo().with_context(active_test=False).meeting_ids
        meetings._call_off()
        kept = meetings.exists().with_context(**{FOLLOWING: Marker()})
        # Nobody can be asked any more who might see the activity.
        kept.write({"privacy": "private"})
        return super().unlink()

    def _outlive(self):
        """Keep with the activity the meetings that there were."""
        result = super()._outlive()
        model = self.env["ir.model"]._get_id(self._name)
        for activity in self:
            activity._get_all_meetings().write(
                {"res_model_id": model, "res_id": activity.id, "opportunity_id": False}
            )
        return result

    def _get_all_meetings(self):
        """Return the meetings, also archived ones, for changing them alone."""
        # sudo: of whoever may delete or merge what the activities belong to
        meetings = self.sudo().with_context(active_test=False).meeting_ids
        return meetings.with_context(**{FOLLOWING: Marker()})


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        """Take over the meetings, too, that core does not find for the user."""
        result = super()._merge_dependences(opportunities)
        # sudo: a merge of opportunities, which core itself does past all rules
        brackets = self.sudo().with_context(active_test=False).bracket_ids
        meetings = brackets._get_all_meetings()
        apart = meetings.filtered(lambda event: event.opportunity_id != self)
        apart.write({"res_id": self.id, "opportunity_id": self.id})
        return result
