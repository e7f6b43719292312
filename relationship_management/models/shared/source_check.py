"""What descriptions of business models name is looked for when the registry is loaded:
a misspelt field would otherwise be found by whoever opens a list of documents first.
"""

from collections import Counter

from odoo import models
from odoo.tools import SQL

from .source import COLUMN, USUAL, is_column


class RelationshipSource(models.AbstractModel):
    _inherit = "relationship.source"

    def _register_hook(self):
        super()._register_hook()
        descriptions = self._get_descriptions()
        for model, source in descriptions.items():
            for problem in self._find_problems(source):
                raise ValueError(f"The description of {model} is wrong: {problem}.")
        sources = descriptions.values()
        for names in (
            Counter(fact.kind for source in sources for fact in source.facts),
            Counter(figure.key for source in sources for figure in source.figures),
        ):
            if twice := [name for name, count in names.items() if count > 1]:
                raise ValueError(f"Described twice: {', '.join(twice)}.")

    def _find_problems(self, source):
        """Yield what is wrong with a description, in words."""
        records = source.records
        for path in source.partners:
            if not self._leads_to_partner(records, path):
                yield f"the path {path} does not lead to partners"
        counted = source.activities or source.facts or source.figures or source.roles
        if counted and not is_column(records, (*source.partners, "")[0]):
            yield "what is counted needs a column that leads to its partner first"
        for name in self._get_named_columns(source):
            if not is_column(records, name):
                yield f"the table has no column {name}"
        for name, (_column, comodel) in USUAL.items():
            field = records._fields.get(getattr(source, name))
            if field and comodel and field.comodel_name != comodel:
                yield f"its {name}, {field.name}, does not lead to {comodel}"
        for name in self._get_missing_methods(source):
            yield f"there is no method {name}"

    def _leads_to_partner(self, records, path):
        try:
            found = records if path == "id" else records.mapped(path)
        except KeyError:
            return False
        return getattr(found, "_name", None) == "res.partner"

    def _get_named_columns(self, source):
        names = {getattr(source, name) for name in (*USUAL, "date", "amount")}
        parts = [source, *source.facts]
        if source.contact:
            names |= {source.contact.day, source.contact.partner}
            parts.append(source.contact)
        values = [value for part in parts for value in vars(part).values()]
        values += [value for fact in source.facts for value in fact.values.values()]
        values += [value for role in source.roles for value in role]
        for figure in source.figures:
            asked = {
                c.field_expr.split(".")[0] for c in figure.domain.iter_conditions()
            }
            names |= asked - source.records._fields.keys()
        sql = [value for value in values if isinstance(value, SQL)]
        names |= {name for each in sql for name in COLUMN.findall(each.code)}
        return sorted(name for name in names if name and not isinstance(name, SQL))

    def _get_missing_methods(self, source):
        partners = self.env["res.partner"]
        rows = {part.rows for part in (*source.figures, source.contact) if part}
        missing = [name for name in rows if not hasattr(partners, name)]
        if source.merge is not None:
            merging = ("_fold_partners", "_settle_merge")
            missing += [name for name in merging if not hasattr(source.records, name)]
        return missing
