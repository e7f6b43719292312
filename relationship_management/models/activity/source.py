from odoo import fields, models
from odoo.tools import SQL

from ..shared.source import Contact, Fact, Source


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _describe_source(self):
        # Who asks is the user: what they may not analyse is not counted for them.
        hidden = list(self._get_unanalysed_types())
        counted = Fact(
            "bracket",
            self.env._("Sales activity"),
            where=SQL(
                "s.active AND s.state <> 'cancelled' AND s.type_id <> ALL(%s::int[])",
                hidden,
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
        )
