from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """The campaigns that turn to a partner."""

    _inherit = "res.partner"

    def _get_row_domains(self):
        addressed = [
            Domain(end, "in", self.ids) for end in ("partner_id", "contact_id")
        ]
        return {
            **super()._get_row_domains(),
            "relationship.campaign.addressee": Domain.OR(addressed),
        }

    def _get_addressed(self):
        """Return whom a campaign turns to: the company, not one of its addresses.

        As :meth:`FreezeQuery.get_pairs` has it in SQL.
        """
        self.ensure_one()
        if (
            self.parent_id
            and not self.is_company
            and self.type in ("invoice", "delivery", "other")
        ):
            return self.commercial_partner_id
        return self

    def _get_addressee_ends(self):
        """Return a statement with a partner a line, for each addressee that he is."""
        addressees = self.env["relationship.campaign.addressee"]
        ends = [
            addressees._search(Domain(end, "in", self.ids)).subselect(
                SQL.identifier(addressees._table, end)
            )
            for end in ("partner_id", "contact_id")
        ]
        return SQL("%s UNION ALL %s", *ends)

    def action_view_addressees(self):
        """Open the campaigns of this partner, or of this contact person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.relationship_campaign_addressee_action_partner"
        )
        return {
            **action,
            "domain": [
                "|",
                ("partner_id", "=", self.id),
                ("contact_id", "=", self.id),
            ],
            "context": {"active_id": self.id},
        }
