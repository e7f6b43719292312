"""What the tests of roles have in common."""

from odoo import fields

from ..common import RelationshipCase


class RoleCase(RelationshipCase):
    """Role types by their kind, and a short way to give and to see roles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = {
            role_type.kind: role_type
            for role_type in cls.env["relationship.role.type"].search([])
        }
        cls.today = fields.Date.context_today(cls.stalmet.with_user(cls.jan))

    def give(self, partner, kind, user=None, **values):
        giver = user or self.jan
        roles = self.env["relationship.role"].with_user(giver)
        # What is derived only the server enters.
        role = roles.sudo("origin" in values).create(
            {"partner_id": partner.id, "type_id": self.types[kind].id, **values}
        )
        return role.sudo(False)

    def notes(self, partner):
        return partner.message_ids.mapped("body")
