"""Projects in the relationship list where a partner only plays a role."""

from dataclasses import replace

from odoo import models
from odoo.tools import SQL

from ..shared.source import Follow, Rows
from .member import TITLE


class RelationshipReference(models.Model):
    _inherit = "relationship.reference"

    def _describe_source(self):
        return replace(super()._describe_source(), rows=self._describe_items())

    def _describe_items(self):
        """Return a row for each line, of the kind of its project."""
        of_lead = ("name", "number", "opportunity_type_id", "won_status", "active")
        of_lead += ("stage_id", "user_id", "date_deadline", "date_closed", "company_id")
        of_lead += ("create_date",)
        of_campaign = ("number", "type_id", "stage_id", "state", "date_from", "date_to")
        of_campaign += ("utm_campaign_id", "channel")
        of_activity = ("name", "number", "type_id", "state", "stage_id", "user_id")
        of_activity += ("lead_id", "campaign_id", "date_from", "date_to", "date_done")
        of_activity += ("active", "left_type_id", "channel")
        return Rows(
            kind=SQL(
                "CASE WHEN s.lead_id > 0 THEN 'opportunity'"
                " WHEN s.campaign_id > 0 THEN 'campaign' ELSE 'activity' END"
            ),
            joins=SQL(
                "LEFT JOIN crm_lead o ON o.id = s.lead_id"
                " LEFT JOIN relationship_activity b ON b.id = s.activity_id"
                " LEFT JOIN relationship_campaign c ON c.id = s.campaign_id"
                " LEFT JOIN utm_campaign u ON u.id = c.utm_campaign_id"
            ),
            where=SQL("coalesce(b.active, u.active, o.id > 0)"),
            opens=("crm.lead", "relationship.campaign", "relationship.activity"),
            follows=(
                Follow("crm_lead", "s.lead_id = r.id", of_lead),
                Follow("relationship_campaign", "s.campaign_id = r.id", of_campaign),
                Follow("relationship_activity", "s.activity_id = r.id", of_activity),
                Follow(
                    "utm_campaign",
                    "s.campaign_id IN (SELECT c.id FROM relationship_campaign c"
                    " WHERE c.utm_campaign_id = r.id)",
                    ("title", "user_id", "active"),
                ),
            ),
            values={
                "res_model": SQL(
                    "CASE WHEN s.lead_id > 0 THEN 'crm.lead'"
                    " WHEN s.campaign_id > 0 THEN 'relationship.campaign'"
                    " ELSE 'relationship.activity' END"
                ),
                "res_id": SQL("coalesce(s.lead_id, s.campaign_id, s.activity_id)"),
                "name": SQL("coalesce(o.name, b.name, %s)", TITLE),
                "number": SQL("coalesce(o.number, b.number, c.number)"),
                "partner_id": SQL("s.partner_id"),
                "contact_id": SQL("s.contact_id"),
                "role_id": SQL("s.type_id"),
                "campaign_id": SQL("coalesce(s.campaign_id, b.campaign_id)"),
                "lead_id": SQL("coalesce(s.lead_id, b.lead_id)"),
                "campaign_type_id": SQL("c.type_id"),
                "opportunity_type_id": SQL("o.opportunity_type_id"),
                "activity_type_id": SQL("b.type_id"),
                "left_type_id": SQL("b.left_type_id"),
                "channel": SQL("coalesce(c.channel, b.channel)"),
                "status": SQL(
                    "CASE WHEN o.won_status IN ('won', 'lost') THEN o.won_status"
                    " WHEN o.id > 0 AND o.active THEN 'open'"
                    " WHEN o.id > 0 THEN 'archived'"
                    " WHEN c.state = 'entered' THEN 'planned'"
                    " WHEN c.state = 'completed' THEN 'done'"
                    " ELSE coalesce(c.state, b.state) END"
                ),
                "stage_id": SQL("coalesce(o.stage_id, c.stage_id, b.stage_id)"),
                "user_id": SQL("coalesce(o.user_id, u.user_id, b.user_id)"),
                "company_id": SQL("s.company_id"),
                "date_from": SQL(
                    "coalesce(o.create_date::date, c.date_from, b.date_from)"
                ),
                "date_due": SQL(
                    "coalesce(o.date_deadline, c.date_to, b.date_to, b.date_from)"
                ),
                "done_at": SQL("o.date_closed"),
                "date_done": SQL("coalesce(o.date_closed::date, b.date_done)"),
                "is_open": SQL(
                    "coalesce(o.active AND o.won_status = 'pending',"
                    " c.state IN ('entered', 'in_progress'),"
                    " b.state IN ('planned', 'in_progress'))"
                ),
            },
        )
