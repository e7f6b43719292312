from odoo import api, fields, models
from odoo.fields import Domain

# Whoever stands on the customer's side; competitors and our people need no link.
CUSTOMER_KINDS = ("decision_maker", "influencer", "contact", "other")


class RelationshipReference(models.Model):
    """Somebody who plays a role may have no link to the customer yet."""

    _inherit = "relationship.reference"

    is_outsider = fields.Boolean(
        string="Not linked to the company",
        compute="_compute_is_outsider",
        help="The person neither belongs to the customer, nor has a relation to it.",
    )

    @api.depends("partner_id", "contact_id", "kind", "lead_id.partner_id")
    def _compute_is_outsider(self):
        """Ask for the relations of all people at once."""
        candidates = self.filtered(lambda line: line._is_possible_outsider())
        related = candidates._get_related_pairs()
        for line in self:
            pair = (line._get_person().id, line._get_customer().id)
            line.is_outsider = line in candidates and pair not in related

    def _get_person(self):
        return (self.contact_id or self.partner_id)._origin

    def _get_customer(self):
        return self._get_document()._get_customer()._origin

    def _is_possible_outsider(self):
        person, customer = self._get_person(), self._get_customer()
        return (
            self.kind in CUSTOMER_KINDS
            and person
            and not person.is_company
            and customer.is_company
            and person.commercial_partner_id != customer
        )

    def _get_related_pairs(self):
        """Return ``{(person id, customer id)}`` for which a relation is valid today."""
        if not self:
            return set()
        people = {line._get_person().id for line in self}
        customers = {line._get_customer().id for line in self}
        domain = Domain("is_current", "=", True) & (
            Domain("left_partner_id", "in", people)
            & Domain("right_partner_id", "in", customers)
            | Domain("left_partner_id", "in", customers)
            & Domain("right_partner_id", "in", people)
        )
        found = self.env["relationship.relation"].search_fetch(
            domain, ["left_partner_id", "right_partner_id"]
        )
        pairs = {(line.left_partner_id.id, line.right_partner_id.id) for line in found}
        return pairs | {(right, left) for left, right in pairs}

    def action_link_to_company(self):
        """Propose the relation between the person and the customer."""
        self.ensure_one()
        # A relation type may be deleted or archived: then the user chooses.
        works_for = self.env.ref(
            "relationship_management.relationship_relation_type_works_for",
            raise_if_not_found=False,
        )
        direction = self.env["relationship.relation.direction"].search(
            [
                ("type_id", "=", works_for.id if works_for else False),
                ("is_inverse", "=", False),
                ("can_use", "=", True),
            ],
            limit=1,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Link to company"),
            "res_model": "relationship.relation.create",
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_partner_ids": self._get_person().ids,
                "default_direction_id": direction.id,
                "default_other_partner_id": self._get_customer().id,
            },
        }
