from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..shared.kinds import check_kinds
from ..shared.may_be_told import name_of
from .utm_campaign import MARKS, MARKS_OPENED, MarksOpened, differs

# What nobody changes once the campaign exists.
KEPT = {
    "utm_campaign_id",
    "name",
    "is_auto_campaign",
    "relationship_type_id",
    "relationship_company_id",
}
# What stands on the core side and is checked when all of it has been written.
CHECKED_HERE = {"user_id", "company_id", "relationship_linked_company_ids"}


class RelationshipCampaign(models.Model):
    """A campaign is created, changed, copied and deleted with its core side."""

    _inherit = "relationship.campaign"

    @api.model_create_multi
    def create(self, vals_list):
        """Create campaigns with the numbers and defaults of their types."""
        # Before the number range of a type is asked, which may be used up.
        self._ask_for_named(vals_list, "type_id")
        vals_list = self._take_default_type(vals_list)
        prepared = [dict(self._prepare_type_values(vals)) for vals in vals_list]
        company = self.default_get(["company_id"])
        for vals in prepared:
            # At once on the core side: the checks look there, and inverses come later.
            vals.update({**company, **vals})
            vals["relationship_company_id"] = vals["company_id"]
            vals["relationship_type_id"] = vals.get("type_id")
            vals["is_auto_campaign"] = False
            self._check_obligatory(vals)
            self._take_currency(vals)
            if vals.get("utm_campaign_id"):
                self._adopt_core_side(vals)
                vals.pop("name", None)
            else:
                vals["name"] = vals.get("number") or vals["title"]
        adopted = [vals.get("utm_campaign_id") for vals in prepared]
        opened = self._open_marks(MarksOpened(filter(None, adopted), is_new=True))
        return super(RelationshipCampaign, opened).create(prepared).with_env(self.env)

    @api.model
    def _take_currency(self, vals):
        """Complete values by the currency of the company that will own the campaign."""
        if "currency_id" in vals or "default_currency_id" in self.env.context:
            return
        # sudo: whoever creates a campaign; which currency a company has is no secret.
        company = self.env["res.company"].sudo().browse(vals["company_id"])
        vals["currency_id"] = company.currency_id.id

    def _open_marks(self, opened):
        return self.with_context(**{MARKS_OPENED: opened})

    @api.model
    def _check_obligatory(self, vals):
        """Say in a sentence what the database would refuse without one."""
        is_new_core = not vals.get("utm_campaign_id")
        if is_new_core and not (vals.get("title") or "").strip():
            raise ValidationError(self.env._("Give the campaign a name."))
        if "currency_id" in vals and not vals["currency_id"]:
            raise ValidationError(
                self.env._("Choose the currency of the goals and costs.")
            )
        if "company_id" in vals and not vals["company_id"]:
            raise ValidationError(
                self.env._("Choose the company that owns the campaign.")
            )

    def write(self, vals):
        """Complete a campaign that gets another type; its number stays."""
        check_kinds(self, [vals])
        self._check_obligatory({"title": "unchanged", **vals})
        self.check_access("write")
        self._check_kept(vals)
        if vals.get("type_id"):
            self._ask_for_named([vals], "type_id")
        opened = self
        if CHECKED_HERE & vals.keys():
            # sudo: only the ids; who may change the campaign may change its core side.
            opened = self._open_marks(MarksOpened(self.sudo().utm_campaign_id.ids))
        moved = self._get_moved(vals)
        result = super(RelationshipCampaign, opened).write(vals)
        if moved:
            # The rules saw the campaign as it was: its type may be another one now.
            moved.check_access("write")
            moved._mark_core_side()
            moved._complete_by_type(vals)
        return result

    def _check_kept(self, vals):
        """Refuse what would part a campaign from its core side or its identifier."""
        if self.env.su:
            return
        for name in KEPT & vals.keys():
            field = self._fields[name]
            for campaign in self:
                if differs(campaign, name, vals[name]):
                    raise UserError(
                        self.env._(
                            "The field %(field)s of the campaign %(campaign)s stays as"
                            " it is: links, leads and mailings find it by this.",
                            field=field._description_string(self.env),
                            campaign=name_of(campaign, "title", after_noun=True),
                        )
                    )
        if "number" in vals:
            self._check_number_kept(vals["number"])

    def _check_number_kept(self, number):
        for campaign in self.filtered("number"):
            if campaign.has_number_range and differs(campaign, "number", number):
                raise UserError(
                    self.env._(
                        "The campaign %(campaign)s keeps the number %(number)s, which"
                        " the number range of its type has given it.",
                        campaign=name_of(campaign, "title", after_noun=True),
                        number=campaign.number,
                    )
                )

    def _mark_core_side(self):
        """Tell the core side its type, which the record rules there look at."""
        for campaign in self:
            # sudo: whoever may create or change the campaign; the mark says nothing
            # more than the campaign itself.
            core = campaign.utm_campaign_id.sudo()
            if core.relationship_type_id != campaign.type_id:
                core.relationship_type_id = campaign.type_id

    def copy_data(self, default=None):
        """Start a copy anew: no number, dates of today, no addressees, same owner."""
        today = fields.Date.context_today(self)
        vals_list = super().copy_data(default=default)
        for campaign, vals in zip(self, vals_list, strict=True):
            vals.pop("name", None)
            length = campaign.date_to - (campaign.date_from or today)
            # Of the same owner, whichever companies are switched on.
            vals.setdefault("company_id", campaign.company_id.id)
            vals.setdefault("date_to", today + max(length, length * 0))
            if "title" not in (default or {}):
                vals["title"] = self.env._("%(title)s (copy)", title=campaign.title)
        return vals_list

    def unlink(self):
        """Delete the core side, too: it would be left over as a plain campaign.

        One that was there before becomes that again: adopting it gave nobody the right
        to delete it.
        """
        core = self.utm_campaign_id
        adopted = self.filtered(lambda c: c.utm_campaign_id.create_date < c.create_date)
        adopted = adopted.utm_campaign_id
        result = super().unlink()
        # sudo: employees may not delete UTM campaigns; who may delete the campaign may
        # delete what was made for it, and take off the marks that adopting has set.
        (core - adopted).sudo().unlink()
        adopted.sudo().write(dict.fromkeys(MARKS, False))
        return result
