"""A later Odoo that changes the signature of a method breaks an override unseen."""

import inspect

from tests.common import JourneyCase
from tools.base import ADDONS

OURS = tuple(f"odoo.addons.{addon}." for addon in ADDONS)
ANYTHING = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}


def is_ours(base):
    return f"{base.__module__}.".startswith(OURS)


def overrides(model):
    """Yield each method of ours with the one of core, or of another addon, below it."""
    bases = model.mro()
    for number, base in enumerate(bases):
        if not is_ours(base):
            continue
        for name, method in vars(base).items():
            if not inspect.isfunction(method) or name.startswith("__"):
                continue
            below = next((b for b in bases[number + 1 :] if name in vars(b)), None)
            if below and inspect.isfunction(vars(below)[name]):
                yield base, below, name


def takes(function):
    """Return what a function takes: names, kinds, and which may be left out."""
    parameters = inspect.signature(function).parameters.values()
    return [(p.name, p.kind, p.default) for p in parameters]


class TestOverrides(JourneyCase):
    def test_overrides_take_what_the_method_below_takes(self):
        different, seen = [], set()
        for model in self.env.registry.values():
            for base, below, name in overrides(model):
                key = base.__module__, base.__qualname__, below.__module__, name
                if key in seen:
                    continue
                seen.add(key)
                ours, theirs = takes(vars(base)[name]), takes(vars(below)[name])
                kinds = {kind for _name, kind, _default in ours}
                if ours != theirs and not kinds >= ANYTHING:
                    different.append(
                        f"{base.__module__}.{name} takes {ours}, but"
                        f" {below.__module__} takes {theirs}"
                    )
        self.assertGreater(len(seen), 100)
        self.assertFalse(different, "\n".join(different))
