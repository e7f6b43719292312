"""Tests, lint, translations, packages."""

import os
import re
import shutil
from contextlib import ExitStack

from tools.base import (
    ADDONS,
    BRIDGES,
    DEMO_ADDON,
    DEV,
    MAIN_ADDONS,
    PYTHON,
    ROOT,
    VENV,
    Problem,
    environment,
    free_port,
    run,
    say,
    show,
    which,
)
from tools.databases import (
    configuration,
    dependencies,
    drop,
    for_tests,
    odoo,
    running_cluster,
    temporary,
    with_addons,
    without_addons,
)
from tools.install import versions
from tools.postgres import cluster

# Odoo's own export leaves out a translation that equals its source.
MERGE = """
import polib, sys
from pathlib import Path
template, translation = sys.argv[1:]
pot = polib.pofile(template)
for name in ("POT-Creation-Date", "PO-Revision-Date"):
    pot.metadata.pop(name, None)
pot.save()
if not Path(translation).exists():
    Path(translation).write_text('msgid ""\\nmsgstr "Language: pl\\\\n"\\n')
po = polib.pofile(translation)
po.merge(pot)
po.metadata = {**pot.metadata, **po.metadata}
for entry in po.obsolete_entries():
    po.remove(entry)
po.save()
"""
# Without a skipped test.
PYTEST = (PYTHON, "-m", "pytest", "-p", "tests.left_out")
# The journeys that take pictures.
STORIES = ("opportunity", "campaign", "partner", "work")
CORE_MODULES = ["crm", "sale_crm", "test_mail", "mass_mailing_crm"]
CORE_TAGS = (
    "/crm,/sales_team,/utm,/sale_crm,/mass_mailing_crm,/test_mail:TestActivityFlow,"
    "/test_mail:TestActivityMixin,/test_mail:TestActivitySystray,"
    "/test_mail:TestActivityRights,/test_mail:TestActivitySchedule"
)


def test(*arguments):
    """Run pytest on copies of the template database.

    Several processes share the tests, a file at a time, unless some are chosen: with
    ``JOBS=1``, or with arguments, there is one, which shows what a test prints.

    Of many cases of one kind a part is taken, another one for each commit; everything
    with ``ALL=1``, or if tests are chosen. See decision 16.
    """
    pg = running_cluster()
    everything = arguments or os.environ.get("ALL")
    variables = {} if everything else {"TEST_TURN": str(_turn())}
    jobs = int(os.environ.get("JOBS") or (1 if arguments else os.cpu_count() or 1))
    if jobs > 1:
        arguments = (
            *("-n", str(jobs), "--dist", "loadfile", "-p", "tests.parallel"),
            *arguments,
        )
    with temporary(pg, "test_run", for_tests) as database:
        return _pytest(pg, database, arguments, jobs, **variables)


def _turn():
    """Return a number for the commit, also in a clone that knows no others."""
    try:
        return int(run("git", "rev-parse", "HEAD").strip()[:8], 16)
    except (Problem, OSError, ValueError):
        return 0


def _pytest(pg, database, arguments, jobs=1, **variables):
    with ExitStack() as stack:
        olap = stack.enter_context(temporary(pg, "test_olap"))
        if jobs > 1:
            # The names that the processes take for theirs; see tests/parallel.py.
            for number in range(jobs):
                pg.create(f"{olap}-gw{number}")
                stack.callback(pg.drop, f"{olap}-gw{number}")
            pg.wrap("createdb", "dropdb")
        env = environment(
            ODOO_RC=str(configuration(pg, database)),
            OLAP_TEST_DSN=pg.dsn(olap),
            PG_BIN=str(pg.programs),
            TEST_HEADER=_header(variables),
            **variables,
        )
        return show(*PYTEST, "--odoo-http", *arguments, env=env)


def _header(variables):
    turn = variables.get("TEST_TURN")
    return f"{versions()}\n" + (
        f"A part of the cases: TEST_TURN={turn}; make test ALL=1 takes them all"
        if turn
        else "All cases"
    )


def test_fast():
    """Run the tests that need neither Odoo nor a database."""
    return show(*PYTEST, "-p", "no:odoo", "tests/repository")


def soak(*arguments):
    """Repeat the faults of the export on servers of its own, and count."""
    programs = running_cluster().programs
    command = [PYTHON, "-m", "tests.soak", "--programs", programs, *arguments]
    return show(*command, env=environment())


def mutate(*arguments):
    """Change each thing that grants or restricts, and tell which no table notices."""
    pg = running_cluster()
    with temporary(pg, "mutate", with_addons) as database:
        env = environment(ODOO_RC=str(configuration(pg, database)))
        return show(PYTHON, "-m", "tests.mutate", *arguments, env=env)


def screenshots():
    """Write docs/images anew, and those that the descriptions of the addons show."""
    pg, folder = running_cluster(), ROOT / "docs" / "images"
    stories = [f"tests/journeys/test_{name}_journey.py" for name in STORIES]
    with temporary(pg, "test_run", for_tests) as database:
        status = _pytest(pg, database, stories, SCREENSHOTS=str(folder))
    for picture in ROOT.glob("*/static/description/*.png"):
        if (folder / picture.name).exists():
            shutil.copy(folder / picture.name, picture)
    return status


# Odoo's own runner


def test_odoo():
    """Install the main addons by themselves, with Odoo's runner.

    In a database without the applications that the bridges serve; pytest, which runs
    everything else, only knows one that has all of them. Of the tests, those that must
    run while the addons are being installed (``at_install``); ALL=1 runs every one, in
    the same way as people who have no pytest, and then the bridges' as well.
    """
    pg, passed, everything = running_cluster(), True, bool(os.environ.get("ALL"))
    with temporary(pg, "test_odoo", without_addons) as database:
        groups = (MAIN_ADDONS, BRIDGES, [DEMO_ADDON])
        for addons in groups if everything else groups[:1]:
            log = DEV / "logs" / f"test-odoo-{addons[0]}.log"
            tag = "" if everything else "at_install"
            tags = ",".join(f"{tag}/{addon}" for addon in addons)
            modules = [*dependencies(addons), *addons]
            status = _odoo_tests(pg, database, modules, tags, log)
            say(f"{', '.join(addons)}: {status['sentence']} (log: {log})")
            if status["failed"]:
                say("Failed:", *sorted(status["failed"]), sep="\n    ")
            if status["left out"]:
                say("Left out, so this run failed:", *status["left out"], sep="\n    ")
            if everything and not status["passed"]:
                say("No test ran.")
                passed = False
            passed = passed and not (status["failed"] or status["left out"])
            passed = _is_quiet(log) and passed
    return 0 if passed else 1


def _is_quiet(log):
    """Tell whether the addons were installed without a warning; show them."""
    lines = log.read_text(errors="replace").splitlines()
    # That there is no test to run is no fault.
    loud = [
        line
        for line in lines
        if re.search(r" (WARNING|ERROR|CRITICAL) (?!\S+ odoo\.tests\.result)", line)
    ]
    if loud:
        say("Installing was not quiet:", *loud[:20], sep="\n    ")
    return not loud


def test_core():
    """Compare the results of core's own tests with and without our addons."""
    pg = running_cluster()
    results = {}
    for name, modules in (("without", []), ("with", MAIN_ADDONS)):
        say(f"Core's tests {name} our addons (some minutes) …")
        log = DEV / "logs" / f"test-core-{name}.log"
        with temporary(pg, "test_core") as database:
            results[name] = _odoo_tests(
                pg, database, [*CORE_MODULES, *modules], CORE_TAGS, log
            )
        say(f"{name}: {results[name]['sentence']} (log: {log})")
    before, after = results["without"], results["with"]
    worse = sorted(before["passed"] - after["passed"])
    if worse:
        say("Passed without our addons, not with them:", *worse, sep="\n    ")
        say("A browser test can fail on a busy machine: repeat it before it counts.")
    else:
        say(f"All {len(before['passed'])} tests that pass without our addons pass.")
    return 1 if worse or not before["passed"] else 0


def _odoo_tests(pg, database, modules, tags, log):
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    config = configuration(pg, database)
    with temporary(pg, "test_olap") as olap:
        try:
            odoo(
                *(config, "server", "-i", ",".join(modules), "--test-tags", tags),
                *("--stop-after-init", "--http-port", str(free_port())),
                log=log,
                variables={"OLAP_TEST_DSN": pg.dsn(olap)},
            )
            status = 0
        except Problem as error:
            status = error
    text = log.read_text(errors="replace")
    started = set(re.findall(r" odoo\.addons\.\S+: Starting (\S+) \.\.\.", text))
    failed = set(
        re.findall(
            r" odoo\.\S+: (?:FAIL|ERROR): (?:Subtest )?(\S+(?: \(odoo.*)?)", text
        )
    )
    sentence = re.findall(r"odoo\.tests\.result: (.*)", text)
    if status and not failed:
        raise status
    return {
        "passed": started - failed,
        "failed": failed,
        "left out": sorted(find_left_out(text)),
        "sentence": sentence[-1] if sentence else "ran no test",
    }


def find_left_out(log):
    """Return the tests that were skipped, each with its reason, by Odoo's log."""
    found = re.findall(r" odoo\.\S+: skipped (\S.*?) : (.*)", log)
    return {f"{name}: {reason}" for name, reason in found}


# Lint, format, translations, packages


def lint():
    """Check everything and say what each tool says."""
    status = show(PYTHON, "-m", "ruff", "check")
    status |= show(PYTHON, "-m", "ruff", "format", "--check")
    status |= show(VENV / "bin" / "lint-imports", "--no-logo", "--no-cache")
    if ADDONS:
        # Files of one idea each: a model may be extended in several.
        merge = "--disable=consider-merging-classes-inherited"
        status |= show(PYTHON, "-m", "pylint", merge, *ADDONS)
    return status | _prettier("--check")


def format_():
    """Write the files as the formatters want them."""
    show(PYTHON, "-m", "ruff", "check", "--fix", "--select", "I")
    return show(PYTHON, "-m", "ruff", "format") | _prettier("--write")


def _prettier(mode):
    if not which("npx") or not (ROOT / "node_modules" / ".setup").exists():
        say("Node.js or its packages are missing: XML and JavaScript not checked.")
        return 0
    files = run("git", "ls-files", "-co", "--exclude-standard", "*.xml", "*.js")
    files = [name for name in files.split() if (ROOT / name).exists()]
    if not files:
        return 0
    return show(
        *("npx", "--no-install", "prettier", "--log-level", "warn", mode, *files)
    )


def i18n():
    """Export the terms of every addon and merge them into its translations."""
    pg = running_cluster()
    with temporary(pg, "test_run", for_tests) as database:
        config = configuration(pg, database)
        for addon in ADDONS:
            folder = ROOT / addon / "i18n"
            folder.mkdir(exist_ok=True)
            odoo(config, "i18n", "export", "-d", database, addon)
            for language in {folder / "pl.po", *folder.glob("*.po")}:
                run(PYTHON, "-c", MERGE, folder / f"{addon}.pot", language)
    return show("git", "status", "--short", "--", *(f"{name}/i18n" for name in ADDONS))


def wheel():
    """Build the wheel with all addons into dist/."""
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    command = [PYTHON, "-m", "pip", "wheel", "-q", "--no-deps"]
    command += ["--no-build-isolation", "-w", "dist", "."]
    status = show(*command)
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    for path in (ROOT / "dist").glob("*.whl"):
        say(path)
    return status


def bench():
    """Run the benchmarks, on a server that writes through to the disk."""
    status, source, dump = 0, running_cluster(), DEV / "bench.dump"
    with temporary(source, "bench", with_addons) as database:
        pg_dump = [source.programs / "pg_dump", "-h", source.socket, "-U", "odoo"]
        run(*pg_dump, "-Fc", "-f", dump, database)
    with cluster(DEV / "bench", fsync=True) as pg:
        server = ["-h", pg.socket, "-U", "odoo"]
        pg_restore = [pg.programs / "pg_restore", *server]
        psql = [pg.programs / "psql", "-Xq", *server]
        for script in sorted((ROOT / "benchmarks").glob("*.py")):
            say(script.name)
            for name in ("bench", "bench_olap"):
                drop(pg, name)
                pg.create(name)
            run(*pg_restore, "-d", "bench", "--no-owner", dump)
            # A restored database knows nothing about its tables.
            run(*psql, "-d", "bench", "-c", "VACUUM ANALYZE")
            env = environment(
                ODOO_RC=str(configuration(pg, "bench")),
                OLAP_TEST_DSN=pg.dsn("bench_olap"),
            )
            command = [PYTHON, "-m", "odoo", "shell", "--no-http", "--log-level=warn"]
            # By its path, so that a script knows where it lies and can call itself.
            call = f"runpy.run_path({str(script)!r}, {{'env': env}}, '__main__')"
            lines = f"import runpy, sys; sys.argv[1:] = []; {call}"
            status |= show(*command, env=env, input=lines.encode())
    dump.unlink()
    return status


def clean():
    """Stop the servers; remove databases, caches and built files."""
    for path in (DEV / "pg", DEV / "bench"):
        cluster(path).remove()
    for name in ("data", "conf", "logs"):
        shutil.rmtree(DEV / name, ignore_errors=True)
    for name in ("build", "dist", ".pytest_cache", ".ruff_cache", ".hypothesis"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    if os.environ.get("ALL"):
        shutil.rmtree(DEV)
        shutil.rmtree(ROOT / "node_modules", ignore_errors=True)
    return 0
