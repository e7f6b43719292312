from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.finite import is_amount, is_exact
from ..shared.may_be_told import name_of

STATES = [
    ("entered", "Draft"),
    ("in_progress", "In progress"),
    ("completed", "Completed"),
    ("cancelled", "Cancelled"),
]
GOALS = ("goal_revenue", "goal_opportunities", "goal_responses")


class RelationshipCampaign(models.Model):
    """A sales or information campaign: many addressees, one goal, a time.

    It delegates to core's ``utm.campaign``, so that leads, orders, mailings and links
    are attributed to it as to any other campaign. Its identifier there is its number.
    """

    _name = "relationship.campaign"
    _description = "Campaign"
    _inherit = [
        "mail.activity.mixin",
        "mail.tracking.duration.mixin",
        "relationship.export.names.mixin",
        "relationship.parent.guard.mixin",
        "relationship.type.guard.mixin",
        "relationship.typed.mixin",
        "relationship.analysed.mixin",
        "relationship.campaign.settings.mixin",
    ]
    _inherits = {"utm.campaign": "utm_campaign_id"}
    _order = "date_to DESC, id DESC"
    _rec_name = "title"
    _rec_names_search = ["title", "number"]
    _check_company_auto = True
    _asks_right_first = True
    _parent_store = True
    _not_offered = frozenset({"parent_path"})
    _type_field = "type_id"
    _type_paths = ("type_id",)
    _track_duration_field = "stage_id"
    _fields_kept_by_type = frozenset({"kind", "needs_consent", "addressing"})

    utm_campaign_id = fields.Many2one(
        "utm.campaign",
        string="UTM campaign",
        required=True,
        index=True,
        ondelete="restrict",
        copy=False,
    )
    # Delegated fields, declared again for tracking and labels. Without
    # related_sudo=False they would pass by the record rules of the core side.
    title = fields.Char(
        related="utm_campaign_id.title",
        inherited=True,
        related_sudo=False,
        readonly=False,
        required=True,
        tracking=True,
        string="Campaign",
    )
    user_id = fields.Many2one(
        related="utm_campaign_id.user_id",
        inherited=True,
        related_sudo=False,
        readonly=False,
        required=True,
        tracking=True,
        string="Responsible",
        domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="utm_campaign_id.relationship_company_id",
        related_sudo=False,
        readonly=False,
        required=True,
        tracking=True,
        string="Company",
        default=lambda self: self.env.company,
    )

    type_id = fields.Many2one(
        "relationship.campaign.type",
        string="Campaign type",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        check_company=True,
        domain="[('company_id', 'in', [company_id, False]), ('can_use', '=', True)]",
    )
    applied_type_id = fields.Many2one(
        "relationship.campaign.type",
        store=False,
        help="The type whose values a new form shows.",
    )
    type_properties = fields.Properties(
        "Extra fields", definition="type_id.properties_definition", copy=True
    )
    kind = fields.Selection(tracking=True)
    state = fields.Selection(
        STATES,
        string="Status",
        required=True,
        default="entered",
        copy=False,
        tracking=True,
        index=True,
    )
    stage_id = fields.Many2one(
        "crm.stage",
        required=True,
        index=True,
        ondelete="restrict",
        copy=False,
        tracking=True,
        default=lambda self: self._get_first_stage(),
        check_company=True,
        domain="[('use_for', 'in', ('campaign', 'both')),"
        " ('company_id', 'in', [company_id, False])]",
        group_expand="_group_expand_stage_ids",
    )
    date_last_stage_update = fields.Datetime(
        string="In this stage since",
        compute="_compute_date_last_stage_update",
        store=True,
        copy=False,
    )
    description = fields.Html(string="What it is about")
    goal = fields.Text(string="Objective")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
    )
    goal_revenue = fields.Monetary(string="Revenue goal", tracking=True)
    goal_opportunities = fields.Integer(string="Opportunities goal", tracking=True)
    goal_responses = fields.Integer(string="Response goal", tracking=True)
    date_from = fields.Date(
        string="Start date",
        default=fields.Date.context_today,
        copy=False,
        tracking=True,
    )
    date_to = fields.Date(string="End", required=True, copy=False, tracking=True)
    channel = fields.Selection(tracking=True)
    evaluation = fields.Html(string="Assessment", copy=False)

    parent_id = fields.Many2one(
        "relationship.campaign",
        string="Part of",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The larger campaign whose totals count this one.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("relationship.campaign", "parent_id", string="Parts")
    addressee_ids = fields.One2many(
        "relationship.campaign.addressee", "campaign_id", string="Members"
    )

    _utm_campaign_unique = models.Constraint(
        "UNIQUE(utm_campaign_id)",
        "This UTM campaign already belongs to a campaign: choose another one.",
    )
    _type_number_unique = models.UniqueIndex(
        "(type_id, number) WHERE number <> ''",
        "Another campaign of this type has this number: numbers are never reused.",
    )

    # Stages

    @api.model
    def _get_stage_domain(self):
        """Return the domain of the stages that campaigns of the companies pass."""
        return self.env["crm.stage"]._get_use_domain("campaign", self.env.companies)

    @api.model
    def _get_first_stage(self):
        return self.env["crm.stage"].search(self._get_stage_domain(), limit=1)

    @api.model
    def _group_expand_stage_ids(self, stages, _domain):
        return stages.search(self._get_stage_domain())

    @api.depends("stage_id")
    def _compute_date_last_stage_update(self):
        self.date_last_stage_update = self.env.cr.now()

    @api.onchange("type_id")
    def _onchange_type_id(self):
        self._apply_type_to_form()

    # Checks

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(c.date_from and c.date_to and c.date_to < c.date_from for c in self):
            raise ValidationError(
                self.env._(
                    "The campaign would end before it starts: change one of its dates."
                )
            )

    @api.constrains(*GOALS)
    def _check_goals(self):
        if not all(is_amount(campaign[name]) for campaign in self for name in GOALS):
            raise ValidationError(
                self.env._(
                    "The goals of a campaign cannot be negative: enter 0 for none."
                )
            )
        if not all(is_exact(campaign.goal_revenue) for campaign in self):
            raise ValidationError(
                self.env._(
                    "The revenue goal is 5 trillion or more, which Odoo does not keep"
                    " to the cent: enter a smaller amount."
                )
            )

    @api.constrains("stage_id")
    def _check_stage(self):
        for campaign in self:
            if campaign.stage_id.use_for == "opportunity":
                raise ValidationError(
                    self.env._(
                        "The stage %(stage)s is for opportunities only: choose a stage"
                        " of campaigns.",
                        stage=name_of(campaign.stage_id, after_noun=True),
                    )
                )

    def _parent_store_update(self):
        """Refuse a circle before core does, which names none of the campaigns."""
        for campaign in self:
            above = campaign.parent_id
            if f"/{campaign.id}/" in f"/{above.parent_path or ''}":
                raise ValidationError(
                    self.env._(
                        "%(campaign)s cannot be a part of the campaign %(parent)s,"
                        " which is the same or one of its parts: choose another one.",
                        campaign=name_of(campaign, "title"),
                        parent=name_of(above, "title", after_noun=True),
                    )
                )
        return super()._parent_store_update()
