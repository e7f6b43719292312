from odoo import api, models


class ResUsers(models.Model):
    """Answer the record rules which types a user may not use or see."""

    _inherit = "res.users"

    @api.private
    def relationship_forbidden_types(self, model_name, right):
        """Return the ids of the types that the user may not use, see or analyse.

        Public in name only, because a record rule calls no private method::

            [("type_id", "not in",
              user.relationship_forbidden_types("relationship.role.type", "see"))]
        """
        return list(self.env[model_name]._get_forbidden_ids(right))
