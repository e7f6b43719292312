from odoo import api, models
from odoo.exceptions import AccessError

from ..shared.kinds import check_kinds
from ..shared.may_be_told import names_of


class RelationshipTypeGuardMixin(models.AbstractModel):
    """Records of a type: who may not use it is told so, and moves none into it.

    The record rules decide, who see a record as it was. ``_type_paths`` lead to the
    types of a record; those that are fields of its own may be chosen.
    """

    _name = "relationship.type.guard.mixin"
    _description = "Record that only those change who may use its type"
    _type_paths = ()

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_types(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_types([vals])
        return super().write(vals)

    @api.model
    def _refuse_types(self, vals_list):
        """Refuse a type that the user may not use, before anything is done with it."""
        if self.env.su:
            return
        check_kinds(self, vals_list)
        for name in self._type_paths:
            field = self._fields.get(name)
            if field and any(name in vals for vals in vals_list):
                types = self.env[field.comodel_name]
                chosen = {
                    field.convert_to_cache(vals.get(name), self, validate=False)
                    for vals in vals_list
                }
                if refused := chosen & set(types._get_forbidden_ids("use")):
                    raise self._get_type_refusal(types.browse(refused))

    def _check_access(self, operation):
        """Say which type is the reason."""
        result = super()._check_access(operation)
        if not result or operation == "read":
            return result
        forbidden, make_error = result

        def explain():
            # sudo: the types are named to nobody who may not see them.
            records = forbidden.sudo()
            for path in self._type_paths:
                types = records.mapped(path)
                refused = set(types._get_forbidden_ids("use")) & set(types.ids)
                if refused:
                    return self._get_type_refusal(types.browse(refused))
            return make_error()

        return forbidden, explain

    @api.model
    def _get_type_refusal(self, types):
        return AccessError(
            self.env._(
                "You may not create, change or delete records of the type %(types)s:"
                " choose another type, or ask a manager.",
                types=names_of(types, after_noun=True),
            )
        )
