"""Who expects a refusal says its words: refused for another reason, it is hollow."""

import ast
import re

import pytest

from tools.base import ROOT

REFUSAL = re.compile(
    r"(Access|User|Validation|Missing|Lock|Integrity|Transfer|TargetBusy)Error"
    r"|AccessDenied|RedirectWarning|\w+Violation"
)
TESTS = [
    path
    for path in sorted(ROOT.glob("[!.]*/**/*.py"))
    if "tests" in path.parts and "node_modules" not in path.parts
]


def find_bare(text):
    """Return the lines that expect a class of refusals and look at no sentence."""
    found = []
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef):
            looked_at = _find_looked_at(function)
            for item, call in _find_expected(function):
                name = item.optional_vars and ast.unparse(item.optional_vars)
                if name not in looked_at:
                    found.append((call.lineno, ast.unparse(call)))
    return found


def _find_expected(function):
    for node in ast.walk(function):
        for item in node.items if isinstance(node, ast.With) else ():
            call = item.context_expr
            if (
                isinstance(call, ast.Call)
                and re.search(r"\b(assertRaises|raises)$", ast.unparse(call.func))
                and call.args
                and REFUSAL.search(ast.unparse(call.args[0]))
                and not any(keyword.arg == "match" for keyword in call.keywords)
            ):
                yield item, call


def _find_looked_at(function):
    """Return the names of exceptions whose words are compared or handed on."""
    lines = re.sub(r"self\.assertNot\w+\(.*", "", ast.unparse(function))
    return set(re.findall(r"(\w+)\.(?:exception|value)\b", lines))


def test_a_refusal_is_expected_by_its_words():
    bare = {path.name: find_bare(path.read_text()) for path in TESTS}
    assert not {name: lines for name, lines in bare.items() if lines}, (
        "say the words: with self.refused('…', AccessError)"
    )


AS_E = "with self.assertRaises(UserError) as e:\n  x()\n self."
CASES = {
    "with self.assertRaises(AccessError):\n  x()": True,
    "with a(), self.assertRaises(errors.TransferError):\n  x()": True,
    "with pytest.raises(UserError):\n  x()": True,
    "with self.assertRaises((AccessError, ValidationError)) as e:\n  x()": True,
    AS_E + "assertNotIn('a', str(e.exception))": True,
    AS_E + "assertIn('a', str(e.exception))": False,
    "with self.assertRaisesRegex(UserError, 'words'):\n  x()": False,
    "with pytest.raises(UserError, match='words'):\n  x()": False,
    "with self.refused('words', AccessError):\n  x()": False,
    "with self.assertRaises(ZeroDivisionError):\n  x()": False,
}


@pytest.mark.parametrize("lines", CASES)
def test_the_bare_are_found(lines):
    assert bool(find_bare(f"def test():\n {lines}\n")) == CASES[lines]
