"""The table of the relationship list, and what stands in it by the descriptions."""

from odoo import api, models, tools
from odoo.tools import SQL
from odoo.tools.sql import create_index, existing_tables, table_columns

TABLE = "relationship_item"
KEY = ("source", "source_id")
DAYS = ("date_done", "date_due", "date_from")
# Of each partner, whichever source names it.
COMMERCIAL = "commercial_partner_id"
INDEXES = {
    "date": "date DESC, id DESC",
    "partner": "partner_id",
    "company": "commercial_partner_id, date DESC",
    "contact": "contact_id",
    "user": "user_id, date DESC",
    "record": "res_id, res_model",
}


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    def init(self):
        """Create the table, or add what it lacks; rows go by triggers, not by keys."""
        result = super().init()
        cr = self.env.cr
        if not (found := table_columns(cr, TABLE)):
            cr.execute(
                "CREATE TABLE relationship_item (id serial PRIMARY KEY, source varchar"
                " NOT NULL, source_id integer NOT NULL, UNIQUE (source_id, source))"
            )
        for name, kind in self._get_columns().items():
            if name not in {*KEY, *found}:
                column = SQL.identifier(name), SQL(kind)
                cr.execute(
                    SQL("ALTER TABLE relationship_item ADD COLUMN %s %s", *column)
                )
        for name, expression in INDEXES.items():
            create_index(cr, f"{TABLE}_{name}_idx", TABLE, [expression])
        # At which models tasks hang, see _get_task_models.
        index, where = f"{TABLE}_task_idx", "source = 'mail.activity'"
        create_index(cr, index, TABLE, ["res_model"], where=where)
        if self.pool.has_trigram:
            index = f"{TABLE}_name_idx"
            create_index(cr, index, TABLE, ["name gin_trgm_ops"], method="gin")
        return result

    @api.model
    def _get_columns(self):
        """Return the stored columns and their types in PostgreSQL."""
        return {
            name: field.column_type[1]
            for name, field in self._fields.items()
            if name != "id" and field.store and field.column_type
        }

    # Statements

    @api.model
    def _get_sources(self):
        """Return the descriptions that have rows, and a table, by model."""
        sources = self.env["relationship.source"].sudo()._get_descriptions()
        sources = {m: source for m, source in sources.items() if source.rows}
        there = self._get_tables(tuple(s.records._table for s in sources.values()))
        return {m: s for m, s in sources.items() if s.records._table in there}

    @api.model
    @tools.ormcache()
    def _get_source_models(self):
        """Return the names of these models, to search without the descriptions."""
        return tuple(self._get_sources())

    @api.model
    @tools.ormcache("model")
    def _get_opened_models(self, model):
        """Return the models that rows of a source open."""
        return self._get_sources()[model].rows.opens or (model,)

    @api.model
    @tools.ormcache("model")
    def _get_reasons(self, model):
        """Return the models whose rows are why there are rows of a source."""
        return self._get_sources()[model].rows.because

    @api.model
    @tools.ormcache("tables")
    def _get_tables(self, tables):
        return existing_tables(self.env.cr, tables)

    @api.model
    def _get_select(self, source, condition):
        """Return a statement for the rows that a source should have, all columns.

        :param condition: SQL on ``s``, beside that of the description
        """
        rows, model = source.rows, source.records._name
        values = {
            "kind": rows.kind,
            "source": model,
            "source_id": SQL("s.id"),
            "res_model": model,
            "res_id": SQL("s.id"),
            **rows.values,
        }
        columns = self._get_columns()
        if unknown := values.keys() - columns.keys():
            names = ", ".join(sorted(unknown))
            raise ValueError(f"The rows of {model} have unknown columns: {names}.")
        days = [SQL("(%s)::date", values[name]) for name in DAYS if name in values]
        values.setdefault("date", SQL("coalesce(%s)", join(days or [SQL("NULL")])))
        given = join(
            SQL("%s AS %s", _cast(values.get(name), kind), SQL.identifier(name))
            for name, kind in columns.items()
            if name != COMMERCIAL
        )
        asked = join(
            SQL("p.%s" if name == COMMERCIAL else "g.%s", SQL.identifier(name))
            for name in columns
        )
        return SQL(
            """
            SELECT %(asked)s FROM (
                SELECT %(given)s FROM %(table)s s %(joins)s
                 WHERE (%(where)s) AND (%(condition)s)
            ) g LEFT JOIN res_partner p ON p.id = g.partner_id
            """,
            asked=asked,
            given=given,
            table=source.table,
            joins=rows.joins,
            where=rows.where,
            condition=condition,
        )

    @api.model
    def _get_sync(self, source, ids):
        """Return a statement that brings the rows of some records into step.

        Not by *on conflict* alone: each attempt would take a number of the table. It is
        there for two who insert at once: PostgreSQL lets the second one be repeated.

        :param ids: SQL of an array
        """
        names = list(self._get_columns())
        said = [name for name in names if name not in KEY]
        return SQL(
            """
            WITH told AS (%(select)s), gone AS (
                DELETE FROM relationship_item i
                 WHERE i.source = %(model)s AND i.source_id = ANY (%(ids)s)
                   AND NOT EXISTS (SELECT FROM told t WHERE t.source_id = i.source_id)
            ), changed AS (
                UPDATE relationship_item i SET (%(said)s) = ROW (%(told)s)
                  FROM told t
                 WHERE i.source = %(model)s AND i.source_id = t.source_id
                   AND (%(stored)s) IS DISTINCT FROM (%(told)s)
            )
            INSERT INTO relationship_item (%(columns)s)
            SELECT %(columns)s FROM told t WHERE NOT EXISTS (
                SELECT FROM relationship_item i
                 WHERE i.source = %(model)s AND i.source_id = t.source_id)
            ON CONFLICT (source_id, source) DO NOTHING
            """,
            select=self._get_select(source, SQL("s.id = ANY (%s)", ids)),
            model=source.records._name,
            ids=ids,
            said=join(SQL.identifier(name) for name in said),
            told=join(SQL.identifier("t", name) for name in said),
            stored=join(SQL.identifier("i", name) for name in said),
            columns=join(SQL.identifier(name) for name in names),
        )

    @api.model
    def _get_addition(self, source, ids):
        """Return a statement that adds the rows of records that are new.

        There are none of them yet. Where something went without a trigger, its row is
        that of the new one; if this has none, ``again`` finds it.

        :param ids: SQL of an array
        """
        names = list(self._get_columns())
        said = [SQL.identifier(name) for name in names if name not in KEY]
        return SQL(
            """
            INSERT INTO relationship_item (%(columns)s)
            SELECT %(columns)s FROM (%(select)s) told
            ON CONFLICT (source_id, source) DO UPDATE
               SET (%(said)s) = ROW (%(told)s)
            """,
            select=self._get_select(source, SQL("s.id = ANY (%s)", ids)),
            columns=join(SQL.identifier(name) for name in names),
            said=join(said),
            told=join(SQL("excluded.%s", name) for name in said),
        )


def _cast(value, kind):
    """Return SQL of a value of a type; days that Python cannot read are left out."""
    value = SQL("(%s)::%s", value, SQL(kind))
    if kind not in ("date", "timestamp"):
        return value
    return SQL(
        "CASE WHEN %s::date BETWEEN '0001-01-01' AND '9999-12-31' THEN %s END",
        value,
        value,
    )


def join(parts):
    return SQL(", ").join(parts)
