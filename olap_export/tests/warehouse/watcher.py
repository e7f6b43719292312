"""Which transactions of a source are open while a target is waited for."""

import threading
from collections import Counter

import psycopg2

# Sessions of this database in a transaction that began before a moment. One that is
# idle is in none: what PostgreSQL does in it meanwhile, to hear of changes of the
# catalogue, is dated like the statement before.
OPEN = """
    SELECT a.pid, a.state, a.query,
           (SELECT count(*) FROM pg_locks l WHERE l.pid = a.pid AND l.relation > 0),
           a.xact_start
      FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.backend_type = 'client backend'
           AND a.state <> 'idle' AND a.xact_start < %s
"""


class Watcher:
    """Looks at the transactions of a database as long as a block lasts.

    :param is_silent: tells whether a target is being waited for
    :ivar since: when that was first seen
    :ivar found: the transactions that were open for most of that time, and not before
        the block; one that is just ending when the waiting begins is none of them
    """

    def __init__(self, dsn, is_silent):
        self.dsn = dsn
        self.is_silent = is_silent
        self.since = None
        self.looks = 0
        self.seen, self.rows = Counter(), {}
        self.over = threading.Event()

    def __enter__(self):
        self.connection = psycopg2.connect(self.dsn)
        self.connection.autocommit = True
        self.known = {row[0] for row in self.look(self.tell_time())}
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exc_info):
        self.over.set()
        self.thread.join()
        self.connection.close()

    def ask(self, query, *params):
        with self.connection.cursor() as cr:
            cr.execute(query, params)
            return cr.fetchall()

    def tell_time(self):
        return self.ask("SELECT clock_timestamp()")[0][0]

    def look(self, since):
        return self.ask(OPEN, since)

    def watch(self):
        while not self.over.wait(0.1):
            if not self.since and self.is_silent():
                self.since = self.tell_time()
            if self.since:
                rows = self.look(self.since)
                found = {(r[0], r[-1]): r for r in rows if r[0] not in self.known}
                self.looks += 1
                self.seen.update(found.keys())
                self.rows.update(found)

    @property
    def found(self):
        most = max(2, self.looks / 2)
        return [self.rows[key] for key, times in self.seen.items() if times > most]
