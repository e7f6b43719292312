"""What becomes of meetings when activities and opportunities are merged or deleted."""

from odoo import models
from odoo.fields import Domain

from ..activity.follow import FOLLOWING
from ..shared.context import Marker
from .places import ACTIVITY, hangs_by_task

# Where a meeting hangs, and what is read of it.
PLACE = ("opportunity_id", "res_model_id", "res_id")
PLACE_READ = (*PLACE, "res_model")


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def unlink(self):
        """Call off what is still to come; what has been stays with those who came."""
        self.check_access("unlink")
        # sudo: asked for the right to delete the activity, with all that is its own
        meetings = self.sudo().with_context(active_test=False).meeting_ids
        meetings._call_off()
        kept = meetings.exists() | self._get_meetings_there()
        # Nobody can be asked any more who might see the activity.
        kept.with_context(**{FOLLOWING: Marker()}).write({"privacy": "private"})
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

    def _get_meetings_there(self):
        """Return the meetings that hang at the activities, whatever they are about."""
        # sudo: as above
        events = self.env["calendar.event"].sudo().with_context(active_test=False)
        there = Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        return events.search(there | hangs_by_task(self))

    def _get_all_meetings(self):
        """Return the meetings, also archived ones, for changing them alone."""
        # sudo: of whoever may delete or merge what the activities belong to
        meetings = self.sudo().with_context(active_test=False).meeting_ids
        return meetings.with_context(**{FOLLOWING: Marker()})


class RelationshipProjectMixin(models.AbstractModel):
    _inherit = "relationship.project.mixin"

    def _leave_meetings(self):
        """Make the meetings about what is hidden private: it is about to go.

        Nobody can be asked any more who might see it.
        """
        self.check_access("unlink")
        [name] = self._type_paths
        # sudo: whether anybody is kept out; asked for the right to delete it
        hidden = self.sudo().filtered(
            lambda record: record[name] and record[name]._is_restricted()
        )
        if meetings := hidden._get_all_meetings():
            meetings.write({"privacy": "private", **dict.fromkeys(PLACE, False)})

    def _get_all_meetings(self):
        """Return the meetings there, also archived ones, for changing them alone."""
        # sudo: of whoever may delete what they are about, or merges it, which core
        # itself does past all rules
        events = self.env["calendar.event"].sudo().with_context(active_test=False)
        meetings = events.search(self._get_meeting_domain())
        # What a reader is not told stands as empty in the cache.
        meetings.invalidate_recordset(PLACE_READ)
        return meetings.with_context(**{FOLLOWING: Marker()})

    def _get_meeting_domain(self):
        there = Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        return there | hangs_by_task(self)


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    def unlink(self):
        """Leave the meetings about what was hidden to those who came."""
        self._leave_meetings()
        return super().unlink()


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def unlink(self):
        """Leave the meetings about what was hidden to those who came."""
        self._leave_meetings()
        return super().unlink()

    def _merge_dependences_calendar_events(self, opportunities):
        """Take over the meetings, too, that core does not find for the user."""
        if meetings := opportunities._get_all_meetings():
            model = self.env["ir.model"]._get_id(self._name)
            # What hangs at an activity is told as that one is, which goes along.
            of_activities = meetings.filtered(lambda e: e.res_model == ACTIVITY)
            of_activities.write({"opportunity_id": self.id})
            here = {"res_id": self.id, "opportunity_id": self.id}
            (meetings - of_activities).write({"res_model_id": model, **here})
        return super()._merge_dependences_calendar_events(opportunities)

    def _get_meeting_domain(self):
        named = Domain("opportunity_id", "in", self.ids)
        return super()._get_meeting_domain() | named
