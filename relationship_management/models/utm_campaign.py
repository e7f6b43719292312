from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

USER = "relationship_management.relationship_management_group_user"
MARKS = {
    "relationship_type_id",
    "relationship_company_id",
    "relationship_linked_company_ids",
}


class UtmCampaign(models.Model):
    """Guards for the core side of our campaigns.

    Every employee may write, and every link of a visitor may create, a
    ``utm.campaign``. One that is the core side of a ``relationship.campaign`` is as
    safe as that: the marks of its companies and type stand here, where a record rule
    on them costs no join.
    """

    _inherit = "utm.campaign"

    # Seen by nobody but users of this application, who read them through a campaign.
    relationship_campaign_ids = fields.One2many(
        "relationship.campaign",
        "utm_campaign_id",
        string="Relationship campaign",
        groups=USER,
    )
    relationship_type_id = fields.Many2one(
        "relationship.campaign.type",
        string="Type of the campaign",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        groups=USER,
        help="Set by the relationship campaign that this is the core side of.",
    )
    relationship_company_id = fields.Many2one(
        "res.company",
        string="Owner company",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        groups=USER,
    )
    relationship_linked_company_ids = fields.Many2many(
        "res.company",
        relation="relationship_campaign_linked_company_rel",
        string="Linked companies",
        copy=False,
        groups=USER,
        help="These companies take part: they see the campaign and add addressees and"
        " opportunities of their own. Only the owner changes the rest.",
    )

    _relationship_not_automatic = models.Constraint(
        "CHECK(relationship_type_id IS NULL OR is_auto_campaign IS NOT TRUE)",
        "A campaign that people plan cannot become one that links make by themselves.",
    )

    @api.depends("title")
    def _compute_name(self):
        """Leave our campaigns their number: links with the old name must go on."""
        plain = self - self._get_marked()
        return super(UtmCampaign, plain)._compute_name()

    def write(self, vals):
        """Let nobody claim a plain campaign for a company: adopting does that."""
        if MARKS & vals.keys() and not self.env.su and self - self._get_marked():
            raise AccessError(
                self.env._(
                    "Only campaigns under Relationships have a type and companies:"
                    " adopt the campaign there first."
                )
            )
        return super().write(vals)

    def copy_data(self, default=None):
        """Give a copy from the core side, which is a plain campaign, a name of its own.

        Core would copy our number, and links with it would lead to the copy one day.
        """
        vals_list = super().copy_data(default=default)
        for campaign, vals in zip(self, vals_list, strict=True):
            if campaign._get_marked() and "name" not in (default or {}):
                vals.pop("name", None)
        return vals_list

    def _is_open_to(self, company):
        """Return whether records of a company may belong to these campaigns."""
        # sudo: the caller may be somebody who does not see the campaign, or is nobody.
        return all(
            not owner
            or owner in (company | company.parent_ids)
            or company in campaign.relationship_linked_company_ids
            for campaign in self.sudo()
            for owner in (campaign.relationship_company_id,)
        )

    def _get_marked(self):
        """Return those of the campaigns that are the core side of ours."""
        # sudo: employees change plain campaigns without being users of ours.
        return self.filtered(lambda campaign: campaign.sudo().relationship_type_id)

    def _get_wrappers(self):
        """Return our campaigns behind these, archived and hidden ones too."""
        marked = self._get_marked()
        if not marked:
            return self.env["relationship.campaign"]
        # sudo: the question is whether there are any, for the guards below.
        wrappers = self.env["relationship.campaign"].sudo()
        return wrappers.with_context(active_test=False).search(
            [("utm_campaign_id", "in", marked.ids)]
        )

    def _check_access(self, operation):
        """Ask our campaign, too: who may not change it, may not do so through here."""
        result = super()._check_access(operation)
        if self.env.su or operation not in ("write", "unlink"):
            return result
        wrappers = self._get_wrappers().with_env(self.env)
        forbidden = wrappers - wrappers._filtered_access(operation)
        if not forbidden:
            return result
        refused = self.filtered(lambda c: c.id in forbidden.sudo().utm_campaign_id.ids)
        refused |= result[0] if result else self.browse()
        return refused, lambda: AccessError(
            self.env._(
                "You may not change the campaign %(campaigns)s: ask a responsible of"
                " the campaign.",
                campaigns=", ".join(refused.sudo().mapped("title")),
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_wrapped(self):
        if wrappers := self._get_wrappers():
            raise UserError(
                self.env._(
                    "%(campaigns)s: delete or archive this campaign under Relationships"
                    " › Sales projects › Campaigns.",
                    campaigns=", ".join(wrappers.mapped("title")),
                )
            )
