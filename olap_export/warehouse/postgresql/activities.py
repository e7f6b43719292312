"""Activities into PostgreSQL."""

from .. import fault
from ..activity import merge
from ..deadline import heavy


class ActivityLoader:
    """The part of a session that lets the fact follow the activities.

    The session gives ``execute``, ``_copy`` and ``_committed``.
    """

    @heavy
    def load_activities(self, select, keys):
        columns = self.source.columns_of(select)
        with self._committed("activities_commit"):
            self.execute(
                f"CREATE TEMP TABLE incoming (LIKE {self.schema}.fact_activity)"
                " ON COMMIT DROP"
            )
            self._copy(select, "incoming", columns)
            self.execute("ANALYZE incoming")
            changed = merge.load(
                self.execute, self.names, columns, self.source_key, keys
            )
        fault.reach("activities_committed")
        return changed
