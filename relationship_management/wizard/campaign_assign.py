from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.campaign.settings import ADDRESSING
from ..models.consent.channel import CHANNELS
from ..models.shared.button import open_form
from ..models.shared.context import get_active_ids
from ..models.target_group.freeze import DIRECT_LIMIT
from ..models.target_group.freeze_sql import FreezeQuery, add_counts

MOST = 100_000


class RelationshipCampaignAssign(models.TransientModel):
    """Put partners chosen in a list into a campaign, an existing or a new one."""

    _name = "relationship.campaign.assign"
    _description = "Assign to campaign"
    _inherit = ["relationship.parent.guard.mixin"]

    is_new = fields.Boolean(readonly=True)
    # Ids, not a many2many: somebody may have chosen twenty thousand.
    partner_refs = fields.Json(default=lambda self: self._default_partner_refs())
    partner_count = fields.Integer(
        string="Chosen partners", compute="_compute_partner_count"
    )
    campaign_id = fields.Many2one(
        "relationship.campaign",
        domain="[('state', 'in', ('entered', 'in_progress'))]",
    )
    title = fields.Char(string="Name of the campaign")
    type_id = fields.Many2one(
        "relationship.campaign.type",
        string="Campaign type",
        domain="[('can_use', '=', True)]",
        default=lambda self: self._default_type_id(),
    )
    addressing = fields.Selection(
        ADDRESSING,
        string="Address",
        compute="_compute_addressing",
        store=True,
        readonly=False,
    )
    channel = fields.Selection(
        CHANNELS, compute="_compute_channel", store=True, readonly=False
    )
    preview = fields.Text(compute="_compute_preview")

    @api.model
    def _default_partner_refs(self):
        return get_active_ids(self.env, "res.partner")

    @api.model
    def _default_type_id(self):
        types = self.env["relationship.campaign.type"]
        # Whoever works for several companies sees the types of all of them.
        ours = types._check_company_domain(self.env.company)
        return types.search(Domain("can_use", "=", True) & Domain(ours), limit=1)

    @api.depends("partner_refs")
    def _compute_partner_count(self):
        for wizard in self:
            wizard.partner_count = len(wizard._get_partner_ids())

    @api.depends("campaign_id", "type_id")
    def _compute_addressing(self):
        for wizard in self:
            source = wizard.type_id if wizard.is_new else wizard.campaign_id
            wizard.addressing = source.addressing or "company_contact"

    @api.depends("type_id")
    def _compute_channel(self):
        for wizard in self:
            # A type without one leaves the channel that was chosen.
            wizard.channel = wizard.type_id.channel or wizard.channel

    @api.depends("campaign_id", "addressing", "partner_refs")
    def _compute_preview(self):
        """Tell what will happen, unless counting would keep people waiting."""
        for wizard in self:
            ids = wizard._get_partner_ids()
            wizard.preview = False
            if wizard.campaign_id and not wizard.is_new and len(ids) <= DIRECT_LIMIT:
                query = FreezeQuery(
                    wizard.campaign_id._origin, addressing=wizard.addressing
                )
                rows = self.env.execute_query(
                    query.get_counts(query.get_pairs(query.get_ids(ids)))
                )
                wizard.preview = self.env["relationship.campaign.freeze"]._get_summary(
                    add_counts({}, rows)
                )

    def _get_partner_ids(self):
        """Return the ids that were chosen, as far as the user may read them.

        A call may send anything.
        """
        try:
            refs = self.partner_refs or []
        except RecursionError:
            refs = None  # nested, and not even copied
        if not isinstance(refs, list) or not all(type(ref) is int for ref in refs):
            raise UserError(
                self.env._("Choose the partners in a list, then try again.")
            )
        if len(refs) > MOST:
            raise UserError(
                self.env._(
                    "%(count)s partners are chosen: choose at most %(most)s at once, or"
                    " describe them by the target group of the campaign.",
                    count=len(refs),
                    most=MOST,
                )
            )
        partners = self.env["res.partner"].with_context(active_test=False)
        found = set(partners.search([("id", "in", refs)]).ids)
        return [ref for ref in dict.fromkeys(refs) if ref in found]

    def action_assign(self):
        """Enter the partners as addressees and tell how many of which kind."""
        self.ensure_one()
        if not self._get_partner_ids():
            raise UserError(
                self.env._("Choose the partners in a list, then try again.")
            )
        campaign = self._create_campaign() if self.is_new else self.campaign_id
        if not campaign:
            raise UserError(self.env._("Choose the campaign."))
        ids = self._get_partner_ids()
        left_out = len(set(self.partner_refs)) - len(ids)
        run = campaign._assign(ids, self.addressing, left_out)
        action = campaign._get_freeze_message(run)
        if self.is_new:
            action["params"]["next"] = open_form(
                "relationship.campaign", res_id=campaign.id
            )
        return action

    def _create_campaign(self):
        if not self.type_id or not (self.title or "").strip():
            raise UserError(self.env._("Give the new campaign a name and a type."))
        return self.env["relationship.campaign"].create(
            {
                "title": self.title,
                "type_id": self.type_id.id,
                "addressing": self.addressing,
                "channel": self.channel,
            }
        )


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    def _assign(self, partner_ids, addressing=None, left_out=0):
        """Add chosen partners, by hand; return the run.

        :param left_out: how many more were chosen that the user may not read

        Linked companies may do so, too, with addressees of their own.
        """
        self.ensure_one()
        self.check_access("read")
        self._check_may_add()
        runs = self.env["relationship.campaign.freeze"]
        run = runs._stage(
            self,
            FreezeQuery.get_ids(partner_ids),
            origin="hand",
            addressing=addressing or self.addressing,
            counts=left_out and {"new": {"no_right": left_out}},
        )
        run._start()
        return run
