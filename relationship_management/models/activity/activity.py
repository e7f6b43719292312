from odoo import api, fields, models
from odoo.tools import SQL

from ..shared.may_be_told import hide_names
from ..shared.source import Contact, Fact, Rows, Source
from .activity_type import ACTIVITY_CHANNELS

STATES = [
    ("planned", "Planned"),
    ("in_progress", "In progress"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
OPEN = ("planned", "in_progress")


class RelationshipActivity(models.Model):
    """What is done on a campaign, on an opportunity, or with a partner alone.

    It is the bracket around its tasks, which are core's ``mail.activity`` at the record
    it belongs to. Saving it generates them (``tasks.py``).
    """

    _name = "relationship.activity"
    _description = "Activity"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "relationship.export.names.mixin",
        "relationship.parent.guard.mixin",
        "relationship.server.fields.mixin",
        "relationship.typed.mixin",
        "relationship.type.guard.mixin",
        "relationship.analysed.mixin",
    ]
    _order = "date_from DESC, id DESC"
    _rec_names_search = ["name", "number"]
    _check_company_auto = True
    _asks_right_first = True
    _type_field = "type_id"
    _analysed_with = (
        *("campaign_id.type_id", "lead_id.opportunity_type_id", "left_type_id"),
    )
    _type_paths = ("type_id", *_analysed_with)
    _hides_name = True

    name = fields.Char(string="Subject", required=True, tracking=True)
    type_id = fields.Many2one(
        "relationship.activity.type",
        string="Activity type",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        check_company=True,
        domain="[('company_id', 'in', [company_id, False]), ('can_use', '=', True)]",
    )
    applied_type_id = fields.Many2one(
        "relationship.activity.type",
        store=False,
        help="The type whose values a new form shows.",
    )
    state = fields.Selection(
        STATES,
        string="Status",
        required=True,
        readonly=True,
        default="planned",
        copy=False,
        index=True,
        tracking=True,
        help="Follows from the tasks: none done, some, or all of them.",
    )
    active = fields.Boolean(default=True)

    campaign_id = fields.Many2one(
        "relationship.campaign",
        index="btree_not_null",
        ondelete="restrict",
        check_company=False,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('type', '=', 'opportunity')]",
    )
    partner_id = fields.Many2one(
        "res.partner",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Company of the partner"
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="Contact person",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="That of the campaign or opportunity.",
    )
    stage_id = fields.Many2one(
        "crm.stage",
        string="Sales stage",
        compute="_compute_stage_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        help="The stage of the campaign or opportunity when this was planned.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False)]",
        check_company=True,
        tracking=True,
    )
    participant_ids = fields.Many2many(
        "res.users",
        "relationship_activity_participant_rel",
        string="Who takes part",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        copy=True,
        help="Colleagues who do it together with the responsible.",
    )

    date_from = fields.Date(
        string="Start date",
        required=True,
        default=fields.Date.context_today,
        copy=False,
        tracking=True,
    )
    date_to = fields.Date(
        string="End",
        compute="_compute_date_to",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        tracking=True,
    )
    date_begun = fields.Date(string="Really begun", copy=False)
    date_done = fields.Date(string="Really done", copy=False)
    channel = fields.Selection(ACTIVITY_CHANNELS, tracking=True)
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Important"), ("2", "Urgent")], default="0"
    )
    result_id = fields.Many2one(
        "relationship.activity.result",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        tracking=True,
        domain="[('type_id', '=', type_id)]",
    )
    result_note = fields.Text(string="What came of it", copy=False)
    text = fields.Html(
        help="Tasks without a note of their own take it over.",
    )
    document_ids = fields.Many2many(
        "ir.attachment",
        compute="_compute_document_ids",
        string="Documents of the type",
    )
    # Who may see the activity sees its tasks: the rules of core decide about each.
    task_ids = fields.One2many(
        "mail.activity",
        "relationship_activity_id",
        string="Tasks",
        context={"active_test": False},
        copy=False,
    )

    _type_number_unique = models.UniqueIndex(
        "(type_id, number) WHERE number <> ''",
        "Another activity of this type has this number: numbers are never reused.",
    )

    @api.depends("name")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """Hide the name of a hidden activity also behind a many2one."""
        result = super()._compute_display_name()
        hide_names(self)
        return result

    def _get_project(self):
        """Return the record at which the tasks hang."""
        self.ensure_one()
        return self.lead_id or self.campaign_id or self.partner_id

    @api.depends("lead_id")
    def _compute_partner_id(self):
        """Take that of the opportunity; another one in a new form brings its own."""
        for activity in self:
            partner = activity.partner_id
            if activity.lead_id and not (partner and activity._origin):
                activity.partner_id = activity.lead_id.partner_id or partner

    @api.depends("partner_id")
    def _compute_contact_id(self):
        """Forget a contact person of somebody else."""
        for activity in self:
            partner, contact = activity.partner_id, activity.contact_id
            if contact and partner and not activity._is_contact_of(contact, partner):
                activity.contact_id = False

    @api.model
    def _is_contact_of(self, contact, partner):
        # sudo: whether they belong together, whoever may see them.
        both = (contact | partner).sudo().commercial_partner_id
        return len(both) == 1

    @api.depends("lead_id.company_id", "campaign_id.company_id")
    def _compute_company_id(self):
        for activity in self:
            # sudo: the company of a project is no secret to who may plan there.
            project = (activity.lead_id or activity.campaign_id).sudo()
            company = project.company_id if project else activity.company_id
            if not project and not company:
                company = activity.partner_id.sudo().company_id or self.env.company
            activity.company_id = company.sudo(self.env.su)

    @api.depends("lead_id", "campaign_id")
    def _compute_stage_id(self):
        for activity in self:
            planned = activity._origin.stage_id  # stays, also when a merge moves it
            project = activity.lead_id or activity.campaign_id
            activity.stage_id = planned or project.stage_id

    @api.depends("lead_id", "campaign_id")
    def _compute_user_id(self):
        """Take that of the type or project, in a new form that of another project."""
        for activity in self:
            project = activity.lead_id or activity.campaign_id
            if not activity.user_id or (project and not activity._origin):
                kind = activity.type_id.sudo()  # sudo: a setting
                user = kind.user_id.sudo(self.env.su) or activity._get_usual_user()
                activity.user_id = user

    def _get_usual_user(self):
        """Return the responsible of the project, else whoever plans."""
        project = self.lead_id or self.campaign_id
        return project.user_id or self.env.user

    @api.depends("date_from", "type_id")
    def _compute_date_to(self):
        for activity in self:
            start, end = activity.date_from, activity.date_to
            if start and (not end or end < start):
                activity.date_to = activity.type_id.sudo()._get_end(start)

    @api.depends("type_id.document_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_document_ids(self):
        for activity in self:
            # A linked company may see the activity and not its type.
            seen = activity.type_id._filtered_access("read")
            activity.document_ids = seen.document_ids

    @api.onchange("type_id")
    def _onchange_type_id(self):
        self._apply_type_to_form()
        if not self.name:
            self.name = self.type_id.name

    def _is_untouched(self, name, initial, former):
        """Take the responsible of the project for nobody's choice."""
        if name == "user_id" and self.user_id == self._get_usual_user():
            return True
        return super()._is_untouched(name, initial, former)

    def _describe_source(self):
        # Who asks is the user: what they may not analyse is not counted for them.
        counted = Fact(
            "bracket",
            self.env._("Sales activity"),
            where=SQL(
                "s.active AND s.state <> 'cancelled' AND %s",
                self._select_analysed(SQL("s.id")),
            ),
            values={
                "status": SQL(
                    "CASE WHEN s.state = 'done' THEN 'done'"
                    " WHEN coalesce(s.date_to, s.date_from) < %s THEN 'overdue'"
                    " ELSE 'planned' END",
                    fields.Date.context_today(self),
                )
            },
        )
        return Source(
            facts=(counted,),
            label=self.env._("activities"),
            partners=("partner_id", "contact_id"),
            date="date_from",
            activities=True,
            merge=70,
            contact=Contact(
                self.env._("Activity"),
                9,
                day="date_done",
                partner=SQL("coalesce(s.contact_id, s.partner_id)"),
                where=SQL("s.state = 'done'"),
            ),
            rows=self._describe_items(),
        )

    def _describe_items(self):
        """Return a row of the relationship list for each activity."""
        columns = {
            name: SQL("%s", SQL.identifier("s", name))
            for name in (
                *("name", "number", "partner_id", "contact_id", "campaign_id"),
                *("lead_id", "stage_id", "user_id", "company_id", "date_from"),
                *("date_done", "left_type_id", "channel"),
            )
        }
        return Rows(
            kind="activity",
            label=self.env._("Activity"),
            icon="fa-check-square-o",
            where=SQL("s.active"),
            values={
                **columns,
                "activity_type_id": SQL("s.type_id"),
                "status": SQL("s.state"),
                "date_due": SQL("coalesce(s.date_to, s.date_from)"),
                "is_open": SQL("s.state IN ('planned', 'in_progress')"),
            },
        )
