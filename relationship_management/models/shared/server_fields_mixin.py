"""What the server alone says about a record: nobody's default holds for it."""

from odoo import api, models


class RelationshipServerFieldsMixin(models.AbstractModel):
    """Records with fields that only the server fills.

    Whoever creates one has them taken out of the values. What is missing then comes
    from defaults: a client sends them in the context, and everybody may store some for
    themselves (``ir.default``), which hold even where the system creates a record in
    the name of that person. Core believes both.
    """

    _name = "relationship.server.fields.mixin"
    _description = "Record of which the server alone says something"

    @api.model
    def _get_server_fields(self):
        """Return the names of these fields."""
        return frozenset()

    @api.model
    def default_get(self, fields):
        """Return for these fields what the model itself says, if it says anything."""
        kept = self._get_server_fields()
        values = super().default_get([name for name in fields if name not in kept])
        for name in kept.intersection(fields):
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self)
                values[name] = field.convert_to_write(value, self)
        return values
