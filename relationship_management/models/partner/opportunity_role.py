"""Deals in which a partner plays a role, beside those in which it is the customer."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..shared.context import get_id

# The partner whose roles a list of opportunities shows.
PARTNER = "relationship_roles_of"
PEOPLE = ("partner_id", "contact_id")


class ResPartner(models.Model):
    """Count and open the deals in which a partner, or its people, play any role."""

    _inherit = "res.partner"

    def _get_contact_opportunities_domain(self):
        """Add the deals in which they are only named."""
        family = self._fetch_children_partners_for_hierarchy().ids
        named = (Domain(f"reference_ids.{end}", "in", family) for end in PEOPLE)
        customers = Domain(super()._get_contact_opportunities_domain())
        return list(Domain.OR([customers, *named]))

    def _compute_opportunity_count(self):
        """Add the deals that core, which groups them by customer, passes over."""
        super()._compute_opportunity_count()
        if not self.env["crm.lead"].has_access("read"):
            return
        for partner, leads in self._get_deals_of_others().items():
            partner.opportunity_count += len(leads)

    def _get_deals_of_others(self):
        """Return {partner: deals of somebody else in which its people play a role}."""
        family = self._fetch_children_partners_for_hierarchy().ids
        at_family = Domain.OR(Domain(end, "in", family) for end in PEOPLE)
        # As core counts them: those that the user may see, lost ones, too.
        leads = self.env["crm.lead"].with_context(active_test=False)._search([])
        lines = self.env["relationship.reference"]._read_group(
            at_family & Domain("lead_id", "in", leads), ["lead_id", *PEOPLE]
        )
        asked, found = set(self.ids), defaultdict(set)
        for lead, *people in lines:
            # sudo: only ids, of firms above somebody the user sees.
            own = _get_line(lead.sudo().partner_id)
            for person in people:
                for id_ in (_get_line(person.sudo()) - own) & asked:
                    found[self.browse(id_)].add(lead.id)
        return found

    def action_view_opportunity(self):
        """Show which role the partner plays in each of them."""
        action = super().action_view_opportunity()
        action["display_name"] = self.env._("Opportunities")
        if len(self) == 1:
            action["context"] = {**action["context"], PARTNER: self.id}
        return action


def _get_line(partner):
    """Return the ids of a partner and of everybody above it."""
    ids = set()
    while partner and partner.id not in ids:
        ids.add(partner.id)
        partner = partner.parent_id
    return ids


class CrmLead(models.Model):
    _inherit = "crm.lead"

    partner_roles = fields.Char(
        "Role in it",
        compute="_compute_partner_roles",
        help="Which role the partner plays in it from whom you have come here.",
    )

    @api.depends("partner_id", "reference_ids.type_id", "reference_ids.partner_id")
    @api.depends_context("relationship_roles_of", "lang", "uid", "allowed_company_ids")
    def _compute_partner_roles(self):
        """Name the roles of a partner and its people, in one search for all deals."""
        partner = self.env["res.partner"].browse(get_id(self.env, PARTNER) or ())
        self.partner_roles = False
        if not partner.exists()._filtered_access("read"):
            return
        family = partner._fetch_children_partners_for_hierarchy()
        lines = self.env["relationship.reference"].search(
            Domain("lead_id", "in", self._origin.ids)
            & Domain.OR(Domain(end, "in", family.ids) for end in PEOPLE)
        )
        for lead in self:
            roles = [self.env._("Customer")] if lead.partner_id in family else []
            for line in lines.filtered(lambda r, lead=lead: r.lead_id == lead._origin):
                person, role = line._get_person(), line.type_id.name
                if person != partner:
                    role = f"{role} ({person.name})"
                roles.append(role)
            lead.partner_roles = ", ".join(dict.fromkeys(roles)) or False
