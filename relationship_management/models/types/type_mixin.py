from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..shared.kinds import check_kinds
from ..shared.may_be_told import name_of

GROUP_FIELDS = {"use_group_ids", "see_group_ids", "analyse_group_ids"}
MANAGER = "relationship_management.relationship_management_group_manager"


class RelationshipTypeMixin(models.AbstractModel):
    """What every kind of type carries: a number range and permissions.

    An inheriting model declares the three group fields again, each with its own
    ``relation`` table, because three fields to the same model cannot share one.
    """

    _name = "relationship.type.mixin"
    _description = "Relationship type"
    _inherit = ["relationship.discreet.mixin", "relationship.parent.guard.mixin"]
    _order = "sequence, name, id"
    _asks_right_first = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        help="Short mark of the type; numbers of its records start with it."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        help="Only this company may use the type. Empty: every company.",
    )
    note = fields.Text(string="Description", translate=True)

    number_sequence_id = fields.Many2one(
        "ir.sequence",
        string="Number range",
        copy=False,
        ondelete="restrict",
        help="Gives each new record its number. A number once given never comes back.",
    )
    number_next = fields.Integer(
        compute="_compute_number_next",
        inverse="_inverse_number_next",
        string="Next number",
    )

    use_group_ids = fields.Many2many(
        "res.groups",
        relation="relationship_type_mixin_use_rel",
        ondelete="restrict",
        string="Use",
        help="Who may create and change records of this type. Empty: everybody.",
    )
    see_group_ids = fields.Many2many(
        "res.groups",
        relation="relationship_type_mixin_see_rel",
        ondelete="restrict",
        string="See",
        help="Who may find and open records of this type. Empty: everybody.",
    )
    analyse_group_ids = fields.Many2many(
        "res.groups",
        relation="relationship_type_mixin_analyse_rel",
        ondelete="restrict",
        string="Analyse",
        help="Whose statistics count records of this type. Empty: everybody.",
    )

    can_use = fields.Boolean(
        compute="_compute_can_use",
        search="_search_can_use",
        help="Whether you may create records of this type.",
    )

    @api.depends("use_group_ids")
    @api.depends_context("uid")
    def _compute_can_use(self):
        forbidden = self._get_forbidden_ids("use")
        for record in self:
            record.can_use = record.id not in forbidden

    def _search_can_use(self, operator, value):
        if operator != "in":
            return NotImplemented
        forbidden = self._get_forbidden_ids("use")
        return Domain.OR(
            Domain("id", "not in" if wanted else "in", forbidden) for wanted in value
        )

    @api.model_create_multi
    def create(self, vals_list):
        self._ask_for_named(vals_list, "company_id")
        types = super().create(vals_list)
        types._create_number_sequences()
        if any(GROUP_FIELDS & vals.keys() for vals in vals_list):
            self.env.registry.clear_cache()
        return types

    def write(self, vals):
        check_kinds(self, [vals])
        if vals.get("company_id"):
            self.check_access("write")
            self._ask_for_named([vals], "company_id")
            self._check_company_of_records(vals["company_id"])
        result = super().write(vals)
        if "code" in vals:
            self._create_number_sequences()
        if GROUP_FIELDS & vals.keys():
            self.env.registry.clear_cache()
        return result

    def _check_company_of_records(self, company_id):
        """Refuse a company whose type would be missing on records of others.

        Asked before the type changes: relations without a company follow their type,
        and would be taken away from the others without a word.
        """
        company = self.env["res.company"].browse(company_id)
        for record in self.filtered(lambda t: t.company_id != company):
            if counts := record._count_records_of_others(company):
                raise ValidationError(
                    self.env._(
                        "Records that do not belong to %(company)s are of the type"
                        " “%(type)s” (%(records)s): leave the company of the type"
                        " empty, or make a new type.",
                        company=name_of(company),
                        type=name_of(record, after_noun=True),
                        records=", ".join(
                            f"{words}: {count}" for words, count in counts.items()
                        ),
                    )
                )

    def _count_records_of_others(self, company):
        """Return ``{what uses the type: how many}``, without those of a company."""
        self.ensure_one()
        counts = {}
        for model, field, words in self._get_uses():
            # sudo: records that the user may not see use the type just the same; only
            # how many there are is told.
            records = self.env[model].sudo().with_context(active_test=False)
            counts[words] = records.search_count(
                [(field, "=", self.id), ("company_id", "!=", company.id)]
            )
        return {words: count for words, count in counts.items() if count}

    @api.model
    def _get_uses(self):
        """Return what uses such a type: ``[(model, field, the records in words)]``.

        Each of the models has a company; extend it where another one gets the type.
        """
        return []

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        return [
            {
                **vals,
                "name": self.env._("%(type)s (copy)", type=record.name),
                "code": False,
                **(default or {}),
            }
            for record, vals in zip(self, vals_list, strict=True)
        ]

    def _create_number_sequences(self):
        """Give each type with a code, but without a number range, one of its own.

        An existing range is left alone when the code changes: numbers given so far
        stay valid, and an administrator may have set a range by hand.
        """
        lacking = self.filtered(lambda t: t.code and not t.number_sequence_id)
        for record in lacking:
            # sudo: a manager of types may set up their number ranges, although
            # only administrators may touch sequences in general.
            record.number_sequence_id = (
                self.env["ir.sequence"].sudo().create(record._prepare_number_sequence())
            )

    def _prepare_number_sequence(self):
        """Return the values of the number range of a new type."""
        self.ensure_one()
        return {
            "name": self.env._("Numbers of %(type)s", type=self.name),
            "prefix": f"{self.code}-",
            "padding": 5,
            "company_id": self.company_id.id,
        }

    @api.model
    @tools.ormcache("self.env.uid", "self._name", "right")
    def _get_forbidden_ids(self, right):
        """Return the types that the user may not ``use``, ``see`` or ``analyse``.

        No group on a type: everybody may. Using implies seeing, and whoever may not
        see a type may neither use nor analyse it. Managers may everything, so that
        nobody locks everybody out.
        """
        if self.env.user.has_group(MANAGER):
            return ()
        groups = self.env.user.all_group_ids.ids
        not_used = ~Domain("use_group_ids", "in", groups)
        forbidden = (
            Domain("see_group_ids", "!=", False)
            & ~Domain("see_group_ids", "in", groups)
            & not_used
        )
        if right == "use":
            forbidden |= Domain("use_group_ids", "!=", False) & not_used
        if right == "analyse":
            forbidden |= Domain("analyse_group_ids", "!=", False) & ~Domain(
                "analyse_group_ids", "in", groups
            )
        # sudo: the rules ask; an archived type, or one of another company, has
        # records just the same.
        types = self.sudo().with_context(active_test=False)
        return tuple(types._search(forbidden).get_result_ids())

    def _is_restricted(self):
        """Tell whether only some users may see records of this type."""
        self.ensure_one()
        # sudo: the question is whether anybody is kept out, not whether the user is.
        return bool(self.sudo().see_group_ids)
