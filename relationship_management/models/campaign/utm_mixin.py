from odoo import api, models
from odoo.exceptions import ValidationError

from ..shared.may_be_told import is_hidden, name_of


class UtmMixin(models.AbstractModel):
    """Keep campaigns of one company away from the records of another."""

    _name = "utm.mixin"
    _inherit = ["utm.mixin", "relationship.export.names.mixin"]

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

    def _find_or_create_record(self, model_name, name):
        """Keep what comes over a link away from another company's campaign.

        A visitor's request runs as superuser and finds every identifier. When it
        belongs to a campaign that is not open to the company, one automatic campaign
        with this title takes all further visits; the same for employees who may not
        see the campaign.
        """
        if model_name == "utm.campaign":
            # sudo: to learn whether the identifier belongs to somebody else.
            everything = self.env[model_name].sudo().with_context(active_test=False)
            known = everything.search([("name", "=ilike", name.strip())], limit=1)
            if known._get_marked() and not self._may_use_campaign(known):
                return self._find_or_create_automatic(everything, name.strip())
        return super()._find_or_create_record(model_name, name)

    def _may_use_campaign(self, campaign):
        return campaign._is_open_to(self.env.company) and campaign.with_env(
            self.env
        ).has_access("read")

    def _find_or_create_automatic(self, campaigns, title):
        found = campaigns.search(
            [
                ("title", "=ilike", title),
                ("is_auto_campaign", "=", True),
                ("relationship_type_id", "=", False),
            ],
            limit=1,
        )
        return found.with_env(self.env) or self.env["utm.campaign"].create(
            {"name": title, "is_auto_campaign": True}
        )

    @api.constrains(
        lambda self: [
            name
            for name in ("campaign_id", "company_id")
            if name in self._fields and self._fields[name].store
        ]
    )
    def _check_campaign_company(self):
        """Refuse a campaign of a company that the record does not belong to."""
        if "company_id" not in self._fields:
            return
        # sudo: the user may set a campaign that somebody else's rule would hide; the
        # question is which companies it belongs to.
        for record in self.sudo():
            campaign, company = record.campaign_id, record.company_id
            if campaign and company and not campaign._is_kept_for(company):
                if is_hidden(campaign):
                    raise ValidationError(
                        self.env._(
                            "The campaign, which you may not see, belongs to another"
                            " company than %(record)s: choose another campaign, or ask"
                            " a manager.",
                            record=name_of(record),
                        )
                    )
                raise ValidationError(
                    self.env._(
                        "The campaign %(campaign)s belongs to another company than"
                        " %(record)s: choose a campaign of %(company)s, or link this"
                        " company with the campaign.",
                        campaign=name_of(campaign, "title", after_noun=True),
                        record=name_of(record),
                        company=name_of(company),
                    )
                )
