"""Campaigns, opportunities and partners have activities."""

from odoo import api, fields, models

from ..shared.context import get_marked
from .activity import OPEN
from .checks import OF_COMPANY
from .mail_activity import DISCREET


def get_planning_action(record, field):
    """Return the form of a new activity at a record."""
    return {
        "type": "ir.actions.act_window",
        "name": record.env._("New activity"),
        "res_model": "relationship.activity",
        "views": [(False, "form")],
        "context": {f"default_{field}": record.id},
    }


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def message_post_with_source(self, source_ref, **kwargs):
        """Say that a task is done, not whom it was about or what came of it."""
        if get_marked(self.env, DISCREET):
            values = kwargs["render_values"]
            task, names = values["activity"], ("activity_type_id", "user_id")
            told = task.new({name: task[name].id for name in names})
            kwargs["render_values"] = {**values, "activity": told, "feedback": False}
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
        tasks = self.env["mail.activity"].sudo()
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


class CrmLead(models.Model):
    _inherit = "crm.lead"

    bracket_ids = fields.One2many(
        "relationship.activity", "lead_id", string="Sales activities", copy=False
    )

    @api.constrains("company_id")
    def _check_company_of_activities(self):
        """Refuse to take along types and people of the former company alone."""
        # sudo: whoever changes the company may not see all of them.
        brackets = self.sudo().with_context(active_test=False).bracket_ids
        brackets._check_company(OF_COMPANY)

    def action_plan_activity(self):
        self.ensure_one()
        return get_planning_action(self, "lead_id")

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


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    bracket_ids = fields.One2many(
        "relationship.activity", "campaign_id", string="Sales activities", copy=False
    )

    @api.constrains("company_id")
    def _check_company_of_activities(self):
        """Refuse to take along types and people of the former company alone."""
        # sudo: whoever changes the company may not see all of them.
        brackets = self.sudo().with_context(active_test=False).bracket_ids
        brackets._check_company(OF_COMPANY)

    def action_plan_activity(self):
        self.ensure_one()
        return get_planning_action(self, "campaign_id")

    def _get_open_brackets(self):
        """Return the activities that end with the campaigns."""
        # sudo: whoever may complete the campaign, asked there, ends all of it.
        brackets = self.sudo().with_context(active_test=False).bracket_ids
        return brackets.filtered(lambda bracket: bracket.state in OPEN)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_view_activities(self):
        """List what is planned and done with the partner and its people."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.relationship_activity_action"
        )
        return {
            **action,
            "display_name": self.env._("Activities"),
            "domain": [
                "|",
                ("partner_id", "child_of", self.id),
                ("contact_id", "child_of", self.id),
            ],
            "context": {"default_partner_id": self.id},
        }
