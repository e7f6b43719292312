"""After a transfer, plain SQL tells the pipeline of any day, as the history does."""

import random
import re
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

import duckdb
import psycopg2
import pytest

from tools.base import ROOT

DAYS = 50
PIPELINE = """
    SELECT count(*), coalesce(sum(expected_revenue), 0),
           coalesce(sum(forecast_revenue), 0)
      FROM {schema}v_pipeline_as_of
     WHERE as_of_date = DATE '{day}'
"""
HISTORY = """
    SELECT h.opportunity_id, h.changed_at, h.event, h.status, h.lead_type,
           h.expected_revenue, h.forecast_revenue, coalesce(p.tz, r.tz, 'UTC')
      FROM relationship_opportunity_history h
      LEFT JOIN res_company c ON c.id = h.company_id
      LEFT JOIN res_partner p ON p.id = c.partner_id
      LEFT JOIN resource_calendar r ON r.id = c.resource_calendar_id
     ORDER BY h.opportunity_id, h.id
"""


@pytest.fixture(scope="module")
def history(cluster, demo_server):
    with psycopg2.connect(cluster.dsn(demo_server.dbname)) as connection:
        cursor = connection.cursor()
        cursor.execute(HISTORY)
        return cursor.fetchall()


@pytest.fixture(scope="module")
def days(history):
    """Return random days between the first and the last change, both included."""
    moments = [row[1].date() for row in history]
    first, last = min(moments), max(moments)
    assert (last - first).days > 500, "The story of the demo spans 18 months."
    chance = random.Random(20260401)  # noqa: S311 - repeatable, not secret
    between = range((last - first).days + 1)
    chosen = {
        first,
        last,
        *(first + timedelta(n) for n in chance.sample(between, DAYS)),
    }
    return sorted(chosen)


def replay(history, day):
    """Return what was open at the end of a day: number, revenue, forecast."""
    state = {}
    for opportunity, moment, event, status, kind, revenue, forecast, zone in history:
        local = moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))
        if local.date() <= day:
            counts = (
                event not in ("delete", "merge")
                and status == "open"
                and kind == "opportunity"
            )
            amounts = (float(revenue or 0), float(forecast or 0))
            state[opportunity] = amounts if counts else None
    counted = [amounts for amounts in state.values() if amounts]
    sums = [sum(column) for column in zip(*counted, strict=True)] or [0, 0]
    return len(counted), *sums


def transfer(server, **target):
    """Transfer everything to a target, made from ``target`` if there is none."""
    found = server.call("olap.export.target", "search", [("code", "=", target["code"])])
    target_id = (
        found[0] if found else server.call("olap.export.target", "create", target)
    )
    server.call("olap.export.target", "action_create_tables", [target_id])
    wizard = server.call(
        "olap.export.target.transfer", "create", {"target_id": target_id}
    )
    action = server.call("olap.export.target.transfer", "action_transfer", [wizard])
    [run] = server.call(
        "olap.export.run", "read", [action["res_id"]], ["state", "message"]
    )
    assert run["state"] == "done", run["message"]


def assert_the_document_is_right(cluster, dbname, query_all):
    """Run its queries, and look whether every activity is there once."""
    text = (ROOT / "docs" / "olap.md").read_text("utf-8")
    blocks = "".join(re.findall(r"```sql\n(.*?)```", text, re.DOTALL))
    queries = [q for q in blocks.split(";") if q.strip().startswith("SELECT")]
    assert len(queries) >= 4
    for query in queries:
        query_all(query)
    [[activities]] = query_all("SELECT count(*) FROM fact_activity")
    expected = cluster.psql(dbname, "SELECT count(*) FROM relationship_activity")
    assert activities == int(expected) > 0


def assert_equals_replay(history, days, query):
    for day in days:
        expected = replay(history, day)
        found = query(PIPELINE, day)
        assert found[0] == expected[0], day
        for there, here in zip(found[1:], expected[1:], strict=True):
            assert abs(float(there) - here) < 0.01 * max(1, found[0]), day


def test_postgresql_equals_the_history_replayed(cluster, demo_server, history, days):
    transfer(demo_server, code="WAREHOUSE", name="Warehouse")
    with psycopg2.connect(demo_server.olap_dsn) as connection:
        cursor = connection.cursor()

        def query(text, day):
            cursor.execute(text.format(day=day, schema=""))
            return cursor.fetchone()

        def query_all(text):
            cursor.execute(text)
            return cursor.fetchall()

        assert_equals_replay(history, days, query)
        assert_the_document_is_right(cluster, demo_server.dbname, query_all)


def test_duckdb_equals_the_history_replayed(
    cluster, demo_server, history, days, tmp_path
):
    path = tmp_path / "warehouse.duckdb"
    transfer(demo_server, code="FILE", name="File", engine="duckdb", path=str(path))
    with duckdb.connect(str(path), read_only=True) as connection:
        assert_equals_replay(
            history,
            days,
            lambda text, day: connection.execute(
                text.format(day=day, schema="")
            ).fetchone(),
        )
        assert_the_document_is_right(
            cluster,
            demo_server.dbname,
            lambda text: connection.execute(text).fetchall(),
        )
