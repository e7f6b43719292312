from odoo import api, models
from odoo.fields import Domain

from ..shared.context import get_id, get_ids


class ResPartner(models.Model):
    """Who is offered first where a person is chosen who has to do with a customer.

    The context key ``relationship_customer_id`` names the customer: first come its own
    people, then those related to it or to them, then everybody else. Where somebody has
    won opportunities that are lost, ``relationship_lost_ids`` names these: first come
    their competitors, then who competes at their customers, then every competitor.
    """

    _inherit = "res.partner"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Return who has the name, the nearest to the customer of the context first."""
        nearer = self._get_nearer_domains()
        found = []
        for near in (*nearer, Domain.TRUE):
            left = limit and limit - len(found)
            if left == 0 and limit:
                break
            others = Domain("id", "not in", [id_ for id_, _name in found])
            wanted = Domain(domain or Domain.TRUE) & near & others
            found += super().name_search(name, wanted, operator, left)
        return found

    @api.model
    def _get_nearer_domains(self):
        """Return the domains of who is offered before everybody else."""
        customer = self.browse(get_id(self.env, "relationship_customer_id") or ())
        if customer := customer.exists()._filtered_access("read"):
            return customer._get_near_domains()
        lost = self.env["crm.lead"].browse(get_ids(self.env, "relationship_lost_ids"))
        if lost := lost.exists()._filtered_access("read"):
            return self._get_competitor_domains(lost)
        return []

    @api.model
    def _get_competitor_domains(self, leads):
        """Return the domains of who competes for opportunities, the nearest first."""
        domains = [Domain("id", "in", leads._get_competitors().ids)]
        relations = self.env["relationship.relation"]
        if relations.has_access("read"):
            # sudo: only ids, of customers whose opportunities the user may see.
            customers = leads.sudo().partner_id
            customers |= customers.commercial_partner_id
            at_customer = Domain("right_partner_id", "in", customers.ids)
            query = relations._search(self._get_competition_domain() & at_customer)
            domains.append(Domain("id", "in", query.subselect("left_partner_id")))
        return [*domains, Domain("role_type_ids.kind", "=", "competitor")]

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
