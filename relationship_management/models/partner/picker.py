from odoo import api, models
from odoo.fields import Domain

from ..shared.context import get_id


class ResPartner(models.Model):
    """Who is offered first where a person is chosen who has to do with a customer.

    The context key ``relationship_customer_id`` names the customer: first come its own
    people, then those related to it or to them, then everybody else.
    """

    _inherit = "res.partner"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Return who has the name, the nearest to the customer of the context first."""
        customer = self.browse(get_id(self.env, "relationship_customer_id") or ())
        customer = customer.exists()._filtered_access("read")
        nearer = customer._get_near_domains() if customer else []
        found = []
        for near in (*nearer, Domain.TRUE):
            left = limit and limit - len(found)
            if left == 0 and limit:
                break
            others = Domain("id", "not in", [id_ for id_, _name in found])
            wanted = Domain(domain or Domain.TRUE) & near & others
            found += super().name_search(name, wanted, operator, left)
        return found

    def _get_near_domains(self):
        """Return the domains of this partner's people, and of who is related to it."""
        firm = self.search([("id", "child_of", self.commercial_partner_id.ids)])
        people = Domain("id", "in", firm.ids) & Domain("is_company", "=", False)
        relations = self.env["relationship.relation"]
        if not relations.has_access("read"):
            return [people]
        query = relations._search(
            relations._get_partner_domain(firm.ids) & relations._get_valid_domain()
        )
        related = Domain.OR(
            Domain("id", "in", query.subselect(end))
            for end in ("left_partner_id", "right_partner_id")
        )
        return [people, related & Domain("id", "not in", firm.ids)]
