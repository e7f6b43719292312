from contextlib import contextmanager

from odoo import api, fields, models
from odoo.fields import Command

from ..shared.button import notify, open_form
from ..shared.may_be_told import find_visible

LINKED = "relationship_linked_company_ids"


class RelationshipCampaign(models.Model):
    """Link companies and take them off again: asked before, told in the chatter.

    A company that is taken off no longer sees the campaign. What it has in it stays
    its own, and it sees this again once it is linked again.
    """

    _inherit = "relationship.campaign"

    # Those that *Take back* takes off; others may be hidden from whoever reads it.
    group_company_ids = fields.Many2many(
        "res.company",
        relation="relationship_campaign_group_company_rel",
        string="Linked by Whole group",
        copy=False,
        groups=fields.NO_ACCESS,
    )
    may_take_back = fields.Boolean(compute="_compute_may_take_back")

    @api.depends(LINKED)
    def _compute_may_take_back(self):
        for campaign in self:
            campaign.may_take_back = bool(campaign._get_group_companies())

    def _get_group_companies(self):
        """Return the companies that *Whole group* has linked, and that still are."""
        # sudo: for whoever may change the campaign; hidden ones are only counted.
        return self.sudo().group_company_ids & self._get_linked_companies()

    def _get_other_companies(self):
        """Return the companies of the group that take no part yet, hidden ones too."""
        # sudo: whoever may change the campaign may show it to every company; those that
        # this person does not work for are only counted.
        # pylint: disable=no-search-all  # companies are few
        every = self.env["res.company"].sudo().search([])
        return every - self.company_id - self._get_linked_companies()

    def action_link_whole_group(self):
        """Ask before every other company that there is gets linked."""
        self.check_access("write")
        if not self._get_other_companies():
            return notify(self.env._("Every company takes part already."), "info")
        return self._open_linking(self.env._("Link the whole group"))

    def action_take_back_group(self):
        """Ask before the companies that *Whole group* has linked are taken off."""
        self.check_access("write")
        return self._open_linking(self.env._("Take back"), take_back=True)

    def _open_linking(self, name, **values):
        self.ensure_one()
        wizard = self.env["relationship.campaign.linking"].create(
            {"campaign_id": self.id, **values}
        )
        return open_form(wizard._name, name=name, res_id=wizard.id, target="new")

    def _link_group(self):
        """Link every other company, and remember which ones these were."""
        self.check_access("write")
        others = self._get_other_companies()
        self._change_links([Command.link(company.id) for company in others])
        # sudo: see the field
        self.sudo().group_company_ids = [Command.link(c.id) for c in others]

    def _unlink_group(self):
        """Take off the companies that *Whole group* has linked."""
        self.check_access("write")
        companies = self._get_group_companies()
        self._change_links([Command.unlink(company.id) for company in companies])

    def _change_links(self, commands):
        # sudo: the caller has asked for the right to change the campaign; companies
        # that the user does not work for come and go with the others.
        self.utm_campaign_id.sudo()[LINKED] = commands

    @api.model_create_multi
    def create(self, vals_list):
        """Tell how many companies an adopted campaign brings; they can be taken off."""
        campaigns = super().create(vals_list)
        for campaign, vals in zip(campaigns, vals_list, strict=True):
            linked = campaign._get_linked_companies()
            if linked and vals.get("utm_campaign_id"):
                # sudo: see the field
                campaign.sudo().group_company_ids = linked
                campaign.message_post(
                    body=self.env._("Companies linked: %(count)s.", count=len(linked))
                )
        return campaigns

    def write(self, vals):
        """Tell which companies come and go."""
        if not {"company_id", LINKED} & vals.keys():
            return super().write(vals)
        with self._watching_companies():
            return super().write(vals)

    @contextmanager
    def _watching_companies(self):
        """Check and tell what a change of companies has brought, when all is written.

        The core side watches what does not come through the campaign.
        """
        before = [(c, c.company_id, c._get_linked_companies()) for c in self]
        yield
        for campaign, owner, linked in before:
            campaign._check_former_owner(owner)
            campaign._tell_linking(linked)

    def _tell_linking(self, before):
        """Note how many companies came and went: who reads it may not know them."""
        now = self._get_linked_companies()
        linked, gone = now - before, before - now - self.company_id
        sentences = []
        if linked:
            # sudo: addressees of companies that were linked before and are so again.
            self.sudo()._mend_responsibles(linked)
            sentences.append(
                self.env._("Companies linked: %(count)s.", count=len(linked))
            )
        if gone:
            sentences.append(
                self.env._("Companies no longer linked: %(count)s.", count=len(gone))
            )
            if kinds := self._leave(gone):
                sentences.append(self._get_staying_sentence(", ".join(kinds)))
        if sentences:
            self.message_post(body=" ".join(sentences))

    def _leave(self, companies):
        """Remember that companies were taken off; return what of theirs stays."""
        inside = self._get_companies_inside()
        staying = [company for company in companies if company in inside]
        # sudo: see the field; and what is kept of it on the core side
        campaign = self.sudo()
        campaign.group_company_ids = [Command.unlink(c.id) for c in companies]
        campaign.utm_campaign_id.relationship_left_company_ids = [
            Command.link(company.id) for company in staying
        ]
        return sorted({kind for company in staying for kind in inside[company]})

    def _get_staying_sentence(self, words):
        return self.env._(
            "What they have in the campaign stays with them, and they see it again"
            " once they are linked again: %(what)s.",
            what=words,
        )

    @api.onchange(LINKED)
    def _onchange_linked_companies(self):
        """Say what stays with a company, before the campaign is saved without it."""
        campaign = self._origin
        gone = campaign[LINKED] - self[LINKED]._origin
        if not gone or not campaign.has_access("write"):
            return None
        inside = campaign._get_companies_inside()
        if not (staying := {c: inside[c] for c in gone if c in inside}):
            return None
        return {
            "warning": {
                "title": self.env._("No longer linked"),
                "message": self._get_staying_sentence(self._name_companies(staying)),
            }
        }

    @api.model
    def _get_words_of_companies(self, companies):
        """Return the names of the companies that the user works for, and count others.

        :return: words, as in “Nordmark Leipzig, and 2 more that you do not work for”
        """
        known = find_visible(companies)
        names = ", ".join(known.sudo().mapped("name"))  # sudo: asked just now
        hidden = len(companies - known)
        if not hidden:
            return names
        if not names:
            return self.env._(
                "companies that you do not work for: %(count)s", count=hidden
            )
        return self.env._(
            "%(companies)s, and %(count)s more that you do not work for",
            companies=names,
            count=hidden,
        )
