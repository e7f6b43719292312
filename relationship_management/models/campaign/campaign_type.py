from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.finite import check_distance, is_amount
from ..types.number_range import company_range


class RelationshipCampaignType(models.Model):
    """A kind of campaign: its number range, the defaults and answers of its records."""

    _name = "relationship.campaign.type"
    _description = "Campaign type"
    _inherit = [
        "relationship.numbering.mixin",
        "relationship.campaign.settings.mixin",
        "relationship.planning.mixin",
    ]
    _check_company_auto = True
    _used_by = {"relationship.campaign": "type_id"}
    _records_action = "relationship_management.relationship_campaign_action"

    company_sequence_id = company_range()
    kind = fields.Selection(
        help="A sales campaign has a revenue to reach; an information campaign tells"
        " or asks its members something."
    )
    stage_id = fields.Many2one(
        "crm.stage",
        string="First stage",
        domain="[('use_for', 'in', ('campaign', 'both'))]",
        check_company=True,
        ondelete="set null",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Empty: whoever creates the campaign.",
    )
    duration_days = fields.Integer(
        string="Duration (days)",
        default=30,
        help="The end is proposed that many days after the start.",
    )
    channel = fields.Selection(
        help="The channel over which the members are reached. Whoever has no"
        " address for it, or no consent, is excluded with the reason."
    )
    opportunity_type_id = fields.Many2one(
        "relationship.opportunity.type",
        string="Type of opportunities",
        ondelete="set null",
        check_company=True,
        help="The type of the opportunities that come out of such a campaign.",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales team",
        ondelete="set null",
        check_company=True,
        help="The team of the opportunities that come out of such a campaign.",
    )
    response_ids = fields.One2many(
        "relationship.campaign.response", "type_id", string="Responses", copy=True
    )
    activity_plan_id = fields.Many2one(
        domain="[('res_model', '=', 'relationship.campaign'),"
        " ('company_id', 'in', [company_id, False])]",
        help="What is to be done for every new campaign of this type.",
    )
    properties_definition = fields.PropertiesDefinition(string="Extra fields")

    @api.constrains("duration_days")
    def _check_duration(self):
        if not all(is_amount(record.duration_days) for record in self):
            raise ValidationError(
                self.env._(
                    "The duration of a campaign cannot be negative: enter the days"
                    " that it takes, or 0 for no proposal."
                )
            )
        check_distance(self, "duration_days")

    def _get_record_defaults(self):
        """Return the values that a campaign of this type starts with.

        Only what the type has an opinion on; extend it to add defaults.

        :return: dict of values for ``relationship.campaign``
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        values = {
            "stage_id": self.stage_id.id,
            "user_id": self.user_id.id,
            "date_to": self.duration_days
            and today + relativedelta(days=self.duration_days),
            "channel": self.channel,
            "purpose_id": self.purpose_id.id,
        }
        return {
            **{name: value for name, value in values.items() if value},
            "kind": self.kind,
            "needs_consent": self.needs_consent,
            "addressing": self.addressing,
        }
