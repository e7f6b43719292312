"""Keep the relationship list in step with what it tells of.

From the descriptions (``Rows`` in ``shared/source.py``) come, for each source, one
function of PostgreSQL that brings the rows of some records to what these say now, and
statement triggers that call it: of the table itself, and of those that its rows tell
of, too. Whatever writes, the ORM, an import or plain SQL, the list follows in the same
transaction. What no trigger sees is found by ``comparison``.
"""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..shared import row_trigger
from ..shared.row_trigger import Trigger
from ..shared.source import COLUMN
from .again import AGAIN, get_again_part, get_former_part
from .names import (
    PREFIX,
    get_add_function,
    get_again_function,
    get_digest,
    get_name,
    get_sync_function,
    is_sync,
)

# Also where a session looks for tables elsewhere, as a restore does.
LANGUAGE = "LANGUAGE plpgsql SET search_path FROM CURRENT"
# Of each partner, whichever source names it.
COMMERCIAL_PART = """
    IF TG_OP = 'UPDATE' THEN
        found := ARRAY(
            SELECT n.id FROM touched n JOIN former o ON o.id = n.id
             WHERE n.commercial_partner_id IS DISTINCT FROM o.commercial_partner_id);
        IF found <> '{}' THEN
            UPDATE relationship_item i
               SET commercial_partner_id = n.commercial_partner_id
              FROM touched n
             WHERE i.partner_id = n.id AND n.id = ANY (found);
            changed := changed || found;
        END IF;
    END IF;"""
COMMERCIAL_AGAIN = """
    UPDATE relationship_item i SET commercial_partner_id = p.commercial_partner_id
      FROM res_partner p
     WHERE i.partner_id = p.id AND p.id = ANY (ids)
       AND i.commercial_partner_id IS DISTINCT FROM p.commercial_partner_id;"""
EVENTS = {
    "INSERT": "NEW TABLE AS touched",
    "UPDATE": "NEW TABLE AS touched OLD TABLE AS former",
    "DELETE": "OLD TABLE AS touched",
}


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    def _register_hook(self):
        """Install what is described by now, wherever the database has it otherwise."""
        super()._register_hook()
        self._install_lacking()

    def _install_lacking(self):
        """Bring functions and triggers into step with the descriptions."""
        self.env.registry.clear_cache()  # which tables there are
        if self._is_installed(functions := self._get_functions()):
            return
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [PREFIX])
        (is_first,) = self.env.cr.fetchone()
        if is_first:  # another process that begins at this moment does the same
            self._install(functions)
            # What others changed until it was done is found in a later transaction.
            cron = "relationship_management.ir_cron_item_compare"
            if cron := self.env.ref(cron, raise_if_not_found=False):
                cron.sudo()._trigger()  # sudo: whoever starts the server

    @api.model
    def _get_functions(self):
        """Return ``{name: what it does}`` of the functions of PostgreSQL."""
        sources = self._get_sources().values()
        functions = {
            name: f"""(ids integer[]) RETURNS void AS $item$
BEGIN
{self._to_text(statement)};
END $item$ {LANGUAGE}"""
            for source in sources
            for name, statement in (
                (get_sync_function(source), self._get_sync(source, SQL("ids"))),
                (get_add_function(source), self._get_addition(source, SQL("ids"))),
            )
        }
        parts = defaultdict(list)
        for source in sources:
            table = source.records._table
            parts[table].append(self._get_own_part(source))
            for follow in source.rows.follows:
                parts[follow.table].append(self._get_following_part(source, follow))
        parts["res_partner"].append(COMMERCIAL_PART)
        for table, texts in parts.items():
            body = "\n".join(texts)
            functions[get_name(table)] = f"""() RETURNS trigger AS $item$
DECLARE
    found integer[];
    changed integer[] := '{{}}';
BEGIN
{body}
    {AGAIN.format(table=table)}
    RETURN NULL;
END $item$ {LANGUAGE}"""
            functions[get_again_function(table)] = f"""(ids integer[])
RETURNS void AS $item$
BEGIN
{"".join(self._get_again_parts(table, sources))}
END $item$ {LANGUAGE}"""
        return functions

    def _get_again_parts(self, table, sources):
        """Yield what brings all rows into step that records of a table are told in."""
        for source in sources:
            if source.records._table == table:
                yield f"    PERFORM {get_sync_function(source)}(ids);\n"
            for follow in source.rows.follows:
                if follow.table == table:
                    yield get_again_part(source, follow, get_sync_function(source))
        if table == "res_partner":
            yield COMMERCIAL_AGAIN

    def _get_own_part(self, source):
        """Return what a trigger does with changed records of a source."""
        rows = source.rows
        said = [*rows.values.values(), rows.kind, rows.where, rows.joins]
        codes = [each.code for each in said if isinstance(each, SQL)]
        known = source.records._fields
        names = sorted({name for code in codes for name in COLUMN.findall(code)})
        names = [name for name in names if name in known and name != "id"]
        changed = _differ("n", "o", names)
        return f"""
    IF TG_OP = 'DELETE' THEN
        DELETE FROM relationship_item i USING touched r
         WHERE i.source = '{source.records._name}' AND i.source_id = r.id;
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM {get_add_function(source)}(ARRAY(SELECT r.id FROM touched r));
    ELSE
        found := ARRAY(SELECT n.id FROM touched n JOIN former o ON o.id = n.id
                        WHERE {changed});
        changed := changed || found;
        IF found <> '{{}}' THEN
            PERFORM {get_sync_function(source)}(found);
        END IF;
    END IF;"""  # noqa: S608 (names of our own tables)

    def _get_following_part(self, source, follow):
        """Return what a trigger does with the records that tell of its table, too."""
        table, changed = source.records._table, _differ("n", "o", follow.columns)
        return f"""
    IF TG_OP = 'UPDATE' THEN
        found := ARRAY(
            WITH r AS (
                SELECT n.* FROM touched n JOIN former o ON o.id = n.id WHERE {changed}
                UNION ALL
                SELECT o.* FROM touched n JOIN former o ON o.id = n.id WHERE {changed})
            SELECT DISTINCT s.id FROM r JOIN {table} s ON ({follow.where}));
        changed := changed || ARRAY(
            SELECT n.id FROM touched n JOIN former o ON o.id = n.id WHERE {changed});
    ELSE
        found := ARRAY(SELECT DISTINCT s.id
                         FROM touched r JOIN {table} s ON ({follow.where}));
    END IF;
    IF found <> '{{}}' THEN
        PERFORM {get_sync_function(source)}(found);
        {get_former_part(source, follow)}
    END IF;"""  # noqa: S608 (as above)

    def _to_text(self, statement):
        return self.env.cr.mogrify(statement.code, statement.params).decode()

    @api.model
    def _get_triggers(self):
        sources = self._get_sources().values()
        tables = {s.records._table for s in sources} | {"res_partner"}
        tables |= {follow.table for s in sources for follow in s.rows.follows}
        return [
            Trigger(
                name=f"{PREFIX}{event.lower()}",
                table=table,
                function=get_name(table),
                events=event,
                level="STATEMENT",
                referencing=referencing,
            )
            for table in sorted(tables)
            for event, referencing in EVENTS.items()
        ]

    # Installation

    def _install(self, functions):
        """Create what is described, drop what no longer is, and fill the list."""
        triggers = self._get_triggers()
        former = self._get_installed()
        known = [trigger for trigger in triggers if trigger.function in former]
        is_whole = former and not row_trigger.check(self.env.cr, known)
        self._remove({t.table for t in triggers}, functions)
        for name, text in functions.items():
            self.env.cr.execute(
                f"CREATE OR REPLACE FUNCTION {name}{text}".replace("%", "%%"), []
            )
            self.env.cr.execute(f"COMMENT ON FUNCTION {name} IS %s", [get_digest(text)])
        row_trigger.install_triggers(self.env.cr, triggers)
        # What is described as before has been kept in step.
        new = [
            name
            for name, text in functions.items()
            if former.get(name) != get_digest(text)
        ]
        self._compare({name for name in new if is_sync(name)} if is_whole else None)

    def _is_installed(self, functions):
        """Tell whether the database has these functions, and all triggers."""
        wanted = {name: get_digest(text) for name, text in functions.items()}
        triggers = self._get_triggers()
        return self._get_installed() == wanted and not row_trigger.check(
            self.env.cr, triggers
        )

    def _get_installed(self):
        """Return ``{function: digest}`` of what the database has."""
        self.env.cr.execute(
            "SELECT proname, obj_description(oid, 'pg_proc') FROM pg_proc"
            " WHERE pronamespace = current_schema::regnamespace"
            " AND starts_with(proname, %s)",
            [PREFIX],
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _remove(self, tables=(), functions=()):
        """Drop the triggers of all tables but these, and other functions."""
        cr = self.env.cr
        cr.execute(
            "SELECT t.tgname, c.relname FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relnamespace = current_schema::regnamespace"
            " AND starts_with(t.tgname, %s) AND c.relname <> ALL (%s)",
            [PREFIX, list(tables)],
        )
        for name, table in cr.fetchall():
            names = SQL.identifier(name), SQL.identifier(table)
            cr.execute(SQL("DROP TRIGGER %s ON %s", *names))
        cr.execute(
            "SELECT oid::regprocedure::text FROM pg_proc"
            " WHERE pronamespace = current_schema::regnamespace"
            " AND starts_with(proname, %s) AND proname <> ALL (%s)",
            [PREFIX, list(functions)],
        )
        for (signature,) in cr.fetchall():
            cr.execute(SQL(f"DROP FUNCTION {signature}"))


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def module_uninstall(self):
        """Let no trigger ask for tables that go; they come back with the registry."""
        self.env["relationship.item"]._remove()
        return super().module_uninstall()


def _differ(one, other, names):
    """Return SQL that compares columns of two rows; of none, nothing differs."""
    if not names:
        return "FALSE"
    left, right = (", ".join(f"{row}.{name}" for name in names) for row in (one, other))
    return f"ROW ({left}) IS DISTINCT FROM ROW ({right})"
