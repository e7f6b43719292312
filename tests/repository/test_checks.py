"""What people enter is checked in Python, which answers in whole sentences.

A CHECK of PostgreSQL puts a message in one language before everybody, and writes an
error with the refused row into the log, for a slip of somebody who types.
"""

import ast

import pytest

from tools.base import ROOT

ADDONS = sorted(path.parent for path in ROOT.glob("*/__manifest__.py"))
# ``file: name`` of a CHECK that nothing somebody enters can break, and why not.
ALLOWED = {}
# Unique indexes that need no sentence: nothing somebody enters comes to them.
TECHNICAL = {
    "relationship_management/models/target_group/freeze.py: _freeze_partner_unique": (
        "rows of a run, which one statement of the program writes"
    ),
    "relationship_management/models/activity/run.py: _todo_unique": (
        "rows of a run, which one statement of the program writes"
    ),
    "relationship_management/models/activity/mail_activity.py: _task_unique": (
        "keys that only the generator writes, which looks for them before"
    ),
    "olap_export/models/olap_export_target.py: _code_unique": (
        "asked before the target is written, with all that an administrator enters"
    ),
}


def find_table_objects():
    """Yield file, class, name and definition of constraints and unique indexes."""
    for addon in ADDONS:
        for path in sorted(addon.rglob("*.py")):
            if "tests" in path.relative_to(ROOT).parts:
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            file = path.relative_to(ROOT).as_posix()
            for model in ast.walk(tree):
                if isinstance(model, ast.ClassDef):
                    for name, definition in find_in(model):
                        yield file, model, name, definition


def find_in(model):
    for line in model.body:
        if (
            isinstance(line, ast.Assign)
            and isinstance(line.value, ast.Call)
            and isinstance(line.value.func, ast.Attribute)
            and line.value.func.attr in ("Constraint", "UniqueIndex")
        ):
            yield line.targets[0].id, ast.literal_eval(line.value.args[0])


def test_nothing_that_people_enter_is_left_to_a_check():
    found = {
        f"{file}: {name}"
        for file, _model, name, definition in find_table_objects()
        if definition.lstrip().upper().startswith("CHECK")
    }
    assert found == set(ALLOWED), "write @api.constrains, or argue it in ALLOWED"


def test_what_is_unique_is_looked_for_before():
    found = [
        f"{file}: {name}"
        for file, model, name, definition in find_table_objects()
        if not definition.lstrip().upper().startswith("CHECK")
        and "relationship.unique.mixin" not in ast.unparse(model)
        and "relationship.typed.mixin" not in ast.unparse(model)
    ]
    assert not set(found) - set(TECHNICAL), "inherit relationship.unique.mixin"


def test_there_is_something_to_look_at():
    assert len(list(find_table_objects())) > 6


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ('_a = models.Constraint("CHECK(a > 0)", "no")', True),
        ('_a = models.UniqueIndex("(a, b)", "no")', True),
        ('_a = models.Index("(a, b)")', False),
    ],
)
def test_a_table_object_is_found(line, is_found):
    model = ast.parse(f"class A(models.Model):\n    {line}").body[0]
    assert bool(list(find_in(model))) == is_found
