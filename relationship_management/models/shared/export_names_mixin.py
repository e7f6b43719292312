from odoo import models


class RelationshipExportNamesMixin(models.AbstractModel):
    """Records that are exported although one of them points to something hidden.

    A screen names what stands behind a many2one as superuser; an export asks as the
    user, and one campaign of another company would stop all of it. Here a hidden record
    has the name that the screen shows.
    """

    _name = "relationship.export.names.mixin"
    _description = "Record that may point to something hidden"

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        names = self._get_hidden_names(fields)
        if not names:
            return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        columns = [[".id"] if path and path[0] in names else path for path in fields]
        rows = super()._export_rows(columns, _is_toplevel_call=_is_toplevel_call)
        for row in rows:
            for column, path in enumerate(fields):
                # Without id: a further line of the same record.
                if path and path[0] in names and row[column]:
                    row[column] = names[path[0]][int(row[column])]
        return rows

    def _get_hidden_names(self, fields):
        """Return ``{field: {id: name}}`` of the columns in which something is hidden.

        A column that asks for more than the name is left to core, which refuses it.
        """
        asked = {}
        for path in filter(None, fields):
            asked.setdefault(path[0], []).append(path[1:])
        names = {}
        for name, tails in asked.items():
            field = self._fields.get(name)
            if not field or field.type != "many2one":
                continue
            targets = self[name]
            allowed = [[], ["display_name"], [targets._rec_name]]
            if all(tail in allowed for tail in tails) and (
                targets - targets._filtered_access("read")
            ):
                # sudo: whoever reads a record is shown what it points to by name, which
                # hides itself where it has to.
                names[name] = {
                    record.id: record[name].sudo().display_name or "" for record in self
                }
        return names
