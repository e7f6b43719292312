from odoo import api, models
from odoo.exceptions import UserError

from ..shared.may_be_told import name_of


class RelationshipCampaign(models.Model):
    """What belongs to a campaign, and keeps it from being deleted."""

    _inherit = "relationship.campaign"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for campaign in self:
            if kinds := campaign._get_used_by():
                raise UserError(
                    self.env._(
                        "The campaign %(campaign)s has %(kinds)s: archive it instead"
                        " of deleting it.",
                        campaign=name_of(campaign, "title", after_noun=True),
                        kinds=", ".join(kinds),
                    )
                )

    def _get_used_by(self):
        """Return the kinds of records that belong to a campaign, in words."""
        self.ensure_one()
        # sudo: records that the user may not see belong to the campaign just the same.
        campaign = self.sudo().with_context(active_test=False)
        kinds = []
        if campaign.addressee_ids:
            kinds.append(self.env._("members"))
        if campaign.child_ids:
            kinds.append(self.env._("parts"))
        steps = campaign.env["relationship.campaign.selection"]
        if steps.search_count([("other_campaign_id", "=", self.id)], limit=1):
            kinds.append(self.env._("target groups of other campaigns"))
        if campaign.activity_ids:
            kinds.append(self.env._("activities"))
        attributed = [("campaign_id", "=", campaign.utm_campaign_id.id)]
        kinds += [
            self.env["relationship.source"]._get_label(model)
            for model in self._get_attributed_models()
            if campaign.env[model].search_count(attributed, limit=1)
        ]
        return kinds

    @api.model
    def _get_attributed_models(self):
        """Return the models whose records are attributed to a campaign."""
        return [
            name
            for name, model in self.env.registry.items()
            if not model._abstract
            and not model._transient
            and model._auto
            and (field := model._fields.get("campaign_id"))
            and field.store
            and field.comodel_name == "utm.campaign"
        ]
