"""A search for tasks says whether it means done ones, too: no context decides that.

A list that shows what is archived hands its context to the dialogs that are opened from
it. There a search that says nothing finds what people have done, to close or delete it.
"""

import ast

import pytest

from tools.base import ROOT

HOME = "relationship_management/models/plan/found.py"
SEARCHES = {"search", "search_count", "search_fetch", "search_read", "_read_group"}
SEARCHES |= {"_search"}
# What is asked of the model itself, and finds nothing.
ASKED = {"flush_model", "invalidate_model", "_select_told", "_get_told"}
FILES = sorted(
    path
    for manifest in ROOT.glob("*/__manifest__.py")
    for path in manifest.parent.rglob("*.py")
    if "tests" not in path.parts and str(path.relative_to(ROOT)) != HOME
)


def find_undecided(tree):
    """Yield the functions that search tasks taken straight from the environment."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        nodes = list(ast.walk(function))
        asked = {
            id(node.value)
            for node in nodes
            if isinstance(node, ast.Attribute) and node.attr in ASKED
        }
        takes_tasks = any(
            isinstance(node, ast.Subscript)
            and id(node) not in asked
            and isinstance(node.slice, ast.Constant)
            and node.slice.value == "mail.activity"
            and ast.unparse(node.value).endswith("env")
            for node in nodes
        )
        searches = any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in SEARCHES
            for node in nodes
        )
        if takes_tasks and searches:
            yield function.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_tasks_are_searched_by_what_is_meant(path):
    undecided = list(find_undecided(ast.parse(path.read_text())))
    assert not undecided, f"use open_tasks() or all_tasks() of {HOME}: {undecided}"


def test_a_search_that_says_nothing_is_noticed():
    tree = ast.parse(
        "def bad(self):\n    return self.env['mail.activity'].search([])\n"
        "def good(self):\n    return open_tasks(self.env).search([])\n"
    )
    assert list(find_undecided(tree)) == ["bad"]
