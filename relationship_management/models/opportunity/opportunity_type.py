from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..shared.may_be_told import names_of


class RelationshipOpportunityType(models.Model):
    """A kind of opportunity: its number range and the defaults of its records."""

    _name = "relationship.opportunity.type"
    _description = "Opportunity type"
    _inherit = ["relationship.type.mixin"]
    _check_company_auto = True

    use_group_ids = fields.Many2many(relation="relationship_opportunity_type_use_rel")
    see_group_ids = fields.Many2many(relation="relationship_opportunity_type_see_rel")
    analyse_group_ids = fields.Many2many(
        relation="relationship_opportunity_type_analyse_rel"
    )

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
        "mail.activity.plan",
        string="Activity plan",
        domain="[('res_model', '=', 'crm.lead'),"
        " ('company_id', 'in', [company_id, False])]",
        check_company=True,
        ondelete="restrict",
        help="What is to be done for every new opportunity of this type.",
    )
    activity_plan_mode = fields.Selection(
        [("propose", "Propose them"), ("create", "Create them at once")],
        string="Planned activities",
        required=True,
        default="propose",
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

    opportunity_count = fields.Integer(compute="_compute_opportunity_count")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Another opportunity type has this code: choose a different one.",
    )
    _probability_range = models.Constraint(
        "CHECK(probability >= 0 AND probability <= 100)",
        "The probability of an opportunity type must lie between 0 and 100 %.",
    )
    _days_positive = models.Constraint(
        "CHECK(days_to_close >= 0)",
        "The days to close of an opportunity type cannot be negative.",
    )

    def _compute_opportunity_count(self):
        counts = dict(
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group(
                [("opportunity_type_id", "in", self.ids)],
                ["opportunity_type_id"],
                ["__count"],
            )
        )
        for record in self:
            record.opportunity_count = counts.get(record, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: records that the user may not see use the type just the same.
        used = (
            self.env["crm.lead"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [("opportunity_type_id", "in", self.ids)], ["opportunity_type_id"]
            )
        )
        if used:
            raise UserError(
                self.env._(
                    "Opportunities of the type %(types)s exist: archive the type"
                    " instead of deleting it.",
                    types=names_of(
                        self.browse(record.id for (record,) in used), after_noun=True
                    ),
                )
            )

    @api.model
    def _get_uses(self):
        opportunities = self.env._("opportunities")
        campaign_types = self.env._("campaign types")
        return [
            ("crm.lead", "opportunity_type_id", opportunities),
            ("relationship.campaign.type", "opportunity_type_id", campaign_types),
        ]

    def action_view_opportunities(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.crm_lead_action"
        )
        return {
            **action,
            "domain": [("opportunity_type_id", "=", self.id)],
            "context": {"default_opportunity_type_id": self.id, "active_test": False},
        }

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
