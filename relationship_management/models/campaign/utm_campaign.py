from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..shared.kinds import check_kinds
from ..shared.may_be_told import name_of, names_of

USER = "relationship_management.relationship_management_group_user"
MARKS = {
    "relationship_type_id",
    "relationship_company_id",
    "relationship_linked_company_ids",
}
MARKS_OPENED = "relationship_marks_opened"


def differs(record, name, value):
    """Return whether a value from outside is another one than that of the record."""
    field = record._fields[name]
    current, new = (
        field.convert_to_cache(v, record, validate=False) for v in (record[name], value)
    )
    return (current or None) != (new or None)


class MarksOpened:
    """Stands in the context while one of our campaigns changes its own core side.

    What a client sends as context is JSON: it can name the key, but no object of this
    class.
    """

    def __init__(self, core_ids=(), is_new=False):
        self.core_ids = frozenset(core_ids)
        self.is_new = is_new


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
    # Whoever reads it finds only companies that are switched on, and the record rules
    # read it as superuser: in one cache for all of them, the one would see what the
    # other one has read.
    relationship_linked_company_ids = fields.Many2many(
        "res.company",
        relation="relationship_campaign_linked_company_rel",
        depends_context=("uid", "allowed_company_ids"),
        string="Linked companies",
        copy=False,
        groups=USER,
        help="These companies take part: they see the campaign and add members and"
        " opportunities of their own. Only the owner changes the rest.",
    )
    relationship_every_linked_company_ids = fields.Many2many(
        "res.company",
        string="Linked companies, also those that are hidden",
        compute="_compute_relationship_every_linked_company_ids",
        compute_sudo=True,
        groups=fields.NO_ACCESS,
    )
    # Taken off, with something of their own in the campaign, which stays with them.
    relationship_left_company_ids = fields.Many2many(
        "res.company",
        relation="relationship_campaign_left_company_rel",
        string="Companies no longer linked",
        copy=False,
        groups=fields.NO_ACCESS,
    )

    @api.depends("title")
    def _compute_name(self):
        """Leave our campaigns their number: links with the old name must go on."""
        plain = self - self._get_marked()
        return super(UtmCampaign, plain)._compute_name()

    @api.depends("relationship_linked_company_ids")
    def _compute_relationship_every_linked_company_ids(self):
        """Ask the database: in every cache of the field may be another part of them."""
        self.env.cr.execute(
            SQL(
                """
                SELECT utm_campaign_id, res_company_id
                  FROM relationship_campaign_linked_company_rel
                 WHERE utm_campaign_id = ANY(%s)
                """,
                self._origin.ids,
            )
        )
        linked = defaultdict(list)
        for campaign_id, company_id in self.env.cr.fetchall():
            linked[campaign_id].append(company_id)
        for campaign in self:
            campaign.relationship_every_linked_company_ids = linked[campaign._origin.id]

    def _forget_linked_companies(self):
        """Let everybody read anew what one of them has written."""
        self.invalidate_recordset(["relationship_linked_company_ids"])

    # The marks are set by relationship.campaign alone, after the checks there.

    @api.model_create_multi
    def create(self, vals_list):
        """Let nobody make a core side without a campaign of ours around it."""
        opened = self._get_opened_marks()
        is_guarded = not self.env.su and not (opened and opened.is_new)
        has_marks = is_guarded and any(MARKS & vals.keys() for vals in vals_list)
        defaults = {f"default_{name}" for name in MARKS} & self.env.context.keys()
        if has_marks or (defaults and not self.env.su):
            self._refuse_marks()
        if is_guarded and any(self.default_get([*MARKS]).values()):  # stored ones
            self._refuse_marks()
        campaigns = super().create(vals_list)
        # sudo: whoever may create plain campaigns may not read marks, which could also
        # come from defaults that somebody has stored.
        created = campaigns.sudo() if is_guarded else self.browse()
        if any(campaign[name] for campaign in created for name in MARKS):
            self._refuse_marks()
        return campaigns

    def write(self, vals):
        """Let nobody change marks, or the identifier that links carry, from here."""
        if not self.env.su and (MARKS | {"name"}) & vals.keys():
            check_kinds(self, [vals])
            self.check_access("write")
            for name in MARKS & vals.keys():
                if changed := self._get_changed(name, vals[name]):
                    changed._refuse_marks()
            if "name" in vals:
                self._get_marked()._get_changed("name", vals["name"])._refuse_name()
        watched = self.env["relationship.campaign"]
        if MARKS & vals.keys():
            watched = self._get_unopened()._get_wrappers()
        with watched._watching_companies():
            result = super().write(vals)
            if "relationship_linked_company_ids" in vals:
                self._forget_linked_companies()
        return result

    def _get_opened_marks(self):
        opened = self.env.context.get(MARKS_OPENED)
        return opened if isinstance(opened, MarksOpened) else None

    def _get_unopened(self):
        """Return those that no campaign of ours is changing right now."""
        opened = self._get_opened_marks()
        core_ids = opened.core_ids if opened else ()
        return self.filtered(lambda campaign: campaign.id not in core_ids)

    def _get_changed(self, name, value):
        """Return those campaigns that a value changes and that are not open for it."""
        opened = self._get_opened_marks()
        closed = self
        if opened and name in MARKS - {"relationship_type_id"}:
            closed = self.filtered(lambda campaign: campaign.id not in opened.core_ids)
        if name == "relationship_linked_company_ids":
            return closed
        # sudo: who may change the campaign may write what stands there already.
        return closed.filtered(lambda campaign: differs(campaign.sudo(), name, value))

    def _refuse_marks(self):
        raise AccessError(
            self.env._(
                "Only campaigns under Relationships have a type and companies, and"
                " these change only there: look for the campaign there, or adopt it"
                " first."
            )
        )

    def _refuse_name(self):
        if self:
            raise AccessError(
                self.env._(
                    "Links with the identifier of the campaign %(campaign)s must go on:"
                    " change its title instead.",
                    campaign=name_of(self[0], "title", after_noun=True),
                )
            )

    @api.constrains("relationship_type_id", "is_auto_campaign")
    def _check_not_automatic(self):
        if any(c.relationship_type_id and c.is_auto_campaign for c in self):
            raise ValidationError(
                self.env._(
                    "A campaign that people plan cannot become one that links make by"
                    " themselves: leave the mark of automatic campaigns off."
                )
            )

    @api.constrains(
        "user_id", "relationship_company_id", "relationship_linked_company_ids"
    )
    def _check_wrappers(self):
        """Ask our campaign, unless it is what changes and will check itself."""
        self._get_unopened()._get_wrappers()._check_core_side()

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
        # sudo: the caller may be somebody who does not see the campaign, or is nobody,
        # and a branch does not see the company above it.
        company = company.sudo()
        return all(
            not owner
            or owner in (company | company.parent_ids)
            or company in campaign.relationship_every_linked_company_ids
            for campaign in self.sudo()
            for owner in (campaign.relationship_company_id,)
        )

    def _is_kept_for(self, company):
        """Return whether records of a company may go on belonging to these campaigns.

        A company that was taken off sees the campaign no more, and so puts nothing new
        into it; what belongs to it already, and what comes of that, does so for ever.
        """
        # sudo: as above
        return all(
            campaign._is_open_to(company)
            or company in campaign.relationship_left_company_ids
            for campaign in self.sudo()
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
                campaigns=names_of(refused, "title", after_noun=True),
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_wrapped(self):
        if self._get_wrappers():
            raise UserError(
                self.env._(
                    "%(campaigns)s: delete or archive this campaign under Relationships"
                    " › Sales projects › Campaigns.",
                    campaigns=names_of(self._get_marked(), "title"),
                )
            )
