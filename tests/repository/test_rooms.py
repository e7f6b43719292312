"""Folders that a newcomer understands: small, and each says what lives there."""

import ast
import re

import pytest

from tools.base import ADDONS, ROOT, run

DOMAINS = sorted((ROOT / "relationship_management" / "models").glob("*/__init__.py"))
# Longer than anybody reads at once, and more than anybody sees at once.
MOST_LINES, MOST_FILES = 400, 25
CODE = {".py", ".js", ".sql", ".xml"}


def product_files():
    for name in run("git", "ls-files", "-co", "--exclude-standard", *ADDONS).split():
        path = ROOT / name
        is_data = path.suffix == ".xml" and path.parent.name == "data"
        if path.suffix in CODE and path.exists() and not is_data:
            yield path


def test_no_file_is_too_long():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in product_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert not long


def test_no_folder_has_too_many_files():
    count = {}
    for path in product_files():
        if path.suffix == ".py":
            count[path.parent] = count.get(path.parent, 0) + 1
    crowded = {
        str(folder.relative_to(ROOT)): files
        for folder, files in count.items()
        if files > MOST_FILES
    }
    assert not crowded


@pytest.mark.parametrize("path", DOMAINS, ids=lambda path: path.parent.name)
def test_a_domain_says_what_lives_there(path):
    words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert words
    assert len(words.splitlines()) <= 5


def test_the_main_addon_names_no_model_of_another_application():
    """What it has to know of them, the bridges describe."""
    other = re.compile(
        r"\b(?:sale|purchase|account|mailing)[._](?:order|move|mailing|payment)\b"
    )
    found = {
        str(path.relative_to(ROOT)): names
        for path in product_files()
        if path.is_relative_to(ROOT / "relationship_management")
        and "tests" not in path.parts
        and (names := other.findall(path.read_text(encoding="utf-8")))
    }
    assert not found
