"""Partners who play a role in a campaign: organiser of the fair, agency, speaker."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..opportunity.people import document_field


class RelationshipReference(models.Model):
    _inherit = "relationship.reference"

    campaign_id = document_field("relationship.campaign", string="Campaign")

    def _tell(self, document, sentence):
        """Tell linked companies, who read the chatter, of nobody's own partners."""
        theirs = self.partner_id.company_id | self.contact_id.company_id
        if self.campaign_id and theirs and document._get_linked_companies():
            return None
        return super()._tell(document, sentence)


class RelationshipCampaign(models.Model):
    _name = "relationship.campaign"
    _inherit = ["relationship.campaign", "relationship.people.mixin"]
    _people_field = "campaign_id"
    _suggested_by = ("type_id", "state", "active")

    reference_ids = fields.One2many(
        "relationship.reference", "campaign_id", string="People"
    )

    def _takes_people(self):
        return self.active and self.state in ("entered", "in_progress")

    def _get_likeness(self):
        return self.type_id._origin

    @api.model
    def _get_like_domain(self, likenesses):
        return Domain("campaign_id", "any", [("type_id", "in", likenesses.ids)])

    def _check_core_side(self):
        """Check the people, too, whose company is that of the campaign."""
        result = super()._check_core_side()
        self._check_company_of_people()
        return result
