"""Roles that the types of campaigns and of activities propose."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..opportunity.missing_role import describe_missing


class RelationshipPlannedRole(models.Model):
    _inherit = "relationship.planned.role"

    campaign_type_id = fields.Many2one(
        "relationship.campaign.type",
        string="Campaign type",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    activity_type_id = fields.Many2one(
        "relationship.activity.type",
        string="Activity type",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )

    @api.model
    def _get_places(self):
        return [*super()._get_places(), "campaign_type_id", "activity_type_id"]

    @api.constrains(lambda self: [*self._get_places(), "demand"])
    def _check_one_kind(self):
        """Refuse a line that is about several kinds of documents, or blocks a stage."""
        others = ("campaign_type_id", "activity_type_id")
        for line in self:
            of_others = [name for name in others if line[name]]
            of_deals = line.opportunity_type_id or line.stage_id
            if len(of_others) + bool(of_deals) > 1:
                raise ValidationError(
                    self.env._(
                        "A planned role belongs to one type: enter it at each type for"
                        " which it holds."
                    )
                )
            if of_others and line.demand != "proposal":
                raise ValidationError(
                    self.env._(
                        "Only opportunities ask for people before they get to a stage:"
                        " let campaigns and activities propose the role."
                    )
                )


class RelationshipPeopleMixin(models.AbstractModel):
    """What has people, and a type that proposes roles.

    ``_planned_by`` names the field by which planned roles lead to that type.
    """

    _inherit = "relationship.people.mixin"
    _planned_by = None

    proposed_roles = fields.Json(
        compute="_compute_proposed_roles",
        help="Roles that the type proposes, and that nobody plays.",
    )

    @api.depends(
        lambda self: [
            *filter(None, [self._type_field]),
            *self._suggested_by,
            *("reference_ids.type_id", "reference_ids.partner_id"),
            "reference_ids.date_to",
        ]
    )
    @api.depends_context("lang", "uid")
    def _compute_proposed_roles(self):
        """Name what is missing, except roles that the user may not see."""
        planned = self.env["relationship.planned.role"]
        self.proposed_roles = []
        if not self._planned_by or not planned._get_demands():
            return
        # sudo: the type proposes them to whoever works on it; hidden roles are left out
        # below, and a role is filled whoever may see the person.
        types = self.sudo()[self._type_field]
        lines = planned.sudo().search([(self._planned_by, "in", types.ids)])
        hidden = self.env["relationship.reference.type"]._get_forbidden_ids("see")
        for document in self.filtered(lambda d: d._takes_people()):
            filled = document.sudo()._count_roles()  # sudo: as above
            document.proposed_roles = [
                describe_missing(document, role, count, line.demand)
                for line in lines
                if line[self._planned_by] == document.sudo()[self._type_field]._origin
                and (role := line.reference_type_id).active
                and role.id not in hidden
                and (count := line.minimum - filled[role]) > 0
            ]


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"
    _planned_by = "campaign_type_id"


class RelationshipCampaignType(models.Model):
    _inherit = "relationship.campaign.type"

    planned_role_ids = fields.One2many(
        "relationship.planned.role",
        "campaign_type_id",
        string="People",
        copy=True,
        help="Roles that somebody plays in every campaign of this type.",
    )


class RelationshipActivityType(models.Model):
    _inherit = "relationship.activity.type"

    planned_role_ids = fields.One2many(
        "relationship.planned.role",
        "activity_type_id",
        string="People",
        copy=True,
        help="Roles that somebody plays in every activity of this type.",
    )
