from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.source import Fact, Figure, Source, get_day


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
        )

    def _describe_opportunity(self):
        return Fact(
            "opportunity",
            self.env._("Opportunity"),
            where=SQL("s.type = 'opportunity'"),
            values={
                "status": SQL(
                    "CASE WHEN s.won_status IN ('won', 'lost') THEN s.won_status"
                    " WHEN s.active THEN 'open' ELSE 'archived' END"
                ),
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
