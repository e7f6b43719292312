"""How several processes share the tests: in an order, each with databases and files.

Loaded by ``make test`` (``-p tests.parallel``) if there is more than one process.
"""

import os
import re
import shutil
from pathlib import Path
from unittest import mock

import pytest
from xdist.scheduler import LoadFileScheduling

WORKER = os.environ.get("PYTEST_XDIST_WORKER")
# They share a server and a browser, which one process starts.
STORIES = tuple(
    f"tests/journeys/test_{name}_journey.py"
    for name in ("campaign", "sales", "partner", "opportunity", "export", "work")
)
# What takes a minute and more, the longest at the front: the last file to begin is a
# short one, so that no process works on while the others have nothing left to do.
LONG = (
    *STORIES,
    *(
        f"olap_export/tests/warehouse/test_{name}.py"
        for name in ("restore", "kill", "failover", "silence")
    ),
    "tests/journeys/test_lifecycle.py",
    "olap_export/tests/warehouse/test_transfer.py",
    *(
        f"olap_export/tests/warehouse/test_{name}.py"
        for name in ("compare", "values", "faults", "queue")
    ),
    "tests/journeys/test_upgrade.py",
    *(
        f"relationship_management/tests/{name}.py"
        for name in (
            *("worlds/test_worlds", "worlds/test_planted", "rights/test_types"),
            *("partner/test_list_tour", "shared/test_web_client"),
        )
    ),
    "tests/soak/test_soak.py",
)


class Schedule(LoadFileScheduling):
    """A file at a time, and those that share a server as if they were one."""

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        return STORIES[0] if file in STORIES else file


def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return Schedule(config, log)


def pytest_collection_modifyitems(items):
    """Put what takes long first, and otherwise leave the order."""

    def place(item):
        file = item.nodeid.partition("::")[0]
        return LONG.index(file) if file in LONG else len(LONG)

    items.sort(key=place)


def pytest_configure():
    """Give each process an OLAP database of its own."""
    dsn = os.environ.get("OLAP_TEST_DSN")
    if WORKER and dsn and WORKER not in dsn:
        os.environ["OLAP_TEST_DSN"] = re.sub(
            r"dbname=(\S+)", rf"dbname=\1-{WORKER}", dsn
        )


@pytest.fixture(scope="session", autouse=True)
def own_filestore(load_registry):
    """Give each process files of its own: cleaning up looks into one database only."""
    if not WORKER:
        yield
        return
    import odoo

    config = odoo.tools.config
    shared = Path(config.filestore(config["db_name"]))
    own = shared.with_name(f"{shared.name}-{WORKER}")
    shutil.rmtree(own, ignore_errors=True)
    if shared.is_dir():
        shutil.copytree(shared, own, copy_function=os.link)
    with mock.patch.object(config, "filestore", return_value=str(own)):
        yield
    shutil.rmtree(own, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_report_to_serializable(report):
    """Let the words that a subtest was called with travel between processes."""
    context = getattr(report, "context", None)
    if kwargs := getattr(context, "kwargs", None):
        words = {name: ascii(value) for name, value in kwargs.items()}
        object.__setattr__(context, "kwargs", words)
