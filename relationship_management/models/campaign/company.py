from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..shared.may_be_told import (
    find_visible,
    get_hidden_sentence,
    is_hidden,
    name_of,
    would_see,
)
from ..shared.notification import notify


class RelationshipCampaign(models.Model):
    """Owner and linked companies of a campaign."""

    _inherit = "relationship.campaign"

    hidden_company_count = fields.Integer(
        string="Also linked, not shown here",
        compute="_compute_hidden_company_count",
        help="Companies that are not switched on, or that you may not see",
    )

    @api.constrains(
        "user_id", "company_id", "type_id", "relationship_linked_company_ids"
    )
    def _check_responsible(self):
        """Refuse a responsible who would not see the campaign."""
        for campaign in self:
            # While the campaign is being created, the company stands there alone.
            company = campaign.utm_campaign_id.relationship_company_id
            user = campaign.user_id
            # sudo: to look at the companies of a colleague, and at linked ones that the
            # user does not work for.
            companies = company | campaign._get_linked_companies()
            if not companies & user.sudo().company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work for %(company)s and would not see the"
                        " campaign: choose another responsible, or link a company.",
                        user=name_of(user),
                        company=name_of(company),
                    )
                )
            # The companies that the present user has switched on are not those of the
            # colleague.
            if not would_see(campaign, user, user.sudo().company_ids.ids):
                raise ValidationError(
                    self.env._(
                        "%(user)s may not see campaigns: choose another responsible,"
                        " or give this person access to Relationships and to the"
                        " campaign type.",
                        user=name_of(user),
                    )
                )

    def _check_core_side(self):
        """Check what a change of the core side touches; called from there."""
        self._check_company(["user_id"])
        self._check_responsible()
        self._check_former_company()
        self._check_parent_company()

    @api.depends("company_id", "relationship_linked_company_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_hidden_company_count(self):
        # pylint: disable=no-search-all  # companies are few
        visible = self.env["res.company"].search([])
        for campaign in self:
            linked = campaign._get_linked_companies()
            campaign.hidden_company_count = len(linked - visible)

    def _get_linked_companies(self):
        """Return the linked companies, also those that the user does not see."""
        # sudo: for checks, and to count; the names may be secret.
        return self.utm_campaign_id.sudo().relationship_every_linked_company_ids

    def action_link_whole_group(self):
        """Link every other company that there is, and tell how many these are."""
        self.check_access("write")
        for campaign in self:
            # sudo: whoever may change the campaign shows it to every company, also to
            # those that this person does not work for; nothing else is changed.
            # pylint: disable=no-search-all  # companies are few
            others = self.env["res.company"].sudo().search([])
            core = campaign.utm_campaign_id.sudo()
            core.relationship_linked_company_ids = others - campaign.company_id
        return notify(self._get_linked_sentence())

    def _get_linked_sentence(self):
        """Return how many companies are linked, and how many of them one sees."""
        linked = len(self._get_linked_companies())
        if hidden := max(self.mapped("hidden_company_count"), default=0):
            return self.env._(
                "Linked companies: %(linked)s, of these not shown here: %(hidden)s.",
                linked=linked,
                hidden=hidden,
            )
        return self.env._("Linked companies: %(linked)s.", linked=linked)

    @api.constrains("company_id", "parent_id")
    def _check_parent_company(self):
        for campaign in self.filtered("parent_id"):
            # sudo: the larger campaign may belong to a company of a colleague.
            parent = campaign.parent_id.sudo()
            if not parent.utm_campaign_id._is_open_to(campaign.company_id):
                if is_hidden(parent):
                    raise ValidationError(get_hidden_sentence(self.env))
                raise ValidationError(
                    self.env._(
                        "%(company)s does not take part in the campaign %(parent)s:"
                        " link this company there first, or choose another campaign"
                        " under “Part of”.",
                        company=name_of(campaign.company_id),
                        parent=name_of(parent, "title", after_noun=True),
                    )
                )

    @api.constrains("company_id", "relationship_linked_company_ids")
    def _check_former_company(self):
        """Refuse to shut out companies of which something belongs to the campaign."""
        for campaign in self:
            core = campaign.utm_campaign_id
            shut_out = {
                company: kinds
                for company, kinds in campaign._get_companies_inside().items()
                if not core._is_open_to(company)
            }
            if shut_out:
                raise ValidationError(
                    self.env._(
                        "There is something of other companies in the campaign"
                        " %(campaign)s: %(companies)s. Leave or link these companies"
                        " with it.",
                        campaign=name_of(campaign, "title", after_noun=True),
                        companies=self._name_companies(shut_out),
                    )
                )

    @api.model
    def _name_companies(self, inside):
        """Return the companies that the user knows in words, and count the others.

        :param inside: ``{company: kinds in words}``
        """
        companies = self.env["res.company"].union(*inside)
        known = find_visible(companies)
        words = [
            f"{company.name} ({', '.join(kinds)})"
            for company, kinds in inside.items()
            if company in known
        ]
        if hidden := len(companies - known):
            words.append(
                self.env._("companies that you may not see: %(count)s", count=hidden)
            )
        return "; ".join(words)

    def _get_companies_inside(self):
        """Return what there is of each company: ``{company: kinds in words}``."""
        self.ensure_one()
        # sudo: records of other companies count, which is the question.
        everything = self.sudo().with_context(active_test=False)
        addressees = everything.env["relationship.campaign.addressee"]._read_group(
            [("campaign_id", "in", self.ids)], ["company_id"]
        )
        parts = everything.search([("parent_id", "in", self.ids)])
        found = [
            (addressees, self.env._("members")),
            ([(part.company_id,) for part in parts], self.env._("parts")),
        ]
        for model, rows in self._read_attributed(self.utm_campaign_id):
            found.append((rows, self.env["relationship.source"]._get_label(model)))
        inside = defaultdict(list)
        for rows, kind in found:
            for company in {company for (company,) in rows if company}:
                inside[company].append(kind)
        return inside

    @api.model
    def _get_attributed_companies(self, core):
        """Return the companies of everything that is attributed to a campaign."""
        companies = self.env["res.company"].sudo()
        for _model, rows in self._read_attributed(core):
            companies = companies.union(*(company for (company,) in rows))
        return companies

    @api.model
    def _read_attributed(self, core):
        """Yield each model of attributed records, with the companies of these."""
        for model in self._get_attributed_models():
            field = self.env[model]._fields.get("company_id")
            if field and field.store:
                # sudo: records of other companies count, which is the question.
                records = self.env[model].sudo().with_context(active_test=False)
                yield (
                    model,
                    records._read_group(
                        [("campaign_id", "in", core.ids)], ["company_id"]
                    ),
                )

    @api.model
    def _adopt_core_side(self, vals):
        """Make a plain UTM campaign ready to become the core side of a new campaign.

        Its identifier stays, because links and mailings carry it, and so does what is
        attributed to it: companies whose records belong to it go on seeing it.
        """
        core = self.env["utm.campaign"].browse(vals["utm_campaign_id"])
        core.check_access("write")
        if core._get_marked():
            raise ValidationError(
                self.env._(
                    "%(campaign)s is already a campaign under Relationships: look for"
                    " it there.",
                    campaign=core.title,
                )
            )
        owner = self.env["res.company"].browse(vals["company_id"])
        linked = self._get_attributed_companies(core) - owner
        # sudo: who may change the plain campaign and create one of ours; the marks
        # are closed to everybody else.
        core.sudo().write(
            {
                "is_auto_campaign": False,
                "relationship_type_id": vals.get("type_id"),
                "relationship_company_id": owner.id,
                "relationship_linked_company_ids": [Command.set(linked.ids)],
            }
        )
