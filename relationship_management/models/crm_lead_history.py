from odoo import models

from . import row_trigger


class CrmLead(models.Model):
    """Tell the history what the database cannot see: who deletes, what is merged."""

    _inherit = "crm.lead"

    def unlink(self):
        """Delete, after telling the history who does it and into what it is merged."""
        if self:
            # Only the merge deletes as superuser: no client can claim to merge.
            merged_into_id = self.env.su and self.env.context.get(
                "relationship_merged_into_id"
            )
            row_trigger.announce_unlink(self.env, merged_into_id)
        return super().unlink()

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        """Name the surviving opportunity in the history of the merged ones."""
        head = self._sort_by_confidence_level(reverse=True)[:1]
        told = self.with_context(relationship_merged_into_id=head.id)
        merged = super(CrmLead, told)._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )
        return merged.with_context(relationship_merged_into_id=False)

    def _merge_dependences(self, opportunities):
        """Take over the people of the merged opportunities, each role once."""
        result = super()._merge_dependences(opportunities)
        known = {
            (line.partner_id, line.contact_id, line.type_id)
            for line in self.reference_ids
        }
        for line in opportunities.reference_ids:
            key = (line.partner_id, line.contact_id, line.type_id)
            if key not in known:
                known.add(key)
                line.lead_id = self
        return result

    def action_view_history(self):
        self.ensure_one()
        return self.env["relationship.opportunity.history"]._get_timeline_action(
            self.id, self.name
        )
