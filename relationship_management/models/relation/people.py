from odoo import api, fields, models
from odoo.fields import Domain

from ..shared.may_be_told import name_of

SHOWN_RELATIONS = 20


class RelationshipPeopleMixin(models.AbstractModel):
    """How the people of a document relate to each other."""

    _inherit = "relationship.people.mixin"

    people_relations = fields.Json(
        string="How they relate to each other",
        compute="_compute_people_relations",
        help="Relations among the people that hold today, as far as you may see them.",
    )

    @api.depends("reference_ids.date_to", "reference_ids.is_outsider")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_people_relations(self):
        """Say them as sentences; one search for any number of documents."""
        self.reference_ids.mapped("is_outsider")  # of all of them at once
        people = {document: document._get_people() for document in self}
        relations = self.env["relationship.relation"]
        everybody = self.env["res.partner"].union(*people.values())
        if len(everybody) > 1 and relations.has_access("read"):
            ids = everybody._filtered_access("read").ids
            relations = relations.search(
                relations._get_valid_domain()
                & Domain("left_partner_id", "in", ids)
                & Domain("right_partner_id", "in", ids),
                limit=SHOWN_RELATIONS * len(self),
            )
        for document in self:
            among = relations.filtered(
                lambda r, these=people[document]: (
                    r.left_partner_id in these and r.right_partner_id in these
                )
            )
            document.people_relations = [
                *(
                    {"id": relation.id, "sentence": relation.sentence}
                    for relation in among[:SHOWN_RELATIONS]
                ),
                *document._describe_outsiders(),
            ]

    def _describe_outsiders(self):
        """Say who has nothing to do with the customer, as far as one knows."""
        outsiders = self._get_present_lines().filtered("is_outsider")
        for person in dict.fromkeys(line._get_person() for line in outsiders):
            sentence = self.env._(
                "%(person)s is not linked to %(company)s",
                person=name_of(person, "name"),
                company=name_of(self._get_customer(), "name"),
            )
            yield {"id": f"person-{person.id}", "sentence": sentence}

    def _get_people(self):
        """Return who plays a role today, and for whom."""
        lines = self._get_present_lines()
        return (lines.partner_id | lines.contact_id)._origin

    def _get_present_lines(self):
        """Return the partner references of those who have not left."""
        return self.reference_ids.filtered(
            lambda line: not line.date_to or line.date_to >= line._get_date()
        )
