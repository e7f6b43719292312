"""The columns of ``fact_activity``: where each comes from, and what it can hold.

The one description from which the fact, the statement at the source and the members and
days that have to be there are made. Values are expressions over ``a``, an activity as
``sql/source/fact_activity.sql`` puts it together, and ``z`` (company, time zone).
"""

from ..column import Column

# What of an activity counts: a change of it waits for the targets.
WATCHED = (
    *("id", "type_id", "result_id", "company_id", "user_id", "partner_id"),
    *("contact_id", "lead_id", "campaign_id", "stage_id", "number", "state"),
    *("channel", "priority", "date_from", "date_to", "date_begun", "date_done"),
    *("create_date", "active"),
)
_DAYS = "BETWEEN '0001-01-01' AND '9999-12-31'"
# Local days may differ from UTC by one.
_MOMENTS = "BETWEEN '0001-01-02' AND '9999-12-30'"
_BIGINT, _INTEGER, _FLAG = "bigint NOT NULL", "integer NOT NULL", "boolean NOT NULL"
_LAST_DAY = "coalesce(a.date_to, a.date_from)"


def _member(name, column):
    value = (
        f"CASE WHEN a.{column} > 0 THEN a.{column} + {{offset}}"
        f" WHEN a.{column} IS NULL THEN -1 ELSE 0 END"
    )
    return Column(name, _BIGINT, value, column)


def _day(name, day, missing="-1"):
    value = (
        f"CASE WHEN {day} {_DAYS} THEN to_char({day}, 'YYYYMMDD')::integer"
        f" WHEN {day} IS NULL THEN {missing} ELSE 0 END"
    )
    return Column(name, _INTEGER, value)


def _moment(name, column):
    value = f"CASE WHEN a.{column} {_MOMENTS} THEN a.{column} END"
    return Column(name, "timestamp", value)


def _word(name, column, type_="varchar"):
    return Column(name, type_, f"a.{column}::{{name_type}}")


def _count(name):
    return Column(name, _INTEGER, f"coalesce(a.{name}, 0)::integer")


def _difference(name, later, earlier, plus="", where="true"):
    """Describe a number of days; two days without end have no difference."""
    value = (
        f"CASE WHEN {where} AND {later} {_DAYS} AND {earlier} {_DAYS}"
        f" THEN {later} - {earlier}{plus} END"
    )
    return Column(name, "integer", value)


MEMBERS = {
    "activity_type_key": "type_id",
    "activity_result_key": "result_id",
    "company_key": "company_id",
    "employee_key": "user_id",
    "partner_key": "partner_id",
    "contact_key": "contact_id",
    "opportunity_key": "lead_id",
    "campaign_key": "utm_campaign_id",
    "stage_key": "stage_id",
}
_CANCELLED = (
    f"CASE WHEN a.cancelled_at {_MOMENTS}"
    " THEN (a.cancelled_at AT TIME ZONE 'UTC' AT TIME ZONE"
    " coalesce(z.time_zone, {time_zone}))::date END"
)
# What ended without a day did so on an unknown one.
DAYS = (
    _day("planned_from_date_key", "a.date_from"),
    _day("planned_to_date_key", _LAST_DAY),
    _day("begun_date_key", "a.date_begun"),
    _day("done_date_key", "a.date_done", "CASE a.state WHEN 'done' THEN 0 ELSE -1 END"),
    _day(
        "cancelled_date_key",
        f"({_CANCELLED})",
        "CASE a.state WHEN 'cancelled' THEN 0 ELSE -1 END",
    ),
)
COLUMNS = (
    Column("activity_key", _BIGINT, "a.id + {offset}"),
    *(_member(*pair) for pair in MEMBERS.items()),
    _moment("created_at", "create_date"),
    _moment("first_done_at", "first_done_at"),
    _moment("done_at", "done_at"),
    _moment("cancelled_at", "cancelled_at"),
    _moment("deleted_at", "deleted_at"),
    *DAYS,
    _count("task_count"),
    _count("done_task_count"),
    _count("reopen_count"),
    _difference("planned_days", _LAST_DAY, "a.date_from", " + 1"),
    _difference("days_taken", "a.date_done", "a.date_begun", " + 1"),
    _difference("days_late", "a.date_done", _LAST_DAY, where="a.state = 'done'"),
    Column("source_key", "smallint NOT NULL", "{source_key}::smallint"),
    Column("is_active", _FLAG, "coalesce(a.active, false)"),
    Column("is_deleted", _FLAG, "a.is_deleted"),
    _word("status", "state", "varchar NOT NULL"),
    _word("channel", "channel"),
    _word("priority", "priority"),
    _word("number", "number"),
)


def get_definition():
    """Return the columns for ``sql/schema.sql``."""
    return ",\n".join(f"{column.name} {column.type}" for column in COLUMNS)


def select_list():
    """Return the list of columns for a SELECT, to be filled."""
    return ",\n       ".join(f"{column.value} AS {column.name}" for column in COLUMNS)
