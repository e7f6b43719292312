"""Fixtures that several folders use.

``make test`` sets what they need; the tests in ``tests/repository`` need nothing.
"""

import os
import xmlrpc.client
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest

from tools import databases, server
from tools.base import DEV, free_port
from tools.install import browser_programs

# Milliseconds for which anything is waited for, however busy the machine is.
PATIENCE = 90_000
VIEWPORTS = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
}


def pytest_report_header():
    return os.environ.get("TEST_HEADER")


# The second database


@pytest.fixture(scope="session")
def cluster():
    """Start the PostgreSQL server of the checkout."""
    return databases.running_cluster()


@pytest.fixture(scope="session")
def olap_dsn(cluster):
    """Make an empty OLAP database and return its connection string."""
    with databases.temporary(cluster, "test_session_olap") as database:
        yield cluster.dsn(database)


# A real server and a real browser


@pytest.fixture(scope="session")
def kept_processes():
    """Return a set for the processes that outlive a class of tests.

    Odoo's tests end every process that is left when a class is done.
    """
    import psutil

    every, kept = psutil.Process.children, set()

    def children(process, recursive=False):
        found = every(process, recursive=recursive)
        return [child for child in found if child.pid not in kept]

    with mock.patch.object(psutil.Process, "children", children):
        yield kept


class DemoServer(SimpleNamespace):
    """A running Odoo: ``url``, ``dbname``, ``olap_dsn``."""

    def call(self, model, method, *arguments, **options):
        """Call a public method of a model as the administrator."""
        common = xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/common")
        uid = common.authenticate(self.dbname, "admin", "admin", {})
        models = xmlrpc.client.ServerProxy(
            f"{self.url}/xmlrpc/2/object", allow_none=True
        )
        return models.execute_kw(
            self.dbname, uid, "admin", model, method, arguments, options
        )


@pytest.fixture(scope="session")
def demo_server(cluster, olap_dsn, kept_processes):
    """Odoo with demo data, in a process and a database of its own."""
    make = databases.with_addons
    with databases.temporary(cluster, "test_server", make) as dbname:
        port, log = free_port(), DEV / "logs" / f"{dbname}.log"
        process = server.start(cluster, dbname, port, olap_dsn, log)
        kept_processes.add(process.pid)
        try:
            server.wait(process, port, log)
            yield DemoServer(
                url=f"http://127.0.0.1:{port}", dbname=dbname, olap_dsn=olap_dsn
            )
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="session")
def browser(kept_processes):
    """Debian's Chromium, driven by Playwright."""
    import psutil
    from playwright import sync_api

    chromium, driver = browser_programs()
    assert all((chromium, driver)), "Chromium does not start: make setup"
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(driver)
    before = set(psutil.Process().children())
    with sync_api.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium)
        after = set(psutil.Process().children())
        kept_processes.update(child.pid for child in after - before)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def logins():
    """Keep the browser's state of every user who has logged in."""
    return {}


@pytest.fixture
def open_page(browser, demo_server, logins):
    """Return a function that opens the web client as a user.

    ``open_page("/odoo/crm", login="demo", viewport="phone", language="pl_PL")``
    """
    contexts = []

    def open_(path="/odoo", login="admin", viewport="desktop", language="en_US"):
        users = demo_server.call("res.users", "search", [("login", "=", login)])
        demo_server.call("res.users", "write", users, {"lang": language})
        context = browser.new_context(
            base_url=demo_server.url,
            locale=language.replace("_", "-"),
            timezone_id="Europe/Warsaw",
            reduced_motion="reduce",
            storage_state=logins.get(login),
            **VIEWPORTS[viewport],
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        if login in logins:
            page.goto(path)
        else:
            page.goto("/web/login?redirect=" + path)
            page.fill("#login", login)
            page.fill("#password", login)
            page.press("#password", "Enter")
        page.wait_for_selector(".o_main_navbar")
        logins[login] = context.storage_state()
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page):
    """Open the web client on a desktop, as the administrator."""
    return open_page()


@pytest.fixture
def phone_page(open_page):
    """Open the web client on a phone, as the administrator."""
    return open_page(viewport="phone")


@pytest.fixture
def screenshot(tmp_path):
    """Return a function that saves a picture: into docs/images by make screenshots."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def save(page, name):
        path = folder / f"{name}.png"
        page.screenshot(path=path, animations="disabled")
        return path

    return save
