from odoo import fields, models
from odoo.tools import SQL

from ..shared.source import Contact, Fact, Rows, Source


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _describe_source(self):
        # Who asks is the user: what they may not analyse is not counted for them.
        counted = Fact(
            "bracket",
            self.env._("Sales activity"),
            where=SQL(
                "s.active AND s.state <> 'cancelled' AND %s",
                self._select_analysed(SQL("s.id")),
            ),
            values={
                "status": SQL(
                    "CASE WHEN s.state = 'done' THEN 'done'"
                    " WHEN coalesce(s.date_to, s.date_from) < %s THEN 'overdue'"
                    " ELSE 'planned' END",
                    fields.Date.context_today(self),
                )
            },
        )
        return Source(
            facts=(counted,),
            label=self.env._("activities"),
            partners=("partner_id", "contact_id"),
            date="date_from",
            activities=True,
            merge=70,
            contact=Contact(
                self.env._("Activity"),
                9,
                day="date_done",
                partner=SQL("coalesce(s.contact_id, s.partner_id)"),
                where=SQL("s.state = 'done'"),
            ),
            rows=self._describe_items(),
        )

    def _describe_items(self):
        """Return a row of the relationship list for each activity."""
        columns = {
            name: SQL("%s", SQL.identifier("s", name))
            for name in (
                *("name", "number", "partner_id", "contact_id", "campaign_id"),
                *("lead_id", "stage_id", "user_id", "company_id", "date_from"),
                *("date_done", "left_type_id"),
            )
        }
        return Rows(
            kind="activity",
            label=self.env._("Activity"),
            icon="fa-check-square-o",
            where=SQL("s.active"),
            values={
                **columns,
                "activity_type_id": SQL("s.type_id"),
                "status": SQL("s.state"),
                "date_due": SQL("coalesce(s.date_to, s.date_from)"),
                "is_open": SQL("s.state IN ('planned', 'in_progress')"),
            },
        )
