from odoo import api, models
from odoo.exceptions import UserError


class RelationshipCampaign(models.Model):
    """What belongs to a campaign, and keeps it from being deleted."""

    _inherit = "relationship.campaign"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: records that the user may not see belong to the campaign just the same.
        for campaign in self.sudo():
            if kinds := campaign._get_used_by():
                raise UserError(
                    self.env._(
                        "The campaign %(campaign)s has %(kinds)s: archive it instead"
                        " of deleting it.",
                        campaign=campaign.title,
                        kinds=", ".join(kinds),
                    )
                )

    def _get_used_by(self):
        """Return the kinds of records that belong to a campaign, in words."""
        self.ensure_one()
        kinds = []
        everything = self.with_context(active_test=False)
        if self.addressee_ids:
            kinds.append(self.env._("addressees"))
        if everything.child_ids:
            kinds.append(self.env._("parts"))
        steps = self.env["relationship.campaign.selection"].sudo()
        # sudo: steps of campaigns that the user does not see are in use just the same.
        if steps.search_count([("other_campaign_id", "=", self.id)], limit=1):
            kinds.append(self.env._("target groups of other campaigns"))
        if everything.activity_ids:
            kinds.append(self.env._("activities"))
        for model in self._get_attributed_models():
            records = self.env[model].sudo().with_context(active_test=False)
            if records.search_count(
                [("campaign_id", "=", self.utm_campaign_id.id)], limit=1
            ):
                kinds.append(self._get_attributed_words(model))
        return kinds

    @api.model
    def _get_attributed_words(self, model):
        """Return what the screens call the records of an attributed model."""
        return {
            "crm.lead": self.env._("opportunities"),
            "sale.order": self.env._("orders"),
            "account.move": self.env._("invoices"),
            "mailing.mailing": self.env._("mailings"),
        }.get(model) or self.env["ir.model"]._get(model).name

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
