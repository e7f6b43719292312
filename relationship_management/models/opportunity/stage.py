from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..shared.may_be_told import name_of


class CrmStage(models.Model):
    """Stages of opportunities and of campaigns, for one company or for all."""

    _name = "crm.stage"
    _inherit = [
        "crm.stage",
        "relationship.discreet.mixin",
        "relationship.planning.mixin",
    ]
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="restrict",
        help="Only records of this company pass the stage. Empty: those of every one.",
    )
    use_for = fields.Selection(
        [
            ("opportunity", "Opportunities"),
            ("campaign", "Campaigns"),
            ("both", "Opportunities and campaigns"),
        ],
        string="Used for",
        required=True,
        default="opportunity",
    )
    activity_plan_id = fields.Many2one(
        help="What is to be done when an opportunity gets to this stage."
    )
    campaign_plan_id = fields.Many2one(
        "mail.activity.plan",
        string="Activity plan of campaigns",
        domain="[('res_model', '=', 'relationship.campaign'),"
        " ('company_id', 'in', [company_id, False])]",
        check_company=True,
        ondelete="restrict",
        help="What is to be done when a campaign gets to this stage.",
    )
    planned_role_ids = fields.One2many(
        "relationship.planned.role",
        "stage_id",
        string="People",
        copy=True,
        help="Roles that somebody has to play from this stage on.",
    )

    @api.model
    def _get_use_domain(self, use, companies=None):
        """Return the domain of the stages for records of a kind and their companies.

        :param use: ``opportunity`` or ``campaign``
        :param companies: those the stages have to suit: shared stages suit all, own
            stages of a company only records of this one alone
        """
        domain = Domain("use_for", "in", (use, "both"))
        if companies is None:
            return domain
        own = companies.ids if len(companies) == 1 else []
        return domain & Domain("company_id", "in", [*own, False])

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Leave out stages of no use where core looks for any: see ``crm.lead``."""
        use = self.env.context.get("relationship_stages_for")
        if isinstance(use, str) and use:
            domain = Domain(domain) & self._get_use_domain(use)
        return super()._search(domain, *args, **kwargs)

    @api.constrains("company_id", "team_ids")
    def _check_teams(self):
        for stage in self.filtered("company_id"):
            # sudo: teams of a company that the user does not see count just the same.
            foreign = stage.sudo().team_ids.filtered(
                lambda team, stage=stage: (
                    team.company_id not in (stage.company_id, team.company_id.browse())
                )
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "The sales team %(team)s belongs to another company than the"
                        " stage %(stage)s: remove the team, or leave the company of"
                        " the stage empty.",
                        team=name_of(foreign[0], after_noun=True),
                        stage=name_of(stage, after_noun=True),
                    )
                )

    @api.constrains("company_id", "use_for")
    def _check_records(self):
        """Refuse a use or a company that records in the stage do not suit."""
        for stage in self:
            if stage._has_unsuitable("crm.lead", "opportunity"):
                raise ValidationError(
                    self.env._(
                        "Opportunities that the stage %(stage)s would no longer suit"
                        " are in it: move them to another stage first, or make a new"
                        " stage.",
                        stage=name_of(stage, after_noun=True),
                    )
                )
            if stage._has_unsuitable("relationship.campaign", "campaign"):
                raise ValidationError(
                    self.env._(
                        "Campaigns that the stage %(stage)s would no longer suit are in"
                        " it: move them to another stage first, or make a new stage.",
                        stage=name_of(stage, after_noun=True),
                    )
                )

    def _has_unsuitable(self, model, use):
        """Return whether the stage has a record that its use or company does not suit.

        :param use: the use of a stage that records of the model pass
        """
        self.ensure_one()
        domain = Domain("stage_id", "=", self.id)
        if self.use_for in (use, "both"):
            if not self.company_id:
                return False
            domain &= Domain("company_id", "!=", self.company_id.id)
        # sudo: records that the user may not see are in the stage just the same.
        records = self.env[model].sudo().with_context(active_test=False)
        return bool(records.search_count(domain, limit=1))
