from odoo import api, models

from ..shared import row_trigger
from ..shared.context import Marker, get_marked

# In the context while opportunities are merged, which is told already.
MERGING = "relationship_merging"


class CrmLead(models.Model):
    """Tell the history what the database cannot see: who deletes, what is merged."""

    _inherit = "crm.lead"

    def unlink(self):
        """Delete, after telling the history who does it."""
        if self and not get_marked(self.env, MERGING):
            row_trigger.announce_unlink(self.env)
        return super().unlink()

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        """Tell the history which opportunity takes the others over."""
        if len(self) < 2:
            return super()._merge_opportunity(user_id, team_id, auto_unlink, max_length)
        head, *tails = self._sort_by_confidence_level(reverse=True)
        row_trigger.announce_merge(self.env, [tail.id for tail in tails], head.id)
        merging = self.with_context(**{MERGING: Marker()})
        merged = super(CrmLead, merging)._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )
        return merged.with_env(self.env)

    def _get_lead_duplicates(self, partner=None, email=None, include_lost=False):
        """Propose to merge only what the user may change."""
        found = super()._get_lead_duplicates(partner, email, include_lost)
        return found._filtered_access("write")

    def _merge_get_fields(self):
        return [
            *super()._merge_get_fields(),
            "opportunity_type_id",
            "margin_percent",
            "contribution_margin",
        ]

    def action_view_history(self):
        self.ensure_one()
        return self.env["relationship.opportunity.history"]._get_timeline_action(
            self.id, self.name
        )

    @api.model
    def get_timeline(self, opportunity_id):
        """Return what the page of the history shows: ``{entries, can_open}``.

        The opportunity may be gone, or belong to somebody else by now.
        """
        leads = self.with_context(active_test=False)
        return {
            "entries": self.env["relationship.opportunity.history"].get_timeline(
                opportunity_id
            ),
            "can_open": bool(leads.search_count([("id", "=", opportunity_id)])),
        }
