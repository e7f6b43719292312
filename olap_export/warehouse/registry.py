"""Which number a source has in a target, and whether it may feed it.

A source is known by its uuid, which Odoo changes when a database is duplicated or
restored as a copy. So whoever takes over says who it was before, and the target keeps
that beside the identity: the one that was taken over is refused from then on.

As in ``merge``, ``execute(statement, values)`` returns the first row.
"""

# ruff: noqa: S608 (the schemas and keys in the statements are our own)

import dataclasses

from .errors import COPY_OF_SOURCE, TransferError

FORMERLY = "; formerly "


@dataclasses.dataclass(frozen=True)
class Applicant:
    """A source that wants to feed a target.

    :ivar identity: of its database: uuid, server and number there
    :ivar former: uuid under which it fed the target the last time
    :ivar confirmed: the last batch that the target confirmed
    """

    uuid: str
    identity: str
    name: str
    former: str | None = None
    confirmed: int = 0


def register(execute, names, source, *, mark, replace, reserve):
    """Return the number of a source in the target; a new one gets the next.

    :param mark: how a statement marks the place of a value
    :param replace: it may take over what another identity of it sent
    :param reserve: called with the uuid of the row that is about to change, None for
        a new one
    :raise TransferError: somebody else feeds the target as this source
    """
    table = f"{names['schema']}.etl_source"
    row = _find(execute, table, mark, source.uuid)
    if not row and replace and source.former:
        row = _find(execute, table, mark, source.former)
    if not row:
        reserve(None)
        _insert(execute, names, source, mark)
        return _find(execute, table, mark, source.uuid)[0]
    key, uuid, known = row
    identity, *former = known.split(FORMERLY)
    if (uuid, identity) == (source.uuid, source.identity):
        return key
    if not replace:
        raise TransferError(COPY_OF_SOURCE)
    reserve(uuid)
    before = dict.fromkeys(name for name in (*former, uuid) if name != source.uuid)
    execute(
        f"UPDATE {table} SET source_uuid = {mark}, identity = {mark}, name = {mark}"
        f" WHERE source_key = {key}",
        [source.uuid, FORMERLY.join((source.identity, *before)), source.name],
    )
    return key


def find_last_batch(execute, names, source_key):
    """Return the number of the last batch of a source, 0 if its events are gone."""
    events, batches = (
        f"{names['schema']}.{table}"
        for table in ("fact_opportunity_event", "etl_batch")
    )
    offset = source_key * 10**12
    return execute(
        f"""
        SELECT coalesce(max(batch_id), 0) FROM {batches}
         WHERE source_key = {source_key}
           AND (EXISTS (SELECT 1 FROM {events}
                         WHERE event_key BETWEEN {offset} AND {offset + 10**12 - 1})
                OR NOT EXISTS (SELECT 1 FROM {batches}
                                WHERE source_key = {source_key} AND rows_new > 0))
        """
    )[0]


def _find(execute, table, mark, uuid):
    """Return the row of a uuid, or of the one that took over from it."""
    columns = f"SELECT source_key, source_uuid, identity FROM {table}"
    return execute(f"{columns} WHERE source_uuid = {mark}", [uuid]) or execute(
        f"{columns} WHERE strpos(identity || ';', {mark}) > 0", [f"{FORMERLY}{uuid};"]
    )


def _insert(execute, names, source, mark):
    """Insert a source; it gets its number back if only its row was lost."""
    sources, batches = (f"{names['schema']}.{t}" for t in ("etl_source", "etl_batch"))
    execute(
        f"""
        INSERT INTO {sources} (source_key, source_uuid, identity, name,
                               group_currency_key)
        SELECT coalesce((SELECT min(source_key) FROM {batches}
                          WHERE batch_id = {int(source.confirmed)} AND source_key
                                NOT IN (SELECT source_key FROM {sources})),
                        greatest(coalesce((SELECT max(source_key) FROM {sources}), 0),
                                 coalesce((SELECT max(source_key) FROM {batches}), 0))
                        + 1),
               {mark}, {mark}, {mark}, 0
        """,
        [source.uuid, source.identity, source.name],
    )
