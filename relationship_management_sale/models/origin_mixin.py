from collections import defaultdict

from odoo import api, fields, models

from .res_partner_sale_figure import GROUPS


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
        compute="_compute_origins",
        search="_search_relationship_opportunity_ids",
        groups=GROUPS,
    )
    relationship_campaign_ids = fields.Many2many(
        "relationship.campaign",
        string="Came from campaigns",
        compute="_compute_origins",
        search="_search_relationship_campaign_ids",
        groups=GROUPS,
    )

    @api.depends(lambda self: self._origin_paths)
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_origins(self):
        pairs = self._origin._find_origins() if self._origin else []
        leads, campaigns = defaultdict(set), defaultdict(set)
        for id_, lead_id, core_id in pairs:
            leads[id_].add(lead_id)
            campaigns[id_].add(core_id)
        lead_ids = set().union(*leads.values()) - {None, False}
        core_ids = set().union(*campaigns.values()) - {None, False}
        seen = self.env["crm.lead"].browse(sorted(lead_ids))
        seen = seen.exists()._filtered_access("read")
        wrappers = self._find_campaigns([("utm_campaign_id", "in", list(core_ids))])
        # sudo: the core side is only the link between the two.
        by_core = {wrapper.sudo().utm_campaign_id.id: wrapper for wrapper in wrappers}
        for record in self:
            id_ = record._origin.id
            record.relationship_opportunity_ids = seen.filtered(
                lambda lead, id_=id_: lead.id in leads[id_]
            )
            record.relationship_campaign_ids = wrappers.browse(
                by_core[core].id for core in campaigns[id_] if core in by_core
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
