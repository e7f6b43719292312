"""Where a meeting hangs: at a record, or at a task there.

Core's *Reschedule* of a task leaves a meeting that knows nothing but the task.
"""

from collections import defaultdict

from odoo.fields import Domain
from odoo.tools import SQL

from ..plan.found import all_tasks

ACTIVITY = "relationship.activity"
# At what else meetings hang whose type may hide it, and the field of that.
TYPES = {"crm.lead": "opportunity_type_id", "relationship.campaign": "type_id"}
NOWHERE = SQL("(SELECT NULL::int WHERE FALSE)")


def hangs_at(found, model):
    """Return a domain of the meetings that hang at the records that a query finds."""

    def is_one(events, alias, query):
        res_id = events._field_to_sql(alias, "res_id", query)
        return SQL("%s IN %s", res_id, found.subselect())

    def is_of_task(events, alias, _query):
        here = SQL("t.res_model = %s AND t.res_id IN %s", model, found.subselect())
        return _has_task(events, alias, here)

    here = Domain("res_model", "=", model) & Domain.custom(to_sql=is_one)
    if model == "crm.lead":
        here |= Domain("opportunity_id", "in", found)
    return here | Domain.custom(to_sql=is_of_task)


def hangs_at_no_other(found):
    """Return a domain of the meetings at no activity but those that a query finds.

    :param found: None if there are none
    """
    seen = NOWHERE if found is None else found.subselect()

    def to_sql(events, alias, query):
        other = SQL(
            "(t.res_model = %(model)s AND t.res_id NOT IN %(seen)s)"
            " OR (t.relationship_activity_id > 0"
            " AND t.relationship_activity_id NOT IN %(seen)s)",
            model=ACTIVITY,
            seen=seen,
        )
        return SQL(
            "((%s = %s AND %s NOT IN %s) OR %s) IS NOT TRUE",
            events._field_to_sql(alias, "res_model", query),
            ACTIVITY,
            events._field_to_sql(alias, "res_id", query),
            seen,
            _has_task(events, alias, other),
        )

    named = Domain("relationship_activity_id", "=", False)
    if found is not None:
        named |= Domain("relationship_activity_id", "in", found)
    return named & Domain.custom(to_sql=to_sql)


def hangs_by_task(records):
    """Return a domain of the meetings of tasks at records, done ones too.

    Those of an activity hang at its project.
    """
    # sudo: only which ones, for whoever may delete or merge the records
    tasks = all_tasks(records.env).sudo()
    there = Domain("res_model", "=", records._name) & Domain(
        "res_id", "in", records.ids
    )
    if records._name == ACTIVITY:
        there |= Domain("relationship_activity_id", "in", records.ids)
    return Domain("id", "in", tasks.search(there).calendar_event_id.ids)


def _has_task(events, alias, condition):
    """Return SQL that tells whether a meeting has a task ``t`` of a condition."""
    names = ("calendar_event_id", "relationship_activity_id", "res_id", "res_model")
    events.env["mail.activity"].flush_model(names)
    return SQL(
        "coalesce((SELECT bool_or(%s) FROM mail_activity t"
        " WHERE t.calendar_event_id = %s), FALSE)",
        condition,
        SQL.identifier(alias, "id"),
    )


def find_secret(env, places):
    """Return which of some places keep a meeting from somebody.

    Activities, of which each is told by rules of its own, and what is of a restricted
    type.

    :param places: pairs of model and id
    :return: ``{place: place of the project, of an activity, or None}``
    """
    there = defaultdict(set)
    for model, id_ in places:
        if model and id_:
            there[model].add(id_)
    # sudo: whether anybody is kept out, whoever asks
    activities = env[ACTIVITY].sudo().browse(there[ACTIVITY]).exists()
    secret = {(ACTIVITY, a.id): get_place(a._get_project()) for a in activities}
    for model, name in TYPES.items():
        records = env[model].sudo().browse(there[model]).exists()  # sudo: as above
        for record in records.filtered(name):
            if record[name]._is_restricted():
                secret[get_place(record)] = None
    return secret


def get_place(record):
    """Return model and id of a record."""
    return (record._name, record.id) if record else None
