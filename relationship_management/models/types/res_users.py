from odoo import api, models

# Users of Odoo's own that no person stands behind, beside public users.
TECHNICAL_USERS = (
    "base.user_root",
    "base.public_user",
    "base.template_portal_user_id",
    "base.default_user",
)


class ResUsers(models.Model):
    """Answer which types a user may not use or see, and who is no person at all."""

    _inherit = "res.users"

    @api.private
    def relationship_forbidden_types(self, model_name, right):
        """Return the ids of the types that the user may not use, see or analyse.

        Public in name only, because a record rule calls no private method::

            [("type_id", "not in",
              user.relationship_forbidden_types("relationship.role.type", "see"))]
        """
        return list(self.env[model_name]._get_forbidden_ids(right))

    @api.private
    def relationship_hidden_ranges(self, company_ids):
        """Return the ids of the number ranges of types that the user does not see.

        For record rules, as above; a range is called like its type.
        """
        ranges = self.env["ir.sequence"]
        for name in self.env.registry.descendants(
            ["relationship.numbering.mixin"], "_inherit"
        ):
            if not self.env[name]._abstract:
                ranges |= self.env[name]._get_hidden_ranges(company_ids)
        return ranges.ids

    @api.model
    def _get_technical_partners(self):
        """Return the partners whose only users are Odoo's own: nobody to turn to."""
        # sudo: whoever searches partners leaves these out; only their ids are used.
        users = self.sudo().with_context(active_test=False)
        technical = users.search(
            [("all_group_ids", "in", self.env.ref("base.group_public").ids)]
        )
        for name in TECHNICAL_USERS:
            technical |= users.env.ref(name, raise_if_not_found=False) or users.browse()
        partners = technical.partner_id
        people = users.search(
            [("partner_id", "in", partners.ids), ("id", "not in", technical.ids)]
        )
        return (partners - people.partner_id).sudo(False)
