"""Activities into PostgreSQL."""

from .. import fault
from ..activity import merge
from ..deadline import heavy


class ActivityLoader:
    """The part of a session that lets the fact follow the activities.

    The session gives ``execute``, ``_copy_beside`` and ``_committed``.
    """

    @heavy
    def load_activities(self, select, keys):
        columns = self.source.columns_of(select)
        with self._committed("activities_commit"):
            table = f"{self.schema}.fact_activity"
            self._copy_beside(select, "incoming", table, columns)
            changed = merge.load(
                self.execute, self.names, columns, self.source_key, keys
            )
        fault.reach("activities_committed")
        return changed
