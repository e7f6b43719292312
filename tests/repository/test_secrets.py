"""Passwords stay where they are: no message, no file gives them away."""

import ast
import sys

import pytest

from tools import base, databases, server
from tools.base import ADDONS, ROOT
from tools.postgres import Cluster

SECRET_NAMES = ("password", "secret", "token", "api_key", "credential")


def classes():
    """Yield ``(path, class)`` for every class in the addons."""
    for addon in ADDONS:
        for path in sorted((ROOT / addon).rglob("*.py")):
            if "tests" not in path.parts:
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    if isinstance(node, ast.ClassDef):
                        yield path.relative_to(ROOT), node


def assigned(node):
    """Yield ``(name, called attribute, text of the call)`` for ``name = x.Call(…)``."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            function = statement.value.func
            if isinstance(function, ast.Attribute):
                name = statement.targets[0]
                text = ast.unparse(statement.value)
                yield getattr(name, "id", ""), function.attr, text


def model_of(node):
    """Return the model that a class makes or extends, or None."""
    values = {
        statement.targets[0].id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
    }
    value = values.get("_name") or values.get("_inherit")
    return value.value if isinstance(value, ast.Constant) else None


def secret_models():
    return {
        model_of(node)
        for _path, node in classes()
        for name, kind, text in assigned(node)
        if kind in ("Char", "Text", "Json", "Binary")
        and (
            any(part in name.lower() for part in SECRET_NAMES)
            or "groups='base.group_system'" in text
        )
    }


def test_secrets_are_found():
    assert "olap.export.target" in secret_models()


def test_no_check_quotes_a_row_with_a_secret():
    """PostgreSQL writes a row that it refuses into its log, and Odoo does, too."""
    found = [
        f"{path}: {name}"
        for path, node in classes()
        for name, kind, text in assigned(node)
        if kind == "Constraint"
        and "UNIQUE" not in text.upper().partition("CHECK")[0]
        and model_of(node) in secret_models()
    ]
    assert not found


def test_no_secret_is_a_column_beside_others():
    found = [
        f"{path}: {name}"
        for path, node in classes()
        for name, kind, text in assigned(node)
        if kind == "Char" and "password" in name and "compute=" not in text
    ]
    assert not found


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for module in (base, databases, server):
        monkeypatch.setattr(module, "DEV", tmp_path)
    return tmp_path


def modes(folder):
    return {p.name: oct(p.stat().st_mode & 0o777) for p in folder.rglob("*.*")}


def test_files_of_the_demo_are_private(folder, monkeypatch):
    """Configuration files and logs, also those that an earlier version left behind."""
    for module, name in ((databases, "addons_path"), (databases, "environment")):
        monkeypatch.setattr(module, name, lambda *_args, **_variables: {})
    pg = Cluster(folder / "pg", fsync=False)
    for name in ("conf/demo.conf", "logs/demo.log", "odoo.log"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("")
        (folder / name).chmod(0o644)
    databases.configuration(pg, "demo")
    databases.configuration(pg, "other")
    base.run(sys.executable, "-V", log=folder / "logs" / "demo.log")
    base.run(sys.executable, "-V", log=folder / "logs" / "new.log")
    monkeypatch.setattr(server, "PYTHON", "true")
    server.start(pg, "demo", 1, "dbname=x", folder / "odoo.log").wait()
    server.start(pg, "demo", 1, "dbname=x", folder / "try" / "anna.log").wait()
    assert modes(folder) == dict.fromkeys(
        ("demo.conf", "other.conf", "demo.log", "new.log", "odoo.log", "anna.log"),
        "0o600",
    )
