"""What opportunities, campaigns … have in common: partners who play a role in them."""

from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain


def document_field(comodel, **options):
    """Return the field of a partner reference that leads to one kind of document."""
    return fields.Many2one(comodel, index=True, ondelete="cascade", **options)


class RelationshipPeopleMixin(models.AbstractModel):
    """A document with people. It has a company and ``reference_ids``.

    ``_people_field`` names the field by which ``relationship.reference`` leads to it,
    ``_type_field``, if it has a type, the field with that.
    """

    _name = "relationship.people.mixin"
    _description = "Document in which partners play a role"
    _people_field = None
    _type_field = None

    def _get_customer(self):
        """Return the firm to whose side people belong, if the document has one."""
        return self.env["res.partner"]

    def _takes_people(self):
        """Tell whether somebody still works on the document."""
        return True

    def _get_likeness(self):
        """Return what documents are alike by whose people are suggested here."""
        return self._get_customer()._origin

    @api.model
    def _get_like_domain(self, likenesses):
        """Return the domain of the partner references of documents that are alike."""
        return Domain.FALSE

    def _count_roles(self):
        """Return how many different people play each role today."""
        today = fields.Date.context_today(self)
        people = {
            (line.type_id, line.contact_id or line.partner_id)
            for line in self.reference_ids
            if line.partner_id and (not line.date_to or line.date_to >= today)
        }
        return Counter(role._origin for role, _partner in people)

    @api.constrains("company_id")
    def _check_company_of_people(self):
        """Refuse to take along people who belong to the former company."""
        # sudo: whoever changes the company may not see all of them.
        self.sudo().reference_ids._check_company()


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "relationship.people.mixin"]
    _people_field = "lead_id"
    _suggested_by = ("partner_id", "type", "active", "won_status")

    reference_ids = fields.One2many(
        "relationship.reference", "lead_id", string="People"
    )

    def _get_customer(self):
        return self.partner_id.commercial_partner_id

    def _takes_people(self):
        return self.type == "opportunity" and self.active and not self._is_closed()

    @api.model
    def _get_like_domain(self, likenesses):
        at_them = [("partner_id.commercial_partner_id", "in", likenesses.ids)]
        return Domain("lead_id", "any", at_them)
