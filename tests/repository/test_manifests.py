"""The addons as packages: manifests, tests that both runners see, translations."""

import ast
import re

import polib
import pytest

from tools.base import ADDONS, DEMO_ADDON, ROOT


def read_manifest(addon):
    text = (ROOT / addon / "__manifest__.py").read_text(encoding="utf-8")
    return ast.literal_eval(text)


@pytest.mark.parametrize("addon", ADDONS)
def test_manifest_says_what_an_administrator_needs(addon):
    manifest = read_manifest(addon)
    assert manifest["license"] == "LGPL-3"
    assert manifest["summary"]
    assert manifest["author"]
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", manifest["version"])
    for path in (*manifest.get("data", ()), *manifest.get("demo", ())):
        assert (ROOT / addon / path).is_file(), f"{addon} has no {path}"


@pytest.mark.parametrize("addon", ADDONS)
def test_an_addon_introduces_itself(addon):
    """In the Apps menu: an icon, a page with today's pictures, and a text."""
    folder = ROOT / addon / "static" / "description"
    assert (folder / "icon.png").is_file()
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert re.split(" and |:", read_manifest(addon)["name"])[0] in page
    shown = set(re.findall(r'src="([^"]+)"', page))
    assert shown == {path.name for path in folder.glob("*-desktop.png")}
    for name in shown:
        picture = (folder / name).read_bytes()
        assert picture == (ROOT / "docs" / "images" / name).read_bytes(), name
    assert (ROOT / addon / "README.rst").is_file()


def test_all_addons_have_the_same_version():
    assert len({read_manifest(addon)["version"] for addon in ADDONS}) <= 1


@pytest.mark.parametrize("addon", ADDONS)
def test_every_data_file_is_in_the_manifest(addon):
    manifest = read_manifest(addon)
    listed = {*manifest.get("data", ()), *manifest.get("demo", ())}
    found = {
        str(path.relative_to(ROOT / addon))
        for folder in ("data", "report", "security", "views", "wizard")
        for path in (ROOT / addon / folder).rglob("*.*")
        if path.suffix in {".csv", ".xml"}
    }
    assert found <= listed


@pytest.mark.parametrize("addon", ADDONS)
def test_nobody_gets_a_story_without_asking(addon):
    """The demo story is what its own addon installs, nothing that comes along."""
    assert "demo" not in read_manifest(addon)
    if addon != DEMO_ADDON:
        found = (ROOT / addon).rglob("*demo*")
        assert not [p for p in found if p.is_file() and p.suffix != ".pyc"]


@pytest.mark.parametrize("addon", ADDONS)
def test_every_test_file_is_imported(addon):
    """Odoo runs only what ``tests/__init__.py`` imports, pytest runs every file."""
    folder = ROOT / addon / "tests"
    files = {
        ".".join(path.relative_to(folder).with_suffix("").parts)
        for path in folder.rglob("test_*.py")
    }
    if files:
        tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names = [
            (".".join(filter(None, (node.module, alias.name))), alias.asname)
            for node in imports
            for alias in node.names
        ]
        assert files <= {name for name, _alias in names}
        # Odoo takes what begins with test_; a second one of a name hides the first.
        known = [alias or name.rpartition(".")[2] for name, alias in names]
        assert len(set(known)) == len(known)
        assert all(name.startswith("test_") for name in known)


@pytest.mark.parametrize("addon", ADDONS)
def test_translations_are_complete(addon):
    folder = ROOT / addon / "i18n"
    assert {f"{addon}.pot", "pl.po"} <= {path.name for path in folder.glob("*.po*")}, (
        "make i18n writes the files"
    )
    template = polib.pofile(str(folder / f"{addon}.pot"))
    for file in folder.glob("*.po"):
        translated = {
            entry.msgid for entry in polib.pofile(str(file)).translated_entries()
        }
        missing = [entry.msgid for entry in template if entry.msgid not in translated]
        assert not missing, f"{file.name} lacks {len(missing)} terms"


@pytest.mark.parametrize("addon", ADDONS)
def test_translations_keep_what_is_filled_in(addon):
    """A lost ``%(count)s`` raises an error for the user, a lost tag breaks a view."""
    for file in (ROOT / addon / "i18n").glob("*.po"):
        for entry in polib.pofile(str(file)):
            assert _filled_in(entry.msgid) == _filled_in(entry.msgstr), file.name


def _filled_in(text):
    """Return placeholders, tags without what people read in them, spaces around."""
    tags = re.findall(r"</[a-z]+>|<[a-z]+ [^>]*>|<[a-z]+/>", text)
    around = text[: -len(text.lstrip())], text[len(text.rstrip()) :]
    return (
        sorted(re.findall(r"%(?:\(\w+\))?[-.0-9]*[sdfr]\b|%%", text)),
        sorted(re.sub(r'(title|aria-label)="[^"]*"', r"\1", tag) for tag in tags),
        around,
    )
