"""Many rows at once: those of each kind together, instead of one after the other.

A page looks up the record of each row until it is full. Who sees few rows of many would
wait for that, and so would whoever counts or groups all of them: there PostgreSQL may
begin with the records that the user may read.

Which way is taken shows in how long it takes. So nothing decides about it that a user
could choose and may not know: to decide, no search is asked of rows of others.
"""

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.orm.domains import DomainAnd, DomainCondition
from odoo.orm.utils import COLLECTION_TYPES
from odoo.tools import SQL

from .access import TASK

# So many rows are looked up in the time that planning the other way takes.
LOOKED_UP = 100_000
# So many rows, anywhere in the table, tell which share of all a user sees.
SAMPLE = 1000
ANYWHERE = """
    SELECT i.id FROM relationship_item i WHERE i.id IN (
        SELECT low + floor(random() * (high - low + 1))::int
        FROM (SELECT min(id) low, max(id) high FROM relationship_item) ends,
            generate_series(1, %s))
"""
SIZE = "SELECT reltuples FROM pg_class WHERE oid = 'relationship_item'::regclass"
# What is asked of one of these by an index leaves few rows to look up.
NAMED = {
    *("id", "source_id", "res_id", "lead_id", "campaign_id", "user_id"),
    *("partner_id", "contact_id", "commercial_partner_id", "about_partner_id"),
}
SHORTEST_NAME = 3  # letters that its index finds


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    @api.model
    def _asks_for_many(self, domain, offset, limit):
        """Tell whether so many rows would be looked up that there is a better way."""
        share = self._get_seen_share(fields.Date.today())
        if share is None or _names_few(domain.optimize(self)):
            return False
        try:
            return not limit or int(offset or 0) + int(limit) > LOOKED_UP * share
        except (OverflowError, TypeError, ValueError):
            return False  # whatever core makes of it

    @api.model
    @tools.ormcache(
        "self.env.uid",
        "tuple(self.env['ir.rule']._compute_domain_context_values())",
        "day",
    )
    def _get_seen_share(self, day):
        """Return which share of the rows the user sees, about, as of a day.

        :return: a number from 0 to 1, ``None`` if the table is small
        """
        [[size]] = self.env.execute_query(SQL(SIZE))
        if size < LOOKED_UP:
            return None
        ids = [id_ for (id_,) in self.env.execute_query(SQL(ANYWHERE, SAMPLE))]
        visible = self._get_visible_domain(is_page=True) & Domain("id", "in", ids)
        # sudo: the condition is the user's own
        return len(self.sudo()._search(visible)) / max(len(ids), 1)

    def _search_by_kind(self, query):
        """Return a query that reads the rows the user sees, by kind.

        :param query: for rows of the list, whoever sees them
        """
        if not query.is_empty():
            query._tables[query.table] = self._get_visible_rows()
        return query

    def _get_visible_rows(self):
        """Return SQL of the rows that the user sees, as a table."""
        models = self._get_source_models()
        # What there is for a reason last: the reasons are many to read.
        models = sorted(models, key=lambda model: bool(self._get_reasons(model)))
        parts = [part for model in models for part in self._get_parts(model)]
        columns = SQL("%s.*", SQL.identifier(self._table))
        return SQL("(%s)", self._select_parts(parts, columns))

    def _select_parts(self, parts, *columns):
        # sudo: the conditions are the user's own, who has no rules here beside them
        rows = self.sudo().with_context(active_test=False)
        queries = [rows._search(part) for part in parts] or [rows._search([])]
        if not parts:
            queries[0].add_where("FALSE")
        return SQL(" UNION ALL ").join(query.select(*columns) for query in queries)

    def _get_parts(self, model):
        """Return the rows of a source that the user sees: domains without an OR.

        Each row is in one of them at most.
        """
        if not self.env[model].has_access("read"):
            return []
        if model == TASK:
            return self._get_task_parts()
        told = self._get_told_by_row(model)
        if because := self._get_reasons(model):
            reasons = [part for each in because for part in self._get_parts(each)]
            told &= self._get_named_domain(reasons)
        return [told & opened for opened in self._get_opened(model)]

    def _get_task_parts(self):
        own, told = Domain("user_id", "=", self.env.uid), self._get_told_task()
        return [
            Domain("source", "=", TASK)
            & Domain("res_model", "=", model)
            & theirs
            & self._get_readable_domain(model, "res_id")
            & told
            for model in self._get_task_models()
            if self.env[model].has_access("read")
            for theirs in (own, ~own & self._get_document_domain(model))
        ]

    def _get_named_domain(self, parts):
        """Return the rows of partners, by their ids, whom one of these rows names."""

        def to_sql(rows, alias, _query):
            partner, contact = (
                SQL.identifier(rows._table, name)
                for name in ("partner_id", "contact_id")
            )
            return SQL(
                "%s IN (SELECT v.id FROM (%s) r,"
                " LATERAL (VALUES (r.partner_id), (r.contact_id)) v (id))",
                SQL.identifier(alias, "source_id"),
                rows._select_parts(parts, partner, contact),
            )

        return Domain.custom(to_sql=to_sql)


def _names_few(domain):
    """Tell whether a part of a search, which all rows must meet, finds few of them."""
    parts = domain.children if isinstance(domain, DomainAnd) else (domain,)
    return any(_names(part) for part in parts if isinstance(part, DomainCondition))


def _names(condition):
    if condition.field_expr in NAMED:
        return condition.operator in ("in", "child_of") and False not in tuple(
            condition.value if isinstance(condition.value, COLLECTION_TYPES) else ()
        )
    return (
        condition.field_expr in ("name", "display_name")
        and condition.operator in ("ilike", "like", "=ilike", "=like")
        and len(str(condition.value).strip("%")) >= SHORTEST_NAME
    )
