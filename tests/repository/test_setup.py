"""What a command fetches: a demo needs neither a browser nor what tests are made of."""

import re
from configparser import ConfigParser
from contextlib import nullcontext

import pytest

from tools import __main__ as command_line
from tools import base, databases, install
from tools.postgres import Cluster


@pytest.fixture
def fetched(monkeypatch, tmp_path):
    """Return the list of what is fetched instead of being fetched."""
    done = []
    monkeypatch.setattr(install, "VENV", tmp_path / "venv")
    monkeypatch.setattr(install, "lock", lambda _name: nullcontext())
    monkeypatch.setattr(
        install, "run", lambda *words, **_options: done.append(words[-1])
    )
    install._python_folder().mkdir(parents=True)
    (install.VENV / "bin").mkdir()
    (install.VENV / "bin" / "pip").touch()
    for name in ("_odoo", "_link", "_browser", "_node", "postgres_programs"):
        monkeypatch.setattr(
            install, name, lambda *_home, name=name: done.append(name.strip("_"))
        )
    return done


def test_a_demo_fetches_only_what_it_needs(fetched):
    install.setup(everything=False)
    assert set(fetched) == {"odoo", "requirements.txt", "postgres_programs", "link"}


def test_tests_fetch_all(fetched):
    install.setup()
    assert {"requirements-dev.txt", "browser", "node"} <= set(fetched)


def test_what_is_there_is_not_fetched_again(fetched):
    install.setup(everything=False)
    install.setup(everything=False)
    assert fetched.count("requirements.txt") == 1
    install.setup()
    install.setup(everything=False)
    assert fetched.count("requirements-dev.txt") == 1
    assert fetched.count("requirements.txt") == 1


@pytest.mark.parametrize(
    ("name", "closed"),
    [("Jinja2", (3, 1, 6)), ("idna", (3, 7)), ("requests", (2, 32, 4))],
)
def test_no_pin_has_a_hole_that_is_closed(name, closed):
    pins = (base.ROOT / "requirements.txt").read_text()
    [version] = re.findall(rf"^{name}==(\S+)$", pins, re.MULTILINE)
    assert tuple(map(int, version.split("."))) >= closed


def test_the_commands_of_a_demo_are_commands():
    assert set(command_line.COMMANDS) > command_line.DEMO_COMMANDS


def test_no_other_addon_needs_the_demo_story():
    for addon, manifest in base.MANIFESTS.items():
        assert base.DEMO_ADDON not in manifest["depends"], addon
    assert base.DEMO_ADDON not in {*base.MAIN_ADDONS, *base.BRIDGES}


def test_a_server_that_is_slow_does_not_end_itself(monkeypatch, tmp_path):
    """A demo has one process: whoever ends it by a limit ends the demo."""
    monkeypatch.setattr(databases, "DEV", tmp_path)
    monkeypatch.setattr(databases, "addons_path", lambda: "")
    (tmp_path / "conf").mkdir()
    path = databases.configuration(Cluster(tmp_path / "pg", fsync=False), "demo")
    options = ConfigParser(interpolation=None)
    options.read(path)
    names = ("limit_memory_hard", "limit_memory_soft", "limit_time_real")
    assert [options["options"].getint(name) for name in names] == [0, 0, 0]
