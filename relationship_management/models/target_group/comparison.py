"""What the campaign has changed: its addressees beside the control group."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..campaign.figures import _percent
from ..shared.figures_mixin import show_figure

# Of the partner or its company, whoever of them has it, from the day of the addressee;
# only campaigns with a control group ask for more than what came of them.
WITH_OPPORTUNITY = """(
    SELECT a.id FROM relationship_campaign_addressee a
    JOIN res_partner t ON t.id = a.target_id
    JOIN res_partner p ON p.commercial_partner_id = t.commercial_partner_id
    JOIN crm_lead l ON l.partner_id = p.id AND l.create_date >= a.create_date
    WHERE l.id IN %(leads)s AND a.campaign_id IN (
        SELECT campaign_id FROM relationship_campaign_addressee WHERE is_control)
    UNION
    SELECT l.addressee_id FROM crm_lead l
    WHERE l.id IN %(leads)s AND l.addressee_id IS NOT NULL
)"""


class RelationshipCampaignAddressee(models.Model):
    _inherit = "relationship.campaign.addressee"

    has_opportunity = fields.Boolean(
        string="Opportunity since then",
        compute="_compute_has_opportunity",
        search="_search_has_opportunity",
        help="The partner, or its company, has an opportunity that was created after it"
        " became a member, as far as you see it; whatever it came of.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_has_opportunity(self):
        domain = [("id", "in", self.ids), ("has_opportunity", "=", True)]
        found = self.search(domain)
        for addressee in self:
            addressee.has_opportunity = addressee in found

    def _search_has_opportunity(self, operator, value):
        if operator != "in":
            return NotImplemented
        leads = self.env["crm.lead"].with_context(active_test=False)
        visible = leads._search([("type", "=", "opportunity")]).subselect()
        self.env["crm.lead"].flush_model(["partner_id", "addressee_id", "type"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.flush_model()
        found = Domain("id", "in", SQL(WITH_OPPORTUNITY, leads=visible))
        return found if True in value else ~found


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    def _describe_figures(self, key=None, with_parts=False, header=False):
        """Add the comparison with the control group, if there is one."""
        figures, notes = super()._describe_figures(key, with_parts, header)
        if not header:
            campaigns = self._get_visible_parts() if with_parts else self
            figures += self._describe_control(campaigns, key)
        return figures, notes

    def _describe_control(self, campaigns, key=None):
        """Return figures of those whom the rule has found and chance has divided.

        Who was added by hand was chosen by somebody: with them the two would differ
        from the beginning. Whoever is meant to be contacted counts, contacted or not,
        for the same reason.
        """
        addressees = self.env["relationship.campaign.addressee"]
        mine = Domain("campaign_id", "in", campaigns.ids)
        control = mine & Domain("is_control", "=", True)
        turned_to = (
            mine & Domain("state", "!=", "excluded") & Domain("origin", "=", "rule")
        )
        all_control = 0 if key else addressees.search_count(control)
        if not key and not all_control:
            return []
        all_turned_to = 0 if key else addressees.search_count(turned_to)
        answered = Domain("response_id", "!=", False) | Domain(
            "state", "=", "responded"
        )
        label = self.env._("Control group")
        shown = [
            show_figure("control", label, str(all_control), addressees._name, control)
        ]
        described = [
            ("turned_to_answers", turned_to & answered, all_turned_to),
            ("control_answers", control & answered, all_control),
        ]
        if self.env["crm.lead"].has_access("read"):
            has_one = Domain("has_opportunity", "=", True)
            described += [
                ("turned_to_opportunities", turned_to & has_one, all_turned_to),
                ("control_opportunities", control & has_one, all_control),
            ]
        labels = self._get_comparison_labels()
        hint = self.env._(
            "Whom the rule has found, from the day on which they were entered; whoever"
            " was added by hand is not compared."
        )
        for name, domain, whole in described:
            part = 0 if key else addressees.search_count(domain)
            shown.append(
                show_figure(
                    *(name, labels[name], str(part), addressees._name, domain),
                    goal=str(whole),
                    percent=round(_percent(part, whole), 1),
                    hint=hint,
                )
            )
        return shown

    def _get_comparison_labels(self):
        return {
            "turned_to_answers": self.env._("Members who responded"),
            "control_answers": self.env._("Control group: who responded"),
            "turned_to_opportunities": self.env._("Members with an opportunity"),
            "control_opportunities": self.env._("Control group: with an opportunity"),
        }
