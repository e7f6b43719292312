"""PostgreSQL servers of the soak: killed, copied, promoted, filled up.

They listen on a unix socket in a folder that only their user may enter.
"""

import contextlib
import pwd
import shutil
import subprocess

import psycopg2

from tests.soak.fixtures import Programs

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
port = 5599
shared_buffers = 16MB
max_connections = 60
max_wal_size = 256MB
jit = off
timezone = UTC
synchronous_commit = on
fsync = off
"""


class Server(Programs):
    """One server in a folder of its own."""

    def __init__(self, programs, folder):
        super().__init__(programs, folder)
        self.data = self.folder / "data"
        self.folder.mkdir(parents=True)
        self.own(self.folder)

    def own(self, path):
        """Give a folder to the user who runs the server, which root may not."""
        if self.user:
            shutil.chown(path, self.user, pwd.getpwnam(self.user).pw_gid)
        path.chmod(0o700)

    def make(self):
        self.run(
            *("initdb", "-D", self.data, "-U", "odoo", "-A", "trust", "-E", "UTF8"),
            *("--locale=C", "--no-sync"),
        )
        self._configure()
        self.start()
        return self

    def copy_of(self, primary):
        """Become a standby that follows without being waited for."""
        self.run(
            *("pg_basebackup", "-D", self.data, "-R", "-X", "stream", "-c", "fast"),
            *("-d", primary.dsn("postgres")),
        )
        self._configure()
        self.start()
        return self

    def _configure(self):
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write(SETTINGS.format(folder=self.folder))

    def start(self):
        log = self.folder / "log"
        self.run("pg_ctl", "-D", self.data, "-l", log, "-w", "start")

    def stop(self, mode="fast"):
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def promote(self):
        self.run("pg_ctl", "-D", self.data, "-w", "promote")

    def remove(self):
        if (self.data / "postmaster.pid").exists():
            with contextlib.suppress(subprocess.CalledProcessError):
                self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def dsn(self, database):
        return f"host={self.folder} port=5599 user=odoo dbname={database}"

    @property
    def socket(self):
        return self.folder / ".s.PGSQL.5599"

    @contextlib.contextmanager
    def cursor(self, database="postgres"):
        connection = psycopg2.connect(self.dsn(database))
        connection.autocommit = True
        try:
            yield connection.cursor()
        finally:
            connection.close()

    def execute(self, database, statement, values=None):
        with self.cursor(database) as cr:
            cr.execute(statement, values)
            return cr.fetchall() if cr.description else None
