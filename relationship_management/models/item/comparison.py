"""Find and repair what no trigger of the relationship list has seen.

A restored table, ``session_replication_role``, two changes that met.
"""

import logging

from odoo import api, models
from odoo.tools import SQL

from .mirror import join
from .names import get_sync_function

_logger = logging.getLogger(__name__)

# So many records are brought into step by one statement.
BATCH = 10_000


class RelationshipItem(models.Model):
    _inherit = "relationship.item"

    @api.model
    def _compare(self, functions=None):
        """Find and repair what differs; return ``{model: how many records}``.

        :param functions: only of the sources that these keep in step
        """
        found = {}
        for model, source in self._get_sources().items():
            if functions is not None and get_sync_function(source) not in functions:
                continue
            if ids := self._find_different(source):
                found[model] = len(ids)
                for start in range(0, len(ids), BATCH):
                    batch = ids[start : start + BATCH]
                    self.env.cr.execute(
                        SQL(f"SELECT {get_sync_function(source)}(%s)", batch)
                    )
        gone = self._delete_undescribed()
        self.invalidate_model()
        return found | ({"": gone} if gone else {})

    def _find_different(self, source):
        """Return the ids of the records of a source whose rows are not as they say."""
        self.env.flush_all()
        columns = join(SQL.identifier(name) for name in self._get_columns())
        rows = self.env.execute_query(
            SQL(
                """
                WITH told AS (%(select)s), kept AS (
                    SELECT %(columns)s FROM relationship_item WHERE source = %(model)s)
                (SELECT source_id FROM (TABLE told EXCEPT TABLE kept) lacking)
                UNION (SELECT source_id FROM (TABLE kept EXCEPT TABLE told) wrong)
                ORDER BY 1
                """,
                select=self._get_select(source, SQL("TRUE")),
                columns=columns,
                model=source.records._name,
            )
        )
        return [id_ for (id_,) in rows]

    def _delete_undescribed(self):
        self.env.cr.execute(
            "DELETE FROM relationship_item WHERE source <> ALL (%s)",
            [list(self._get_sources())],
        )
        return self.env.cr.rowcount

    @api.model
    def _cron_compare(self):
        """Repair at night what no trigger saw, and say so in the log."""
        self._install_lacking()
        for source in self._get_sources().values():
            if found := self._compare({get_sync_function(source)}):
                _logger.warning("The relationship list was repaired: %s", found)
            self.env["ir.cron"]._commit_progress()
