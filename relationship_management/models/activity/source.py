from odoo import models
from odoo.tools import SQL

from ..shared.source import Contact, Source


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _describe_source(self):
        return Source(
            label=self.env._("activities"),
            partners=("partner_id", "contact_id"),
            type="",
            date="date_from",
            activities=True,
            contact=Contact(
                self.env._("Activity"),
                9,
                day="date_done",
                partner=SQL("coalesce(s.contact_id, s.partner_id)"),
                where=SQL("s.state = 'done'"),
            ),
        )
