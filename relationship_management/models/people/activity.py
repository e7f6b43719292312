"""Partners who play a role in an activity: who speaks, whom it is to convince."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain

from ..activity.activity import OPEN
from ..opportunity.people import document_field
from ..relation.suggestion import Suggestion, get_visible
from ..shared.may_be_told import refuse_also


class RelationshipReference(models.Model):
    _inherit = "relationship.reference"

    activity_id = document_field("relationship.activity", string="Activity")

    def _tell(self, document, sentence):
        """Tell linked companies of nobody: they read the chatter, and see no people."""
        if self.activity_id.campaign_id._get_linked_companies():
            return None
        return super()._tell(document, sentence)

    def _check_access(self, operation):
        """Let only those enter people who may change the activity."""
        result = super()._check_access(operation)
        if operation == "read" or self.env.su or not self.ids:
            return result
        lines = self - result[0] if result else self
        # sudo: only which activities, to ask for the right to them.
        activities = lines.sudo().activity_id.sudo(False)
        refusal = activities and activities._check_access("write")
        if not refusal:
            return result
        refused = lines.sudo().filtered(lambda line: line.activity_id in refusal[0])
        return refuse_also(result, refused.sudo(False), refusal[1])


class RelationshipActivity(models.Model):
    _name = "relationship.activity"
    _inherit = ["relationship.activity", "relationship.people.mixin"]
    _people_field = "activity_id"
    _planned_by = "activity_type_id"
    _suggested_by = ("type_id", "partner_id", "lead_id", "campaign_id", "state")

    reference_ids = fields.One2many(
        "relationship.reference", "activity_id", string="People"
    )

    def _describe_source(self):
        source = super()._describe_source()
        people = ("reference_ids.partner_id", "reference_ids.contact_id")
        return replace(source, partners=(*source.partners, *people))

    def _get_customer(self):
        return self.partner_id.commercial_partner_id

    def _takes_people(self):
        return self.active and self.state in OPEN

    @api.model
    def _get_like_domain(self, likenesses):
        at_them = [("partner_id.commercial_partner_id", "in", likenesses.ids)]
        return Domain("activity_id", "any", at_them)

    def _find_related(self, roles):
        """Yield the people of the project first: one of them is meant mostly."""
        for activity in self:
            project = activity.lead_id or activity.campaign_id
            if not project._filtered_access("read"):
                continue
            lines = project._get_present_lines()
            lines = lines.filtered(
                lambda line: (
                    line.type_id in roles and line.kind != "sales_representative"
                )
            )
            visible = get_visible(lines.partner_id | lines.contact_id)
            for line in lines:
                if person := line._get_person() & visible:
                    reason = self.env._("in %(where)s", where=project.display_name)
                    yield (
                        activity,
                        Suggestion(person, line.type_id, reason, line.influence),
                    )
        yield from super()._find_related(roles)
