from odoo import fields, models


class CrmLostReason(models.Model):
    """A reason that says that somebody else got the deal asks who it was."""

    _inherit = "crm.lost.reason"

    names_competitor = fields.Boolean(
        string="Asks who won",
        help="The dialog Lost asks for the competitor, who then stands among the people"
        " of the opportunity.",
    )
