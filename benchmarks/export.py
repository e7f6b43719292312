"""How fast the export is, as a share of what PostgreSQL can send at all.

The limit is ``COPY (SELECT all columns of the history) TO STDOUT (FORMAT binary)``,
thrown away. The export is everything of ``transfer.run`` until the queue is empty, with
keys, batch rows and all commits; its events and its states are reported separately.
Both run alternately in the same run, on a server that writes through to the disk.

Needs ``OLAP_TEST_DSN``, a database on such a server; ``--rows 100000 1000000``.
"""

# ruff: noqa: S608 (the names in the statements are constants)

import argparse
import contextlib
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import psycopg2.extensions

ADDON = Path(__file__).parents[1] / "olap_export"
sys.path.insert(0, str(ADDON))

from warehouse import engine_duckdb, engine_postgresql, transfer
from warehouse.source import TABLES_SQL, Source

HISTORY = "relationship_opportunity_history"
GOAL = 0.5


class Nowhere:
    def write(self, data):
        return len(data)


def connect(dsn, *, autocommit=True):
    connection = psycopg2.connect(dsn)
    connection.autocommit = autocommit
    return connection


def database(name):
    """Create a database beside the given one and return its connection string."""
    dsn = os.environ["OLAP_TEST_DSN"]
    with contextlib.closing(connect(dsn)) as admin, admin.cursor() as cr:
        cr.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cr.execute(f"CREATE DATABASE \"{name}\" ENCODING 'utf8' TEMPLATE template0")
    return psycopg2.extensions.make_dsn(dsn, dbname=name)


def drop(*names):
    dsn = os.environ["OLAP_TEST_DSN"]
    with contextlib.closing(connect(dsn)) as admin, admin.cursor() as cr:
        for name in names:
            cr.execute(f'DROP DATABASE IF EXISTS "{name}"')


def fill(dsn, rows):
    """Make the tables of Odoo that the export reads, with a generated history."""
    script = (ADDON / "tests" / "warehouse" / "scratch_source.sql").read_text(
        encoding="utf-8"
    )
    with contextlib.closing(connect(dsn)) as connection, connection.cursor() as cr:
        cr.execute(script)
        cr.execute(TABLES_SQL)
        cr.execute("SELECT generate_history(1, %s)", [rows])
        cr.execute("VACUUM ANALYZE")


def measure_limit(dsn):
    """Return the seconds that sending all columns of the history takes."""
    with contextlib.closing(connect(dsn)) as connection, connection.cursor() as cr:
        start = time.perf_counter()
        cr.copy_expert(
            f"COPY (SELECT * FROM {HISTORY}) TO STDOUT (FORMAT binary)", Nowhere()
        )
        return time.perf_counter() - start


def prepare(dsn, target):
    """Queue everything for a new target, as the trigger would have done it."""
    with contextlib.closing(connect(dsn)) as connection, connection.cursor() as cr:
        cr.execute("TRUNCATE olap_export_queue; TRUNCATE olap_export_position")
        cr.execute(
            f"INSERT INTO olap_export_queue SELECT %s, id FROM {HISTORY} ORDER BY id",
            [target],
        )
        cr.execute(
            "INSERT INTO olap_export_position (target_id, queue_all)"
            " VALUES (%s, false)",
            [target],
        )
        cr.execute("VACUUM ANALYZE olap_export_queue")
        cr.execute("CHECKPOINT")


def export(kind, source_dsn, place):
    """Run one export and return its figures; called in a process of its own."""
    if kind == "postgresql":
        engine = engine_postgresql.Engine(place)
    else:
        engine = engine_duckdb.Engine(place)
    engine.create_tables()
    source = Source(lambda: psycopg2.connect(source_dsn), 1)
    start = time.perf_counter()
    result = transfer.run(source, engine)
    megabytes = 1024
    return {
        "seconds": time.perf_counter() - start,
        "events": result.seconds["events"],
        "states": result.seconds["states"],
        "rows": result.new,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / megabytes,
        "child": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / megabytes,
    }


def measure_export(kind, source_dsn, number):
    prepare(source_dsn, 1)
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / "warehouse.duckdb")
        if kind == "postgresql":
            place = database("bench_export_target")
        done = subprocess.run(  # noqa: S603 this file
            [sys.executable, __file__, "--one", kind, source_dsn, place],
            check=True,
            capture_output=True,
            text=True,
        )
    figures = json.loads(done.stdout)
    if figures["rows"] != number:
        raise SystemExit(f"{kind}: {figures['rows']} of {number} rows arrived")
    return figures


def run(rows, rounds):
    """Measure limit and engines alternately; return ``{name: [figures]}``."""
    source_dsn = database("bench_export_source")
    fill(source_dsn, rows)
    figures = {"limit": [], "postgresql": [], "duckdb": []}
    for _round in range(rounds):
        for kind in ("postgresql", "duckdb"):
            figures["limit"].append(measure_limit(source_dsn))
            figures[kind].append(measure_export(kind, source_dsn, rows))
            figures["limit"].append(measure_limit(source_dsn))
    drop("bench_export_source", "bench_export_target")
    return figures


def report(rows, figures):
    """Print the figures of one size; return the shares by engine."""
    limit = statistics.median(figures["limit"])
    shares = {}
    say(
        f"{rows:>9,} rows; limit {rows / limit:,.0f} rows/s ({limit:.2f} s,"
        f" {min(figures['limit']):.2f}–{max(figures['limit']):.2f})"
    )
    for place, kind in enumerate(("postgresql", "duckdb")):
        per_round, with_states = [], []
        for number, one in enumerate(figures[kind]):
            beside = figures["limit"][number * 4 + place * 2 :][:2]
            per_round.append(statistics.mean(beside) / one["events"])
            with_states.append(
                statistics.mean(beside) / (one["events"] + one["states"])
            )
        events = statistics.median(one["events"] for one in figures[kind])
        states = statistics.median(one["states"] for one in figures[kind])
        shares[kind] = statistics.median(per_round)
        say(
            f"  {kind:<11} share {shares[kind]:.2f}"
            f" ({min(per_round):.2f}–{max(per_round):.2f}), with the states"
            f" {statistics.median(with_states):.2f}, events {events:.2f} s"
            f" = {rows / events:,.0f} rows/s, states {states:.2f} s,"
            f" memory {max(one['memory'] for one in figures[kind]):.0f} MB,"
            f" loader {max(one['child'] for one in figures[kind]):.0f} MB"
        )
    return shares


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        sys.stdout.write(json.dumps(export(*options.one)))
        return
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    say(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}")
    for rows in options.rows:
        shares = report(rows, run(rows, options.rounds))
    for kind, share in shares.items():
        verdict = "reached" if share >= GOAL else "missed"
        say(f"Goal {GOAL:.2f} of the limit, {kind}: {verdict} ({share:.2f})")


if __name__ == "__main__":
    main()
