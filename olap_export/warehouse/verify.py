"""Whether a target holds what its source never had.

A server that fails over, or a backup that is restored, takes back commits that a
target has already got. Numbers tell nothing of it: sequences run ahead of the rows,
and numbers are used again. So the newest events are compared by what they say. A commit
that came late lies anywhere among those that came with it: of these the source is asked
whether it has them.

The same event with other content is none that was lost: somebody changed it in the
target, and it is sent again, as by the nightly comparison.
"""

from . import compare
from .errors import SOURCE_CONFLICT, TransferError
from .repair import LATEST, NEWEST


def check(source, session):
    """Compare the newest events of a target with its source.

    :return: number of those that are sent again
    :raise TransferError: the source lacks some or has others
    """
    event_ids = session.newest_events(NEWEST)
    if not event_ids:
        return 0
    found = dict(session.find_strangers(source.known_select(event_ids)))
    others = [key for key, is_same in found.items() if not is_same]
    if others:
        count, first = len(others), min(others) - session.source_key * 10**12
    else:
        count, first = source.count_missing(session.latest_ranges(LATEST))
    if count:
        raise TransferError(SOURCE_CONFLICT, count=count, event=first)
    compare.send_again(source, session, sorted(found))
    return len(found)
