"""How much of a partner's list a manager may not see, and why."""

from collections import Counter

from odoo import api, models
from odoo.fields import Domain

from ..shared.may_be_told import names_of
from ..types.type_mixin import MANAGER
from .access import TASK
from .analysed import TYPES

# Of longer lists the newest rows are judged: whoever asks does not wait.
MOST = 10_000
# Whose type hides a row, by the column that tells it.
KINDS = {
    "activity_type_id": "relationship.activity",
    "left_type_id": "crm.lead",
    "role_id": "relationship.reference",
    "lead_id": "crm.lead",
    "campaign_id": "relationship.campaign",
}


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    @api.model
    def get_hidden(self, partner_id):
        """Return in words how many rows about a partner a manager may not see.

        Nobody else is told: numbers tell that something is there.

        :return: ``{"count": number of rows, "reasons": sentences, most rows first}``
        """
        partner = self.env["res.partner"]
        if type(partner_id) is int:
            partner = partner.browse(partner_id).exists()._filtered_access("read")
        if not (partner and self.env.user.has_group(MANAGER)):
            return {"count": 0, "reasons": []}
        about = Domain("about_partner_id", "in", partner.ids).optimize_full(self)
        # sudo: a manager counts rows; of what they tell, only company and kind is told
        rows = self.sudo().search(about, order="id desc", limit=MOST)
        seen = self._search(Domain("id", "in", rows.ids))
        hidden = rows - rows.browse(seen.get_result_ids())
        # Of a partner, what names it is counted.
        hidden = hidden.filtered(lambda row: not self._get_reasons(row.source))
        forbidden = {name: self._get_hidden_types(name) for name in TYPES}
        reasons = Counter(self._find_reason(row, forbidden) for row in hidden)
        return {
            "count": len(hidden),
            "reasons": [
                self._word_reason(count, *reason)
                for reason, count in reasons.most_common()
            ],
        }

    def _get_hidden_types(self, name):
        """Return the path from a row to a type, and the types hidden behind it."""
        path = TYPES[name]
        types = self.env[self._fields[name].comodel_name]
        if path:
            types = self.env[types._fields[path].comodel_name]
        return (f"{name}.{path}" if path else name), types._get_forbidden_ids("see")

    def _find_reason(self, row, forbidden):
        """Return what hides a row, and what of it: a company, or a model."""
        if (company := row.company_id) and company not in self.env.companies:
            mine = company.id in self.env.user._get_company_ids()
            return ("off", company.id) if mine else ("company", None)
        model = row.res_model if row.source == TASK else row.source
        for asked in (row.res_model, model):
            if not self.env[asked].has_access("read"):
                return "group", asked
        for name, (path, hidden) in forbidden.items():
            if hidden and row.mapped(path).id in hidden:
                return "type", KINDS[name]
        return "rule", model

    def _word_reason(self, count, reason, what):
        if reason in ("off", "company"):
            if reason == "off":
                return self.env._(
                    "%(count)s of %(company)s: switch it on in the list of companies.",
                    count=count,
                    company=names_of(self.env["res.company"].browse(what)),
                )
            return self.env._(
                "%(count)s of other companies, where you do not work.", count=count
            )
        kind = self.env["relationship.source"]._get_label(what)
        if reason == "group":
            groups = self.env["ir.model.access"].group_names_with_access(what, "read")
            return self.env._(
                "%(count)s at records of a kind to which you have no right (%(kind)s)."
                " One of these groups gives it: %(groups)s.",
                count=count,
                kind=kind,
                groups=", ".join(groups),
            )
        if reason == "type":
            return self.env._(
                "%(count)s at records of a type hidden from you (%(kind)s).",
                count=count,
                kind=kind,
            )
        return self.env._(
            "%(count)s at records that are private, or that a rule keeps to others"
            " (%(kind)s).",
            count=count,
            kind=kind,
        )
