from lxml import etree

from odoo import api, fields, models


class RelationshipTypedMixin(models.AbstractModel):
    """A record that takes its number and its first values from its type.

    The same proposals apply in a form, in ``create()`` and in an import; explicit
    values win, and a type that changes later changes no record. An inheriting model
    sets ``_type_field``, declares ``applied_type_id`` (not stored) and calls
    :meth:`_apply_type_to_form` from the onchange of its type. The type answers
    ``_get_record_defaults()``.
    """

    _name = "relationship.typed.mixin"
    _description = "Record with a type"
    _inherit = ["relationship.discreet.mixin", "relationship.unique.mixin"]
    _type_field = None
    # What an existing record keeps, even if it is empty, when it gets another type.
    _fields_kept_by_type = frozenset()

    number = fields.Char(
        copy=False,
        help="Given by the number range of the type; typed by hand for a type without.",
    )
    has_number_range = fields.Boolean(compute="_compute_has_number_range")

    @api.depends(lambda self: [self._type_field] if self._type_field else [])
    def _compute_has_number_range(self):
        for record in self:
            # sudo: whether there is a number range is no secret.
            record.has_number_range = record[self._type_field].sudo().number_sequence_id

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Let each screen that shows the type remember which one it has applied.

        A form without it would take what the former type proposed for typed by hand.
        """
        arch, view = super()._get_view(view_id, view_type, **options)
        hide = "column_invisible" if view_type == "list" else "invisible"
        if view_type in ("form", "list"):
            # Those of other models in it are below the field that shows them.
            for node in arch.xpath(f"//field[@name='{self._type_field}']"):
                if not any(a.tag == "field" for a in node.iterancestors()):
                    values = {"name": "applied_type_id", hide: "1"}
                    node.addprevious(etree.Element("field", values))
        return arch, view

    def _apply_type_to_form(self):
        """Propose the values of the type; what a person chose before stays."""
        chosen = self[self._type_field]
        if self._origin:
            if chosen:
                self.update(self._get_missing_type_values())
            return
        initial = self.new(self.default_get(list(self._fields)))
        former = self._get_type_proposals(self.applied_type_id)
        proposed = self._get_type_proposals(chosen)
        for name in {**former, **proposed}:
            if self._is_untouched(name, initial, former):
                self[name] = proposed.get(name, initial[name])
        self.applied_type_id = chosen

    def _get_type_proposals(self, record_type):
        """Return what a type proposes, less what the screen itself asks for."""
        if not record_type:
            return {}
        # sudo: the defaults of a type apply to whoever may choose it.
        return {
            name: value
            for name, value in record_type.sudo()._get_record_defaults().items()
            if f"default_{name}" not in self.env.context
            and not self._is_archived(name, value)
        }

    def _is_archived(self, name, value):
        """Return whether a value is a record that nobody would choose any more."""
        field = self._fields[name]
        if field.type != "many2one" or not value:
            return False
        # sudo: only whether it is archived.
        record = self.env[field.comodel_name].sudo().browse(value)
        return not record[record._active_name or "id"]

    def _is_untouched(self, name, initial, former):
        """Return whether a field has its first value, or the one of the former type."""
        convert = self._fields[name].convert_to_write
        current = convert(self[name], self)
        proposals = [convert(initial[name], initial), former.get(name)]
        empty = not current and self._fields[name].type != "boolean"
        return empty or current in proposals

    def _get_missing_type_values(self):
        """Return the values of the type for what is still empty, switches left out."""
        self.ensure_one()
        proposals = self._get_type_proposals(self[self._type_field])
        return {
            name: value
            for name, value in proposals.items()
            if name not in self._fields_kept_by_type and not self[name]
        }

    @api.model
    def _take_default_type(self, vals_list, *names):
        """Return the values of new records, with the default type where none is given.

        An empty cell of an import gives none; elsewhere an empty type is a choice.

        :param names: further fields whose defaults say which type is right
        """
        names = (self._type_field, *names)
        if self.env.context.get("import_file"):
            vals_list = [
                {n: v for n, v in vals.items() if v or n != self._type_field}
                for vals in vals_list
            ]
        if all(self._type_field in vals for vals in vals_list):
            return vals_list
        default = self.default_get(names)
        return [{**default, **vals} for vals in vals_list]

    def _prepare_type_values(self, vals):
        """Return the values of a new record, completed by those of its type."""
        type_id = vals.get(self._type_field)
        if not type_id:
            return vals
        record_type = self.env[self._fields[self._type_field].comodel_name].browse(
            type_id
        )
        proposals = self._get_type_proposals(record_type)
        given = vals
        if self.env.context.get("import_file"):
            given = {
                name: value
                for name, value in vals.items()
                if name not in proposals or not self._is_empty_cell(name, value)
            }
        values = {**proposals, **given}
        if not values.get("number"):
            values["number"] = self._take_number(record_type, values)
        return values

    def _take_number(self, record_type, vals):
        """Return the number of a new record with these values."""
        company = self.env["res.company"].browse(vals.get("company_id"))
        return record_type._next_number(company or self.env.company)

    def _is_empty_cell(self, name, value):
        """Return whether an imported value comes from an empty cell: 0 does not."""
        if self._fields[name].type == "boolean":
            return False
        return value is None or value is False or value == ""

    def _get_moved(self, vals):
        """Return the records that values give another type than they have."""
        name = self._type_field
        if not vals.get(name):
            return self.browse()
        kind = self._fields[name].convert_to_cache(vals[name], self, validate=False)
        # sudo: the id of the type alone; whether they may be changed is asked elsewhere
        return self.filtered(lambda record: record.sudo()[name].id != kind)

    def _complete_by_type(self, written=()):
        """Give records that got a type what they lack; their numbers stay.

        :param written: names of the fields that a person has just given
        """
        for record in self:
            missing = record._get_missing_type_values()
            if not record.number:
                missing["number"] = record[self._type_field]._next_number(
                    record.company_id
                )
            record.write({k: v for k, v in missing.items() if k not in written})
