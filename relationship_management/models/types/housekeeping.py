from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared.kinds import check_kinds
from ..shared.may_be_told import as_person, name_of


class RelationshipHousekeepingMixin(models.AbstractModel):
    """What records choose from, of one company or of all.

    An inheriting model declares in ``_used_by`` which models use it, each of them with
    a company, and by which field; the first one has its records. What is in use is not
    deleted: ``ondelete="restrict"`` of these fields sees to that.
    """

    _name = "relationship.housekeeping.mixin"
    _description = "What records choose from"
    _inherit = ["relationship.discreet.mixin", "relationship.parent.guard.mixin"]
    _order = "sequence, name, id"
    _used_by = {}
    _records_action = None

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    note = fields.Text(string="Description", translate=True)
    record_count = fields.Integer(string="Records", compute="_compute_record_count")

    def _compute_record_count(self):
        model, field = next(iter(self._used_by.items()))
        records = self.env[model].with_context(active_test=False)
        counts = dict(
            records._read_group([(field, "in", self.ids)], [field], ["__count"])
        )
        for kind in self:
            kind.record_count = counts.get(kind, 0)

    def action_view_records(self):
        """Open the records, archived ones too."""
        self.ensure_one()
        model, field = next(iter(self._used_by.items()))
        action = {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(model).name,
            "res_model": model,
            "view_mode": "list,form",
        }
        if self._records_action:
            action = self.env["ir.actions.act_window"]._for_xml_id(self._records_action)
        return {
            **action,
            "domain": [(field, "=", self.id)],
            "context": {f"default_{field}": self.id, "active_test": False},
        }

    @api.model_create_multi
    def create(self, vals_list):
        self._ask_for_named(vals_list, "company_id")
        return super().create(vals_list)

    def write(self, vals):
        check_kinds(self, [vals])
        if vals.get("company_id"):
            self.check_access("write")
            self._ask_for_named([vals], "company_id")
            self._check_company_of_records(vals["company_id"])
        return super().write(vals)

    def _check_company_of_records(self, company_id):
        """Refuse a company that would take away what records of others use.

        Asked before it changes: relations without a company follow their type, and
        would be taken away from the others without a word.
        """
        company = self.env["res.company"].browse(company_id)
        for kind in self.filtered(lambda kind: kind.company_id != company):
            if uses := kind._describe_records_of_others(company):
                raise ValidationError(
                    self.env._(
                        "Records that do not belong to %(company)s use “%(name)s”"
                        " (%(records)s): leave its company empty, or make a new one.",
                        company=name_of(company),
                        name=name_of(kind),
                        records=", ".join(uses),
                    )
                )

    def _describe_records_of_others(self, company):
        """Return what uses it, without what is of a company, and how many are seen."""
        self.ensure_one()
        uses, hidden = [], self.env._("something that you may not see")
        for model, field in self._used_by.items():
            domain = [(field, "=", self.id), ("company_id", "!=", company.id)]
            users = self._get_users(model)
            if not (count := users.search_count(domain)):
                continue
            users = as_person(users)
            seen = users.search_count(domain) if users.has_access("read") else 0
            if seen:
                label = self.env["relationship.source"]._get_label(model)
                uses.append(f"{label}: {seen}")
            if seen < count and hidden not in uses:
                uses.append(hidden)
        return uses

    def _get_used(self):
        """Return those that have records."""
        model, field = next(iter(self._used_by.items()))
        used = self._get_users(model)._read_group([(field, "in", self.ids)], [field])
        return self.browse(kind.id for (kind,) in used)

    @api.model
    def _get_users(self, model):
        # sudo: records that the user may not see use it just the same; only how many
        # there are, or that there are any, is told.
        return self.env[model].sudo().with_context(active_test=False)
