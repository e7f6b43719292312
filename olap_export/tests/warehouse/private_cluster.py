"""A PostgreSQL server of a test's own, which it may stop, kill and fill up."""

import os
import pwd
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

PASSWORD = "correct horse"  # noqa: S105 of a server that lives for seconds


def find_programs():
    """Return the folder with ``initdb`` and ``pg_ctl``, or skip the test."""
    if given := os.environ.get("PG_BIN"):
        return Path(given)
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parts[-3]),
    )
    if found:
        return found[-1].parent
    if program := shutil.which("initdb"):
        return Path(program).parent
    raise unittest.SkipTest("no PostgreSQL server programs: set PG_BIN")


class Programs:
    """PostgreSQL's own programs for a server in a folder; it refuses to run as root."""

    def __init__(self, programs, folder):
        self.programs = Path(programs)
        self.folder = Path(folder)
        self.user = "postgres" if os.geteuid() == 0 else None

    def run(self, program, *arguments):
        subprocess.run(  # noqa: S603 PostgreSQL's own programs
            [str(self.programs / program), *map(str, arguments)],
            check=True,
            user=self.user,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


class PrivateCluster(Programs):
    """A server on a unix socket."""

    def __init__(self):
        super().__init__(find_programs(), tempfile.mkdtemp(prefix="olap_pg_"))
        if self.user and self.user not in {entry.pw_name for entry in pwd.getpwall()}:
            shutil.rmtree(self.folder)
            raise unittest.SkipTest("PostgreSQL does not run as root")
        if self.user:
            shutil.chown(self.folder, self.user)
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        if self.user:
            shutil.chown(secret, self.user)
        self.run(
            *("initdb", "-D", self.folder / "data", "-U", "loader", "-E", "UTF8"),
            *("--locale=C", "-A", "scram-sha-256", f"--pwfile={secret}", "--no-sync"),
        )
        with open(self.folder / "data" / "postgresql.conf", "a") as file:
            file.write(
                f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n"
                "port = 5599\nshared_buffers = 16MB\nmax_connections = 20\n"
            )
        self.start()

    def start(self):
        data, log = self.folder / "data", self.folder / "log"
        self.run("pg_ctl", "-D", data, "-l", log, "-w", "start")

    def stop(self, mode="immediate"):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", mode, "-w", "stop")

    def remove(self):
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder)

    def dsn(self, database="postgres", password=PASSWORD, user="loader"):
        return (
            f"host={self.folder} port=5599 user={user} dbname={database}"
            f" password='{password}'"
        )
