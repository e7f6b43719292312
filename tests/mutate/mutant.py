"""One change of something that grants or restricts, and its undoing."""

import contextlib
from dataclasses import dataclass, field

from tools.base import ADDONS, ROOT


@dataclass
class Mutant:
    """A change by SQL, or of an attribute of a field in the registry."""

    kind: str
    name: str
    what: str
    # What the tables call the things whose rights change.
    abouts: list
    statements: list = field(default_factory=list)
    # Objects whose attribute ``groups`` takes a value.
    attributes: list = field(default_factory=list)
    groups: str | None = None

    def __post_init__(self):
        if isinstance(self.abouts, str):
            self.abouts = [self.abouts]

    def __str__(self):
        return f"{self.name}: {self.what}"

    @contextlib.contextmanager
    def applied(self, env):
        """Change it, and change it back."""
        former = [(thing, thing.groups) for thing in self.attributes]
        with contextlib.closing(env.cr.savepoint()) as savepoint:
            for statement in self.statements:
                env.cr.execute(statement)
            for thing in self.attributes:
                thing.groups = self.groups
            _forget(env)
            try:
                yield
            finally:
                savepoint.rollback()
                for thing, groups in former:
                    thing.groups = groups
                _forget(env)


def _forget(env):
    env.invalidate_all(flush=False)
    env.registry.clear_all_caches()


def find_ours(env, *models):
    """Return the external ids of our addons for records of these models."""
    return (
        env["ir.model.data"]
        .search([("module", "in", ADDONS), ("model", "in", models)], order="id")
        .filtered(lambda data: env[data.model].browse(data.res_id).exists())
    )


def find_place(xmlid):
    """Return file and line where a record is declared."""
    addon, name = xmlid.split(".", 1)
    marks = (f'"{name}"', f"{name},", f'"{addon}.{name}"')
    for path in sorted((ROOT / addon).rglob("*")):
        if path.suffix in (".xml", ".csv") and "static" not in path.parts:
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if line.startswith(marks[1]) or any(
                    f"id={mark}" in line for mark in (marks[0], marks[2])
                ):
                    return f"{path.relative_to(ROOT)}:{number}"
    return addon
