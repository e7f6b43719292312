"""Look once more, when a transaction is over, at what it has changed.

Two transactions at one moment do not see each other: one enters a task while the other
gives its opportunity another customer, and the row of the task tells of the former one.
So the triggers also note which records were changed, in the same transaction, and a job
brings all rows that tell of them into step afterwards: it sees what both have done.
"""

import logging
import re
from collections import defaultdict

from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.tools import SQL

from .names import get_again_function

_logger = logging.getLogger(__name__)

TABLE = "relationship_item_again"
# So many notes are worked off in one transaction.
BATCH = 5_000
# At the end of a trigger's function.
AGAIN = """IF TG_OP <> 'UPDATE' THEN
        changed := ARRAY(SELECT r.id FROM touched r);
    END IF;
    IF changed <> '{{}}' THEN
        INSERT INTO relationship_item_again (changed_table, record_id)
        SELECT DISTINCT '{table}', c.id FROM unnest(changed) AS c (id);
    END IF;"""
LINK = re.compile(r"\br\.(\w+)")
NOTES = SQL.identifier(TABLE)


def get_again_part(source, follow, sync):
    """Return what brings rows into step that tell of records of a followed table.

    What is named by its id alone, without a foreign key, may be gone.
    """
    records = "unnest(ids) r (id)"
    if _get_links(follow):
        records = f"{follow.table} r"
    return f"""
    PERFORM {sync}(ARRAY(
        SELECT DISTINCT s.id FROM {records}
          JOIN {source.records._table} s ON ({follow.where})
         WHERE r.id = ANY (ids)));"""  # noqa: S608 (names of our own tables)


def get_former_part(source, follow):
    """Return what notes the rows that told of a record only before it was changed.

    Where it is named by its id alone, these are the same before and after.
    """
    if not _get_links(follow):
        return ""
    return f"""INSERT INTO relationship_item_again (changed_table, record_id)
        SELECT '{source.records._table}', f.id FROM unnest(found) AS f (id);"""  # noqa: S608


def _get_links(follow):
    """Return the columns by which a record is named, beside its id."""
    return set(LINK.findall(follow.where)) - {"id"}


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    def init(self):
        """Create the notes: a table that no model has, since only triggers write it."""
        result = super().init()
        self.env.cr.execute(
            "CREATE TABLE IF NOT EXISTS relationship_item_again (id bigserial"
            " PRIMARY KEY, changed_table varchar NOT NULL, record_id integer NOT NULL)"
        )
        return result

    @api.model
    def _cron_again(self):
        """Work off the notes; whoever changes the same rows meanwhile comes first."""
        functions, cron = self._get_installed(), self.env["ir.cron"]
        try:
            while done := self._look_again(functions):
                [[left]] = self.env.execute_query(SQL("SELECT count(*) FROM %s", NOTES))
                if not cron._commit_progress(done, remaining=left):
                    break
        except SerializationFailure:
            self.env.cr.rollback()
            _logger.info("The relationship list is being changed: looked at later.")

    def _look_again(self, functions):
        """Bring into step what some notes name, and return how many notes those were.

        :param functions: those that the database has
        """
        self.env.cr.execute(
            SQL(
                "DELETE FROM %(notes)s WHERE id IN (SELECT id FROM %(notes)s"
                " ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED)"
                " RETURNING changed_table, record_id",
                notes=NOTES,
                most=BATCH,
            )
        )
        notes = self.env.cr.fetchall()
        found = defaultdict(set)
        for table, id_ in notes:
            found[table].add(id_)
        for table, ids in sorted(found.items()):
            function = get_again_function(table)
            if function in functions:  # of an addon that went, there is none
                sync = SQL("SELECT %s(%s)", SQL.identifier(function), sorted(ids))
                self.env.cr.execute(sync, log_exceptions=False)
        self.invalidate_model()
        return len(notes)
