"""``make mutate``: change what grants and restricts, and see who notices.

Every record rule, access line and ``groups=`` of our addons is changed in turn, in a
copy of the database; the tables of rights (``tests/rights`` of the addons) must
contradict each change. Ends with an error if one is left that none contradicts.
"""

import argparse
import collections
import importlib
import resource
import sys
import threading

import odoo.modules.registry
from odoo import SUPERUSER_ID, api
from odoo.tests.result import OdooTestResult
from odoo.tests.suite import OdooSuite
from odoo.tools import config

from tests.mutate.mutant import find_place
from tests.mutate.rights import find_access_lines, find_rules
from tests.mutate.screens import find_actions, find_fields, find_menus, find_nodes
from tests.mutate.table import write_table
from tools.base import ADDONS

FINDERS = {
    "rule": find_rules,
    "access": find_access_lines,
    "field": find_fields,
    "view": find_nodes,
    "menu": find_menus,
    "action": find_actions,
}


def find_cases(env):
    """Return the classes with tables of all addons that are installed."""
    for addon in ADDONS:
        if addon in env.registry._init_modules:
            importlib.import_module(f"odoo.addons.{addon}.tests")
    matrix = sys.modules["odoo.addons.relationship_management.tests.rights.matrix"]
    found, classes = [], [matrix.MatrixCase]
    while classes:
        case = classes.pop()
        classes += case.__subclasses__()
        found += [case] if case.is_complete() else []
    return sorted(found, key=lambda case: case.__name__)


def _find_known(case, mutant):
    return [about for about in mutant.abouts if case.knows(mutant.kind, about)]


def _is_noticed(test, kind, about):
    try:
        return next(test.find_contradictions(kind, about), None) is not None
    except Exception:  # noqa: BLE001  # a test that breaks has noticed it
        return True


class Mutation:
    """The mutants that nobody has noticed yet."""

    def __init__(self, mutants):
        self.left = list(mutants)
        # Classes of tables that do not hold even without a change.
        self.broken = []
        self.later = []
        self.counts = collections.Counter(mutant.kind for mutant in self.left)

    def run(self, case, later):
        """Let a class of tables look at the mutants that it knows something about.

        :param later: the classes that follow
        """
        known = [
            (mutant, abouts)
            for mutant in self.left
            if (abouts := _find_known(case, mutant))
        ]
        self.later = later
        if not known:
            return
        case.mutate = lambda test: self._try(test, known)
        result = OdooTestResult()
        OdooSuite([case("mutate")])(result)
        if not result.wasSuccessful():
            self.broken.append(case.__name__)

    def _try(self, test, known):
        for kind, about in {(m.kind, about) for m, abouts in known for about in abouts}:
            if wrong := next(test.find_contradictions(kind, about), None):
                raise AssertionError(f"Without any change: {wrong}")
        for mutant, abouts in known:
            with mutant.applied(test.env):
                if any(_is_noticed(test, mutant.kind, about) for about in abouts):
                    self.left.remove(mutant)
            if mutant not in self.left:
                sys.stderr.write(".")
            elif not any(_find_known(case, mutant) for case in self.later):
                sys.stderr.write(f"\nnot noticed: {mutant}\n")
            sys.stderr.flush()

    def report(self):
        left = collections.Counter(mutant.kind for mutant in self.left)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return "\n".join(
            [
                *(
                    f"{kind:8}{count:6} mutants{count - left[kind]:6} caught"
                    f"{left[kind]:6} left"
                    for kind, count in self.counts.items()
                ),
                *(f"LEFT  {find_place(each.name)}  {each}" for each in self.left),
                *(
                    f"{name} does not hold without a change: make test K={name}"
                    for name in self.broken
                ),
                f"{usage.ru_utime + usage.ru_stime:.0f} seconds of processor time",
            ]
        )


def main():
    options = argparse.ArgumentParser(prog="mutate")
    options.add_argument("--model", help="only what is about this model, or screen")
    options.add_argument("--kind", choices=FINDERS, action="append")
    options.add_argument(
        "--name", default="", help="only external ids that contain this"
    )
    options.add_argument("--table", action="store_true", help="print the rights as CSV")
    given = options.parse_args()
    config.parse_config(["--log-level=critical"])
    # As the runner of Odoo: the registry knows that these are tests.
    threading.current_thread().testing = True
    registry = odoo.modules.registry.Registry(config["db_name"][0])
    config["test_enable"] = True
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        mutants = [
            mutant
            for kind in given.kind or FINDERS
            for mutant in FINDERS[kind](env)
            if (not given.model or given.model in mutant.abouts)
            and given.name in mutant.name
        ]
        cases = find_cases(env)
    if given.table:
        sys.stdout.write(write_table(cases))
        return 0
    mutation = Mutation(mutants)
    for number, case in enumerate(cases, 1):
        mutation.run(case, cases[number:])
    sys.stdout.write(mutation.report() + "\n")
    return 1 if mutation.left or mutation.broken else 0


if __name__ == "__main__":
    sys.exit(main())
