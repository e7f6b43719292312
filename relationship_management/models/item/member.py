"""Campaigns in the relationship list: one row for each member."""

from dataclasses import replace

from odoo import models
from odoo.tools import SQL

from ..shared.source import Follow, Rows

# In whichever language: it is found in each.
TITLE = SQL(
    "(SELECT string_agg(DISTINCT l.value, ' / ') FROM jsonb_each_text(u.title) l)"
)


class RelationshipCampaignAddressee(models.Model):
    _inherit = "relationship.campaign.addressee"

    def _describe_source(self):
        return replace(super()._describe_source(), rows=self._describe_items())

    def _describe_items(self):
        return Rows(
            kind="campaign",
            label=self.env._("Campaign"),
            icon="fa-bullhorn",
            joins=SQL(
                "JOIN relationship_campaign c ON c.id = s.campaign_id"
                " JOIN utm_campaign u ON u.id = c.utm_campaign_id"
            ),
            where=SQL("u.active"),
            opens=("relationship.campaign",),
            follows=(
                Follow(
                    "relationship_campaign",
                    "s.campaign_id = r.id",
                    (
                        *("number", "type_id", "stage_id", "state", "channel"),
                        *("date_from", "date_to", "utm_campaign_id"),
                    ),
                ),
                Follow(
                    "utm_campaign",
                    "s.campaign_id IN (SELECT c.id FROM relationship_campaign c"
                    " WHERE c.utm_campaign_id = r.id)",
                    ("title", "user_id", "active"),
                ),
            ),
            values={
                "res_model": "relationship.campaign",
                "res_id": SQL("s.campaign_id"),
                "name": TITLE,
                "number": SQL("c.number"),
                "partner_id": SQL("coalesce(s.partner_id, s.contact_id)"),
                "contact_id": SQL("CASE WHEN s.partner_id > 0 THEN s.contact_id END"),
                "campaign_id": SQL("s.campaign_id"),
                "campaign_type_id": SQL("c.type_id"),
                "channel": SQL("c.channel"),
                "status": SQL("s.state"),
                "stage_id": SQL("c.stage_id"),
                "user_id": SQL("coalesce(s.user_id, u.user_id)"),
                "company_id": SQL("s.company_id"),
                "date_from": SQL("c.date_from"),
                "date_due": SQL("c.date_to"),
                "date_done": SQL("coalesce(s.responded_on, s.contacted_on)"),
                "is_open": SQL(
                    "s.state = 'open' AND c.state IN ('entered', 'in_progress')"
                ),
            },
        )
