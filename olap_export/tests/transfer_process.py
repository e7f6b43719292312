"""One transfer in a process of its own, for tests that kill it.

Run as a file with a JSON object as argument: ``source`` and ``dsn`` or ``path``,
``chunk_size``, ``mode``, ``mutant``. Writes the result, or the sentence of the failure.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import psycopg2
from warehouse import engine_duckdb, engine_postgresql, fault, transfer
from warehouse.postgresql_events import EventLoader
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


def main():
    given = json.loads(sys.argv[1])
    fault.arm()
    engine = (
        engine_duckdb.Engine(given["path"])
        if "path" in given
        else engine_postgresql.Engine(given["dsn"])
    )
    MUTANTS[given.get("mutant")]()
    source = Source(lambda: psycopg2.connect(given["source"]), given["target_id"])
    try:
        result = transfer.run(
            source,
            engine,
            mode=given.get("mode", "incremental"),
            chunk_size=given.get("chunk_size", 20),
        )
    except Exception as error:  # noqa: BLE001 the parent reads the sentence
        sys.stdout.write(json.dumps({"error": f"{type(error).__name__}: {error}"}))
        sys.exit(1)
    sys.stdout.write(json.dumps({"sent": result.sent, "new": result.new}))


if __name__ == "__main__":
    main()
