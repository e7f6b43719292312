from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.relationship_management.models.shared.partner_fields import (
    EVERYBODY,
    SALES,
)


class RelationshipOriginMixin(models.AbstractModel):
    """A document that came out of opportunities and campaigns, and leads back there.

    It names those that the user may see. ``_origin_paths`` are what they depend on.
    """

    _name = "relationship.origin.mixin"
    _description = "Document that came out of opportunities"
    _origin_paths = ()

    relationship_opportunity_ids = fields.Many2many(
        "crm.lead",
        string="Came from opportunities",
        compute="_compute_relationship_opportunity_ids",
        search="_search_relationship_opportunity_ids",
        groups=SALES,
    )
    relationship_campaign_ids = fields.Many2many(
        "relationship.campaign",
        string="Came from campaigns",
        compute="_compute_relationship_campaign_ids",
        search="_search_relationship_campaign_ids",
        groups=EVERYBODY,
    )

    @api.depends(lambda self: self._origin_paths)
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_relationship_opportunity_ids(self):
        found = defaultdict(set)
        for id_, lead_id, _core_id in self._origin._find_origins():
            if lead_id:
                found[id_].add(lead_id)
        leads = self.env["crm.lead"].browse(sorted(set().union(*found.values())))
        seen = set(leads.exists()._filtered_access("read").ids)
        for record in self:
            ids = found[record._origin.id] & seen
            record.relationship_opportunity_ids = leads.browse(sorted(ids))

    @api.depends(lambda self: self._origin_paths)
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_relationship_campaign_ids(self):
        found = defaultdict(set)
        for id_, _lead_id, core_id in self._origin._find_origins():
            found[id_].add(core_id)
        core_ids = set().union(*found.values()) - {None, False}
        campaigns = self._find_campaigns([("utm_campaign_id", "in", list(core_ids))])
        # sudo: the core side is only the link between the two.
        cores = {
            campaign.id: campaign.sudo().utm_campaign_id.id for campaign in campaigns
        }
        for record in self:
            record.relationship_campaign_ids = campaigns.filtered(
                lambda c, ids=found[record._origin.id]: cores[c.id] in ids
            )

    def _find_origins(self):
        """Return rows of a record's id, an opportunity's and a ``utm.campaign``'s."""
        raise NotImplementedError

    @api.model
    def _find_campaigns(self, domain):
        """Return campaigns that the user sees; archived ones, too."""
        campaigns = self.env["relationship.campaign"]
        if not campaigns.has_access("read"):
            return campaigns
        return campaigns.with_context(active_test=False).search(domain)

    def _search_relationship_opportunity_ids(self, operator, value):
        return NotImplemented

    def _search_relationship_campaign_ids(self, operator, value):
        return NotImplemented

    def action_view_opportunities(self):
        """Open the opportunities that this came out of, one as a form."""
        self.ensure_one()
        return self._open_origins(
            self.relationship_opportunity_ids,
            self.env._("Opportunities of %(document)s", document=self.display_name),
        )

    def action_view_campaigns(self):
        """Open the campaigns that this came out of, one as a form."""
        self.ensure_one()
        return self._open_origins(
            self.relationship_campaign_ids,
            self.env._("Campaigns of %(document)s", document=self.display_name),
        )

    def _open_origins(self, records, name):
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": records._name,
            "views": [(False, view) for view in ("list", "kanban", "form")],
            "mobile_view_mode": "kanban",
            "domain": [("id", "in", records.ids)],
            "context": {"active_test": False, "create": False},
        }
        if len(records) == 1:
            action |= {"views": [(False, "form")], "res_id": records.id}
        return action
