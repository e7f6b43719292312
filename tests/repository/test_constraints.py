"""Constraints ask for no rights and tell no secrets.

Odoo runs them as superuser: a question of rights is always answered with yes there, and
every name may be read. ``may_be_told.py`` asks for the person behind the superuser.
"""

import ast
from collections import defaultdict
from functools import cache

import pytest

from tools.base import ROOT

HELPER = "may_be_told.py"
ADDONS = sorted(path.parent for path in ROOT.glob("relationship_*/__manifest__.py"))
# What is answered for the superuser in a constraint, whoever asks.
RIGHTS = {
    *("has_access", "check_access", "_filtered_access", "_check_access"),
    *("check_access_rights", "check_access_rule", "_filtered_access_rules"),
    *("check_field_access_rights", "_check_field_access", "_has_field_access"),
    *("has_group", "has_groups", "user_has_groups", "_has_group", "su"),
    *("is_superuser", "is_admin", "is_system", "_is_admin", "_is_system"),
    *("_is_internal", "_is_portal", "_is_public", "_is_superuser"),
    *("can_use", "_get_forbidden_ids", "relationship_forbidden_types"),
}
# What a person has, as in ``self.env.user.company_ids``.
OF_THE_PERSON = {"company_ids", "company_id", "group_ids", "all_group_ids", "share"}
NAMES = {"name", "title", "display_name", "complete_name", "sentence", "number"}


@cache
def functions():
    """Return ``[(file, function)]`` of the code that the addons run."""
    found = []
    for addon in ADDONS:
        for path in sorted(addon.rglob("*.py")):
            if path.name != HELPER and "tests" not in path.parts:
                tree = ast.parse(path.read_text(encoding="utf-8"))
                found += [
                    (path.relative_to(ROOT).as_posix(), node)
                    for node in ast.walk(tree)
                    if isinstance(node, ast.FunctionDef)
                ]
    return found


def is_constraint(function):
    return any(
        isinstance(part, ast.Attribute) and part.attr == "constrains"
        for decorator in function.decorator_list
        for part in ast.walk(decorator)
    )


def called(function):
    """Return the names that a function calls or mentions as methods."""
    return {
        part.attr for part in ast.walk(function) if isinstance(part, ast.Attribute)
    } | {part.id for part in ast.walk(function) if isinstance(part, ast.Name)}


@cache
def checked():
    """Return the constraints and the helpers that nobody calls but they."""
    callers = defaultdict(list)
    for index, (_file, function) in enumerate(functions()):
        for name in called(function):
            callers[name].append(index)
    inside = {i for i, (_file, f) in enumerate(functions()) if is_constraint(f)}
    while True:
        more = {
            index
            for index, (_file, function) in enumerate(functions())
            if index not in inside
            and not function.decorator_list
            and (known := set(callers[function.name]) - {index})
            and known <= inside
            # What core calls by its name is called by more than the constraints.
            and function.name.startswith("_")
        }
        if not more:
            return [functions()[index] for index in sorted(inside)]
        inside |= more


def find_rights(function):
    """Yield what a function asks about the rights of whoever runs it."""
    for part in ast.walk(function):
        if not isinstance(part, ast.Attribute):
            continue
        is_of_the_person = (
            part.attr in OF_THE_PERSON
            and isinstance(part.value, ast.Attribute)
            and part.value.attr == "user"
            and isinstance(part.value.value, ast.Attribute)
            and part.value.value.attr == "env"
        )
        if part.attr in RIGHTS or is_of_the_person:
            yield ast.unparse(part)


def find_raw_names(function):
    """Yield names that a sentence takes from a record instead of from the helper."""
    for call in ast.walk(function):
        is_sentence = (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in ("_", "_lt")
        )
        for keyword in call.keywords if is_sentence else ():
            for part in ast.walk(keyword.value):
                is_name = isinstance(part, ast.Attribute) and part.attr in NAMES
                is_mapped = (
                    isinstance(part, ast.Call)
                    and isinstance(part.func, ast.Attribute)
                    and part.func.attr == "mapped"
                )
                if is_name or is_mapped:
                    yield ast.unparse(keyword)


def parse(code):
    return ast.parse(code).body[0]


def test_there_are_constraints_and_helpers_of_them():
    names = {function.name for _file, function in checked()}
    assert sum(is_constraint(function) for _file, function in checked()) > 20
    assert "_get_days" in names


def test_constraints_ask_for_no_rights():
    found = [
        f"{file}:{function.lineno} {function.name}: {right}"
        for file, function in checked()
        for right in find_rights(function)
    ]
    assert not found, f"ask in create() and write(), or through {HELPER}"


def test_constraints_take_names_from_the_helper():
    found = [
        f"{file}:{function.lineno} {function.name}: {name}"
        for file, function in checked()
        for name in find_raw_names(function)
    ]
    assert not found, f"name_of() and names_of() of {HELPER} know what may be told"


def test_guards_of_deletion_take_names_from_the_helper():
    found = [
        f"{file}:{function.lineno} {function.name}: {name}"
        for file, function in functions()
        if any("ondelete" in ast.unparse(d) for d in function.decorator_list)
        for name in find_raw_names(function)
    ]
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        "record.check_access('read')",
        "if record.has_access('read'): pass",
        "if not self.env.su: pass",
        "if self.env.user.has_group('x'): pass",
        "companies = self.env.user.company_ids",
        "seen = records._filtered_access('read')",
    ],
)
def test_a_question_of_rights_is_found(line):
    assert list(find_rights(parse(f"def f(self):\n    {line}")))


@pytest.mark.parametrize(
    ("line", "is_raw"),
    [
        ("self.env._('%(x)s', x=record.display_name)", True),
        ("self.env._('%(x)s', x=', '.join(records.mapped('name')))", True),
        ("self.env._('%(x)s', x=name_of(record))", False),
        ("self.env._('%(x)s', x=format_date(record.date))", False),
    ],
)
def test_a_raw_name_is_found(line, is_raw):
    assert bool(list(find_raw_names(parse(f"def f(self):\n    {line}")))) == is_raw
