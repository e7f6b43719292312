"""A target beside its source, event by event, and what follows from them.

A gap is silent: a queue row or an event that somebody deleted is missed by nobody. So
ranges of events are compared by a count and a digest for each day. Where they differ,
the events are: one that is missing, or says something else, is sent again. One that
Odoo never had is named and left to *Take back*. Then states and bridges are computed
anew beside those that are there, and replaced where they differ.

Each range is short, and ours is read before the target is asked. How far a comparison
came whose time was up is kept at the source, and the next one goes on from there; one
that ended in any other way is none, and the next one begins anew.

As in ``merge``, functions inside a target take ``execute(statement)``; ``fetch`` gives
all rows.
"""

import dataclasses
import datetime
import time

from . import digest, fault, merge, queries, repair
from .columns import LARGEST_ID, PRODUCTS

# So many events are compared at a time.
RANGE = 100_000
# Where the events are done, and the states have their turn.
DONE = LARGEST_ID
# Within so much time a comparison goes on.
A_NIGHT = datetime.timedelta(hours=12)
BRIDGES = {
    "bridge_opportunity_reference": "reference_group_key, reference_id, partner_key,"
    " contact_key, reference_type_key, kind, share, influence, attitude, date_from,"
    " date_to",
    # The employee is found later, and by itself.
    "bridge_opportunity_rep": "reference_group_key, reference_id, partner_key, weight,"
    " date_from, date_to",
    "bridge_opportunity_competitor": "reference_group_key, reference_id, partner_key,"
    " strength, date_from, date_to",
}
PERIOD = (
    *("event_key", "opportunity_key", "valid_from", "valid_to"),
    *("valid_from_date_key", "valid_to_date_key", "is_current"),
)


@dataclasses.dataclass
class Comparison:
    """What a comparison found.

    :ivar events: how many were compared
    :ivar again: events that were missing or not as they should be, and sent again
    :ivar opportunities: those whose states were computed anew
    :ivar groups: groups of partner references that were made anew
    :ivar strangers: number of events that Odoo does not have, and the first one
    :ivar complete: everything was compared since the beginning
    :ivar after: the last number of those events
    :ivar part: the next part of the states, of so many ``parts``
    """

    events: int = 0
    again: int = 0
    opportunities: int = 0
    groups: int = 0
    strangers: int = 0
    stranger: int | None = None
    complete: bool = False
    after: int = dataclasses.field(default=0, compare=False)
    part: int = dataclasses.field(default=0, compare=False)
    parts: int = dataclasses.field(default=0, compare=False)

    def is_new(self):
        return not (self.after or self.part)


# -- from outside ---------------------------------------------------------------------


def compare_events(source, session, found, end):
    """Compare range after range, and queue what has to be sent again.

    :param found: :class:`Comparison`
    :param end: of the time; one range is compared in any case
    """
    while found.after < DONE:
        last = source.find_range(found.after, RANGE)
        _compare_range(source, session, found, (found.after + 1, last))
        found.after = last
        if time.monotonic() >= end:
            return


def _compare_range(source, session, found, bounds):
    ours, theirs = source.read_days(bounds), session.read_days(bounds)
    found.events += sum(count for count, _digest in ours.values())
    days = [d for d in {**ours, **theirs} if ours.get(d) != theirs.get(d)]
    if not days:
        return
    differing = session.find_differences(source.said_select(bounds, days), bounds, days)
    strangers = differing["others"] + source.find_unknown(differing["unknown"])
    if strangers:
        found.strangers += len(strangers)
        found.stranger = min([*strangers, *filter(None, [found.stranger])])
    damaged = sorted(set(differing["damaged"]) - set(strangers))
    send_again(source, session, damaged, differing["missing"])
    found.again += len({*differing["missing"], *damaged})


def send_again(source, session, damaged, missing=()):
    """Queue events, and take those out that say something else than in Odoo.

    In this order: who is killed in between leaves nothing that nobody sends.
    """
    if damaged or missing:
        source.queue([*missing, *damaged])
        fault.reach("queued_again")
    if damaged:
        session.forget_events(damaged)


def compare_states(source, session, found, end):
    """Compare part after part what follows from the events, and mend it."""
    if found.after < DONE:
        return
    found.parts = found.parts or source.count_history() // RANGE + 1
    while found.part < found.parts:
        opportunities, groups = session.mend(found.part, found.parts)
        found.opportunities += opportunities
        found.groups += groups
        found.part += 1
        if time.monotonic() >= end:
            break
    found.complete = found.part == found.parts


# -- inside a target ------------------------------------------------------------------


def fill(name, names, engine, **values):
    """Return a statement of ``compare.sql`` over the events."""
    text = queries.read_named("compare")[name]
    if "bounds" in values:
        low, high = values.pop("bounds")
        values |= {"low": low, "high": high}
    return queries.fill(
        queries.fill(text, **digest.hashes(engine)), schema=names["schema"], **values
    )


def list_days(days):
    return ", ".join(f"DATE '{day}'" for day in days)


def find_differences(fetch, names, engine, content, bounds, days):
    """Compare with ``said``; return lists of keys by what is wrong with them."""
    values = {"content": content, "bounds": bounds, "days": list_days(days)}
    return {
        name: [
            key for (key,) in fetch(fill(name, names, engine, **values.copy())) if key
        ]
        for name in ("missing", "damaged", "others", "unknown")
    }


def forget_events(execute, names, keys):
    """Remove events; their states stay until they come again."""
    text = queries.read_named("compare")["forget"]
    keys = ", ".join(map(str, keys))
    execute(queries.fill(text, schema=names["schema"], keys=keys))


def mend(execute, names, engine, source_key, part, parts, temporary):
    """Compute states and bridges of a part anew, and replace those that differ.

    :param temporary: schema of temporary tables
    :return: numbers of opportunities and of groups that were mended
    """
    run = merge.make_runner(execute, names, engine, source_key)
    opportunities = _mend_states(run, f"opportunity_key % {parts} = {part}")
    groups = _mend_bridges(run, f"reference_group_key % {parts} = {part}", temporary)
    if part == 0:
        merge.mend(execute, names)
        # Events whose batch somebody deleted name members, too.
        execute(repair.fill("stand_ins", names, source_key))
        batches = queries.read_named("compare")["all_batches"]
        batches = queries.fill(batches, schema=names["schema"], source_key=source_key)
        merge.infer_of(execute, names, source_key, batches)
        text = queries.read_named("compare")["all_groups"]
        text = queries.fill(text, schema=names["schema"], source_key=source_key)
        merge.infer_of_groups(execute, names, source_key, text)
    return opportunities, groups


def _mend_states(run, chosen):
    columns = [*PERIOD, "{carried}", *(product.name for product in PRODUCTS)]
    ours = "source_key = {source_key} AND "
    run("changed_all", chosen=ours + chosen)
    run("wrong_states", chosen=chosen, columns=", ".join(columns))
    run("drop_changed_all")
    wrong = run("count", table="dirty")[0]
    if wrong:
        dirty = "opportunity_key IN (SELECT opportunity_key FROM dirty)"
        run("changed_all", chosen=ours + dirty)
        run("delete_states")
        run("delete_doubles")
        run("insert_states")
        run("drop_changed_all")
    run("drop_dirty")
    return wrong


def _mend_bridges(run, chosen, temporary):
    run("groups_of", chosen=chosen)
    for table in BRIDGES:
        run("expected_bridge", table=table)
    _insert_bridges(run, schema=temporary)
    differences = " UNION ALL ".join(
        queries.fill(
            queries.read_named("compare")["differing_bridge"],
            table=table,
            columns=columns,
        )
        for table, columns in BRIDGES.items()
    )
    run("wrong_groups", differences=differences, expected=temporary, chosen=chosen)
    wrong = run("count", table="wrong")[0]
    if wrong:
        run("keep_wrong_groups")
        for table in BRIDGES:
            run("delete_wrong_groups", table=table)
        _insert_bridges(run)
        run("find_employees")
    for table in (*(f"{temporary}.{name}" for name in BRIDGES), "wrong", "new_groups"):
        run("drop_table", table=table)
    return wrong


def _insert_bridges(run, **values):
    for name in ("insert_references", "insert_reps", "insert_competitors"):
        run(name, **values)
