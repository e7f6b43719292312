"""What a target must hold, told from the history alone.

Shares nothing with the addons: no statement, no list of columns, no number.
"""

import contextlib
import dataclasses
from collections import Counter
from decimal import Decimal

import psycopg2
import psycopg2.extensions

HISTORY = """
    SELECT id, opportunity_id, transaction_id, event, status,
           CASE WHEN isfinite(changed_at) AND changed_at < '9999-12-30'
                THEN changed_at END,
           CASE WHEN abs(expected_revenue) < 1e12 THEN expected_revenue END
      FROM relationship_opportunity_history
"""
EVENTS = """
    SELECT event_key % 1000000000000, opportunity_key % 1000000000000, transaction_id,
           event, status, event_at, expected_revenue
      FROM fact_opportunity_event
"""
STATES = """
    SELECT event_key % 1000000000000, opportunity_key % 1000000000000, status,
           is_current
      FROM fact_opportunity_state
"""
SET_ASIDE = "SELECT event_key % 1000000000000 FROM etl_quarantine"


@dataclasses.dataclass
class Verdict:
    """Numbers of events; ``wrong`` counts states that do not follow from them."""

    events: int = 0
    lost: int = 0
    doubled: int = 0
    invented: int = 0
    wrong: int = 0


def judge(source_dsn, read_target):
    """Compare a target with the history.

    :param read_target: function that runs a statement there and returns its rows
    """
    history = {row[0]: row for row in _read(source_dsn, HISTORY)}
    events = read_target(EVENTS)
    counted = Counter(row[0] for row in events)
    aside = {row[0] for row in read_target(SET_ASIDE)}
    verdict = Verdict(events=len(history))
    verdict.lost = len(set(history) - set(counted) - aside)
    verdict.doubled = sum(number - 1 for number in counted.values())
    verdict.invented = len(aside - set(history)) + sum(
        not _is_same(row, history.get(row[0])) for row in events
    )
    verdict.wrong = _count_wrong_states(history, set(counted), read_target(STATES))
    return verdict


def _is_same(found, known):
    if known is None or tuple(found[:5]) != tuple(known[:5]):
        return False
    if known[5] is not None and found[5] != known[5]:
        return False
    if found[6] is None or known[6] is None:
        return True
    cent = Decimal("0.0001")
    return Decimal(found[6]).quantize(cent) == Decimal(known[6]).quantize(cent)


def _count_wrong_states(history, held, states):
    """Count events without exactly one state, and opportunities whose last one is not
    the current one.
    """
    counted = Counter(row[0] for row in states)
    wrong = sum(counted[number] != 1 for number in held) + len(set(counted) - held)
    last = {}
    for number in sorted(held & set(history)):
        last[history[number][1]] = history[number]
    expected = {
        (row[0], row[4]) for row in last.values() if row[3] not in ("delete", "merge")
    }
    current = {(row[0], row[2]) for row in states if row[3]}
    return wrong + len(expected ^ current)


def _read(dsn, statement):
    with contextlib.closing(psycopg2.connect(dsn)) as connection:
        cr = connection.cursor()
        psycopg2.extensions.register_type(psycopg2.extensions.DECIMAL, cr)
        cr.execute(statement)
        return cr.fetchall()


def reader(dsn=None, path=None):
    """Return the function that reads a PostgreSQL database or a DuckDB file."""
    if dsn:
        return lambda statement: _read(dsn, statement)

    def read(statement):
        import duckdb

        with contextlib.closing(duckdb.connect(str(path), read_only=True)) as file:
            return file.execute(statement).fetchall()

    return read
