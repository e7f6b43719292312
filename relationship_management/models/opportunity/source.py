from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.source import Fact, Figure, Follow, Rows, Source, get_day

# What has become of an opportunity ``s``.
OPPORTUNITY_STATUS = SQL(
    "CASE WHEN s.won_status IN ('won', 'lost') THEN s.won_status"
    " WHEN s.active THEN 'open' ELSE 'archived' END"
)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _describe_source(self):
        return Source(
            label=self.env._("opportunities"),
            partners=(
                "partner_id",
                "reference_ids.partner_id",
                "reference_ids.contact_id",
            ),
            date="create_date",
            amount="expected_revenue",
            activities=True,
            facts=(self._describe_opportunity(),),
            figures=self._describe_counted(),
            rows=self._describe_items(),
        )

    def _describe_items(self):
        """Return a row of the relationship list for each opportunity."""
        return Rows(
            kind="opportunity",
            label=self.env._("Opportunity"),
            icon="fa-star",
            where=SQL("s.type = 'opportunity'"),
            joins=SQL(
                "LEFT JOIN relationship_campaign c ON c.utm_campaign_id = s.campaign_id"
            ),
            follows=(
                Follow(
                    "relationship_campaign",
                    "s.campaign_id = r.utm_campaign_id",
                    ("utm_campaign_id",),
                ),
            ),
            values={
                "name": SQL("s.name"),
                "number": SQL("s.number"),
                "partner_id": SQL("s.partner_id"),
                "campaign_id": SQL("c.id"),
                "lead_id": SQL("s.id"),
                "opportunity_type_id": SQL("s.opportunity_type_id"),
                "status": OPPORTUNITY_STATUS,
                "stage_id": SQL("s.stage_id"),
                "user_id": SQL("s.user_id"),
                "company_id": SQL("s.company_id"),
                "date_from": SQL("s.create_date"),
                "date_due": SQL("s.date_deadline"),
                "date_done": SQL("s.date_closed"),
                "done_at": SQL("s.date_closed"),
                "is_open": SQL("s.active AND s.won_status = 'pending'"),
            },
        )

    def _describe_opportunity(self):
        return Fact(
            "opportunity",
            self.env._("Opportunity"),
            where=SQL("s.type = 'opportunity'"),
            values={
                "status": OPPORTUNITY_STATUS,
                "date_closing": SQL(
                    "CASE WHEN s.won_status IN ('won', 'lost')"
                    " THEN coalesce(%s, s.date_deadline) ELSE s.date_deadline END",
                    get_day(self.env, SQL("s.date_closed")),
                ),
                "expected_revenue": SQL("s.expected_revenue"),
                "forecast_revenue": SQL("s.forecast_revenue"),
                "won_revenue": SQL(
                    "CASE WHEN s.won_status = 'won' THEN s.expected_revenue ELSE 0 END"
                ),
            },
        )

    def _describe_counted(self):
        is_opportunity = Domain("type", "=", "opportunity")
        is_open = Domain("won_status", "=", "pending") & Domain("active", "=", True)
        is_won, is_lost = (Domain("won_status", "=", key) for key in ("won", "lost"))
        return (
            Figure("open", is_opportunity & is_open, self.env._("Open opportunities")),
            Figure("won", is_opportunity & is_won, self.env._("Won opportunities")),
            Figure("lost", is_opportunity & is_lost, self.env._("Lost opportunities")),
        )
