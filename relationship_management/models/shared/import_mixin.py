"""Imports that can be repeated, and that ask where a name means several records."""

from odoo import api, models

from .context import Marker, get_marked

# Known by the way that an import takes: what a client's context says, anybody can say.
IMPORTING = "relationship_importing"
SHOWN = 5


class RelationshipImportMixin(models.AbstractModel):
    """Rows that are imported twice are entered once, without a word.

    Any message would stop the whole import. A name that two records have is refused
    for its row: core would take the first one.
    """

    _name = "relationship.import.mixin"
    _description = "Import without doubles"
    _import_owner = "partner_id"  # rows of one owner are compared

    @api.model
    def load(self, fields, data):
        importing = self.with_context(**{IMPORTING: Marker()})
        return super(RelationshipImportMixin, importing).load(fields, data)

    @api.model
    def _load_records(self, data_list, update=False):
        """Create only those rows that are not there yet; the others stay."""
        if not get_marked(self.env, IMPORTING):
            return super()._load_records(data_list, update)
        rows = [self._read_row(data["values"]) for data in data_list]
        records = self._find_rows(rows)
        keys = [repr(sorted(row.items(), key=str)) for row in rows]
        new = {}
        for key, data, record in zip(keys, data_list, records, strict=True):
            if not record:
                new.setdefault(key, data)
        loaded = super()._load_records(list(new.values()), update)
        by_key = dict(zip(new, loaded, strict=True))
        return self.concat(
            *(r or by_key[key] for key, r in zip(keys, records, strict=True))
        )

    def _find_rows(self, rows):
        """Return for each row the record that says the same, in one statement."""
        owner = self._import_owner
        ids = {row[owner] for row in rows if row.get(owner)}
        present = self.search([(owner, "in", list(ids))]).grouped(lambda r: r[owner].id)
        return [
            next(
                (r for r in present.get(row.get(owner), self) if r._is_like(row)),
                self.browse(),
            )
            for row in rows
        ]

    @api.model
    def _read_row(self, vals):
        """Return the stored values of a row that are compared."""
        return {
            name: value
            for name, value in vals.items()
            if (field := self._fields.get(name)) and field.store and field.column_type
        }

    def _is_like(self, row):
        """Tell whether this record is what a row would become."""
        self.ensure_one()
        if "date_from" in self._fields and "date_from" not in row:
            return self._is_valid() and self._has_values(row)
        return self._has_values(row)

    def _has_values(self, row):
        return all(
            self._fields[name].convert_to_cache(value, self)
            == self._fields[name].convert_to_cache(self[name], self)
            for name, value in row.items()
        )


class IrFieldsConverter(models.AbstractModel):
    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        """Refuse a name that several records have, and tell which they are."""
        if subfield is None and value and get_marked(self.env, IMPORTING):
            found = self.env[field.comodel_name].name_search(value, operator="=")
            if len(found) > 1:
                message = self.env._(
                    "“%(value)s” in the field “%%(field)s” may be one of several:"
                    " %(candidates)s. Put the number of the right one into a column"
                    " “%%(field)s / Database ID” instead."
                )
                words = {
                    "value": value,
                    "candidates": self._describe_candidates(field, found),
                }
                raise self._format_import_error(ValueError, message, words)
        return super().db_id_for(model, field, subfield, value, savepoint)

    def _describe_candidates(self, field, found):
        """Return numbers and names, and where partners are, as the user sees them."""
        ids = sorted(id_ for id_, _name in found)
        records = self.env[field.comodel_name].browse(ids)
        told = []
        for record in records[:SHOWN]:
            words = [record.display_name]
            if record._name == "res.partner":
                words += filter(None, (record.city, record.email))
            told.append(f"{record.id} ({', '.join(words)})")
        return ", ".join([*told, "…"] if len(records) > SHOWN else told)
