from odoo import api, models
from odoo.exceptions import ValidationError


class UtmMixin(models.AbstractModel):
    """Keep campaigns of one company away from the records of another."""

    _inherit = "utm.mixin"

    @api.model
    def _get_unique_names(self, model_name, names):
        """Look at every name, also at those that are archived or hidden by a rule.

        The identifier is unique over all companies: a name that the search does not
        find stops the creation with an error of the database.
        """
        # sudo: whoever creates a campaign, a source or a medium; only the identifiers
        # are read, to choose another one.
        everything = self.sudo().with_context(active_test=False)
        return super(UtmMixin, everything)._get_unique_names(model_name, names)

    @api.constrains("campaign_id")
    def _check_campaign_company(self):
        """Refuse a campaign of a company that the record does not belong to."""
        if "company_id" not in self._fields:
            return
        # sudo: the user may set a campaign that somebody else's rule would hide; the
        # question is which companies it belongs to.
        for record in self.sudo():
            campaign, company = record.campaign_id, record.company_id
            if company and not campaign._is_open_to(company):
                raise ValidationError(
                    self.env._(
                        "The campaign %(campaign)s belongs to another company than"
                        " %(record)s: choose a campaign of %(company)s, or link this"
                        " company with the campaign.",
                        campaign=campaign.title,
                        record=record.display_name,
                        company=company.name,
                    )
                )
