"""Campaigns, opportunities and partners have activities."""

from odoo import api, fields, models

from ..plan.found import all_tasks, open_tasks
from ..shared.button import open_form
from ..shared.context import get_marked
from .activity import OPEN
from .checks import OF_COMPANY
from .mail_activity import DISCREET, WORDLESS
from .status import CLOSING, WAS_CLOSED


def get_planning_action(record, field):
    """Return the form of a new activity at a record."""
    return open_form(
        "relationship.activity",
        name=record.env._("New activity"),
        context={f"default_{field}": record.id},
    )


def get_list_action(record, domain):
    """Return the list of a record's activities; a new one belongs to it."""
    action = record.env["ir.actions.act_window"]._for_xml_id(
        "relationship_management.relationship_activity_action"
    )
    return {
        **action,
        "display_name": record.env._("Activities"),
        "domain": domain,
        "context": {f"default_{record._bracket_field}": record.id},
    }


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def message_post_with_source(self, source_ref, **kwargs):
        """Say that a task is done, not whom it was about or what came of it."""
        if discreet := get_marked(self.env, DISCREET):
            values = kwargs["render_values"]
            task, names = values["activity"], ("activity_type_id", "user_id")
            told = task.new({name: task[name].id for name in names})
            kwargs["render_values"] = {**values, "activity": told}
            if discreet != WORDLESS or get_marked(self.env, CLOSING):
                kwargs["render_values"]["feedback"] = False
                kwargs["attachment_ids"] = None
        return super().message_post_with_source(source_ref, **kwargs)


class MailActivityMixin(models.AbstractModel):
    _inherit = "mail.activity.mixin"

    # Of core it tells each task, as superuser.
    activity_summary = fields.Char(
        related=False,
        compute="_compute_activity_summary",
        inverse="_inverse_activity_summary",
    )

    @api.depends("activity_ids.summary")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_activity_summary(self):
        """Tell the next task of those that the user may read."""
        # sudo: core finds tasks for who may change the record, and tells all who see it
        tasks = open_tasks(self.env).sudo()
        mine = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        tasks = tasks.search_fetch(mine, ["res_id", "summary"])
        told = tasks.sudo(self.env.su)._filtered_access("read").sudo()  # sudo: as above
        by_record = told.grouped("res_id")
        for record in self:
            tasks = by_record.get(record._origin.id, told.browse())
            record.activity_summary = tasks[:1].summary

    def _inverse_activity_summary(self):
        for record in self:
            record.activity_ids[:1].summary = record.activity_summary


class RelationshipProjectMixin(models.AbstractModel):
    """What activities belong to; :attr:`_bracket_field` of theirs points here."""

    _name = "relationship.project.mixin"
    _description = "Project of activities"
    _bracket_field = ""

    bracket_count = fields.Integer(
        string="Number of activities", compute="_compute_bracket_count"
    )

    @api.depends("bracket_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_bracket_count(self):
        name = self._bracket_field
        rows = self.env["relationship.activity"]._read_group(
            [(name, "in", self._origin.ids)], [name], ["__count"]
        )
        counts = {project.id: count for project, count in rows}
        for project in self:
            project.bracket_count = counts.get(project._origin.id, 0)

    @api.constrains("company_id")
    def _check_company_of_activities(self):
        """Refuse to take along types and people of the former company alone."""
        # sudo: whoever changes the company may not see all of them.
        brackets = self.sudo().with_context(active_test=False).bracket_ids
        brackets._check_company(OF_COMPANY)

    def _bring_back(self):
        """Reopen what a dialog ended with these: activities, and tasks of none."""
        self.bracket_ids._come_back_with_project()
        # sudo: whoever may reopen these, asked there, reopens all of it
        tasks = all_tasks(self.env).sudo()
        mine = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        of_none = ("relationship_activity_id", "=", False)
        tasks = tasks.search([*mine, of_none, WAS_CLOSED])
        tasks._open_again()
        tasks._leave_to_heirs()

    def action_plan_activity(self):
        self.ensure_one()
        return get_planning_action(self, self._bracket_field)

    def action_view_activities(self):
        """List what is planned and done here."""
        self.ensure_one()
        return get_list_action(self, [(self._bracket_field, "=", self.id)])


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "relationship.project.mixin"]
    _bracket_field = "lead_id"

    bracket_ids = fields.One2many(
        "relationship.activity", "lead_id", string="Sales activities", copy=False
    )

    def _merge_dependences(self, opportunities):
        """Take over the activities of what is merged, and the tasks that are done.

        Core takes over the open ones, and deletes the others.
        """
        # With those that are done core takes over all.
        everything = opportunities.with_context(active_test=False)
        result = super()._merge_dependences(everything)
        # sudo: a merge of opportunities, which core itself does past all rules.
        brackets = everything.sudo().bracket_ids
        brackets.lead_id = self
        to_do = brackets.filtered(lambda bracket: bracket.state in OPEN)
        to_do.sudo(False)._leave_to_heir()
        return result

    def write(self, vals):
        """Reopen what ended when the opportunity was lost, however it comes back."""
        is_moved = vals.keys() & {"active", "stage_id"}
        lost = self.filtered(lambda lead: is_moved and not lead.active)
        result = super().write(vals)
        # sudo: whoever may restore it, which core has asked, restores all of it.
        lost.filtered("active").sudo()._bring_back()
        return result


class RelationshipCampaign(models.Model):
    _name = "relationship.campaign"
    _inherit = ["relationship.campaign", "relationship.project.mixin"]
    _bracket_field = "campaign_id"

    bracket_ids = fields.One2many(
        "relationship.activity", "campaign_id", string="Sales activities", copy=False
    )

    def action_reopen(self):
        """Reopen what was ended with the campaigns."""
        result = super().action_reopen()
        # sudo: as where they were ended, see below
        self.sudo()._bring_back()
        return result

    def _get_open_brackets(self):
        """Return the activities that end with the campaigns."""
        # sudo: whoever may complete the campaign, asked there, ends all of it.
        brackets = self.sudo().with_context(active_test=False).bracket_ids
        return brackets.filtered(lambda bracket: bracket.state in OPEN)


class ResPartner(models.Model):
    _inherit = "res.partner"
    _bracket_field = "partner_id"

    def action_view_activities(self):
        """List what is planned and done with the partner and its people."""
        self.ensure_one()
        theirs = (
            ("partner_id", "child_of", self.id),
            ("contact_id", "child_of", self.id),
        )
        return get_list_action(self, ["|", *theirs])


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def _end_with_project(self, end):
        """Let ``end(activities)`` end those that are open, and remember why."""
        ending = self.filtered(lambda a: a.state in OPEN)
        end(ending)
        # sudo: whoever has just ended them; a mark that nobody sets by hand.
        ending.sudo().write({"is_ended_with_project": True})

    def _come_back_with_project(self):
        """Reopen what had ended with its project, whoever may see it.

        What nobody may do any more stays ended, until somebody reopens it who may.
        """
        # sudo: whoever may reopen the project, asked there, reopens all of it.
        ended = self.sudo().filtered("is_ended_with_project")
        ended.filtered(lambda a: a._find_doer(a.user_id)).action_reopen()
