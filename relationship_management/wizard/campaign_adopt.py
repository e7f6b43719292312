from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.shared.context import get_active_ids
from ..models.shared.figures_mixin import get_record_views


class RelationshipCampaignAdopt(models.TransientModel):
    """Make campaigns of plain UTM campaigns, with all that belongs to these.

    The identifier of each stays, because links, mailings and leads carry it; the
    number comes from the range of the type, beside it.
    """

    _name = "relationship.campaign.adopt"
    _description = "Adopt UTM campaigns"
    _inherit = ["relationship.parent.guard.mixin"]

    with_automatic = fields.Boolean(
        string="Also automatic ones",
        help="Those that Odoo made when a visitor came over a link that named no"
        " campaign known so far.",
    )
    utm_campaign_ids = fields.Many2many(
        "utm.campaign",
        string="UTM campaigns",
        required=True,
        default=lambda self: self._default_utm_campaign_ids(),
        context={"active_test": False},
        domain="[('relationship_type_id', '=', False),"
        " ('is_auto_campaign', 'in', [False, with_automatic])]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    type_id = fields.Many2one(
        "relationship.campaign.type",
        string="Campaign type",
        required=True,
        domain="[('company_id', 'in', [company_id, False]), ('can_use', '=', True)]",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
        help="Empty: each campaign keeps its own; you, where that person would not see"
        " the campaign.",
    )
    date_from = fields.Date(
        string="Start date",
        help="Empty: each campaign starts on the day on which it was created.",
    )
    date_to = fields.Date(
        string="End", required=True, default=fields.Date.context_today
    )

    linked_words = fields.Char(
        string="Also see it then",
        compute="_compute_linked_words",
        help="Companies that records of the campaign belong to: they are linked, until"
        " you take them back.",
    )

    @api.depends("utm_campaign_ids", "company_id")
    def _compute_linked_words(self):
        campaigns = self.env["relationship.campaign"]
        for wizard in self:
            cores = wizard.utm_campaign_ids._origin
            linked = campaigns._get_attributed_companies(cores) - wizard.company_id
            wizard.linked_words = linked and campaigns._get_words_of_companies(linked)

    @api.model
    def _default_utm_campaign_ids(self):
        """Return the chosen ones of a list of UTM campaigns that are free."""
        ids = get_active_ids(self.env, "utm.campaign")
        chosen = self.env["utm.campaign"].browse(ids).exists()
        return chosen - chosen._get_marked()

    def action_adopt(self):
        """Make a campaign of each and open what came of it."""
        self.ensure_one()
        if not self.utm_campaign_ids:
            raise UserError(self.env._("Choose at least one UTM campaign."))
        campaigns = self.env["relationship.campaign"].create(
            [self._prepare_campaign(core) for core in self.utm_campaign_ids]
        )
        for campaign in campaigns:
            campaign.message_post(
                body=self.env._(
                    "Adopted from Odoo's campaigns. Its identifier in links stays"
                    " “%(identifier)s”.",
                    identifier=campaign.name,
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.relationship_campaign_action"
        )
        if len(campaigns) == 1:
            return {**action, "res_id": campaigns.id, "views": [(False, "form")]}
        return {
            **action,
            "domain": list(Domain("id", "in", campaigns.ids)),
            "views": get_record_views(self.env, campaigns._name),
            "mobile_view_mode": "kanban",
            "context": {"active_test": False},
        }

    def _prepare_campaign(self, core):
        return {
            "utm_campaign_id": core.id,
            "company_id": self.company_id.id,
            "type_id": self.type_id.id,
            "user_id": (self.user_id or self._get_responsible(core)).id,
            "date_from": self.date_from or self._get_start(core),
            "date_to": self.date_to,
        }

    def _get_start(self, core):
        """Return the day of its creation, or the end if it was created later."""
        created = fields.Date.context_today(self, core.create_date)
        return min(created, self.date_to)

    def _get_responsible(self, core):
        """Return who is responsible so far, if this person may see the campaign."""
        # sudo: to look at the rights of a colleague.
        user = core.user_id.sudo()
        fits = user.active and not user.share and self.company_id in user.company_ids
        if fits:
            seen = self.type_id.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            fits = seen.has_access("read")
        return user.sudo(False) if fits else self.env.user
