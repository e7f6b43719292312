from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..shared.may_be_told import name_of


class CrmLead(models.Model):
    """Opportunities pass the stages of their company, never those of campaigns only."""

    _inherit = "crm.lead"

    stage_id = fields.Many2one(
        check_company=True,
        domain="[('use_for', '!=', 'campaign'),"
        " ('company_id', 'in', [company_id, False]),"
        " '|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]",
    )

    @api.depends("company_id")
    def _compute_stage_id(self):
        """Leave a stage that belongs to another company than the opportunity."""
        for lead in self:
            # sudo: the stage may be one of the company that the opportunity left.
            company = lead.stage_id.sudo().company_id
            if company and company != lead.company_id:
                lead.stage_id = False
        return super()._compute_stage_id()

    @api.constrains("stage_id")
    def _check_stage_use(self):
        for lead in self:
            # sudo: the stage may be one of a company that the person does not see.
            stage = lead.stage_id.sudo()
            if stage.use_for == "campaign":
                raise ValidationError(
                    self.env._(
                        "%(stage)s is a stage of campaigns: choose one of the stages"
                        " of opportunities for %(opportunity)s.",
                        stage=name_of(stage),
                        opportunity=name_of(lead),
                    )
                )

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show the columns that the user's companies need, and those with records."""
        columns = super()._read_group_stage_ids(stages, domain)
        suitable = self.env["crm.stage"]._get_use_domain("opportunity") & Domain(
            "company_id", "in", [*self.env.companies.ids, False]
        )
        # sudo: as core does; the columns shown are those of the user's companies.
        shown = columns.sudo().filtered_domain(
            Domain("id", "in", stages.ids) | suitable
        )
        return shown.with_env(stages.env)

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        """Look among the stages for opportunities of the companies concerned."""
        companies = self.company_id
        if any(not lead.company_id for lead in self):
            companies = self.env["res.company"]
        stages = self.env["crm.stage"]
        suitable = stages._get_use_domain("opportunity", companies)
        return super()._stage_find(
            team_id=team_id,
            domain=[*suitable, *(domain or [])],
            order=order,
            limit=limit,
        )

    def action_set_won(self):
        """Win each company's opportunities in its own won stage."""
        for leads in self.grouped("company_id").values():
            super(CrmLead, leads).action_set_won()
        return True

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        """Let core choose among the stages of opportunities."""
        leads = self.with_context(relationship_stages_for="opportunity")
        merged = super(CrmLead, leads)._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )
        return merged.with_env(self.env)

    def _pls_get_won_lost_total_count(self, team_results):
        """Count by the stage that all leads passed, which need not be the first one.

        Core takes the first stage of all, although it may be one of campaigns or of
        another company.
        """
        counts = [
            (count["won"], count["lost"])
            for key, count in team_results.get("stage_id", {}).items()
            if key.isdigit()
        ]
        won, lost = max(counts, key=sum, default=(0, 0))
        return won, lost, won + lost
