"""What README, CONTRIBUTING and the repository as a whole promise."""

import re

import pytest

from tools.__main__ import COMMANDS
from tools.base import ROOT, run


def tracked_texts():
    for name in run("git", "ls-files", "-co", "--exclude-standard").splitlines():
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            yield name, content.decode()


def make_targets():
    text = (ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z0-9-]+):.*##", text, re.MULTILINE)) - {"help"}


def test_every_make_target_is_a_command_of_the_tool():
    assert make_targets() == set(COMMANDS)


@pytest.mark.parametrize("target", sorted(make_targets()))
def test_contributing_explains(target):
    assert f"`make {target}" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_readme_commands_exist(command):
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")
    assert command.split()[1] in make_targets()


def test_no_file_names_a_machine_or_a_registry():
    """Addresses of packages come from the machine's own configuration."""
    machine = re.compile(
        r"/(?:home|work|root)/\w|(?:deb|security)\.debian\.org|pypi\.org"
        r"|pythonhosted|npmjs|nightly\.odoo"
    )
    here = "tests/repository/test_promises.py"
    found = [
        f"{name}: {match.group()}"
        for name, text in tracked_texts()
        if name != here and (match := machine.search(text))
    ]
    assert not found


def test_links_of_the_documents_lead_somewhere():
    broken = [
        f"{name}: {link}"
        for name, text in tracked_texts()
        if name.endswith(".md")
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        if not ((ROOT / name).parent / link).exists()
    ]
    assert not broken


def test_the_architecture_is_short_and_names_what_exists():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    files = run("git", "ls-files", "-co", "--exclude-standard").splitlines()
    named = set(re.findall(r"`([\w/.]+\.(?:py|sql))`", text))
    assert named
    missing = [n for n in named if not any(f"/{f}".endswith(f"/{n}") for f in files)]
    assert not missing
