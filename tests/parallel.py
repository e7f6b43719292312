"""What several processes need that share the tests: each its own databases and files.

Loaded by ``make test`` (``-p tests.parallel``) if there is more than one process.
"""

import os
import re
import shutil
from pathlib import Path
from unittest import mock

import pytest

WORKER = os.environ.get("PYTEST_XDIST_WORKER")


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
