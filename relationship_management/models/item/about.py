"""Find the rows about a partner: with its people, and as the search bar says."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Only by what whoever sees the row sees as well: its record, and people in its role.
REPEATED = """(EXISTS (
    SELECT FROM relationship_item other
     WHERE other.commercial_partner_id = %(row)s.commercial_partner_id
       AND other.source_id = %(row)s.res_id AND other.source = %(row)s.res_model
) OR EXISTS (
    SELECT FROM relationship_item other
     WHERE other.commercial_partner_id = %(row)s.commercial_partner_id
       AND other.res_id = %(row)s.res_id AND other.res_model = %(row)s.res_model
       AND other.source = %(row)s.source AND other.id < %(row)s.id
       AND other.role_id = %(row)s.role_id
       AND other.company_id IS NOT DISTINCT FROM %(row)s.company_id))"""


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    about_partner_id = fields.Many2one(
        "res.partner",
        string="About",
        store=False,
        search="_search_about_partner_id",
        help="Finds what names a partner, or one of its people.",
    )

    is_repeated = fields.Boolean(
        string="Role at what is listed anyway",
        store=False,
        search="_search_is_repeated",
        help="A role of somebody at a project that has a line of the same company.",
    )

    @api.model
    def _search_is_repeated(self, operator, value):
        """Find roles at what has a line of the company, or of the same role there."""
        if operator != "in":
            return NotImplemented

        def to_sql(_rows, alias, _query):
            return SQL(REPEATED, row=SQL.identifier(alias))

        repeated = Domain("source", "=", "relationship.reference")
        repeated &= Domain.custom(to_sql=to_sql)
        return Domain.OR(repeated if wanted else ~repeated for wanted in value)

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
