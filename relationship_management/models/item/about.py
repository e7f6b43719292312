"""Find the rows about a partner: with its people, and as the search bar says."""

from odoo import fields, models
from odoo.fields import Domain


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    about_partner_id = fields.Many2one(
        "res.partner",
        string="About",
        store=False,
        search="_search_about_partner_id",
        help="Finds what names a partner, or one of its people.",
    )

    def _search_about_partner_id(self, operator, value):
        """Find what names partners and, as the context says, whom else.

        With their people, unless it says ``only_this_partner``; with those to whom they
        are related today, and the people of these, if ``with_related_partners``.
        """
        if operator not in ("in", "any", "ilike"):
            return NotImplemented
        asked = Domain("id" if operator == "in" else "display_name", operator, value)
        if operator == "any":
            asked = Domain(value)
        context = self.env.context
        # Of these, those that whoever looks may see.
        partners = self.env["res.partner"].with_context(active_test=False)
        ids = list(partners._search(asked).get_result_ids())
        if context.get("with_related_partners"):
            related = partners._search([("related_partner_id", "in", ids)])
            ids += related.get_result_ids()
        if not context.get("only_this_partner"):
            ids = partners._search([("id", "child_of", ids)]).get_result_ids()
        ids = list(ids)
        return Domain("partner_id", "in", ids) | Domain("contact_id", "in", ids)
