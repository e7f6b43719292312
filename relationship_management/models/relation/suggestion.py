"""Who might play a role, from what is known of the customer: shown, never entered."""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

SUGGESTED_PEOPLE = 5
# For each document, so many relations and so many former lines are looked at.
LOOKED_AT = 40


class Suggestion(NamedTuple):
    """Somebody in a role, and why."""

    partner: models.BaseModel
    role: models.BaseModel
    reason: str
    influence: str | bool = False


class RelationshipPeopleMixin(models.AbstractModel):
    """Suggestions from relations of the customer, and from what went before.

    In a constant number of statements for any number of documents.
    """

    _inherit = "relationship.people.mixin"
    # What decides who is suggested, beside the people who are there.
    _suggested_by = ()

    suggested_people = fields.Json(
        string="Suggested people",
        compute="_compute_suggested_people",
        help="Who stands in a relation to the customer today, or played a role before.",
    )

    @api.depends(
        lambda self: [
            *("reference_ids.partner_id", "reference_ids.contact_id"),
            *("company_id", *self._suggested_by),
        ]
    )
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_suggested_people(self):
        """Suggest to whoever may add somebody, and only whom this person may see."""
        allowed = self._origin._filtered_access("write")
        asking = self.filtered(
            lambda d: (not d._origin or d._origin in allowed) and d._takes_people()
        )
        roles = self.env["relationship.reference.type"]
        if asking:
            roles = roles.search([("can_use", "=", True)])
        found = {document: [] for document in self}
        for document, suggestion in asking._find_related(roles):
            found[document].append(suggestion)
        for document, suggestion in asking._find_former(roles):
            found[document].append(suggestion)
        for document, suggestions in found.items():
            document.suggested_people = document._choose(suggestions)

    def _choose(self, suggestions):
        """Describe the first of those who are not there yet, each of them once."""
        lines, company = self.reference_ids, self.company_id
        taken, chosen = (lines.partner_id | lines.contact_id)._origin, []
        for partner, role, reason, influence in suggestions:
            fits = all(
                record.filtered_domain(record._check_company_domain(company))
                for record in (partner, role)
            )
            if partner in taken or not fits:
                continue
            taken |= partner
            values = {"partner_id": partner.id, "type_id": role.id}
            chosen.append(
                {
                    "name": partner.display_name,
                    "role": role.name,
                    "reason": reason,
                    "values": {
                        **values,
                        "influence": influence,
                        self._people_field: self._origin.id,
                    },
                }
            )
        return chosen[:SUGGESTED_PEOPLE]

    def _find_related(self, roles):
        """Yield documents with whoever stands in a relation to their customer today."""
        role_of = {
            kind: role for role in reversed(roles) for kind in role.relation_type_ids
        }
        customers = {document: document._get_customer()._origin for document in self}
        ids = self.env["res.partner"].union(*customers.values()).ids
        relations = self.env["relationship.relation"]
        if not ids or not role_of or not relations.has_access("read"):
            return
        at_customer = [("commercial_partner_id", "in", ids)]
        relations = relations.search(
            relations._get_valid_domain()
            & Domain("type_id", "in", [kind.id for kind in role_of])
            & (
                Domain("right_partner_id", "any", at_customer)
                | Domain("left_partner_id", "any", at_customer)
                & Domain("type_id.is_symmetric", "=", True)
            ),
            order="influence desc nulls last, id",
            limit=LOOKED_AT * len(self),
        )
        visible = get_visible(relations.left_partner_id | relations.right_partner_id)
        for document, customer in customers.items():
            for relation in relations:
                partner = relation._get_person_at(customer)
                if partner & visible:
                    role = role_of[relation.type_id]
                    yield document, Suggestion(partner, role, relation.sentence)

    def _find_former(self, roles):
        """Yield documents with whoever played a role in others like them."""
        likenesses = {d: found for d in self if (found := d._get_likeness())}
        if not likenesses or not roles:
            return
        common = self._get_likeness().browse().union(*likenesses.values())
        lines = self.env["relationship.reference"].with_context(active_test=False)
        lines = lines.search(
            self._get_like_domain(common)
            & Domain("type_id", "in", roles.ids)
            & Domain("kind", "!=", "sales_representative"),
            order="id desc",
            limit=LOOKED_AT * len(self),
        )
        visible = get_visible(lines.partner_id | lines.contact_id)
        # sudo: only compared, of what the person has found.
        likeness_of = {
            line: line.sudo()._get_document()._get_likeness() for line in lines
        }
        for document, likeness in likenesses.items():
            for line in lines:
                other, person = line._get_document(), line._get_person()
                if (
                    other != document._origin
                    and likeness_of[line] == likeness
                    and person & visible
                ):
                    reason = self.env._("before in %(where)s", where=other.display_name)
                    suggestion = Suggestion(
                        person, line.type_id, reason, line.influence
                    )
                    yield document, suggestion


class RelationshipRelation(models.Model):
    _inherit = "relationship.relation"

    def _get_person_at(self, customer):
        """Return who stands to the customer, or to one of its people, as is said."""
        ends = [(self.left_partner_id, self.right_partner_id)]
        if self.type_id.is_symmetric:
            ends.append((self.right_partner_id, self.left_partner_id))
        for partner, other in ends:
            if other.commercial_partner_id == customer and partner != customer:
                return partner
        return self.env["res.partner"]


def get_visible(partners):
    return partners._filtered_access("read").filtered("active")
