"""Find the rows about a partner: with its people, and as the search bar says."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# By a line that is in the list as well: it names one of the same partners, and who sees
# the role sees its project, and others in that role.
REPEATED = """EXISTS (
    SELECT FROM relationship_item other
     WHERE other.source_id = %(row)s.res_id AND other.source = %(row)s.res_model
       AND (other.partner_id = ANY (%(ids)s) OR other.contact_id = ANY (%(ids)s))
) OR EXISTS (
    SELECT FROM relationship_item other
     WHERE other.res_id = %(row)s.res_id AND other.res_model = %(row)s.res_model
       AND other.source = %(row)s.source AND other.id < %(row)s.id
       AND other.role_id = %(row)s.role_id
       AND other.company_id IS NOT DISTINCT FROM %(row)s.company_id
       AND other.partner_id = ANY (%(ids)s)
       AND (other.contact_id IS NULL OR other.contact_id = ANY (%(ids)s)))"""


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    about_partner_id = fields.Many2one(
        "res.partner",
        string="About",
        store=False,
        search="_search_about_partner_id",
        help="Finds what names a partner, or one of its people.",
    )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Leave out no role where somebody looks for a person in a company's list."""
        rows, domain = self, Domain(domain)
        asked = [c.field_expr for c in domain.iter_conditions()]
        if asked.count("about_partner_id") > 1:
            rows = rows.with_context(each_once=False)
        return super(RelationshipItem, rows)._search(domain, *args, **kwargs)

    def _search_about_partner_id(self, operator, value):
        """Find what names partners and, as the context says, whom else.

        With their people, unless it says ``only_this_partner``; with those to whom they
        are related today, and the people of these, if ``with_related_partners``. With
        ``each_once`` without roles of theirs at what they have a line of anyway.
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
        named = Domain("partner_id", "in", ids) | Domain("contact_id", "in", ids)
        return named & ~_get_repeated(ids) if context.get("each_once") else named


def _get_repeated(ids):
    """Return the roles at what has a line that names one of these partners, too."""

    def to_sql(_rows, alias, _query):
        return SQL("(%s)", SQL(REPEATED, row=SQL.identifier(alias), ids=ids))

    repeated = Domain.custom(to_sql=to_sql)
    return Domain("source", "=", "relationship.reference") & repeated
