"""The activities of a transfer: what changed, then what of all of them is left."""

import time

from .. import fault
from .source import PIECE


def load(source, session, result, end, size, on_progress):
    """Send piece after piece until the time is up; one is sent in any case."""
    for number, piece in enumerate(source.read_activities(min(size, PIECE))):
        if number and time.monotonic() >= end:
            result.interrupted = True
            return
        fault.reach("activities_read")
        # What is read must not be older than the changes that go with it.
        source.rollback()
        offset = session.source_key * 10**12
        select = source.activity_select(piece)
        changed = session.load_activities(select, piece.within(offset))
        _count(source, piece, changed, result)
        source.finish_activities(piece)
        if piece.changes is None and not source.is_walking():
            result.activities = source.take_found_activities()
        fault.reach("activities_finished")
        if changed or piece.changes:
            on_progress(result)


def _count(source, piece, changed, result):
    rows = result.rows
    rows["fact_activity"] = rows.get("fact_activity", 0) + changed
    if piece.changes is not None:
        result.sent += len(piece.numbers)
        result.pending = max(result.pending - len(piece.numbers), 0)
    elif changed:
        # What has changed since it was read waits, and is no fault of the target.
        waiting = source.count_waiting_activities(piece)
        source.add_found_activities(max(changed - waiting, 0))
