"""Private PostgreSQL servers: a unix socket in a closed folder, nothing on the network.

``cluster()`` is the one of the checkout; ``cluster(path, fsync=True)`` makes another
one, for example to kill it in a test::

    with cluster(tmp_path / "target", fsync=True) as target:
        target.create("olap")
        psycopg2.connect(target.dsn("olap"))
        target.stop("immediate")
"""

import hashlib
import os
import pwd
import shlex
import shutil
import tempfile
from pathlib import Path

from tools.base import DEV, IS_ROOT, Problem, run, say
from tools.install import postgres_programs

# The roles that the user of the checkout may take; the first one owns everything.
ROLES = ("odoo", "olap_loader", "olap_reader")
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def cluster(path=None, fsync=False):
    """Return a server; ``start()`` makes it when it is not there yet.

    :param path: folder of its files, by default the one of the checkout
    :param fsync: survive a crash, as a production server does
    """
    return Cluster(Path(path) if path else DEV / "pg", fsync)


class Cluster:
    def __init__(self, path, fsync):
        path = path.absolute()
        self.user = _server_user()
        mark = hashlib.sha256(str(path).encode()).hexdigest()[:10]
        if self.user and not _may_enter(path.parent):
            path = Path("/var/tmp") / f"odoo-{mark}"  # noqa: S108
        self.path, self.fsync = path, fsync
        self.data, self.log = path / "data", path / "postgres.log"
        self.socket = path / "socket"
        if len(str(self.socket)) > 80:
            self.socket = Path(tempfile.gettempdir()) / f"odoo-{mark}"
        self.programs = postgres_programs()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.remove()

    # The server

    def start(self):
        if not (self.data / "PG_VERSION").exists():
            self._make()
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if not self._program("postgres", "--version").split()[2].startswith(made_by):
            raise Problem(
                f"The databases in {self.path} are of PostgreSQL {made_by}, the "
                f"programs in {self.programs} are not: set PG_BIN to those of "
                f"{made_by}, or say make clean to begin anew."
            )
        if not self.is_running():
            self._own_folder(self.socket)
            settings = SETTINGS if self.fsync else SETTINGS | FAST
            settings = {**settings, "unix_socket_directories": str(self.socket)}
            self._program(
                *("pg_ctl", "start", "-w", "-t", "60", "-s"),
                *("-D", self.data, "-l", self.log, "-o"),
                " ".join(f"-c {k}={shlex.quote(v)}" for k, v in settings.items()),
                problem=f"PostgreSQL does not start: see {self.log}.",
            )
        return self

    def stop(self, mode="fast"):
        """Stop it: ``fast``, or ``immediate`` for a crash."""
        if self.is_running():
            self._program("pg_ctl", "stop", "-w", "-s", "-D", self.data, "-m", mode)

    def remove(self):
        self.stop("immediate")
        shutil.rmtree(self.path, ignore_errors=True)
        shutil.rmtree(self.socket, ignore_errors=True)

    def is_running(self):
        if not (self.data / "postmaster.pid").exists():
            return False
        try:
            self._program("pg_ctl", "status", "-D", self.data)
        except Problem:
            return False
        return True

    # Databases

    def dsn(self, database, role=ROLES[0]):
        return f"host={self.socket} dbname={database} user={role}"

    def psql(self, database, statement=None, role=ROLES[0]):
        """Run statements and return the output; without any, the command line."""
        command = [self.programs / "psql", "-Xq", "-h", self.socket]
        command += ["-U", role, "-d", database]
        if statement is None:
            return shlex.join(map(str, command))
        return run(*command, "-At", "-v", "ON_ERROR_STOP=1", "-c", statement).strip()

    def wrap(self, *programs):
        """Let programs that others call find this server without being told."""
        (DEV / "bin").mkdir(parents=True, exist_ok=True)
        for name in programs:
            command = [self.programs / name, "-h", self.socket, "-U", ROLES[0]]
            wrapper = DEV / "bin" / name
            words = shlex.join(map(str, command))
            wrapper.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
            wrapper.chmod(0o755)

    def exists(self, database):
        return database in self.databases()

    def databases(self):
        return self.psql("postgres", "SELECT datname FROM pg_database").split()

    def create(self, database, template="template0"):
        fast = " STRATEGY file_copy" if self.version() >= 15 else ""
        self.psql(
            "postgres", f'CREATE DATABASE "{database}" TEMPLATE "{template}"{fast}'
        )

    def drop(self, database):
        self.psql("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def version(self):
        return int((self.data / "PG_VERSION").read_text())

    # Details

    def _program(self, name, *arguments, problem=None):
        """Run a program as the user who may run a server: it refuses root."""
        command = [self.programs / name, *arguments]
        if self.user:
            user = (f"--reuid={self.user}", f"--regid={pwd.getpwnam(self.user).pw_gid}")
            command = ["setpriv", *user, "--clear-groups", *command]
        # Without a log of its own, the server would keep our pipe open.
        return run(*command, problem=problem, cwd="/")

    def _make(self):
        say("Making a PostgreSQL server in", self.path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.data, ignore_errors=True)
        self._own_folder(self.path)
        new = self.path / "new"
        shutil.rmtree(new, ignore_errors=True)
        self._program(
            *("initdb", "-D", new, "-U", ROLES[0], "--auth=peer", "--no-sync"),
            *("--encoding=UTF8", "--locale=C.UTF-8"),
        )
        # Who may enter is the user of the checkout, under one of our names.
        (new / "pg_hba.conf").write_text("local all all peer map=checkout\n")
        users = {self.user or _user_name(), _user_name()}
        lines = [f"checkout {user} {role}\n" for user in users for role in ROLES]
        (new / "pg_ident.conf").write_text("".join(lines))
        new.rename(self.data)

    def _own_folder(self, path):
        """Make a folder that only the server's user and root can enter."""
        path.mkdir(mode=0o700, exist_ok=True)
        uid = pwd.getpwnam(self.user).pw_uid if self.user else os.geteuid()
        owner = path.lstat().st_uid
        if path.is_symlink() or owner not in (uid, os.geteuid()):
            raise Problem(f"{path} belongs to somebody else: remove it and try again.")
        if owner != uid:
            os.chown(path, uid, pwd.getpwuid(uid).pw_gid)
        path.chmod(0o700)


def _user_name():
    return pwd.getpwuid(os.geteuid()).pw_name


def _server_user():
    """Return the user who runs the server, or None: the present one."""
    if not IS_ROOT:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _may_enter(folder):
    folders = [folder, *folder.parents]
    return all(path.stat().st_mode & 0o001 for path in folders if path.exists())
