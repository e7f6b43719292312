"""A context comes from clients: each key that we read is harmless, or a marker."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ADDONS = sorted(
    folder
    for folder in ROOT.iterdir()
    if (folder / "__manifest__.py").exists() and not folder.name.endswith("_demo")
)
# What each key does, if anybody may send it: the views and defaults that it chooses.
HARMLESS = {
    "active_id": "see active_ids",
    "active_ids": "what was chosen in a list; read with the rights of who chose",
    "active_model": "see active_ids",
    "ASKING": "leaves hidden defaults out of a form",
    "default_addressee_id": "a default, guarded like the value itself",
    "default_campaign_id": "a default, guarded like the value itself",
    "default_company_id": "whether the screen asks for a company of its own",
    "default_currency_id": "whether the screen asks for a currency of its own",
    "default_opportunity_id": "a default, read with the rights of the user",
    "default_role_kind": "which role a new partner gets, with the rights of the user",
    "default_*": "a default, guarded like the value itself",
    "existing_records_only": "leaves out ids of what is gone, where values are read",
    "import_file": "an empty cell takes the type's value; a dialog becomes a sentence",
    "only_this_partner": "leaves contacts out of a list",
    "PARTNER": "whose roles a list of opportunities shows, of who may be seen",
    "relationship_addressees": "which addressees a form shows",
    "relationship_customer_id": "whose people are offered first, of who may be seen",
    "relationship_date": "the day that a question is asked for",
    "relationship_lost_ids": "whose competitors are offered first, of who may be seen",
    "relationship_partner_id": "from which end a relation is read",
    "relationship_purpose_id": "the purpose that a question is asked for",
    "relationship_stages_for": "leaves stages out of a search",
    "each_once": "finds less",
    "with_related_partners": "finds more, of what may be seen",
}
# These open something or switch it off: only an object of ours is believed.
MARKERS = {
    "ASKED",
    "BEGINNING",
    "COUNTING",
    "CLOSING",
    "COPYING",
    "DISCREET",
    "EVERY_TYPE",
    "EXCLUDED",
    "FOLDING",
    "KNOWN_PARENTS",
    "LEAVING",
    "MARKS_OPENED",
    "FOLLOWING",
    "FOLLOWS",
    "GENERATING",
    "HANDED_OVER",
    "IMPORTING",
    "GROUPING",
    "LISTING",
    "JOINED_BEFORE",
    "MEMBERS",
    "MERGING",
    "MOVED",
    "NOTING",
    "ONE_COMPANY",
    "PLANNING",
    "SAID_BY",
    "SAID_CHANNELS",
    "SILENT",
    "TAKEN_FOR_ONE",
}


def get_key(node):
    """Return the key as it is written: a text, ``default_*`` or the constant."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else "*"
            for part in node.values
        )
    return node.id if isinstance(node, ast.Name) else ast.unparse(node)


def find_keys(tree):
    """Yield (key, whether it is read through ``get_marked``) of what code reads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.endswith("context.get"):
                yield get_key(node.args[0]), False
            elif called in ("get_marked", "get_id", "get_ids"):
                yield get_key(node.args[1]), called == "get_marked"
        elif isinstance(node, ast.Subscript):
            if ast.unparse(node.value).endswith("env.context"):
                yield get_key(node.slice), False
        elif (
            isinstance(node, ast.Compare)
            and isinstance(node.ops[0], ast.In | ast.NotIn)
            and ast.unparse(node.comparators[0]).endswith("env.context")
        ):
            yield get_key(node.left), False


def test_every_context_key_is_harmless_or_a_marker():
    unknown, seen = [], set()
    for addon in ADDONS:
        for path in sorted(addon.rglob("*.py")):
            if "tests" in path.parts:
                continue
            for key, is_marked in find_keys(ast.parse(path.read_text())):
                seen.add(key)
                if path.name == "context.py" and key == "key":
                    continue  # the readers of that module
                if key not in MARKERS and (is_marked or key not in HARMLESS):
                    unknown.append(f"{path.relative_to(ROOT)}: {key}")
    assert not unknown, "say in this file what a client can do with these keys"
    assert not (MARKERS | HARMLESS.keys()) - seen, "nobody reads these any more"


@pytest.mark.parametrize("key", sorted(MARKERS))
def test_a_marker_is_believed_as_an_object_only(key):
    """Every reader of a marker asks for its class."""
    for addon in ADDONS:
        for path in addon.rglob("*.py"):
            text = path.read_text()
            if f"context.get({key})" in text:
                assert "isinstance(" in text.split(f"context.get({key})")[1][:200], path


def test_fields_depend_on_keys_that_may_be_of_any_kind():
    """A key of ours that fields depend on is one that ``with_context`` looks at."""
    known = {"uid", "lang", "tz", "company", "allowed_company_ids"}
    found = {
        argument.value
        for addon in ADDONS
        for path in addon.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "api.depends_context"
        for argument in node.args
    }
    tree = ast.parse(
        (ROOT / "relationship_management/models/shared/context.py").read_text()
    )
    remembered = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "REMEMBERED_KEYS"
    )
    assert found - known == set(remembered)
