"""Rows belong to others: nobody puts them where they may not be."""

from collections import defaultdict
from contextlib import contextmanager

from odoo import api, models

from .context import get_id
from .kinds import check_kinds
from .may_be_told import is_hidden

KNOWN_PARENTS = "relationship_known_parents"
LOG_FIELDS = {"create_uid", "write_uid"}


class KnownParents(dict):
    """Stands in the context while values come from records that the user reads.

    ``{model: ids}`` of what these records point to, visible or not. What a client sends
    as context is JSON: it can name the key, but no object of this class.
    """

    def learn(self, records):
        if records:
            self.setdefault(records._name, set()).update(records.ids)


class RelationshipParentGuardMixin(models.AbstractModel):
    """Records that a many2one puts under another one, or into a company.

    Odoo asks the record rules before a change, of the row as it was, and never whether
    the user sees the new parent: what may not be created somewhere could be moved
    there. So nobody chooses a parent that they may not read, as core has it for
    many2many fields, and after a change the right to the row is asked again.

    Every model of ours with a parent inherits this. A model of core names the fields
    that are guarded in :meth:`_get_guarded_fields`.
    """

    _name = "relationship.parent.guard.mixin"
    _description = "Record under a parent"
    # False: whoever gives a record away in the same step may lose it.
    _asks_after_move = True
    # Fields about whose hidden parents a constraint has the better words, if any.
    _worded_by_constraint = frozenset()

    @api.model
    def _get_guarded_fields(self):
        """Return the names of the fields that say where a record belongs."""
        return {
            name
            for name, field in self._fields.items()
            if field.type == "many2one" and name not in LOG_FIELDS
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what the user would put under something hidden, also by default."""
        if self.env.su:
            return super().create(vals_list)
        names = self._get_guarded_fields()
        check_kinds(self, vals_list)
        missing = [n for n in names if any(n not in vals for vals in vals_list)]
        defaults = self.default_get(missing) if missing else {}
        with self.browse()._refusing_hidden_parents([defaults | v for v in vals_list]):
            return super().create(vals_list)

    def write(self, vals):
        """Refuse a move to where the record could not have been created."""
        if self.env.su:
            return super().write(vals)
        check_kinds(self, [vals])
        if not self._get_guarded_fields() & vals.keys():
            return super().write(vals)
        with self._refusing_hidden_parents([vals]):
            if not self._asks_after_move:
                return super().write(vals)
            # Whoever catches the refusal finds the records as they were.
            with self.env.cr.savepoint():
                result = super().write(vals)
                self._check_after_move()
            return result

    def _check_after_move(self):
        """Ask for the right again: the rules saw the records as they were."""
        self.check_access("write")

    def copy(self, default=None):
        """Let a copy point to what the original points to, also where it is hidden."""
        self.check_access("read")
        knowing = self._knowing_parents()
        copies = super(RelationshipParentGuardMixin, knowing).copy(default)
        return copies.with_env(self.env)

    def _knowing_parents(self):
        """Return the records for taking over where they and their lines belong."""
        known = KnownParents()
        # sudo: only ids; whoever reads the records may pass on where they belong.
        self.sudo()._tell_parents(known)
        return self.with_context(**{KNOWN_PARENTS: known})

    def _tell_parents(self, known):
        for name in self._get_guarded_fields():
            if self._fields[name].type == "many2one":
                known.learn(self.mapped(name))
        for field in self._fields.values():
            lines = self.env.get(field.comodel_name) if field.relational else None
            if (
                field.type == "one2many"
                and field.copy
                and not field.compute
                and hasattr(lines, "_tell_parents")
            ):
                lines = lines.with_context(active_test=False)
                domain = [(field.inverse_name, "in", self.ids)]
                lines.search(domain)._tell_parents(known)

    @api.model
    def _get_known_parents(self, vals):
        """Return what the user may choose without reading it. Extend it for sources.

        :param vals: the values of one record
        """
        known = self.env.context.get(KNOWN_PARENTS)
        return known if isinstance(known, KnownParents) else KnownParents()

    @contextmanager
    def _refusing_hidden_parents(self, vals_list):
        """Raise core's AccessError if the values name a parent that is hidden.

        Called on the records that change, or on none for new ones: what stands there
        already stays.
        """
        hidden = []
        for model, names in self._get_new_parents(vals_list).items():
            parents = self.env[model].browse(sorted(names))
            refused = parents - parents._filtered_access("read")
            if any(names[parent.id] - self._worded_by_constraint for parent in refused):
                refused.check_access("read")
            hidden += refused and [refused]
        if not hidden:
            yield
            return
        with self.env.cr.savepoint():
            yield
            hidden[0].check_access("read")

    def _ask_for_named(self, vals_list, *names):
        """Ask for the right to see the records that values name, or a default.

        Before the database is asked, which tells by an index who is there already.
        """
        check_kinds(self, vals_list)
        if self.env.su:
            return
        defaults = {name: get_id(self.env, f"default_{name}") for name in names}
        vals_list = [defaults | vals for vals in vals_list]
        for model, chosen in self._get_new_parents(vals_list, names).items():
            named = self.env[model].browse(chosen)
            if is_hidden(named):
                named.check_access("read")

    def _get_new_parents(self, vals_list, names=None):
        """Return ``{model: {id: fields}}`` of what the values choose anew."""
        chosen = defaultdict(lambda: defaultdict(set))
        named = {name for vals in vals_list for name, value in vals.items() if value}
        guarded = {
            name
            for name in named.intersection(names or self._get_guarded_fields())
            if (field := self._fields[name]).type == "many2one"
            and self._may_hide(field.comodel_name)
        }
        for vals in vals_list:
            known = self._get_known_parents(vals)
            for name in guarded & vals.keys():
                field = self._fields[name]
                id_ = field.convert_to_cache(vals[name], self, validate=False)
                is_known = id_ in known.get(field.comodel_name, ())
                if not is_known and self._is_new_parent(name, id_):
                    chosen[field.comodel_name][id_].add(name)
        return chosen

    def _may_hide(self, model):
        """Tell whether rules, or the model by itself, hide a record from the user."""
        if not self.env["ir.rule"]._compute_domain(model).is_true():
            return True
        asked = self.env.registry[model]._check_access
        return asked is not models.BaseModel._check_access

    def _is_new_parent(self, name, id_):
        if not id_ or not isinstance(id_, int):
            return False
        # sudo: only ids are compared, of records that the user is about to change.
        return not self or any(record[name].id != id_ for record in self.sudo())
