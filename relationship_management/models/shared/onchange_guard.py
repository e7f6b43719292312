"""What a form is answered before it is saved tells nothing of what is hidden.

What computes for a form often does so as superuser, and trusts that whoever has a
record may read what it names. Values that are not saved name any id. So they are
asked here, once for all fields, lines and defaults, before anything computes.
"""

from collections import defaultdict

from odoo import Command, api, models

from .may_be_told import find_hidden

ASKING = "relationship_answering_a_form"
OURS = ("relationship_", "olap_")
X2MANY = ("one2many", "many2many")
REFERENCES = ("reference", "many2one_reference")


class Base(models.AbstractModel):
    _inherit = "base"

    def onchange(self, values, field_names, fields_spec):
        """Answer as though nothing stood where the values name something hidden.

        Not with a refusal: what nobody chose, a default, would keep a form from
        opening; and who saves a forged id is refused by the parent guard.
        """
        if self.env.su:
            return super().onchange(values, field_names, fields_spec)
        asking = self.with_context(**{ASKING: True})
        if not self and not field_names and _is_ours(self):
            # As core does it, but with what a model's own default_get() adds.
            missing = [n for n in fields_spec if n in self._fields and n not in values]
            values = {**asking.default_get(missing), **values}
        values = _leave_out_hidden(self, values)
        return super(Base, asking).onchange(values, field_names, fields_spec)

    @api.model
    def default_get(self, fields):
        """Give a form no default that is hidden: core looks for some while it computes.

        Who sends the key of the context only gets fewer defaults.
        """
        values = super().default_get(fields)
        if self.env.su or not self.env.context.get(ASKING):
            return values
        return _leave_out_hidden(self.browse(), values)


def _is_ours(records):
    return records._original_module.startswith(OURS)


def _is_asked(records, field):
    """Tell whether something of ours computes from what the field names."""
    if _is_ours(records) or (field._module or "").startswith(OURS):
        return True
    comodel = records.env.registry.get(field.comodel_name)
    is_ours = comodel is not None and comodel._original_module.startswith(OURS)
    guards = hasattr(records, "_get_guarded_fields")
    return is_ours or (guards and field.name in records._get_guarded_fields())


def _leave_out_hidden(records, values):
    """Return the values without the ids of what the person may not see."""
    named = defaultdict(set)

    def note(model, ids):
        named[model].update(ids)
        return ids

    Choices(note).sift(records, values)
    hidden = {
        model: find_hidden(records.env[model].browse(ids))
        for model, ids in named.items()
    }
    if not any(hidden.values()):
        return values
    return Choices(lambda model, ids: ids - hidden[model]).sift(records, values)


class Choices:
    """The ids that values name, on their own, in lines and in parents.

    :param keep: is called with a model and the ids that are named anew, and returns
        those that stay
    """

    def __init__(self, keep):
        self.keep = keep

    def sift(self, records, values):
        """Return the values with those ids only that stay.

        :param records: what the values are for, or none; what it names already stays
        """
        left = dict(values)
        for name in values.keys() & records._fields.keys():
            field, value = records._fields[name], values[name]
            if field.type == "many2one" and isinstance(value, dict):
                left[name] = self._sift_parent(records, values, field)
            elif field.type == "many2one":
                left[name] = next(
                    iter(self._sift(records, values, field, [value])), False
                )
            elif field.type in X2MANY and isinstance(value, (list, tuple)):
                lines = (self._sift_line(records, values, field, v) for v in value)
                left[name] = [line for line in lines if line is not None]
            elif field.type in REFERENCES and value and _is_asked(records, field):
                left[name] = self._sift_reference(records, values, field)
        return left

    def _sift(self, records, values, field, ids):
        """Return those of the ids that stay; none of them is no whole number."""
        if not _is_asked(records, field):
            return ids
        ids = [id_ for id_ in ids if type(id_) is int]
        everything = records.sudo().with_context(active_test=False)
        # sudo: only ids are compared, of what the record names already.
        known = set(everything[field.name].ids)
        if hasattr(records, "_get_known_parents"):
            known |= set(records._get_known_parents(values).get(field.comodel_name, ()))
        known |= self.keep(field.comodel_name, set(ids) - known)
        return [id_ for id_ in ids if id_ in known]

    def _sift_parent(self, records, values, field):
        """Return a parent with what the form has changed in it."""
        value = values[field.name]
        id_ = value.get("id")
        if id_ and not self._sift(records, values, field, [id_]):
            return False
        return self.sift(records.env[field.comodel_name].browse(id_ or ()), value)

    def _sift_line(self, records, values, field, command):
        """Return a command, or None if it names something that goes."""
        lines = records.env[field.comodel_name]
        if isinstance(command, dict):
            return self.sift(lines, command)
        if not isinstance(command, (list, tuple)):
            return next(iter(self._sift(records, values, field, [command])), None)
        code, id_, *rest = (*command, None, None)[:3]
        if code == Command.SET:
            return [code, id_, self._sift(records, values, field, rest[0])]
        if code in (Command.UPDATE, Command.LINK) and not self._sift(
            records, values, field, [id_]
        ):
            return None
        if code in (Command.CREATE, Command.UPDATE):
            line = lines.browse(id_ if code == Command.UPDATE else ())
            return [code, id_, self.sift(line, rest[0] or {})]
        return command

    def _sift_reference(self, records, values, field):
        value = values[field.name]
        if field.type == "reference":
            model, _comma, id_ = str(value).partition(",")
            id_ = int(id_) if id_.isdecimal() else 0
        else:
            model, id_ = values.get(field.model_field), value
        if model not in records.env or type(id_) is not int:
            return False
        return value if self.keep(model, {id_}) else False
