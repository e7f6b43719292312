"""Who sees which row of the relationship list: whoever may read what it tells of.

Core keeps tasks by more than record rules, see ``mail.activity``: one's own ones, and
those of records that one may change. Told in SQL here, it is the same.
"""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.source_access_mixin import exists

TASK = "mail.activity"


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Leave out the rows of what the user may not read."""
        if not (self.env.su or kwargs.get("bypass_access")):
            domain = Domain(domain) & self._get_visible_domain()
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        """Ask the same of a row by its id, also where another one has read it."""
        result = super()._check_access(operation)
        if result or self.env.su or not self:
            return result
        # sudo: the condition is the user's own, who has no rules here beside it
        visible = self.sudo()._search(self._get_visible_domain() & self._get_own_ids())
        forbidden = self - self.browse(visible.get_result_ids())
        if not forbidden:
            return None
        return forbidden, lambda: AccessError(
            self.env._("You may not read the record this belongs to.")
        )

    def _get_own_ids(self):
        return Domain("id", "in", self.ids)

    @api.model
    def _get_visible_domain(self):
        """Return the rows whose record the user may read."""
        return Domain.OR(
            self._get_task_domain()
            if model == TASK
            else self._get_readable_domain(model, "source", "source_id")
            for model in self._get_sources()
        )

    def _get_readable_domain(self, model, name, id_name):
        """Return the rows whose record, by these two columns, the user may read."""
        records = self.env[model].sudo(False)
        if not records.has_access("read"):
            return Domain.FALSE
        return Domain(name, "=", model) & Domain.custom(
            to_sql=lambda _rows, alias, _query: exists(
                records, SQL.identifier(alias, id_name)
            )
        )

    def _get_task_domain(self):
        """Return the rows of tasks that are the user's own, or of what they may change.

        Of both only those that are told, see ``mail.activity``, and whose record and
        activity the user may read: a row names these.
        """
        tasks, activities = (
            self.env[name].sudo(False) for name in (TASK, "relationship.activity")
        )

        def is_told(_rows, alias, _query):
            source_id = SQL.identifier(alias, "source_id")
            query = _find(tasks, "read", source_id, tasks._get_told())
            bracket = SQL.identifier(query.table, "relationship_activity_id")
            seen = exists(activities, bracket)
            query.add_where(SQL("(%s IS NULL OR %s)", bracket, seen))
            return SQL("EXISTS %s", query.subselect(SQL("1")))

        models = tasks._get_partner_columns()
        own = Domain.OR(
            self._get_readable_domain(m, "res_model", "res_id") for m in models
        )
        others = Domain.OR(map(self._get_document_domain, models))
        own &= Domain("user_id", "=", self.env.uid)
        return (
            Domain("source", "=", TASK) & (own | others) & Domain.custom(to_sql=is_told)
        )

    def _get_document_domain(self, model):
        """Return the rows of records whose tasks core shows the user.

        That is of those that one may change, or read, as the model says.
        """
        records = self.env[model].sudo(False)
        operation = getattr(records, "_mail_post_access", "read")
        if not records.has_access(operation):
            return Domain.FALSE

        def to_sql(_rows, alias, _query):
            query = _find(records, operation, SQL.identifier(alias, "res_id"))
            return SQL("EXISTS %s", query.subselect(SQL("1")))

        return Domain("res_model", "=", model) & Domain.custom(to_sql=to_sql)


def _find(records, operation, res_id, told=Domain.TRUE):
    """Return the query for the record of an id, if its rules let the user do this.

    :param told: which ones are told, beside the rules
    """
    rules = records.env["ir.rule"]._compute_domain(records._name, operation)
    # sudo: these rules are the user's own, and ask for nothing beside them
    query = records.sudo().with_context(active_test=False)._search(rules & told)
    query.add_where(SQL("%s = %s", SQL.identifier(query.table, "id"), res_id))
    return query
