"""Partners in the relationship list: those who matter to projects."""

from dataclasses import replace

from odoo import models
from odoo.tools import SQL

from ..shared.source import Follow, Rows


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _describe_source(self):
        return replace(super()._describe_source(), rows=self._describe_items())

    def _describe_items(self):
        """Return a row for each customer of an opportunity, and who plays a role."""
        is_named = "s.id IN (r.partner_id, r.contact_id)"
        return Rows(
            kind="partner",
            label=self.env._("Partner"),
            icon="fa-user",
            because=("crm.lead", "relationship.reference"),
            where=SQL(
                # Not colleagues, who play a role in everything.
                "NOT EXISTS (SELECT FROM res_users u"
                " WHERE u.partner_id = s.id AND NOT u.share)"
                " AND (EXISTS (SELECT FROM crm_lead l"
                " WHERE l.partner_id = s.id AND l.type = 'opportunity')"
                " OR EXISTS (SELECT FROM relationship_reference f"
                " WHERE f.partner_id = s.id)"
                " OR EXISTS (SELECT FROM relationship_reference f"
                " WHERE f.contact_id = s.id))"
            ),
            follows=(
                Follow("res_users", "s.id = r.partner_id", ("partner_id", "share")),
                Follow("crm_lead", "s.id = r.partner_id", ("partner_id", "type")),
                Follow(
                    "relationship_reference", is_named, ("partner_id", "contact_id")
                ),
            ),
            values={
                "name": SQL("s.complete_name"),
                "partner_id": SQL("s.id"),
                "status": SQL("CASE WHEN NOT s.active THEN 'archived' END"),
                "user_id": SQL("s.user_id"),
                "company_id": SQL("s.company_id"),
                "date_from": SQL("s.create_date"),
                "is_open": SQL("FALSE"),
            },
        )

    def action_view_items(self):
        """List what happened and is planned with these partners and their people."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.relationship_item_partner_action"
        )
        about = [("about_partner_id", "in", self.ids)]
        context = {
            "search_default_group_timing": 1,
            # Of a person the roles count: its company's lines may not name it.
            "search_default_each_once": int(self == self.commercial_partner_id),
            # Of one alone it is told how many rows are hidden.
            "relationship_about_id": len(self) == 1 and self.id,
            "active_id": self[:1].id,
            "active_ids": self.ids,
            "active_model": self._name,
        }
        return {
            **action,
            "display_name": self.env._("Relationship list"),
            "domain": about,
            "context": context,
        }
