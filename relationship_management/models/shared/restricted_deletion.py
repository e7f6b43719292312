from collections import defaultdict

from psycopg2 import errors

from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.tools import frozendict

from .may_be_told import get_hidden_sentence, is_hidden, quote_names

OURS = ("relationship_management", "olap_export")


class RestrictedForeignKey(errors.ForeignKeyViolation):
    """What PostgreSQL 18 calls a restrict violation, by the name it had before."""

    def __init__(self, violation):
        super().__init__(*violation.args)
        self._diag = violation.diag

    @property
    def diag(self):
        return self._diag


class Base(models.AbstractModel):
    """Say what keeps a record from being deleted, before PostgreSQL refuses it."""

    _inherit = "base"

    @api.ondelete(at_uninstall=False)
    def _unlink_restricted(self):
        """Refuse to delete what a field of ours with ``ondelete="restrict"`` needs.

        Methods like this are called in the order of their names: so this one comes
        after the ``_unlink_except_…`` of a model, which know a better sentence.
        """
        # Asked of one model, so that the answer is cached once for all of them.
        every = self.env["base"]._get_deletion_fields()
        keeping, carrying, losing = every.get(self._name, ((), (), ()))
        kept, kinds = self.browse(), []
        for model, field in keeping:
            if user := self._find_user(model, field):
                kept |= self & user[field]
                kinds.append(self._get_kind_of_use(model, field))
        if kept:
            raise UserError(self._get_words_of_uses(kept, kinds))
        for model, field in carrying:
            self._search_users(model, field)._unlink_restricted()
        for model, field in losing if not self.env.su else ():
            if is_hidden(self._search_users(model, field)):
                raise UserError(get_hidden_sentence(self.env))

    @api.model
    @tools.ormcache(cache="stable")
    def _get_deletion_fields(self):
        """Return {model: (fields that keep its records, that go with them, that lose)}.

        A field is a pair of model and name. Those that go with a record (``cascade``)
        are asked only where their own records may be kept. Of stages and types also
        those that lose one, or go with it: what others have set up, seen or not.
        """
        keeping, carrying = defaultdict(list), defaultdict(list)
        losing = defaultdict(list)
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                if not field.store or not (field._module or "").startswith(OURS):
                    continue
                if getattr(field, "ondelete", None) == "restrict":
                    keeping[field.comodel_name].append((name, field.name))
                elif field.type == "many2one":
                    if field.ondelete == "cascade":
                        carrying[field.comodel_name].append((name, field.name))
                    if self._is_chosen_from(field.comodel_name):
                        losing[field.comodel_name].append((name, field.name))
        return frozendict(
            {
                name: (
                    tuple(sorted(keeping[name])),
                    tuple(pair for pair in carrying[name] if pair[0] in keeping),
                    tuple(sorted(losing[name])),
                )
                for name in {*keeping, *carrying, *losing}
            }
        )

    @api.model
    def _is_chosen_from(self, model):
        """Tell whether these are stages, or types and the like."""
        mixin = self.env.registry["relationship.housekeeping.mixin"]
        return model == "crm.stage" or isinstance(self.env[model], mixin)

    def _search_users(self, model, field, limit=None):
        # sudo: what the user may not see keeps the record just the same.
        users = self.env[model].sudo().with_context(active_test=False)
        return users.search([(field, "in", self.ids)], limit=limit, order="id")

    def _find_user(self, model, field):
        """Return one record that needs one of these."""
        return self._search_users(model, field, limit=1)

    def _get_kind_of_use(self, model, field):
        """Return what a user calls the records of a model, if any are his to see."""
        users = self.env(su=False)[model].with_context(active_test=False)
        if (
            users.has_access("read")
            and users._has_field_access(users._fields[field], "read")
            and users.search_count([(field, "in", self.ids)], limit=1)
        ):
            return self.env["relationship.source"]._get_label(model)
        return self.env._("something that you may not see")

    @api.model
    def _get_words_of_uses(self, kept, kinds):
        words = {
            "records": quote_names(kept),
            "kinds": ", ".join(dict.fromkeys(kinds)),
        }
        if self._active_name:
            return self.env._(
                "%(records)s is in use and cannot be deleted. It is used by: %(kinds)s."
                " Archive it instead, or change what uses it first.",
                **words,
            )
        return self.env._(
            "%(records)s is in use and cannot be deleted. It is used by: %(kinds)s."
            " Change what uses it first.",
            **words,
        )

    @api.model
    def _sql_error_to_message_generic(self, exc):
        """Say the same on PostgreSQL 18 as core says on those before it.

        Triggers raise a restrict violation, too, with a sentence of their own.
        """
        if isinstance(exc, errors.RestrictViolation) and exc.diag.constraint_name:
            exc = RestrictedForeignKey(exc)
        return super()._sql_error_to_message_generic(exc)
