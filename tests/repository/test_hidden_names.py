"""What stands for a hidden name fits its sentence: no “the campaign a campaign”."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Nouns that a name follows: “the campaign Fair”.
NOUNS = (
    "campaign|campaigns|channel|company|companies|document|file|opportunity|partner|"
    "purpose|relation|role|roles|stage|stages|step|team|type|types|user"
)
AFTER_NOUN = re.compile(rf"\b(?:{NOUNS}) [“\"]?%\((\w+)\)s")
TELLERS = ("name_of", "names_of")


def find_wrong(tree):
    """Yield the lines of names that follow a noun and do not say so, or the reverse."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        text = node.args[0]
        if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
            continue
        following = set(AFTER_NOUN.findall(text.value))
        for keyword in node.keywords:
            call = keyword.value
            if isinstance(call, ast.Call) and ast.unparse(call.func) in TELLERS:
                says_so = any(k.arg == "after_noun" for k in call.keywords)
                if says_so != (keyword.arg in following):
                    yield call.lineno, keyword.arg, text.value


def test_hidden_names_fit_their_sentences():
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {name}: {text}"
        for path in sorted(ROOT.glob("*/**/*.py"))
        if (ROOT / path.relative_to(ROOT).parts[0] / "__manifest__.py").exists()
        and "tests" not in path.parts
        for line, name, text in find_wrong(ast.parse(path.read_text()))
    ]
    assert not wrong, "\n".join(wrong)
