from odoo import api, fields, models
from odoo.tools import SQL

from ..activity.activity_type import ACTIVITY_CHANNELS
from ..shared.button import open_form

STATUSES = [
    ("planned", "Planned"),
    ("open", "Open"),
    ("in_progress", "In progress"),
    ("contacted", "Contacted"),
    ("responded", "Responded"),
    ("done", "Done"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("cancelled", "Cancelled"),
    ("excluded", "Excluded"),
    ("archived", "Archived"),
]


class RelationshipItem(models.Model):
    """What happened, or is planned, with a partner: a row for each record that says so.

    Written by PostgreSQL triggers alone (:mod:`.mirror`), and without foreign keys: a
    row goes with its record. The columns are described by whoever owns the record, see
    ``Rows`` in ``shared/source.py``.
    """

    _name = "relationship.item"
    _description = "Item of the relationship list"
    _auto = False
    _log_access = False
    _order = "date desc, id desc"
    # Only what a click opens.
    _not_offered = frozenset(
        {"source", "source_id", "res_model", "res_id", "left_type_id"}
    )

    kind = fields.Selection("_get_kinds", required=True, readonly=True)
    source = fields.Char(string="Model", required=True, readonly=True)
    source_id = fields.Many2oneReference(
        string="Record", model_field="source", required=True, readonly=True
    )
    # What a click opens, and what a task hangs at.
    res_model = fields.Char(string="Opened model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Opened record", model_field="res_model", readonly=True
    )
    name = fields.Char(string="What", readonly=True)
    number = fields.Char(readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    contact_id = fields.Many2one("res.partner", string="Contact person", readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Company of the partner", readonly=True
    )
    role_id = fields.Many2one("relationship.reference.type", readonly=True)
    campaign_id = fields.Many2one("relationship.campaign", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    campaign_type_id = fields.Many2one("relationship.campaign.type", readonly=True)
    opportunity_type_id = fields.Many2one(
        "relationship.opportunity.type", readonly=True
    )
    activity_type_id = fields.Many2one("relationship.activity.type", readonly=True)
    left_type_id = fields.Many2one(
        "relationship.opportunity.type",
        string="Type of the deleted opportunity",
        readonly=True,
    )
    task_type_id = fields.Many2one(
        "mail.activity.type", string="Kind of task", readonly=True
    )
    channel = fields.Selection(
        ACTIVITY_CHANNELS,
        readonly=True,
        help="How partners are, or were, addressed: by letters, e-mails, calls.",
    )
    status = fields.Selection(STATUSES, readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date_from = fields.Date(string="Planned from", readonly=True)
    date_due = fields.Date(string="Due", readonly=True)
    date_done = fields.Date(string="Done on", readonly=True)
    # Of what happened at a moment: on which day, depends on where whoever looks is.
    done_at = fields.Datetime(string="Done at", readonly=True)
    date = fields.Date(
        readonly=True,
        help="When it was done; else when it is due, or when it begins.",
    )
    is_open = fields.Boolean(string="Open", readonly=True)

    @api.depends("name", "kind", "campaign_id", "partner_id", "task_type_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_display_name(self):
        """Name campaigns, and tasks without words, in the language of whoever looks.

        What is done for all members of a campaign has no partner that would tell it
        from what is done for those of another one.
        """
        for row in self:
            name = row.name
            if row.kind == "campaign":
                # sudo: the title of what the row tells of, which the user may read
                name = row.campaign_id.sudo().title or name
            elif row.kind == "task" and row.task_type_id:
                kind = row.task_type_id
                if name == kind.with_context(lang="en_US").name:
                    name = kind.name
            elif row.kind == "activity" and row.campaign_id and not row.partner_id:
                # sudo: as core names what stands behind a many2one, and hides it
                name = f"{name} · {row.sudo().campaign_id.display_name}"
            row.display_name = name

    @api.model
    def _get_kinds(self):
        """Return the kinds of rows that are described, as a selection."""
        sources = self.env["relationship.source"]._get_descriptions().values()
        rows = [source.rows for source in sources if source.rows]
        return [(r.kind, r.label) for r in rows if not isinstance(r.kind, SQL)]

    def action_open(self):
        """Open the record that the row tells of."""
        self.ensure_one()
        self.check_access("read")
        return open_form(self.res_model, res_id=self.res_id)
