"""One transfer in a process of its own, for tests that kill it.

Run as a file with a JSON object as argument: ``source`` and ``dsn`` or ``path``,
``chunk_size``, ``mode`` (``create``: the tables only), ``mutant``, ``limits``, and
``stop_at``: command and arrival at which the loader of DuckDB is stopped. Writes the
result, or the sentence of the failure.
"""

import json
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import psycopg2
from warehouse import (
    deadline,
    engine_duckdb,
    engine_postgresql,
    errors,
    fault,
    transfer,
)
from warehouse.duckdb.process import Loader
from warehouse.postgresql.events import EventLoader
from warehouse.source import Source
from warehouse.source_queue import Chunk


def delete_first():
    """Mutant: the queue is emptied before the target has committed."""
    insert_batch = EventLoader._insert_batch
    finish = Chunk.finish

    def insert_after_delete(self, chunk, loaded):
        finish(chunk, self.last_batch)
        insert_batch(self, chunk, loaded)

    EventLoader._insert_batch = insert_after_delete
    Chunk.finish = lambda self, batch: None


def no_key():
    """Mutant: events are never looked for before they are inserted."""
    EventLoader._may_hold = lambda self, chunk: False


MUTANTS = {None: lambda: None, "delete_first": delete_first, "no_key": no_key}


def stop_loader(wanted, arrival):
    """Stop the child process when it is about to get a command."""
    call = Loader.call
    arrivals = []

    def stopping(self, command, /, **arguments):
        arrivals.extend([command] * (command == wanted))
        if command == wanted and len(arrivals) == arrival:
            os.kill(self.process.pid, signal.SIGSTOP)
        return call(self, command, **arguments)

    Loader.call = stopping


def main():
    given = json.loads(sys.argv[1])
    fault.arm()
    limits = deadline.Limits(**given.get("limits", {}))
    engine = (
        engine_duckdb.Engine(given["path"], limits)
        if "path" in given
        else engine_postgresql.Engine(given["dsn"], limits=limits)
    )
    MUTANTS[given.get("mutant")]()
    if "stop_at" in given:
        stop_loader(*given["stop_at"])
    if given.get("mode") == "create":
        engine.create_tables()
        return
    source = Source(
        lambda: psycopg2.connect(given["source"]), given["target_id"], limits=limits
    )
    try:
        result = transfer.run(
            source,
            engine,
            mode=given.get("mode", "incremental"),
            chunk_size=given.get("chunk_size", 20),
        )
    except Exception as error:  # noqa: BLE001 the parent reads the sentence
        sentence = str(errors.explain(error))
        found = {"error": f"{type(error).__name__}: {error}", "sentence": sentence}
        sys.stdout.write(json.dumps(found))
        sys.exit(1)
    sys.stdout.write(json.dumps({"sent": result.sent, "new": result.new}))


if __name__ == "__main__":
    main()
