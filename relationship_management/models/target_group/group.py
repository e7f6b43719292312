"""The target group of a campaign: its rule, its freezing, its addressees."""

import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..shared.button import open_form
from ..shared.may_be_told import name_of
from .addressee import TAB_DOMAINS
from .selection import STEP_FIELDS

SHOWN = 80
TABS = [
    ("reached", "Not excluded"),
    ("open", "To be contacted"),
    ("contacted", "Contacted, no response"),
    ("responded", "Responded"),
    ("control", "Control group"),
    ("excluded", "Excluded"),
    ("all", "Everybody"),
]


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    selection_ids = fields.One2many(
        "relationship.campaign.selection", "campaign_id", string="Rule", copy=True
    )
    freeze_ids = fields.One2many("relationship.campaign.freeze", "campaign_id")
    last_freeze_id = fields.Many2one(
        "relationship.campaign.freeze",
        string="Last frozen",
        compute="_compute_last_freeze",
    )
    is_frozen = fields.Boolean(compute="_compute_last_freeze")
    freeze_state = fields.Char(compute="_compute_last_freeze")
    freeze_progress = fields.Float(compute="_compute_last_freeze")
    freeze_summary = fields.Text(string="Result", compute="_compute_last_freeze")
    freeze_error = fields.Char(compute="_compute_last_freeze")
    is_rule_changed = fields.Boolean(compute="_compute_is_rule_changed")
    addressee_tab = fields.Selection(
        TABS, string="Show", compute="_compute_addressee_tab"
    )
    shown_addressee_ids = fields.One2many(
        "relationship.campaign.addressee",
        string="Members shown",
        compute="_compute_shown_addressees",
    )
    has_more_addressees = fields.Boolean(
        compute="_compute_shown_addressees", string="Has more members"
    )
    control_percent = fields.Float(
        string="Control group (%)",
        tracking=True,
        help="This share of the members is chosen at random and not contacted, to"
        " see what happens without the campaign.",
    )
    control_seed = fields.Integer(
        string="Seed",
        default=lambda self: self._default_control_seed(),
        copy=False,
        help="The same seed and the same members give the same control group.",
    )

    @api.constrains("control_percent")
    def _check_control_percent(self):
        if not all(0 <= campaign.control_percent <= 90 for campaign in self):
            raise ValidationError(
                self.env._(
                    "The control group can be between 0 and 90 percent of the"
                    " members: enter another number."
                )
            )

    @api.depends("freeze_ids.state")
    def _compute_last_freeze(self):
        """Find the last run that a person has started, in one query."""
        runs = self.env["relationship.campaign.freeze"].search_fetch(
            [("campaign_id", "in", self.ids), ("state", "!=", "draft")], order="id"
        )
        last = {run.campaign_id.id: run for run in runs}
        frozen = runs.filtered(lambda run: run.origin == "rule").campaign_id
        for campaign in self:
            run = last.get(campaign._origin.id, runs.browse())
            campaign.last_freeze_id = run
            campaign.is_frozen = campaign._origin in frozen
            campaign.freeze_state = run.state
            campaign.freeze_progress = run.progress
            campaign.freeze_summary = run.summary
            campaign.freeze_error = run.error

    @api.depends(
        "freeze_ids.state",
        *(f"selection_ids.{name}" for name in ("sequence", *STEP_FIELDS)),
    )
    def _compute_is_rule_changed(self):
        """Say whether the addressees were found by another rule than the present one.

        Of runs from before this was kept nothing is known.
        """
        for campaign in self:
            runs = campaign.freeze_ids.filtered(
                lambda run: run.origin == "rule" and run.state == "done"
            )
            key = runs.sorted("id")[-1:].rule_key
            campaign.is_rule_changed = key and key != campaign.selection_ids._get_key()

    @api.depends_context("relationship_addressees")
    def _compute_addressee_tab(self):
        """Take the choice from the context: it changes nothing of the campaign."""
        chosen = self.env.context.get("relationship_addressees")
        tabs = [tab for tab, _label in TABS]
        self.addressee_tab = chosen if chosen in tabs else "reached"

    @api.depends("addressee_tab", "addressee_ids")
    @api.depends_context("uid", "allowed_company_ids", "relationship_addressees")
    def _compute_shown_addressees(self):
        """Show the first addressees of the chosen tab; the list shows them all."""
        for campaign in self:
            found = self.env["relationship.campaign.addressee"].search(
                campaign._get_tab_domain(), limit=SHOWN + 1
            )
            campaign.shown_addressee_ids = found[:SHOWN]
            campaign.has_more_addressees = len(found) > SHOWN

    def _get_tab_domain(self):
        self.ensure_one()
        tab = self.addressee_tab or "reached"
        shown = TAB_DOMAINS.get(tab, Domain("state", "=", tab))
        return Domain("campaign_id", "=", self._origin.id) & shown

    @api.model
    def _default_control_seed(self):
        return secrets.randbelow(1_000_000)

    def _check_may_freeze(self):
        """Refuse whoever may not change the campaign or add addressees to it."""
        self.ensure_one()
        self.check_access("write")
        self._check_may_add()

    def _check_may_add(self):
        """Refuse addressees of whoever may not add them, and when it is too late."""
        self.ensure_one()
        self.env["relationship.campaign.addressee"].check_access("create")
        if not self.type_id.can_use:
            raise AccessError(
                self.env._(
                    "You may not change campaigns of the type %(type)s: ask a manager.",
                    type=name_of(self.type_id, after_noun=True),
                )
            )
        if self.state in ("completed", "cancelled"):
            raise UserError(
                self.env._(
                    "%(campaign)s is over: reopen it to change its target group.",
                    campaign=name_of(self, "title"),
                )
            )
        if not self.active:
            raise UserError(
                self.env._(
                    "%(campaign)s is archived: restore it to change its target group.",
                    campaign=name_of(self, "title"),
                )
            )
        if self.freeze_ids.filtered(lambda run: run.state == "running"):
            raise UserError(
                self.env._(
                    "The target group of %(campaign)s is being frozen: wait until it is"
                    " done.",
                    campaign=name_of(self, "title"),
                )
            )

    def _stage_rule(self):
        """Return a draft run over the partners that the rule finds now."""
        self._check_may_freeze()
        if not self.selection_ids:
            raise UserError(
                self.env._(
                    "The target group has no rule yet: add a line that says which"
                    " partners are meant."
                )
            )
        if self.selection_ids.sorted()[0].operation != "add":
            raise UserError(
                self.env._(
                    "The rule must begin with a line that adds partners: drag one to"
                    " the top."
                )
            )
        self.selection_ids._check_complete()
        company = self._get_adding_company()
        return self.env["relationship.campaign.freeze"]._stage(
            self,
            self.selection_ids._get_found(company),
            rule_key=self.selection_ids._get_key(),
        )

    def action_freeze(self):
        """Show what the rule finds, to enter it as addressees."""
        self.ensure_one()
        run = self._stage_rule()
        wizard = self.env["relationship.campaign.refresh"].create(
            {"campaign_id": self.id, "freeze_id": run.id}
        )
        return wizard._get_action()

    def action_resume_freeze(self):
        """Go on with the run that stopped because of an error."""
        self.ensure_one()
        self.last_freeze_id.action_resume()

    def action_add_addressee(self):
        """Open a new addressee of this campaign."""
        self.ensure_one()
        return open_form(
            "relationship.campaign.addressee",
            name=self.env._("Add a member"),
            target="new",
            context={"default_campaign_id": self.id},
        )

    def action_view_addressees(self):
        """Open all addressees of this campaign."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.relationship_campaign_addressee_action_campaign"
        )
        tab = self.addressee_tab or "reached"
        context = {
            "active_id": self.id,
            "default_campaign_id": self.id,
            "relationship_one_campaign": True,
        }
        if tab != "all":
            shown = "not_excluded" if tab == "reached" else tab
            context[f"search_default_filter_{shown}"] = 1
        return {
            **action,
            "domain": [("campaign_id", "=", self.id)],
            "context": context,
        }
