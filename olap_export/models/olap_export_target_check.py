# pylint: disable=consider-merging-classes-inherited
import re

from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.relationship_management.models.shared.kinds import check_kinds

LARGEST_INTEGER = 2**31 - 1
# Neither a line break nor what no text in PostgreSQL can hold: NUL, half a character.
UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class OlapExportTarget(models.Model):
    """What a target may say, asked before anything is written.

    Not by constraints of the database: PostgreSQL would quote the whole row in its log.
    """

    _inherit = "olap.export.target"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_values({**dict.fromkeys(self._get_asked_for(), None), **vals})
        return super().create(vals_list)

    def write(self, vals):
        self._check_values(vals)
        return super().write(vals)

    @api.model
    def _get_asked_for(self):
        """Return the required fields that get no value by themselves."""
        required = [name for name, field in self._fields.items() if field.required]
        defaults = self.default_get(required)
        return [name for name in required if name not in defaults]

    def _check_values(self, vals):
        """Raise a sentence for the first value that cannot be written."""
        check_kinds(self, [vals])
        for name, value in vals.items():
            field = self._fields.get(name)
            if field is None:
                continue
            label = field._description_string(self.env)
            if field.required and not value:
                raise ValidationError(
                    self.env._("“%(field)s” is missing: enter it.", field=label)
                )
            if isinstance(value, str) and UNWRITABLE.search(value):
                raise ValidationError(
                    self.env._(
                        "“%(field)s” contains a character that cannot be stored, such"
                        " as a line break: enter it again.",
                        field=label,
                    )
                )
            choices = field.type == "selection" and field.get_values(self.env)
            if value and choices and value not in choices:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” has a value that is none of its choices: choose"
                        " one of them.",
                        field=label,
                    )
                )
        self._check_numbers(vals)
        self._check_code(vals.get("code"))
        self._check_places(vals)

    def _check_numbers(self, vals):
        if not _is_within(vals.get("port"), 0, 65535):
            raise ValidationError(
                self.env._("A port lies between 1 and 65535: correct it.")
            )
        if not _is_within(vals.get("failure_count"), 0, LARGEST_INTEGER):
            raise ValidationError(
                self.env._(
                    "The number of failures is not negative and not that large: leave"
                    " it to the transfer."
                )
            )
        if not _is_within(vals.get("sequence"), -LARGEST_INTEGER, LARGEST_INTEGER):
            raise ValidationError(
                self.env._("The order of the target is too large a number: correct it.")
            )

    def _check_code(self, code):
        if not code:
            return
        if not re.fullmatch("[A-Z][A-Z0-9_]*", code):
            raise ValidationError(
                self.env._(
                    "A code begins with a capital letter and goes on with capital"
                    " letters, digits and underscores: correct it."
                )
            )
        # sudo: whoever may create targets is told that a code is taken, no more.
        others = self.sudo().with_context(active_test=False)
        if others.search_count([("code", "=", code), ("id", "not in", self.ids)]):
            raise ValidationError(
                self.env._("Another target has this code: choose another one.")
            )

    def _check_places(self, vals):
        schema, path = vals.get("schema_name"), vals.get("path")
        if schema and not re.fullmatch("[a-z_][a-z0-9_]{0,50}", schema):
            raise ValidationError(
                self.env._(
                    "The name of a schema has small letters, digits and underscores:"
                    " correct it."
                )
            )
        if path and not re.fullmatch("/.+[.]duckdb", path):
            raise ValidationError(
                self.env._(
                    "The path of a DuckDB file begins with / and ends with .duckdb:"
                    " correct it."
                )
            )


def _is_within(value, lowest, highest):
    """Return whether a number is in a range; what is no number is left to its field."""
    try:
        return not value or lowest <= float(value) <= highest
    except (TypeError, ValueError):
        return True
