from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..shared.may_be_told import hide_names
from .remembered import forget

MANAGER = "relationship_management.relationship_management_group_manager"


class Groups(fields.Many2many):
    """Groups that have a right, in a table of each type and right."""

    ondelete = "restrict"

    def setup_nonrelated(self, model):
        right = self.name.removesuffix("_group_ids")
        self.relation = f"{model._table}_{right}_rel"
        return super().setup_nonrelated(model)


class RelationshipTypeMixin(models.AbstractModel):
    """What a type is called, and who may use, see and analyse its records."""

    _name = "relationship.type.mixin"
    _description = "Relationship type"
    _inherit = ["relationship.housekeeping.mixin"]
    _asks_right_first = True
    _hides_name = True

    code = fields.Char(
        help="Short mark of the type; numbers of its records start with it."
    )
    company_id = fields.Many2one(
        ondelete="restrict",
        help="Only this company may use the type. Empty: every company.",
    )

    use_group_ids = Groups(
        "res.groups",
        string="Use",
        help="Who may create and change records of this type. Empty: everybody.",
    )
    see_group_ids = Groups(
        "res.groups",
        string="See",
        help="Who may find and open records of this type. Empty: everybody.",
    )
    analyse_group_ids = Groups(
        "res.groups",
        string="Analyse",
        help="Whose statistics count records of this type. Empty: everybody.",
    )

    can_use = fields.Boolean(
        compute="_compute_can_use",
        search="_search_can_use",
        help="Whether you may create records of this type.",
    )

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Hide the name of a hidden type also behind a many2one."""
        result = super()._compute_display_name()
        hide_names(self, self._get_forbidden_ids("see"))
        return result

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
        types = super().create(vals_list)
        # Groups may also come from a default.
        groups = [name for name, f in self._fields.items() if isinstance(f, Groups)]
        given = {n: True for n in groups if any(record[n] for record in types)}
        types._forget_rights(given, *vals_list)
        return types

    def write(self, vals):
        result = super().write(vals)
        self._forget_rights(vals)
        return result

    def _forget_rights(self, *vals_list):
        if any(
            isinstance(self._fields.get(n), Groups) for vals in vals_list for n in vals
        ):
            forget(self.env)
            self._check_own_sight()

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

    @api.model
    @tools.ormcache(
        "self.env.uid", "self._name", "right", "self.env['ir.rule']._get_state()"
    )
    def _get_forbidden_ids(self, right):
        """Return the types that the user may not ``use``, ``see`` or ``analyse``.

        No group on a type: everybody may. Using implies seeing, and whoever may not
        see a type may neither use nor analyse it. Managers may everything, so that
        nobody locks everybody out, unless the settings say otherwise.
        """
        if self.env.user.has_group(MANAGER) and not self._binds_managers():
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
