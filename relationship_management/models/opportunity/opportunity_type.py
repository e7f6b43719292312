from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.finite import check_distance, is_amount
from ..types.number_range import company_range


class RelationshipOpportunityType(models.Model):
    """A kind of opportunity: its number range and the defaults of its records."""

    _name = "relationship.opportunity.type"
    _description = "Opportunity type"
    _inherit = ["relationship.numbering.mixin", "relationship.planning.mixin"]
    _check_company_auto = True
    _used_by = {
        "crm.lead": "opportunity_type_id",
        "relationship.campaign.type": "opportunity_type_id",
        "relationship.activity": "left_type_id",
    }
    _records_action = "relationship_management.crm_lead_action"

    company_sequence_id = company_range()
    stage_id = fields.Many2one(
        "crm.stage",
        string="First stage",
        domain="[('use_for', '!=', 'campaign')]",
        check_company=True,
        ondelete="set null",
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales team", check_company=True, ondelete="set null"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Empty: whoever creates the opportunity.",
    )
    binding = fields.Boolean(default=True)
    apply_probability = fields.Boolean(string="Apply probability", default=True)
    sets_probability = fields.Boolean(
        string="Set a probability",
        help="Not set: the probability is the one that Odoo estimates.",
    )
    probability = fields.Float(string="Probability (%)")
    margin_percent = fields.Float(string="Contribution margin (%)")
    days_to_close = fields.Integer(
        string="Days to close",
        help="The expected closing is proposed that many days after the creation.",
    )
    activity_plan_id = fields.Many2one(
        help="What is to be done for every new opportunity of this type."
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="E-mail template",
        domain="[('model', '=', 'crm.lead')]",
        ondelete="set null",
        help="Opportunities of the type have a button that opens this e-mail.",
    )
    properties_definition = fields.PropertiesDefinition("Extra fields")
    planned_role_ids = fields.One2many(
        "relationship.planned.role",
        "opportunity_type_id",
        string="People",
        copy=True,
        help="Roles that somebody plays in every opportunity of this type.",
    )

    @api.constrains("probability")
    def _check_probability(self):
        if not all(0 <= record.probability <= 100 for record in self):
            raise ValidationError(
                self.env._(
                    "The probability of an opportunity type must lie between 0 and"
                    " 100 %: enter another number."
                )
            )

    @api.constrains("days_to_close")
    def _check_days_to_close(self):
        if not all(is_amount(record.days_to_close) for record in self):
            raise ValidationError(
                self.env._(
                    "The days to close of an opportunity type cannot be negative:"
                    " enter 0 or more."
                )
            )
        check_distance(self, "days_to_close")

    def _get_record_defaults(self):
        """Return the values that an opportunity of this type starts with.

        Only what the type has an opinion on; extend it to add defaults.

        :return: dict of values for ``crm.lead``
        """
        self.ensure_one()
        values = {
            "stage_id": self.stage_id.id,
            "team_id": self.team_id.id,
            "user_id": self.user_id.id,
            "probability": self.probability if self.sets_probability else None,
            "margin_percent": self.margin_percent,
            "date_deadline": self.days_to_close
            and fields.Date.context_today(self)
            + relativedelta(days=self.days_to_close),
        }
        defaults = {
            name: value
            for name, value in values.items()
            if value or (name == "probability" and value is not None)
        }
        return {
            **defaults,
            "binding": self.binding,
            "apply_probability": self.apply_probability,
        }
