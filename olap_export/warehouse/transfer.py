"""One transfer from Odoo to a target: dimensions, events, states.

Exactly once is at least once and a key. Each chunk is loaded with its batch row in one
transaction of the target, keyed by event; then its queue rows go. A crash anywhere
means: do it again, and the key drops what is there already.
"""

import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor

from . import compare, fault, verify
from .activity import transfer as activities
from .errors import SOURCE_CONFLICT, TransferError
from .star import DIMENSIONS

INCREMENTAL, EVERYTHING = "incremental", "full"
REPLACE, REPAIR, COMPARE = "replace", "repair", "compare"
LARGEST_CHUNK, FIRST_CHUNK, SMALLEST_CHUNK = 200_000, 5_000, 100
# A chunk is kept or not as a whole: the end of the time must not come within one.
CHUNK_SECONDS = 10


@dataclasses.dataclass
class Result:
    """What a transfer did: rows by table, seconds by part, what is left to do.

    :ivar unfit: numbers of the history rows with a value that the target cannot hold:
        loaded with all the rest, or set aside if they have no key
    :ivar chunk_size: rows that the target takes in a few seconds, as far as is known
    :ivar interrupted: the time was up before all rows were sent that waited at the
        start; those that came later wait for the next transfer
    :ivar idle: nothing waited, so nothing was compared
    :ivar again: newest events that were not as in Odoo, and are sent again
    :ivar found: what a comparison found
    :ivar activities: those that were missing or not as they should be; known once all
        were compared, which may be later than the events
    :ivar replaced: readers had something else than what was published last
    """

    rows: dict = dataclasses.field(default_factory=dict)
    seconds: dict = dataclasses.field(default_factory=dict)
    sent: int = 0
    new: int = 0
    unfit: list = dataclasses.field(default_factory=list)
    taken_back: int = 0
    batches: int = 0
    chunk_size: int = 0
    pending: int = 0
    resent: bool = False
    interrupted: bool = False
    idle: bool = False
    again: int = 0
    found: compare.Comparison | None = None
    activities: int = 0
    replaced: bool = False

    @property
    def quarantined(self):
        return len(self.unfit)


def _no_progress(result):
    """Nobody wants to know."""


def run(
    source,
    engine,
    *,
    mode=INCREMENTAL,
    chunk_size=LARGEST_CHUNK,
    first_size=None,
    seconds=None,
    only_if_waiting=False,
    on_progress=_no_progress,
):
    """Transfer what is queued for a target.

    :param source: ``source.Source``
    :param engine: ``engine.Engine``
    :param mode: ``incremental``: what changed since the last transfer; ``full``: send
        everything again, which changes no event that is there, and compute all states
        anew; ``replace``: take everything of this source out of the target and send it
        again; ``repair``: take out what this source does not have and send the rest;
        ``compare``: compare all events, and what follows from them, and mend it
    :param chunk_size: rows of the largest chunk
    :param first_size: rows of the first one, see :func:`choose_size`; the others grow
        and shrink with the speed of the target
    :param seconds: end after this time, between two chunks; the rest stays queued.
        What readers of a published file see does not change until all is there
    :param only_if_waiting: do not compare dimensions when no event waits
    :param on_progress: called with the :class:`Result` after each chunk
    :return: :class:`Result`
    :raise TransferError: nothing of the current chunk was kept
    """
    result = Result(chunk_size=min(first_size or chunk_size, chunk_size))
    replace = mode in (REPLACE, REPAIR)
    end = time.monotonic() + seconds if seconds is not None else float("inf")
    # The source's lock first: one transfer at a time waits for a target.
    with source, engine.open(source, replace=replace) as session:
        source.identify(accept=replace)
        session.register()
        result.replaced = session.was_replaced
        source.prepare(session.source_key, casts=session.needs_casts)
        session.add_columns({c.name: c.type for c in source.columns.further})
        if mode == COMPARE:
            result.found = source.take_compared()
            if result.found.is_new():
                source.walk_activities(comparing=True)
        elif not replace:
            result.again = verify.check(source, session)
        _queue(source, session, mode, result)
        is_waiting = result.pending or result.resent or source.is_walking()
        result.idle = only_if_waiting and not is_waiting
        if not result.idle:
            _load_dimensions(session, result)
            options = (source, session, chunk_size, end, on_progress, result)
            _load_events(*options)
            # What waited is there now: it is neither a gap nor left out.
            if _compare_events(source, session, end, result):
                _load_events(*options)
            with _Timed(result, "states"):
                result.rows["fact_opportunity_state"] = session.refresh()
            _load_activities(*options)
            _compare_states(source, session, end, result)
        if not result.interrupted:
            session.publish()
        result.pending = source.count_pending()
    return result


def choose_size(mode, size, *, fruitless):
    """Return the rows of the first chunk of a transfer.

    :param size: ``Result.chunk_size`` of the transfer before, 0: unknown
    :param fruitless: that one failed before any row arrived
    """
    if mode == REPLACE and not fruitless:
        # Readers should see everything again at once, if possible.
        return LARGEST_CHUNK
    size = (size or FIRST_CHUNK) // (4 if fruitless else 1)
    return max(min(size, FIRST_CHUNK), SMALLEST_CHUNK)


def _queue(source, session, mode, result):
    """Queue what is missing at the target for other reasons than a change."""
    if mode == REPLACE:
        session.clear()
    confirmed = source.get_position()[0]
    if session.last_batch < confirmed:
        # The target is older than what it confirmed: restored, emptied or made anew.
        result.resent = True
    if mode not in (INCREMENTAL, COMPARE) or result.resent:
        source.queue_everything()
        source.set_position(session.last_batch)
    else:
        source.queue_backlog()
    if not session.holds_activities and source.has_activities():
        source.walk_activities(comparing=mode == COMPARE)
    result.pending = source.count_pending()
    fault.reach("queued")
    if mode == EVERYTHING or result.resent:
        session.rebuild()
    if mode == REPAIR:
        # Only now: whatever is taken back is queued already.
        result.taken_back = session.take_back(source.known_select())


def _compare_events(source, session, end, result):
    """Compare the events; return whether some are to be sent again.

    :raise TransferError: the target has events that Odoo does not have
    """
    if not result.found or result.resent or result.interrupted:
        return False
    with _Timed(result, "comparison"):
        compare.compare_events(source, session, result.found, end)
    if result.found.strangers:
        raise TransferError(
            SOURCE_CONFLICT,
            count=result.found.strangers,
            event=result.found.stranger - session.source_key * 10**12,
        )
    result.pending = source.count_pending()
    return result.found.again > 0


def _compare_states(source, session, end, result):
    if not result.found or result.resent:
        return
    if not result.interrupted:
        with _Timed(result, "states"):
            compare.compare_states(source, session, result.found, end)
    if not result.found.complete:
        source.keep_compared(result.found)
        result.interrupted = True


def _load_dimensions(session, result):
    with _Timed(result, "dimensions"):
        session.fill()
        for dimension in DIMENSIONS:
            result.rows[dimension.name] = session.load_dimension(dimension)


def _load_events(source, session, chunk_size, end, on_progress, result):
    """Load what is queued now; rows that arrive meanwhile wait for the next run.

    While a chunk is loaded, the helper removes the one before from the queue and
    prepares the next one.
    """
    with _Timed(result, "events"):
        _load_chunks(source, session, chunk_size, end, on_progress, result)


def _load_chunks(source, session, chunk_size, end, on_progress, result):
    chunks = source.read_chunks(lambda: result.chunk_size)
    chunk = next(chunks, None)
    if chunk is None:
        return
    with ThreadPoolExecutor(1) as helper:
        try:
            fetched = helper.submit(session.fetch_events, chunk)
            finished = []
            while chunk is not None:
                start = time.monotonic()
                fetched.result()
                for future in finished[-2:-1]:
                    future.result()
                following = next(chunks, None)
                if following is not None and time.monotonic() < end:
                    fetched = helper.submit(session.fetch_events, following)
                loaded = session.load_events(chunk)
                finished.append(helper.submit(chunk.finish, loaded.batch))
                _count(result, loaded)
                _set_pace(result, chunk, chunk_size, time.monotonic() - start)
                on_progress(result)
                if following is not None and time.monotonic() >= end:
                    result.interrupted, following = True, None
                chunk = following
            for future in finished:
                future.result()
        finally:
            helper.shutdown(cancel_futures=True)
            source.rollback()


def _load_activities(source, session, chunk_size, end, on_progress, result):
    if not result.interrupted:
        with _Timed(result, "activities"):
            activities.load(source, session, result, end, chunk_size, on_progress)


def _count(result, loaded):
    result.sent += loaded.sent
    result.new += loaded.new
    result.unfit += loaded.unfit
    result.batches += 1
    result.pending = max(result.pending - loaded.sent, 0)
    result.rows["fact_opportunity_event"] = result.new


def _set_pace(result, chunk, largest, seconds):
    """Let the next chunk last as long as it may, but grow slowly."""
    factor = min(max(CHUNK_SECONDS / max(seconds, 0.001), 0.25), 2)
    size = max(int(chunk.size * factor), SMALLEST_CHUNK)
    result.chunk_size = min(size, largest)


class _Timed:
    """Add the seconds of a block to a part of the result."""

    def __init__(self, result, part):
        self.result = result
        self.part = part

    def __enter__(self):
        self.start = time.monotonic()

    def __exit__(self, *exc_info):
        spent = time.monotonic() - self.start
        self.result.seconds[self.part] = self.result.seconds.get(self.part, 0) + spent
