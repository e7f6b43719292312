"""One transfer from Odoo to a target: dimensions, events, states.

Exactly once is at least once and a key. Each chunk is loaded with its batch row in one
transaction of the target, keyed by event; then its queue rows go. A crash anywhere
means: do it again, and the key drops what is there already.
"""

import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor

from . import fault, verify
from .star import DIMENSIONS

INCREMENTAL, EVERYTHING = "incremental", "full"
REPLACE, REPAIR = "replace", "repair"


@dataclasses.dataclass
class Result:
    """What a transfer did: rows by table, seconds by part, what is left to do.

    :ivar unfit: numbers of the history rows with a value that the target cannot hold:
        loaded with all the rest, or set aside if they have no key
    :ivar interrupted: the time was up before all rows were sent that waited at the
        start; those that came later wait for the next transfer
    :ivar idle: nothing waited, so nothing was compared
    """

    rows: dict = dataclasses.field(default_factory=dict)
    seconds: dict = dataclasses.field(default_factory=dict)
    sent: int = 0
    new: int = 0
    unfit: list = dataclasses.field(default_factory=list)
    taken_back: int = 0
    batches: int = 0
    pending: int = 0
    resent: bool = False
    interrupted: bool = False
    idle: bool = False

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
    chunk_size=200_000,
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
        again; ``repair``: take out what this source does not have and send the rest
    :param seconds: end after this time, between two chunks; the rest stays queued.
        What readers of a published file see does not change until all is there
    :param only_if_waiting: do not compare dimensions when no event waits
    :param on_progress: called with the :class:`Result` after each chunk
    :return: :class:`Result`
    :raise TransferError: nothing of the current chunk was kept
    """
    result = Result()
    replace = mode in (REPLACE, REPAIR)
    end = time.monotonic() + seconds if seconds is not None else float("inf")
    # The source's lock first: one transfer at a time waits for a target.
    with source, engine.open(source, replace=replace) as session:
        source.identify(accept=replace)
        session.register()
        source.prepare(session.source_key, casts=session.needs_casts)
        if not replace:
            verify.check(source, session)
        _queue(source, session, mode, result)
        result.idle = only_if_waiting and not result.pending and not result.resent
        if not result.idle:
            _load_dimensions(session, result)
            with _Timed(result, "events"):
                _load_events(source, session, chunk_size, end, on_progress, result)
            with _Timed(result, "states"):
                result.rows["fact_opportunity_state"] = session.refresh()
        if not result.interrupted:
            session.publish()
        result.pending = source.count_pending()
    return result


def _queue(source, session, mode, result):
    """Queue what is missing at the target for other reasons than a change."""
    if mode == REPLACE:
        session.clear()
    confirmed = source.get_position()[0]
    if session.last_batch < confirmed:
        # The target is older than what it confirmed: restored, emptied or made anew.
        result.resent = True
    if mode != INCREMENTAL or result.resent:
        source.queue_everything()
        source.set_position(session.last_batch)
    else:
        source.queue_backlog()
    result.pending = source.count_pending()
    fault.reach("queued")
    if mode == EVERYTHING or result.resent:
        session.rebuild()
    if mode == REPAIR:
        # Only now: whatever is taken back is queued already.
        result.taken_back = session.take_back(source.known_select())


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
    chunks = source.read_chunks(chunk_size)
    chunk = next(chunks, None)
    if chunk is None:
        return
    with ThreadPoolExecutor(1) as helper:
        try:
            fetched = helper.submit(session.fetch_events, chunk)
            finished = []
            while chunk is not None:
                fetched.result()
                for future in finished[-2:-1]:
                    future.result()
                following = next(chunks, None)
                if following is not None and time.monotonic() >= end:
                    result.interrupted, following = True, None
                if following is not None:
                    fetched = helper.submit(session.fetch_events, following)
                loaded = session.load_events(chunk)
                finished.append(helper.submit(chunk.finish, loaded.batch))
                _count(result, loaded)
                on_progress(result)
                chunk = following
            for future in finished:
                future.result()
        finally:
            helper.shutdown(cancel_futures=True)
            source.rollback()


def _count(result, loaded):
    result.sent += loaded.sent
    result.new += loaded.new
    result.unfit += loaded.unfit
    result.batches += 1
    result.pending = max(result.pending - loaded.sent, 0)
    result.rows["fact_opportunity_event"] = result.new


class _Timed:
    """Add the seconds of a block to a part of the result."""

    def __init__(self, result, part):
        self.result = result
        self.part = part

    def __enter__(self):
        self.start = time.monotonic()

    def __exit__(self, *exc_info):
        self.result.seconds[self.part] = time.monotonic() - self.start
