from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .relationship_campaign_type import ADDRESSING, CAMPAIGN_KINDS
from .relationship_consent import CHANNELS
from .utm_campaign import MARKS_OPENED, MarksOpened, differs

STATES = [
    ("entered", "Entered"),
    ("in_progress", "In progress"),
    ("completed", "Completed"),
    ("cancelled", "Cancelled"),
]
# What nobody changes once the campaign exists.
KEPT = {
    "utm_campaign_id",
    "name",
    "is_auto_campaign",
    "relationship_type_id",
    "relationship_company_id",
}
# What stands on the core side and is checked when all of it has been written.
CHECKED_HERE = {"user_id", "company_id", "relationship_linked_company_ids"}


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
        "relationship.typed.mixin",
    ]
    _inherits = {"utm.campaign": "utm_campaign_id"}
    _order = "date_to DESC, id DESC"
    _rec_name = "title"
    _rec_names_search = ["title", "number"]
    _check_company_auto = True
    _parent_store = True
    _type_field = "type_id"
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
    kind = fields.Selection(
        CAMPAIGN_KINDS,
        string="Kind of campaign",
        required=True,
        default="sales",
        tracking=True,
    )
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
    goal = fields.Text(string="Goal in words")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
    )
    goal_revenue = fields.Monetary(string="Revenue goal", tracking=True)
    goal_opportunities = fields.Integer(string="Opportunities goal", tracking=True)
    goal_responses = fields.Integer(string="Answers goal", tracking=True)
    date_from = fields.Date(
        string="Start date",
        default=fields.Date.context_today,
        copy=False,
        tracking=True,
    )
    date_to = fields.Date(string="End", required=True, copy=False, tracking=True)
    channel = fields.Selection(CHANNELS, tracking=True)
    purpose_id = fields.Many2one(
        "relationship.consent.purpose",
        string="Consent purpose",
        ondelete="restrict",
        check_company=True,
        help="The purpose for which consents are asked about.",
    )
    needs_consent = fields.Boolean(
        string="Only with consent",
        help="Ticked: only who has agreed. Otherwise: everybody who has not objected.",
    )
    addressing = fields.Selection(
        ADDRESSING, string="Address", required=True, default="company_contact"
    )
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
        "relationship.campaign.addressee", "campaign_id", string="Addressees"
    )

    _utm_campaign_unique = models.Constraint(
        "UNIQUE(utm_campaign_id)",
        "This UTM campaign already belongs to a campaign: choose another one.",
    )
    _type_number_unique = models.UniqueIndex(
        "(type_id, number) WHERE number <> ''",
        "Another campaign of this type has this number: numbers are never reused.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_from IS NULL OR date_to >= date_from)",
        "The campaign would end before it starts: change one of its dates.",
    )
    _goals_positive = models.Constraint(
        "CHECK(coalesce(goal_revenue, 0) >= 0 AND coalesce(goal_opportunities, 0) >= 0"
        " AND coalesce(goal_responses, 0) >= 0)",
        "The goals of a campaign cannot be negative.",
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

    # Creation and change

    @api.onchange("type_id")
    def _onchange_type_id(self):
        self._apply_type_to_form()

    @api.model_create_multi
    def create(self, vals_list):
        """Create campaigns with the numbers and defaults of their types."""
        prepared = [dict(self._prepare_type_values(vals)) for vals in vals_list]
        company = self.default_get(["company_id"])
        for vals in prepared:
            # At once on the core side: the checks look there, and inverses come later.
            vals.update({**company, **vals})
            vals["relationship_company_id"] = vals["company_id"]
            vals["relationship_type_id"] = vals.get("type_id")
            vals["is_auto_campaign"] = False
            self._check_obligatory(vals)
            self._take_currency(vals)
            if vals.get("utm_campaign_id"):
                self._adopt_core_side(vals)
                vals.pop("name", None)
            else:
                vals["name"] = vals.get("number") or vals["title"]
        adopted = [vals.get("utm_campaign_id") for vals in prepared]
        opened = self._open_marks(MarksOpened(filter(None, adopted), is_new=True))
        return super(RelationshipCampaign, opened).create(prepared).with_env(self.env)

    @api.model
    def _take_currency(self, vals):
        """Complete values by the currency of the company that will own the campaign."""
        if "currency_id" in vals or "default_currency_id" in self.env.context:
            return
        # sudo: whoever creates a campaign; which currency a company has is no secret.
        company = self.env["res.company"].sudo().browse(vals["company_id"])
        vals["currency_id"] = company.currency_id.id

    def _open_marks(self, opened):
        return self.with_context(**{MARKS_OPENED: opened})

    @api.model
    def _check_obligatory(self, vals):
        """Say in a sentence what the database would refuse without one."""
        is_new_core = not vals.get("utm_campaign_id")
        if is_new_core and not (vals.get("title") or "").strip():
            raise ValidationError(self.env._("Give the campaign a name."))
        if "currency_id" in vals and not vals["currency_id"]:
            raise ValidationError(
                self.env._("Choose the currency of the goals and costs.")
            )
        if "company_id" in vals and not vals["company_id"]:
            raise ValidationError(
                self.env._("Choose the company that owns the campaign.")
            )

    def write(self, vals):
        """Complete a campaign that gets another type; its number stays."""
        self._check_obligatory({"title": "unchanged", **vals})
        self.check_access("write")
        self._check_kept(vals)
        opened = self
        if CHECKED_HERE & vals.keys():
            # sudo: only the ids; who may change the campaign may change its core side.
            opened = self._open_marks(MarksOpened(self.sudo().utm_campaign_id.ids))
        result = super(RelationshipCampaign, opened).write(vals)
        if vals.get("type_id"):
            self._mark_core_side()
            self._complete_by_type(vals)
        return result

    def _check_kept(self, vals):
        """Refuse what would part a campaign from its core side or its identifier."""
        if self.env.su:
            return
        for name in KEPT & vals.keys():
            field = self._fields[name]
            for campaign in self:
                if differs(campaign, name, vals[name]):
                    raise UserError(
                        self.env._(
                            "The field %(field)s of the campaign %(campaign)s stays as"
                            " it is: links, leads and mailings find it by this.",
                            field=field._description_string(self.env),
                            campaign=campaign.title,
                        )
                    )
        if "number" in vals:
            self._check_number_kept(vals["number"])

    def _check_number_kept(self, number):
        for campaign in self.filtered("number"):
            if campaign.has_number_range and differs(campaign, "number", number):
                raise UserError(
                    self.env._(
                        "The campaign %(campaign)s keeps the number %(number)s, which"
                        " the number range of its type has given it.",
                        campaign=campaign.title,
                        number=campaign.number,
                    )
                )

    def _mark_core_side(self):
        """Tell the core side its type, which the record rules there look at."""
        for campaign in self:
            # sudo: whoever may create or change the campaign; the mark says nothing
            # more than the campaign itself.
            core = campaign.utm_campaign_id.sudo()
            if core.relationship_type_id != campaign.type_id:
                core.relationship_type_id = campaign.type_id

    def copy_data(self, default=None):
        """Start a copy anew: no number, dates of today, no addressees, same owner."""
        today = fields.Date.context_today(self)
        vals_list = super().copy_data(default=default)
        for campaign, vals in zip(self, vals_list, strict=True):
            vals.pop("name", None)
            length = campaign.date_to - (campaign.date_from or today)
            # Of the same owner, whichever companies are switched on.
            vals.setdefault("company_id", campaign.company_id.id)
            vals.setdefault("date_to", today + max(length, length * 0))
            if "title" not in (default or {}):
                vals["title"] = self.env._("%(title)s (copy)", title=campaign.title)
        return vals_list

    def unlink(self):
        """Delete the core side, too: it would be left over as a plain campaign."""
        core = self.utm_campaign_id
        result = super().unlink()
        # sudo: employees may not delete UTM campaigns; who may delete the campaign may
        # delete what was made for it.
        core.sudo().unlink()
        return result

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

    # Checks

    @api.constrains("stage_id")
    def _check_stage(self):
        for campaign in self:
            if campaign.stage_id.use_for == "opportunity":
                raise ValidationError(
                    self.env._(
                        "The stage %(stage)s is for opportunities only: choose a stage"
                        " of campaigns.",
                        stage=campaign.stage_id.name,
                    )
                )

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A campaign cannot be a part of itself or of its parts.")
            )
