from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.button import open_form

GROUPS = ("use_group_ids", "see_group_ids", "analyse_group_ids")
# More models with types than there will ever be.
MODELS = 64


class RelationshipTypeRight(models.Model):
    """All types, whatever they are types of, with who may use, see and analyse them."""

    _name = "relationship.type.right"
    _description = "Rights on a type"
    _auto = False
    _log_access = False
    _order = "res_model, sequence, name, id"

    res_model = fields.Selection("_get_kinds", string="Kind", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True
    )
    name = fields.Char(string="Type", translate=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    active = fields.Boolean(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    use_group_ids = fields.Many2many(
        "res.groups",
        string="Use",
        compute="_compute_use_group_ids",
        inverse="_inverse_groups",
        search="_search_use_group_ids",
        help="Who may create and change records of this type. Empty: everybody.",
    )
    see_group_ids = fields.Many2many(
        "res.groups",
        string="See",
        compute="_compute_see_group_ids",
        inverse="_inverse_groups",
        search="_search_see_group_ids",
        help="Who may find and open records of this type. Empty: everybody.",
    )
    analyse_group_ids = fields.Many2many(
        "res.groups",
        string="Analyse",
        compute="_compute_analyse_group_ids",
        inverse="_inverse_groups",
        search="_search_analyse_group_ids",
        help="Whose statistics count records of this type. Empty: everybody.",
    )

    @api.model
    def _get_models(self):
        """Return the models of types, in a fixed order."""
        return sorted(
            name
            for name, model in self.env.items()
            if is_type(model) and not model._abstract
        )

    @api.model
    def _get_kinds(self):
        names = self._get_models()
        return [(name, self.env["ir.model"]._get(name).name) for name in names]

    @property
    def _table_query(self):
        selects = []
        for number, name in enumerate(self._get_models()):
            types = self.env[name]
            types.flush_model(["name", "sequence", "active", "company_id"])
            selects.append(
                SQL(
                    "SELECT id * %s + %s AS id, %s AS res_model, id AS res_id,"
                    " name, sequence, active, company_id FROM %s",
                    MODELS,
                    number,
                    name,
                    SQL.identifier(types._table),
                )
            )
        return SQL(" UNION ALL ").join(selects)

    def _get_type(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def _compute_use_group_ids(self):
        self._compute_groups("use_group_ids")

    def _compute_see_group_ids(self):
        self._compute_groups("see_group_ids")

    def _compute_analyse_group_ids(self):
        self._compute_groups("analyse_group_ids")

    def _compute_groups(self, name):
        for model, rights in self.grouped("res_model").items():
            types = self.env[model].browse(rights.mapped("res_id"))
            for right, record in zip(rights, types, strict=True):
                right[name] = record[name]

    def _search_use_group_ids(self, operator, value):
        return self._search_groups("use_group_ids", operator, value)

    def _search_see_group_ids(self, operator, value):
        return self._search_groups("see_group_ids", operator, value)

    def _search_analyse_group_ids(self, operator, value):
        return self._search_groups("analyse_group_ids", operator, value)

    def _search_groups(self, name, operator, value):
        """Find what the types themselves are found by."""
        found = Domain.FALSE
        for model in self._get_models():
            types = self.env[model].with_context(active_test=False)
            ids = list(types._search([(name, operator, value)]))
            found |= Domain("res_model", "=", model) & Domain("res_id", "in", ids)
        return found

    def _inverse_groups(self):
        """Give the type itself the groups, as whoever changes them here."""
        for right in self:
            record = right._get_type()
            record.write(
                {
                    name: [Command.set(right[name].ids)]
                    for name in GROUPS
                    if record[name] != right[name]
                }
            )

    def write(self, vals):
        """Take groups alone; everything else is changed in the type itself."""
        vals = {name: value for name, value in vals.items() if name != "id"}  # imports
        if not set(GROUPS).issuperset(vals):
            raise UserError(
                self.env._(
                    "Only the groups of a type are given here: open the type itself to"
                    " change more."
                )
            )
        return super().write(vals)

    def action_open(self):
        """Open the type itself."""
        self.ensure_one()
        self.check_access("read")
        return open_form(self.res_model, res_id=self.res_id)


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.private
    def relationship_hidden_rights(self):
        """Return the ids of the rights on types that the user does not see.

        For record rules: public in name only, as ``relationship_forbidden_types()``.
        """
        return [
            id_ * MODELS + number
            for number, name in enumerate(
                self.env["relationship.type.right"]._get_models()
            )
            for id_ in self.env[name]._get_forbidden_ids("see")
        ]


def is_type(records):
    """Tell whether these are types with groups that may use and see their records."""
    return isinstance(records, records.pool["relationship.type.mixin"])
