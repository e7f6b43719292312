"""Who looks after an addressee: somebody who sees it, in the company it belongs to."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..campaign.utm_campaign import USER
from ..shared.may_be_told import name_of
from ..types.type_mixin import MANAGER


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    def _find_seeing(self, users=None):
        """Return the query of the people who see addressees in their own companies.

        :param users: only some of these
        """
        # sudo: which groups may see the type, and who is in them, whoever adds.
        campaign = self.sudo()
        groups = campaign.type_id.see_group_ids
        domain = Domain("share", "=", False)
        domain &= Domain("all_group_ids", "in", self.env.ref(USER).ids)
        if groups:
            groups |= campaign.type_id.use_group_ids | self.env.ref(MANAGER)
            domain &= Domain("all_group_ids", "in", groups.ids)
        if users is not None:
            domain &= Domain("id", "in", users.ids)
        return campaign.env["res.users"]._search(domain)

    def _choose_responsible(self, candidates):
        """Return a function of a company and users: the first who sees addressees.

        :param candidates: all users that it will be asked about
        """
        seeing = candidates.sudo().browse(self._find_seeing(candidates))

        def choose(company, *users):
            suitable = (
                user
                for user in users
                if user in seeing and company in user.sudo().company_ids
            )
            return next(suitable, candidates.browse())

        return choose

    def _mend_responsibles(self, companies):
        """Give addressees of companies a responsible who sees them."""
        addressees = self.env["relationship.campaign.addressee"].search(
            [("campaign_id", "in", self.ids), ("company_id", "in", companies.ids)]
        )
        addressees._mend_responsible()


class RelationshipCampaignAddressee(models.Model):
    _inherit = "relationship.campaign.addressee"

    def _get_salespeople(self):
        """Return whose partner it is: of the one addressed, then of the company."""
        # sudo: whoever adds addressees; the responsible is shown to those who see them.
        return [self.sudo().target_id.user_id, self.sudo().partner_id.user_id]

    @api.model
    def _complete_responsible(self, campaign, vals_list):
        """Choose the responsible of new addressees: the campaign's, then whose it is.

        Then whoever adds them, if they see what they add, otherwise nobody.
        """
        users = self.env["res.users"]
        partners = self.env["res.partner"].sudo()  # sudo: as in _get_salespeople()
        chosen = [
            (
                users.env["res.company"].browse(vals["company_id"]),
                campaign.user_id,
                *(
                    partners.browse(vals.get(name) or ()).user_id
                    for name in ("contact_id", "partner_id")
                ),
                self.env.user,
            )
            for vals in vals_list
        ]
        choose = campaign._choose_responsible(
            users.union(*(user for _company, *people in chosen for user in people))
        )
        for vals, (company, *people) in zip(vals_list, chosen, strict=True):
            vals["user_id"] = choose(company, *people).id

    @api.constrains("user_id", "company_id", "campaign_id")
    def _check_responsible(self):
        """Refuse a responsible who would not see the addressee."""
        for campaign, addressees in (
            self.filtered("user_id").grouped("campaign_id").items()
        ):
            choose = campaign._choose_responsible(addressees.user_id)
            for addressee in addressees:
                if not choose(addressee.company_id, addressee.user_id):
                    raise ValidationError(
                        self.env._(
                            "%(user)s would not see %(addressee)s in the campaign:"
                            " choose a responsible who works for %(company)s and may"
                            " see the campaign, or leave the responsible empty.",
                            user=name_of(addressee.user_id),
                            addressee=name_of(addressee),
                            company=name_of(addressee.company_id),
                        )
                    )

    def _mend_responsible(self):
        """Give those whose responsible does not see them another one, or nobody."""
        for campaign, addressees in self.grouped("campaign_id").items():
            candidates = addressees.user_id | campaign.user_id
            for addressee in addressees:
                candidates = candidates.union(*addressee._get_salespeople())
            choose = campaign._choose_responsible(candidates)
            for addressee in addressees.filtered("user_id"):
                user = choose(
                    addressee.company_id,
                    *(addressee.user_id, campaign.user_id),
                    *addressee._get_salespeople(),
                )
                if user != addressee.user_id:
                    addressee.user_id = user


def get_responsible(campaign):
    """Return the SQL of who looks after a new addressee ``base``, null for nobody.

    The salesperson, then the campaign's, then whoever adds it.
    """
    return SQL(
        """(
            SELECT c.id FROM unnest(
                ARRAY[base.user_id, base.firm_user_id, %(campaign)s, %(adding)s]
            ) WITH ORDINALITY c (id, rank)
            JOIN res_company_users_rel r
                ON r.user_id = c.id AND r.cid = base.company_id
            WHERE c.id IN %(seeing)s ORDER BY c.rank LIMIT 1
        )""",
        campaign=campaign.user_id.id,
        adding=campaign.env.uid,
        seeing=campaign._find_seeing().subselect(),
    )
