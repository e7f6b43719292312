"""Odoo databases: templates that are made once, and copies of them.

There are three templates, each made from a copy of the one before: the modules that our
main addons need, those that the bridges need too, and all of it with our addons and the
demo story. Their names contain a hash of everything they depend on, so that they are
made again only when that changed. Who wants nothing but the demo gets the last one in
one go: the others save time only from the second one on.
"""

import hashlib
import os
import re
import shutil
from contextlib import contextmanager, suppress

from tools.base import (
    ADDONS,
    DEV,
    MAIN_ADDONS,
    MANIFESTS,
    PYTHON,
    ROOT,
    Problem,
    environment,
    lock,
    private,
    run,
    say,
)
from tools.install import addons_path, odoo_home, odoo_version
from tools.postgres import cluster
from tools.progress import watching

FILESTORES = DEV / "data" / "filestore"
OLAP_CODE = "WAREHOUSE"
# Without English here, Odoo would switch it off.
LANGUAGES = "en_US,pl_PL,de_DE"
# What the first pages load: the log-in, then the web client.
PAGES = ("frontend_minimal", "frontend", "frontend_lazy", "web", "web_print")
PAGES = (*PAGES, "backend_lazy")
BUILD = """
for name in {}:
    bundle = env["ir.qweb"]._get_asset_bundle(name, css=True, js=True)
    bundle.js()
    bundle.css()
env.cr.commit()
"""
PREGENERATE = BUILD.format([f"web.assets_{name}" for name in PAGES])
# What a test's page loads on top: nothing is built in a test, which forgets it again.
TESTING = ("web.assets_tests", "web.__assets_tests_call__", "web.assets_unit_tests")
TESTING = (*TESTING, "web.assets_unit_tests_setup", "web.assets_emoji")
TESTING = (*TESTING, "bus.websocket_worker_assets", "web.chartjs_lib")
PREGENERATE_FOR_TESTS = BUILD.format(TESTING)


def configuration(pg, database, port=0):
    """Write Odoo's configuration file for one database and return its path."""
    options = {
        "addons_path": addons_path(),
        "data_dir": DEV / "data",
        "db_host": pg.socket,
        "db_user": "odoo",
        "db_name": database,
        "dbfilter": f"^{database}$",
        "list_db": False,
        "http_interface": "127.0.0.1",
        "http_port": port or 8069,
        "admin_passwd": "admin",
        "max_cron_threads": 1,
        # A limit of memory would be one for the browser, too; and whoever is slow goes
        # on: a server that ends itself does not come back.
        "limit_memory_hard": 0,
        "limit_memory_soft": 0,
        "limit_time_real": 0,
    }
    path = DEV / "conf" / f"{database}.conf"
    lines = [f"{name} = {value}\n" for name, value in options.items()]
    private(path).write_text("[options]\n" + "".join(lines))
    return path


def odoo(config, *arguments, variables=None, **options):
    """Run one of Odoo's commands on the database of a configuration file."""
    env = environment(ODOO_RC=str(config), **(variables or {}))
    return run(PYTHON, "-m", "odoo", *arguments, env=env, **options)


def olap_variables(dsn):
    """Return the environment in which the demo's target reaches its database."""
    return {f"OLAP_EXPORT_DSN_{OLAP_CODE}": dsn}


# Templates


def with_addons(pg, database):
    """Make a database with our addons and the demo story."""
    with lock("template"):
        copy(pg, _template(pg), database)


def for_tests(pg, database):
    """Make the same, with what tests in a browser load as well."""
    with lock("template"):
        name = _template(pg, with_bases=True)
        _build_pages(pg, name, "tests", PREGENERATE_FOR_TESTS)
        copy(pg, name, database)


def _template(pg, with_bases=False):
    """Return the template with our addons, made from scratch where no base is there.

    :param with_bases: make them first, for the next time
    """
    base = name_base(ADDONS)
    name = f"template_{_digest(base, fingerprint())}"
    if not pg.exists(name):
        _forget(pg, "template_")
        if with_bases:
            _base(pg, ADDONS, _base(pg, MAIN_ADDONS))
        with _building(pg, name) as building:
            say("Installing", ", ".join(ADDONS), "…")
            if pg.exists(base):
                copy(pg, base, building)
            else:
                empty(pg, building)
            install(pg, building, ADDONS)
    _build_pages(pg, name, "web", PREGENERATE)
    return name


def _build_pages(pg, name, kind, script):
    """Build what pages load, unless it was built of these very files.

    Odoo tells files by place and time: those of another checkout with the same content
    would be built anew in each test, which forgets them again.
    """
    folders = [ROOT / addon / "static" for addon in ADDONS]
    files = sorted(path for folder in folders for path in folder.rglob("*"))
    stamp = _digest([(str(path), path.stat().st_mtime_ns) for path in files])
    mark = FILESTORES / name / f"built-{kind}"
    if not mark.exists() or mark.read_text() != stamp:
        run_lines(pg, name, script)
        mark.write_text(stamp)


def without_addons(pg, database):
    """Make a database with demo data and what our main addons need, but not these."""
    with lock("template"):
        copy(pg, _base(pg, MAIN_ADDONS), database)


def with_applications(pg, database):
    """Make a database with demo data and what all our addons need, but not these."""
    with lock("template"):
        copy(pg, _base(pg, ADDONS, _base(pg, MAIN_ADDONS)), database)


def empty(pg, database):
    """Make a database as Odoo makes it."""
    pg.create(database)
    with suppress(Problem):  # An embedded PostgreSQL has no extensions.
        pg.psql(database, "CREATE EXTENSION pg_trgm")


def _base(pg, addons, below=None):
    """Return the template with the modules that ``addons`` need.

    :param below: the template to begin with
    """
    needed, name = dependencies(addons), name_base(addons)
    if name == below or pg.exists(name):
        return name
    if not below:
        _forget(pg, "base_")
    with _building(pg, name) as building:
        say("Making a database with", ", ".join(needed), "…")
        if below:
            copy(pg, below, building)
        else:
            empty(pg, building)
        install(pg, building, needed)
    return name


def name_base(addons):
    """Return the name of the template with the modules that ``addons`` need."""
    needed = dependencies(addons)
    return f"base_{_digest(odoo_version(odoo_home()), needed, LANGUAGES)}"


def dependencies(addons):
    """Return the modules that these addons of ours need, without ours."""
    needed = {"base"}
    for addon in addons:
        needed.update(MANIFESTS[addon].get("depends", ()))
    return sorted(needed - set(ADDONS))


def fingerprint():
    """Return a hash of the addons' files that end up in a database."""
    digest = hashlib.sha256()
    for addon in ADDONS:
        for path in sorted((ROOT / addon).rglob("*")):
            inside = path.relative_to(ROOT)
            if path.is_file() and not {"tests", "__pycache__"} & set(inside.parts):
                digest.update(str(inside).encode() + path.read_bytes())
    return digest.hexdigest()


def install(pg, database, modules, update=()):
    """Install modules with demo data, in the languages of our addons; update others.

    Where the languages are, what is installed brings its own terms; an update replaces
    those of all modules.
    """
    is_new = not pg.psql(database, "SELECT to_regclass('res_lang')")
    languages = [f"--load-language={LANGUAGES}"] if is_new or update else []
    log = DEV / "logs" / f"{database}.log"
    log.unlink(missing_ok=True)
    config = configuration(pg, database)
    with watching(lambda: _tell_modules(log)):
        odoo(
            *(config, "server"),
            *(("-i", ",".join(modules)) if modules else ()),
            *(("-u", ",".join(update)) if update else ()),
            *("--with-demo", *languages, "--stop-after-init", "--no-http"),
            log=log,
            problem="Odoo could not install the addons: solve what it says, "
            "then repeat this command.",
        )
    if missing := {*modules, *update} - installed(pg, database):
        raise Problem(f"Odoo did not install {', '.join(sorted(missing))}: see {log}.")
    if "demo data failed to install" in log.read_text(errors="replace"):
        raise Problem(f"Odoo could not load the demo data of an addon: see {log}.")


def installed(pg, database):
    """Return the names of the modules that are installed."""
    states = pg.psql(
        database, "SELECT name FROM ir_module_module WHERE state='installed'"
    )
    return set(states.split())


def _tell_modules(log):
    """Return how far Odoo is, by its log."""
    with suppress(OSError):
        found = re.findall(r"Loading module \S+ \((\d+)/(\d+)\)", log.read_text())
        return found and "module {} of {}".format(*found[-1])
    return ""


def run_lines(pg, database, script, log=None, **options):
    """Run Python lines in Odoo's shell."""
    log = log or DEV / "logs" / f"{database}.log"
    config = configuration(pg, database)
    odoo(config, "shell", "--no-http", log=log, input=script.encode(), **options)


def copy(pg, source, target):
    """Copy a database and its files, these as hard links."""
    pg.create(target, template=source)
    if (FILESTORES / source).is_dir():
        files = FILESTORES / target
        shutil.rmtree(files, ignore_errors=True)
        shutil.copytree(FILESTORES / source, files, copy_function=os.link)


def drop(pg, database):
    pg.drop(database)
    shutil.rmtree(FILESTORES / database, ignore_errors=True)
    (DEV / "conf" / f"{database}.conf").unlink(missing_ok=True)


@contextmanager
def _building(pg, name):
    """Give a database that gets its name only when it is complete."""
    building = f"building_{name}"
    drop(pg, building)
    yield building
    pg.psql("postgres", f'ALTER DATABASE "{building}" RENAME TO "{name}"')
    shutil.rmtree(FILESTORES / name, ignore_errors=True)
    if (FILESTORES / building).is_dir():
        (FILESTORES / building).rename(FILESTORES / name)
    drop(pg, building)


def _forget(pg, prefix):
    for database in pg.databases():
        if database.startswith(prefix):
            drop(pg, database)


def _digest(*values):
    return hashlib.sha256(repr(values).encode()).hexdigest()[:12]


def kept(pg, kind, key, make):
    """Return a database that stays for all runs with the same key.

    :param make: function of the server and a new database, which fills that
    """
    name = f"{kind}_{_digest(*key)}"
    with lock(kind):
        if not pg.exists(name):
            _forget(pg, f"{kind}_")
            with _building(pg, name) as building:
                make(pg, building)
    return name


# Databases of one run


@contextmanager
def temporary(pg, name, make=empty):
    """Give a database that lives no longer than this process.

    What a killed process left behind goes first.
    """
    for database in pg.databases():
        kind, _, pid = database.rpartition("_")
        if kind == name and not _is_alive(pid):
            drop(pg, database)
    database = f"{name}_{os.getpid()}"
    drop(pg, database)
    make(pg, database)
    try:
        yield database
    finally:
        drop(pg, database)


def _is_alive(pid):
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def running_cluster():
    return cluster().start()
