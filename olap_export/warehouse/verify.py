"""Whether a target holds what its source never had.

A server that fails over, or a backup that is restored, takes back commits that a
target has already got. Numbers tell nothing of it: sequences run ahead of the rows,
and numbers are used again. So the newest events are compared by what they say. A commit
that came late lies anywhere among those that came with it: of these the source is asked
whether it has them.
"""

from .errors import SOURCE_CONFLICT, TransferError
from .repair import LATEST, NEWEST


def check(source, session):
    """Compare the newest events of a target with its source.

    :raise TransferError: the source lacks some or has others
    """
    event_ids = session.newest_events(NEWEST)
    if not event_ids:
        return
    count, first = session.count_strangers(source.known_select(event_ids))
    if count:
        first -= session.source_key * 10**12
    else:
        count, first = source.count_missing(session.latest_ranges(LATEST))
    if count:
        raise TransferError(SOURCE_CONFLICT, count=count, event=first)
