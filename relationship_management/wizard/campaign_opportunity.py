from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.shared.context import get_active_ids


class RelationshipCampaignOpportunity(models.TransientModel):
    """Make opportunities of addressees, one each."""

    _name = "relationship.campaign.opportunity"
    _description = "Generate opportunities"
    _inherit = ["relationship.discreet.mixin", "relationship.parent.guard.mixin"]
    _check_company_auto = True

    campaign_id = fields.Many2one(
        "relationship.campaign", required=True, readonly=True, ondelete="cascade"
    )
    addressee_ids = fields.Many2many(
        "relationship.campaign.addressee",
        relation="relationship_campaign_opportunity_addressee_rel",
        string="Members",
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="The opportunities belong to this company.",
    )
    name = fields.Char(
        required=True,
        help="Name of each opportunity; the name of the partner follows.",
    )
    opportunity_type_id = fields.Many2one(
        "relationship.opportunity.type",
        domain="[('can_use', '=', True), ('company_id', 'in', [company_id, False])]",
        check_company=True,
    )
    team_id = fields.Many2one("crm.team", string="Sales team", check_company=True)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Empty: who is responsible for the member, or for the campaign.",
    )
    expected_revenue = fields.Monetary(help="Of each opportunity.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    count = fields.Integer(compute="_compute_count")
    summary = fields.Char(compute="_compute_count")

    @api.model
    def default_get(self, fields):
        """Take the marked addressees, and what the type of the campaign says."""
        values = super().default_get(fields)
        addressees = self.env["relationship.campaign.addressee"]
        ids = get_active_ids(self.env, addressees._name)
        addressees = addressees.browse(ids).exists()
        campaign = addressees.campaign_id
        if len(campaign) != 1:
            raise UserError(self.env._("Mark members of one campaign."))
        campaign._check_takes_addressees()
        # sudo: what the type proposes holds for whoever may see the campaign.
        campaign_type = campaign.sudo().type_id
        opportunity_type = campaign_type.opportunity_type_id
        not_used = opportunity_type._get_forbidden_ids("use")
        proposals = {
            "campaign_id": campaign.id,
            "addressee_ids": [Command.set(addressees.ids)],
            "name": campaign.title,
            # Whose members they are, whatever company is switched on first.
            "company_id": (
                addressees.company_id
                if len(addressees.company_id) == 1
                else self.env.company
            ).id,
            "opportunity_type_id": opportunity_type.id not in not_used
            and opportunity_type.id,
            "team_id": campaign_type.team_id.id,
        }
        proposals = {k: v for k, v in proposals.items() if k in fields}
        if "default_company_id" not in self.env.context:
            values.pop("company_id", None)
        return {**proposals, **values}

    @api.depends("addressee_ids", "company_id")
    def _compute_count(self):
        for wizard in self:
            wanted, served, left_out, unreachable = wizard._sort_addressees()
            wizard.count = len(wanted)
            wizard.summary = wizard._summarise(wanted, served, left_out, unreachable)

    def _sort_addressees(self):
        """Return who gets an opportunity, has one, is left out, may not be reached."""
        addressees = self.addressee_ids._origin
        left_out = addressees.filtered(lambda a: a.state == "excluded")
        # sudo: an opportunity that the user may not see is one all the same, and so is
        # a lost one.
        served = addressees.sudo().with_context(active_test=False)
        served = (addressees & served.filtered("lead_ids")) - left_out
        unreachable = (addressees - left_out - served)._get_unreachable()
        wanted = addressees - left_out - served - unreachable
        return wanted, served, left_out, unreachable

    def _summarise(self, wanted, served, excluded, unreachable):
        sentences = [self.env._("Opportunities: %(count)s.", count=len(wanted))]
        if served:
            sentences.append(
                self.env._(
                    "Members who have one already: %(count)s.", count=len(served)
                )
            )
        if excluded:
            sentences.append(
                self.env._(
                    "Excluded from the campaign: %(count)s.", count=len(excluded)
                )
            )
        if unreachable:
            sentences.append(
                self.env._(
                    "Not to be contacted any more: %(count)s.", count=len(unreachable)
                )
            )
        return " ".join(sentences)

    def action_generate(self):
        """Create the opportunities and open them."""
        self.ensure_one()
        # Two people at once: the second one waits, and then sees what the first did.
        self.addressee_ids.lock_for_update()
        self.addressee_ids.invalidate_recordset(["lead_ids"])
        self.addressee_ids.campaign_id._check_takes_addressees()
        wanted, *others, unreachable = self._sort_addressees()
        summary = self._summarise(wanted, *others, unreachable)
        if not wanted:
            raise UserError(
                self.env._(
                    "Nobody is left to get an opportunity. %(summary)s",
                    summary=summary,
                )
            )
        # They are left out from now on, with the reason.
        unreachable.filtered(lambda a: a.state == "open")._judge()
        leads = (
            self.env["crm.lead"]
            .with_company(self.company_id)
            .create([self._prepare_lead(addressee) for addressee in wanted])
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.crm_lead_action"
        )
        if len(leads) == 1:
            action.update(views=[(False, "form")], res_id=leads.id)
        return {**action, "domain": [("id", "in", leads.ids)], "context": {}}

    def _prepare_lead(self, addressee):
        """Return the values of the opportunity of one addressee; extend it for more."""
        values = {
            "name": f"{self.name}: {addressee.target_id.display_name}",
            "type": "opportunity",
            "partner_id": addressee.target_id.id,
            "company_id": self.company_id.id,
            "campaign_id": self.campaign_id.utm_campaign_id.id,
            "addressee_id": addressee.id,
            "user_id": self._get_salesperson(addressee).id,
        }
        if self.expected_revenue:
            values["expected_revenue"] = self.expected_revenue
        if self.team_id:
            values["team_id"] = self.team_id.id
        if self.opportunity_type_id:
            values["opportunity_type_id"] = self.opportunity_type_id.id
        return values

    def _get_salesperson(self, addressee):
        """Return who gets the opportunity: whoever generates it, if nobody else may."""
        if not self.env.user.has_group("sales_team.group_sale_salesman_all_leads"):
            return self.env.user
        people = (self.user_id, addressee.user_id, self.campaign_id.user_id)
        # sudo: to look at the companies of a colleague.
        suitable = (u for u in people if self.company_id in u.sudo().company_ids)
        return next(suitable, self.env.user)
