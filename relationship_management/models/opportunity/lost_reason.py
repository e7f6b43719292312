from odoo import fields, models


class CrmLostReason(models.Model):
    """A reason that says that somebody else got the deal asks who it was."""

    _inherit = "crm.lost.reason"

    names_competitor = fields.Boolean(
        string="Asks who won",
        help="The dialog Lost asks for the competitor, who then stands among the people"
        " of the opportunity.",
    )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_competitors(self):
        """Return the competitors among the people, as far as the user may see them."""
        # Searched: the cache of a record may hold lines that the superuser read.
        lines = self.env["relationship.reference"].search(
            [("lead_id", "in", self.ids), ("kind", "=", "competitor")]
        )
        return lines.partner_id._filtered_access("read")
