"""The demo: a database with a story, its OLAP database, and a running Odoo."""

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from tools.base import (
    ADDONS,
    DEMO_ADDON,
    DEV,
    PYTHON,
    ROOT,
    Problem,
    environment,
    free_port,
    private,
    say,
    show,
)
from tools.databases import (
    configuration,
    drop,
    fingerprint,
    install,
    installed,
    olap_variables,
    run_lines,
    running_cluster,
    with_addons,
)
from tools.install import setup
from tools.postgres import cluster
from tools.progress import Progress

DATABASE, OLAP = "demo", "olap"
PORT = int(os.environ.get("PORT") or 8069)
PID, LOG = DEV / "odoo.pid", DEV / "odoo.log"
FIRST_EXPORT = """
if "olap.export.target" in env:
    runs = env["olap.export.target"].search([])._transfer(seconds=None)
    env.cr.commit()
    if failed := runs.filtered(lambda run: run.state == "failed"):
        raise SystemExit("\\n".join(run.message or run.state for run in failed))
"""
# The comment of the demo database says from which files it was made.
CONTENT = """
SELECT shobj_description(oid, 'pg_database')
FROM pg_database WHERE datname = current_database()
"""
EXAMPLE = (
    "SELECT as_of_date, count(*) AS opportunities, "
    "round(sum(forecast_revenue_group)) AS forecast "
    "FROM v_pipeline_as_of GROUP BY 1 ORDER BY 1 DESC LIMIT 7"
)


def demo():
    """Start Odoo with demo data in the background and say how to use it."""
    with Progress(4) as progress:
        progress.step("Odoo, Python packages and PostgreSQL")
        setup(everything=False)
        pg = running_cluster()
        stop_server()
        progress.step("The database with the demo story")
        _database(pg)
        progress.step("The OLAP database")
        _first_export(pg, DATABASE, OLAP)
        progress.step("Odoo's start")
        port = free_port(PORT)
        process = start(pg, DATABASE, port, pg.dsn(OLAP), LOG)
        private(PID).write_text(str(process.pid))
        wait(process, port, LOG)
    _welcome(pg, port, OLAP, LOG, "make stop ends Odoo and PostgreSQL")


def _welcome(pg, port, olap, log, end):
    say(f"""Odoo is running at http://127.0.0.1:{port}
    log in as ewa (manager), anna, piotr or katrin (sales), marta, jan, or admin (OLAP);
    the password is the login, docs/demo-story.md tells who they are
  The OLAP database:
    {pg.psql(olap)} -c "{EXAMPLE}"
  Odoo's log is {log}; {end}.""")


def try_():
    """Start a copy of the demo with a server and an OLAP database of its own."""
    pg, name = running_cluster(), _name_of_try()
    untry()
    database, olap = f"try_{name}", f"try_{name}_olap"
    with_addons(pg, database)
    pg.create(olap)
    _first_export(pg, database, olap)
    port, log = free_port(PORT), DEV / "try" / f"{name}.log"
    process = start(pg, database, port, pg.dsn(olap), log)
    private(DEV / "try" / f"{name}.pid").write_text(str(process.pid))
    wait(process, port, log)
    _welcome(pg, port, olap, log, f"make untry NAME={name} takes all of it away")


def untry():
    """End the copy of the demo that ``try_`` made, and remove its databases."""
    pg, name = running_cluster(), _name_of_try()
    stop_server(DEV / "try" / f"{name}.pid")
    for database in (f"try_{name}", f"try_{name}_olap"):
        drop(pg, database)
    (DEV / "try" / f"{name}.log").unlink(missing_ok=True)


def _name_of_try():
    name = os.environ.get("NAME", "")
    if not re.fullmatch("[a-z][a-z0-9_]{0,30}", name):
        raise Problem(
            "Give the copy a name of small letters, digits and underscores: "
            "make try NAME=anna PORT=8070"
        )
    return name


def serve():
    """Run Odoo with demo data in the foreground."""
    pg = running_cluster()
    stop_server()
    _database(pg)
    config = configuration(pg, DATABASE, free_port(PORT))
    command = [PYTHON, "-m", "odoo", "server", "-c", config, "--dev=xml"]
    return show(*command, env=environment(**olap_variables(pg.dsn(OLAP))))


def shell():
    """Open Odoo's Python prompt on the demo database."""
    pg = running_cluster()
    _database(pg)
    config = configuration(pg, DATABASE)
    command = [PYTHON, "-m", "odoo", "shell", "-c", config, "--no-http"]
    return show(*command, env=environment(**olap_variables(pg.dsn(OLAP))))


def stop():
    stop_server()
    cluster().stop()
    say("Odoo and PostgreSQL are stopped.")


def _database(pg):
    """Make the demo database, or bring it up to date with the addons' files."""
    content = fingerprint()
    if os.environ.get("FRESH"):
        drop(pg, DATABASE)
        drop(pg, OLAP)
    if not pg.exists(OLAP):
        pg.create(OLAP)
    if not pg.exists(DATABASE):
        with_addons(pg, DATABASE)
    elif content != pg.psql(DATABASE, CONTENT):
        say("The addons changed: updating the demo database …")
        present = installed(pg, DATABASE)
        # A database from before the story was an addon has it already, and keeps it.
        new = [name for name in ADDONS if name not in {*present, DEMO_ADDON}]
        install(pg, DATABASE, new, update=[name for name in ADDONS if name in present])
    pg.psql("postgres", f"COMMENT ON DATABASE {DATABASE} IS '{content}'")


def _first_export(pg, database, olap):
    log = DEV / "logs" / f"first_export_{database}.log"
    try:
        run_lines(
            *(pg, database, FIRST_EXPORT, log),
            variables=olap_variables(pg.dsn(olap)),
            problem="The transfer to the OLAP database failed; Odoo runs without it.",
        )
    except Problem as error:
        say(error)


# A server process


def start(pg, database, port, olap_dsn, log):
    """Start Odoo in the background and return its process."""
    config = configuration(pg, database, port)
    with private(log).open("wb") as output:
        return subprocess.Popen(  # noqa: S603
            [PYTHON, "-m", "odoo", "server", "-c", config],
            cwd=ROOT,
            env=environment(**olap_variables(olap_dsn)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait(process, port, log, seconds=120):
    """Wait until Odoo answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login"):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise Problem(f"{tail}\nOdoo does not answer: see {log}.")


def stop_server(file=PID):
    """Stop the server whose process number a file holds, if it still is one."""
    try:
        pid = int(file.read_text())
        if "odoo" in Path(f"/proc/{pid}/cmdline").read_text():
            os.kill(pid, signal.SIGTERM)
            _wait_for_end(pid)
    except (OSError, ValueError):
        pass
    file.unlink(missing_ok=True)


def _wait_for_end(pid):
    for _ in range(50):
        time.sleep(0.2)
        os.kill(pid, 0)
    os.kill(pid, signal.SIGKILL)
