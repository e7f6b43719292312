"""What runs as superuser: nothing that changes records, except where it is argued.

``sudo()`` around a method switches off the checks of everything that it calls, those of
core too: a merge that ran as superuser gave away the administrator's contact. Each
place that changes something so is named in ``sudo_allowed.py``, with the answer to the
question which checks are switched off and what takes their place.
"""

import ast

import pytest

from tests.repository.sudo_allowed import ALLOWED
from tools.base import ROOT

ADDONS = sorted(path.parent for path in ROOT.glob("*/__manifest__.py"))
# Words at the beginning of a method that only reads.
READING = ("_get", "_is", "_has", "_count", "_read", "_find", "_search", "_filtered")
READING += (
    "_display",
    "_explain",
    "_field_to_sql",
    "_prepare",
    "_shares",
    "_applies",
    "_tell",
)
CHANGING = {"copy", "create", "load", "name_create", "toggle_active", "unlink", "write"}
CHANGING_WORDS = ("action_", "activity_", "message_", "button_", "_")
LEAVING = {"with_env", "with_user"}


class Visitor(ast.NodeVisitor):
    """Collects the functions that change something as superuser.

    It follows names from one line of a function to the next, no further.
    """

    def __init__(self):
        self.found = set()
        self.functions = []
        self.names = set()

    def visit_FunctionDef(self, node):
        known, self.names = self.names, set(self.names)
        self.functions.append(node.name)
        self.generic_visit(node)
        self.functions.pop()
        self.names = known

    def visit_Assign(self, node):
        self.visit(node.value)
        pairs = [(target, node.value) for target in node.targets]
        for target, value in list(pairs):
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs += zip(target.elts, value.elts, strict=False)
        for target, value in pairs:
            if isinstance(target, ast.Name):
                (self.names.add if self.is_su(value) else self.names.discard)(target.id)
            elif hasattr(target, "value") and self.is_su(target.value):
                self.note("=")

    def visit_For(self, node):
        if self.is_su(node.iter):
            targets = [n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)]
            self.names.update(targets)
        self.generic_visit(node)

    def visit_Call(self, node):
        method = node.func
        if isinstance(method, ast.Attribute):
            is_super = (
                isinstance(method.value, ast.Call)
                and isinstance(method.value.func, ast.Name)
                and method.value.func.id == "super"
                and any(self.is_su(argument) for argument in method.value.args)
            )
            is_changing = method.attr in CHANGING or (
                method.attr.startswith(CHANGING_WORDS)
                and not method.attr.startswith(READING)
            )
            if is_super:
                self.note(f"super().{method.attr}()")
            elif is_changing and self.is_su(method.value):
                self.note(f"{method.attr}()")
        self.generic_visit(node)

    def note(self, change):
        self.found.add(f"{'.'.join(self.functions)}: {change}")

    def is_su(self, node):
        """Tell whether an expression stands for records of the superuser."""
        if isinstance(node, ast.Name):
            return node.id in self.names
        if isinstance(node, ast.Attribute | ast.Subscript):
            return self.is_su(node.value)
        if isinstance(node, ast.BinOp):
            return self.is_su(node.left)
        if isinstance(node, ast.IfExp):
            return self.is_su(node.body) or self.is_su(node.orelse)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "sudo":
                return (
                    not node.args or getattr(node.args[0], "value", True) is not False
                )
            return node.func.attr not in LEAVING and self.is_su(node.func.value)
        if isinstance(node, ast.Call):  # self.env(su=True)
            return any(k.arg == "su" for k in node.keywords)
        return False


def find_changes(addon):
    """Return ``file: function: change`` of what changes something as superuser."""
    found = set()
    for path in sorted(addon.rglob("*.py")):
        name = path.relative_to(addon).as_posix()
        if name.split("/")[0] not in ("demo", "migrations", "tests"):
            visitor = Visitor()
            visitor.visit(ast.parse(path.read_text(encoding="utf-8")))
            found |= {f"{name}: {function}" for function in visitor.found}
    return found


@pytest.mark.parametrize("addon", ADDONS, ids=lambda addon: addon.name)
def test_what_changes_as_superuser_is_argued(addon):
    """A new place is narrowed first: ``sudo()`` on what is read, or on one column."""
    assert find_changes(addon) == set(ALLOWED.get(addon.name, ()))


def test_the_search_finds_what_it_looks_for():
    code = """
def write_around_core(self):
    wizard = self.sudo()
    return super(Wizard, wizard)._update_values()

def in_a_loop(self):
    for record in self.sudo().line_ids:
        record.name = "x"

def on_others(self):
    self.sudo().partner_id.write({})
    self.sudo()._take_planned()

def only_reads(self):
    names = self.sudo().line_ids.mapped("name")
    self.with_env(self.env).write({"name": names})
    self.sudo()._get_names()
    self.sudo().with_env(self.env).unlink()
    self.sudo(False).unlink()
"""
    visitor = Visitor()
    visitor.visit(ast.parse(code))
    assert visitor.found == {
        "write_around_core: super()._update_values()",
        "in_a_loop: =",
        "on_others: write()",
        "on_others: _take_planned()",
    }
