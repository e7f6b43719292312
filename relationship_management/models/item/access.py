"""Who sees which row of the relationship list: whoever may read what it tells of.

Core keeps tasks by more than record rules, see ``mail.activity``: one's own ones, and
those of records that one may change. Told in SQL here, it is the same.
"""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.source import NOTHING
from ..shared.source_access_mixin import exists

TASK = "mail.activity"
PAGE = ("offset", "limit", "order")  # what core may give by place


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Leave out the rows of what the user may not read."""
        if self.env.su or kwargs.get("bypass_access"):
            return super()._search(domain, *args, **kwargs)
        # Sub-selects look dear to PostgreSQL, which then compiles each statement
        # for longer than it takes.
        self.env.cr.execute("SELECT set_config('jit', 'off', true)")
        domain = Domain(domain)
        page = {**dict(zip(PAGE, args, strict=False)), **kwargs}
        order, limit = page.get("order"), page.get("limit")
        if order and isinstance(order, str):
            # Where rows are alike otherwise, the way they are read would be seen.
            order += ", id desc" if order.rstrip().lower().endswith("desc") else ", id"
            page["order"] = order
        if self._asks_for_many(domain, page.get("offset"), limit):
            return self._search_by_kind(super()._search(domain, **page))
        domain &= self._get_visible_domain(is_page=bool(limit))
        return super()._search(domain, **page)

    def _check_access(self, operation):
        """Ask the same of a row by its id, also where another one has read it."""
        result = super()._check_access(operation)
        if result or self.env.su or not self:
            return result
        # sudo: the condition is the user's own, who has no rules here beside it
        visible = self._get_visible_domain(is_page=True) & self._get_own_ids()
        visible = self.sudo()._search(visible)
        forbidden = self - self.browse(visible.get_result_ids())
        if not forbidden:
            return None
        return forbidden, lambda: AccessError(
            self.env._("You may not read the record this belongs to.")
        )

    def _get_own_ids(self):
        return Domain("id", "in", self.ids)

    @api.model
    def _get_visible_domain(self, is_page=False):
        """Return the rows whose record the user may read.

        :param is_page: only so many rows are asked for: each is looked up, instead of
            all records that there are
        """
        fence = SQL(" OFFSET 0") if is_page else NOTHING
        visible = Domain.OR(
            self._get_task_domain(fence)
            if model == TASK
            else self._get_source_domain(model, fence)
            for model in self._get_source_models()
        )

        def to_sql(rows, alias, query):
            # sudo: the rules told here are the user's own, read as core reads rules
            rows = rows.sudo().with_context(active_test=False)
            told = visible.optimize_full(rows)._to_sql(rows, alias, query)
            # Not to be taken apart into an index for each kind of row.
            return SQL("(%s) IS TRUE", told)

        return Domain.custom(to_sql=to_sql)

    def _get_source_domain(self, model, fence):
        """Return the rows of a source whose record the user may read."""
        if not self.env[model].has_access("read"):
            return Domain.FALSE
        opened = Domain.OR(self._get_opened(model, fence))
        domain = self._get_told_by_row(model, fence) & opened
        if because := self._get_reasons(model):
            domain &= self._get_reason_domain(because, fence)
        return domain

    def _get_told_by_row(self, model, fence=NOTHING):
        """Return the rows of a source whose own record the user may read."""
        told, is_whole = self._translate_rules(model)
        if not is_whole:
            told &= self._get_readable_domain(model, "source_id", fence)
        return Domain("source", "=", model) & told

    def _get_opened(self, model, fence=NOTHING):
        """Return the rows, by model, of which the user may read what they open, too."""
        return [
            Domain("res_model", "=", each)
            & (
                Domain.TRUE
                if each == model
                else self._get_readable_domain(each, "res_id", fence)
            )
            for each in self._get_opened_models(model)
            if self.env[each].has_access("read")
        ]

    def _get_reason_domain(self, models, fence):
        """Return the rows of partners whom a row names that the user may see."""
        seen = Domain.OR(self._get_source_domain(model, fence) for model in models)

        def to_sql(rows, alias, _query):
            query = rows._search(seen)
            partner, contact = (
                SQL.identifier(query.table, name)
                for name in ("partner_id", "contact_id")
            )
            query.add_where(SQL("(%s = asked.id OR %s = asked.id)", partner, contact))
            # By another name: the rows asked for bear that of the list, too.
            return SQL(
                "EXISTS (SELECT FROM (SELECT %s AS id) asked, LATERAL (%s%s) named)",
                SQL.identifier(alias, "partner_id"),
                query.select(SQL("1")),
                fence,
            )

        return Domain.custom(to_sql=to_sql)

    def _get_readable_domain(self, model, id_name, fence=NOTHING):
        """Return the rows whose record, by its id in a column, the user may read."""
        records = self.env[model].sudo(False)
        return Domain.custom(
            to_sql=lambda _rows, alias, _query: exists(
                records, SQL.identifier(alias, id_name), fence=fence
            )
        )

    def _get_task_domain(self, fence):
        """Return the rows of tasks that are the user's own, or of what they may change.

        Of both only those that are told, see ``mail.activity``, and whose record and
        activity the user may read: a row names these.
        """
        if not self.env[TASK].has_access("read"):
            return Domain.FALSE
        own = Domain("user_id", "=", self.env.uid)
        hung = Domain.OR(
            Domain("res_model", "=", model)
            & (own | self._get_document_domain(model, fence))
            & self._get_readable_domain(model, "res_id", fence)
            for model in self._get_task_models()
            if self.env[model].has_access("read")
        )
        return Domain("source", "=", TASK) & hung & self._get_told_task(fence)

    def _get_told_task(self, fence=NOTHING):
        """Return the rows of tasks that are told, whose activity the user may read."""
        tasks = self.env[TASK].sudo(False)
        activities = self.env["relationship.activity"].sudo(False)
        may_see = activities.has_access("read")

        def is_told(_rows, alias, _query):
            source_id = SQL.identifier(alias, "source_id")
            query = _find(tasks, "read", source_id, tasks._get_told())
            bracket = SQL.identifier(query.table, "relationship_activity_id")
            seen = exists(activities, bracket) if may_see else SQL("FALSE")
            query.add_where(SQL("(%s IS NULL OR %s)", bracket, seen))
            return SQL("EXISTS (%s%s)", query.select(SQL("1")), fence)

        return Domain.custom(to_sql=is_told)

    def _get_task_models(self):
        """Return the models at which tasks of the list hang, few of all that could."""
        found = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE hung AS (
                    (SELECT res_model FROM relationship_item WHERE source = %(task)s
                      ORDER BY res_model LIMIT 1)
                    UNION ALL
                    SELECT (SELECT i.res_model FROM relationship_item i
                             WHERE i.source = %(task)s AND i.res_model > h.res_model
                             ORDER BY i.res_model LIMIT 1)
                      FROM hung h WHERE h.res_model IS NOT NULL
                ) SELECT res_model FROM hung WHERE res_model IS NOT NULL
                """,
                task=TASK,
            )
        )
        return [model for (model,) in found if model in self.env]

    def _get_document_domain(self, model, fence=NOTHING):
        """Return the rows of records whose tasks core shows the user.

        That is of those that one may change, or read, as the model says.
        """
        records = self.env[model].sudo(False)
        operation = getattr(records, "_mail_post_access", "read")
        if not records.has_access(operation):
            return Domain.FALSE

        def to_sql(_rows, alias, _query):
            told = Domain.TRUE
            if operation != "read" and hasattr(records, "_get_changeable_domain"):
                told = records._get_changeable_domain()
            query = _find(records, operation, SQL.identifier(alias, "res_id"), told)
            return SQL("EXISTS (%s%s)", query.select(SQL("1")), fence)

        return Domain.custom(to_sql=to_sql)


def _find(records, operation, res_id, told=Domain.TRUE):
    """Return the query for the record of an id, if its rules let the user do this.

    :param told: which ones are told, beside the rules
    """
    rules = records.env["ir.rule"]._compute_domain(records._name, operation)
    # sudo: these rules are the user's own, and ask for nothing beside them
    query = records.sudo().with_context(active_test=False)._search(rules & told)
    query.add_where(SQL("%s = %s", SQL.identifier(query.table, "id"), res_id))
    return query
