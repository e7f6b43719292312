"""Activities at the source: which wait for a target, and all of them, part by part."""

# pylint: disable=sql-injection
# ruff: noqa: S608 (the conditions in the statements are our own)

import dataclasses

from .. import queries
from ..columns import LARGEST_ID
from . import columns

# Where a walk over all activities has come to its end.
END = LARGEST_ID
# Sent at once; a row is short.
PIECE = 10_000

TABLES_SQL = """
    CREATE TABLE IF NOT EXISTS olap_export_activity_queue (
        target_id integer NOT NULL,
        change_id bigserial,
        activity_id integer NOT NULL,
        PRIMARY KEY (target_id, change_id));
    ALTER TABLE olap_export_position
        ADD COLUMN IF NOT EXISTS activities_after bigint DEFAULT 0,
        ADD COLUMN IF NOT EXISTS activities_found bigint
"""


@dataclasses.dataclass
class Piece:
    """Activities that are sent together.

    :ivar numbers: a list, or the ``range`` in which all are
    :ivar changes: the rows of the queue that go when they are there; None: of a walk
    """

    numbers: list | range
    changes: list | None = None

    def within(self, offset=0):
        """Return the condition that a number, or key, is one of them."""
        if isinstance(self.numbers, range):
            first, last = self.numbers[0], self.numbers[-1]
            return f"BETWEEN {first + offset} AND {last + offset}"
        # No activity has the number 0.
        numbers = [number + offset for number in self.numbers] or [offset]
        return f"IN ({', '.join(map(str, numbers))})"


class Activities:
    """The part of a source that says what the activities are.

    The source gives ``target_id``, ``activity_condition``, ``values``, ``execute`` and
    ``scalar``.
    """

    def has_activities(self):
        return self.scalar("SELECT EXISTS (SELECT 1 FROM relationship_activity)")

    def walk_activities(self, *, comparing=False):
        """Let this transfer, and those after it, go over all activities.

        :param comparing: they should be there, so what is not counts; unless a walk
            that brings them is not over yet
        """
        self.execute(
            "UPDATE olap_export_position SET activities_after = 0, activities_found ="
            " CASE WHEN %(comparing)s AND activities_after IS NULL THEN 0"
            "      WHEN %(comparing)s THEN activities_found END"
            " WHERE target_id = %(target)s",
            {"comparing": comparing, "target": self.target_id},
        )

    def is_walking(self):
        return self._get_walk() is not None

    def _get_walk(self):
        return self.scalar(
            "SELECT activities_after FROM olap_export_position WHERE target_id = %s",
            [self.target_id],
        )

    def _set_walk(self, after):
        self.execute(
            "UPDATE olap_export_position SET activities_after = %s"
            " WHERE target_id = %s",
            [after, self.target_id],
        )

    def read_activities(self, size):
        """Yield :class:`Piece` after piece: what waits now, then the walk.

        What changes later waits for the next transfer.
        """
        end = self.scalar(
            "SELECT max(change_id) FROM olap_export_activity_queue"
            " WHERE target_id = %s",
            [self.target_id],
        )
        last = 0
        while rows := self._read_changes(last, end, size):
            last = rows[-1][0]
            numbers = sorted({number for _change, number in rows if number > 0})
            yield Piece(numbers, [change for change, _number in rows])
        while (after := self._get_walk()) is not None:
            yield Piece(range(after + 1, self._find_last(after, size) + 1))

    def _read_changes(self, after, end, size):
        return self.execute(
            """
            SELECT change_id, activity_id FROM olap_export_activity_queue
             WHERE target_id = %s AND change_id > %s AND change_id <= %s
             ORDER BY change_id LIMIT %s
            """,
            [self.target_id, after, end, size],
        )

    def _find_last(self, after, size):
        """Return the last number of a part; the last part has no end."""
        count, last = self.execute(
            """
            SELECT count(*), max(id)
              FROM (SELECT id
                      FROM (SELECT id FROM relationship_activity
                             UNION ALL
                            SELECT activity_id FROM relationship_activity_history
                             WHERE deleted_at IS NOT NULL) every (id)
                     WHERE id > %s
                     ORDER BY id LIMIT %s) a
            """,
            [after, size],
        )[0]
        return last if count == size else END

    def finish_activities(self, piece):
        """Forget the changes, now that the target has what came of them: exactly those
        that were there before the activities were read.
        """
        if piece.changes is None:
            last = piece.numbers[-1]
            self._set_walk(last if last < END else None)
            return
        self.execute(
            "DELETE FROM olap_export_activity_queue"
            " WHERE target_id = %s AND change_id = ANY (%s)",
            [self.target_id, piece.changes],
        )

    def add_found_activities(self, number):
        """Count what a walk that compares found missing or different."""
        self.execute(
            "UPDATE olap_export_position SET activities_found = activities_found + %s"
            " WHERE target_id = %s",
            [number, self.target_id],
        )

    def take_found_activities(self):
        """Return how much the walk that is over found, whichever transfers went it."""
        found = self.scalar(
            "SELECT activities_found FROM olap_export_position WHERE target_id = %s",
            [self.target_id],
        )
        self.execute(
            "UPDATE olap_export_position SET activities_found = NULL"
            " WHERE target_id = %s",
            [self.target_id],
        )
        return found or 0

    def activity_select(self, piece):
        """Return the statement that reads activities as a target holds them."""
        text = queries.fill(
            queries.read("source/fact_activity"),
            columns=columns.select_list(),
            which=piece.within(),
            condition=self.activity_condition,
        )
        return queries.fill(text, **self.values)

    def count_waiting_activities(self, piece=None):
        """Return how many activities wait, of all or of some."""
        which = f"activity_id {piece.within()}" if piece else "true"
        return self.scalar(
            "SELECT count(DISTINCT activity_id) FROM olap_export_activity_queue"
            f" WHERE target_id = %s AND {which}",
            [self.target_id],
        )
