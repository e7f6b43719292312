"""Activities into a DuckDB file."""

# pylint: disable=sql-injection
# ruff: noqa: S608 (the tables in the statements are our own)

from .. import fault
from ..activity import merge
from .compare import NAMES


class ActivityLoader:
    """The part of the file that lets the fact follow the activities.

    The file gives ``execute``, ``_begin``, ``_commit`` and ``_csv``.
    """

    def activities(self, path, columns, source_key, keys):
        self._begin()
        self.execute(
            "CREATE OR REPLACE TEMP TABLE incoming AS"
            f" SELECT * FROM {self._csv(path, 'main.fact_activity', columns)}"
        )
        changed = merge.load(self.execute, NAMES, columns, source_key, keys)
        fault.reach("activities_commit")
        self._commit(changed=changed > 0)
        return changed
