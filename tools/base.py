"""Where everything is, and how commands are run."""

import ast
import fcntl
import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from tools.progress import Progress

ROOT = Path(__file__).resolve().parent.parent
DEV = Path(os.environ.get("DEV_DIR") or ROOT / ".dev").absolute()
VENV = DEV / "venv"
PYTHON = VENV / "bin" / "python"
IS_ROOT = os.geteuid() == 0
MANIFESTS = {
    path.parent.name: ast.literal_eval(path.read_text(encoding="utf-8"))
    for path in sorted(ROOT.glob("*/__manifest__.py"))
}
ADDONS = list(MANIFESTS)
# Installed by Odoo itself beside an application of its own.
BRIDGES = [name for name in ADDONS if MANIFESTS[name].get("auto_install")]
# Installed only by who wants to try all the others: it brings people and their work.
DEMO_ADDON = "relationship_management_demo"
MAIN_ADDONS = [name for name in ADDONS if name not in {*BRIDGES, DEMO_ADDON}]

# Variables that change what Odoo, Python or PostgreSQL do without being asked.
UNWANTED = {"ODOO_RC", "PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH"}


class Problem(Exception):  # noqa: N818
    """Something the reader has to solve; the message says what to do next."""


def say(*words, sep=" "):
    text = sep.join(map(str, words))
    if progress := Progress.current:
        progress.note(text)
    else:
        print("·", text, flush=True)  # noqa: T201


def environment(**extra):
    """Return the environment of every program that is started here."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in UNWANTED and (name == "PG_BIN" or not name.startswith("PG"))
    }
    path = [str(DEV / "bin"), str(VENV / "bin"), kept.get("PATH", os.defpath)]
    return {**kept, "PATH": os.pathsep.join(path), **extra}


def which(program):
    return shutil.which(program, path=environment()["PATH"])


def run(*command, problem=None, log=None, **options):
    """Run a command and return its output; when it fails, raise a ``Problem``.

    :param problem: the sentence to show; without it, the command's own words
    :param log: file that takes the output instead
    """
    options.setdefault("env", environment())
    options.setdefault("cwd", ROOT)
    if log:
        with private(log).open("ab") as output:
            done = subprocess.run(  # noqa: S603
                command, check=False, stdout=output, stderr=subprocess.STDOUT, **options
            )
    else:
        done = subprocess.run(  # noqa: S603
            command, check=False, capture_output=True, text=True, **options
        )
    if done.returncode:
        words = log.read_text(errors="replace") if log else done.stdout + done.stderr
        tail = "\n".join(words.strip().splitlines()[-15:])
        sentence = problem or f"This command failed: {' '.join(map(str, command))}"
        raise Problem(f"{tail}\n{sentence}" + (f" The full log: {log}" if log else ""))
    return "" if log else done.stdout


def private(path):
    """Let nobody else read a file that is about to be written; make it if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    return path


def show(*command, **options):
    """Run a command on the reader's own terminal and return its exit status."""
    options.setdefault("env", environment())
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, check=False, **options).returncode  # noqa: S603


def apt_install(*packages):
    """Install Debian packages; only root can."""
    say("Installing with apt:", *packages)
    env = environment(DEBIAN_FRONTEND="noninteractive")
    try:
        run("apt-get", "update", env=env)
    except Problem:
        # One unreachable source must not stop a package that another one has.
        say("apt-get update reported errors; going on with the lists that it got.")
    run(
        *("apt-get", "install", "-y", "--no-install-recommends", *packages),
        env=env,
        problem="apt could not install them: see its message above, "
        "solve it, then repeat this command.",
    )


@contextmanager
def lock(name):
    """Let one process at a time change what all of them share."""
    DEV.mkdir(parents=True, exist_ok=True)
    with (DEV / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def free_port(preferred=0):
    """Return a free loopback port, the preferred one if nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", preferred))
        except OSError:
            return free_port()
        return probe.getsockname()[1]
