"""What has to be unique is looked for before the database refuses it."""

import re
from functools import cache
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .may_be_told import get_hidden_sentence, is_hidden

OURS = ("relationship_management", "olap_export")


class Key(NamedTuple):
    """What a unique index compares: expressions by column, and for which rows."""

    expressions: dict
    where: str

    def of(self, row):
        """Return the key of a row, None if the index does not look at it."""
        values = []
        for name, expression in self.expressions.items():
            value = row.get(name)
            if expression.upper().startswith("COALESCE"):
                value = value or 0
            elif value is None or value is False or (self.where and value == ""):
                return None
            values.append(value)
        return tuple(values)


@cache
def parse(definition):
    """Return the key of a unique index or constraint, None for anything else.

    Known are columns and ``COALESCE(column, 0)``, and a condition that one of the
    columns is filled.
    """
    if not definition.upper().startswith("UNIQUE"):
        return None
    body, _, where = definition.partition("(")[2].partition(" WHERE ")
    parts = re.findall(r"(?:[^,()]|\([^()]*\))+", body.strip().removesuffix(")"))
    words = {part.strip(): re.findall(r"[a-z_]\w*", part) for part in parts}
    return Key({names[0]: part for part, names in words.items()}, where)


class RelationshipUniqueMixin(models.AbstractModel):
    """Say in a sentence that there is such a record already.

    PostgreSQL refuses it just the same, but writes an error into the log, for what is
    a slip of somebody who types. The index decides between two people at one moment.
    """

    _name = "relationship.unique.mixin"
    _description = "Record with something that nobody else has"

    @api.model
    def _create(self, data_list):
        """Look before the rows are inserted, when defaults and numbers are known."""
        self.browse()._refuse_doubles([data["stored"] for data in data_list])
        return super()._create(data_list)

    def _write_multi(self, vals_list):
        """Look before the rows change, whichever way the values came."""
        self._refuse_doubles(vals_list)
        return super()._write_multi(vals_list)

    @api.model
    def _get_unique_keys(self):
        """Return the keys of our unique indexes and constraints by their names."""
        keys = {
            name: parse(table_object.get_definition(self.pool))
            for name, table_object in self._table_objects.items()
            if table_object._module.startswith(OURS)
        }
        return {name: key for name, key in keys.items() if key}

    def _refuse_doubles(self, vals_list):
        """Refuse values of these records, or of new ones, that somebody else has."""
        for name, key in self._get_unique_keys().items():
            rows = list(
                zip(self._ids or (None,) * len(vals_list), vals_list, strict=True)
            )
            rows = [row for row in rows if key.expressions.keys() & row[1].keys()]
            ids = [id_ for id_, _vals in rows if id_]
            now = self._read_columns(key, ids)
            found = [key.of({**now.get(id_, {}), **vals}) for id_, vals in rows]
            wanted = [values for values in found if values]
            doubles = self._find_doubles(key, wanted, ids)
            if is_hidden(doubles):
                raise ValidationError(get_hidden_sentence(self.env))
            if doubles or len(set(wanted)) < len(wanted):
                raise ValidationError(self._get_double_sentence(name))

    def _read_columns(self, key, ids):
        """Return the columns of a key as they stand in the database, by id."""
        if not ids:
            return {}
        columns = SQL(", ").join(map(SQL.identifier, ("id", *key.expressions)))
        query = SQL(
            "SELECT %s FROM %s WHERE id = ANY(%s)",
            *(columns, SQL.identifier(self._table), ids),
        )
        return {row["id"]: row for row in self.env.execute_query_dict(query)}

    def _find_doubles(self, key, wanted, ids):
        """Return other records that have one of the keys."""
        if not wanted:
            return self.browse()
        # The expressions are ours, as in the index, so that PostgreSQL uses it.
        conditions = [
            SQL("%s = ANY(%s)", SQL(expression), list({w[i] for w in wanted}))  # pylint: disable=sql-injection
            for i, expression in enumerate(key.expressions.values())
        ]
        if key.where:
            conditions.append(SQL(key.where))  # pylint: disable=sql-injection
        query = SQL(
            "SELECT %s FROM %s WHERE %s AND id <> ALL(%s::int[])",
            SQL(", ").join(map(SQL.identifier, ("id", *key.expressions))),
            SQL.identifier(self._table),
            SQL(" AND ").join(conditions),
            ids,
        )
        rows = self.env.execute_query_dict(query)
        return self.browse(row["id"] for row in rows if key.of(row) in set(wanted))

    def _get_double_sentence(self, name):
        """Return what core says when the database refuses it."""
        # sudo: the words of a refusal, for whomever it meets; as core reads them.
        constraint = self.env["ir.model.constraint"].sudo()
        domain = [("name", "=", name), ("model.model", "=", self._name)]
        found = constraint.search_fetch(domain, ["message"], limit=1)
        return found.message or self._table_objects[name].get_error_message(self)
