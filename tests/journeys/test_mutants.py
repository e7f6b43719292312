"""Nothing grants or restricts that no table of rights speaks about."""

from odoo.tests import TransactionCase, tagged

from tests.mutate.__main__ import FINDERS, find_cases
from tests.mutate.table import write_table
from tools.base import ROOT


@tagged("post_install", "-at_install")
class TestMutants(TransactionCase):
    def test_every_rule_line_and_groups_has_a_table(self):
        """``make mutate`` asks whether a table notices; this one, if there is one."""
        cases = find_cases(self.env)
        self.assertGreater(len(cases), 5)

        found = {kind: list(find(self.env)) for kind, find in FINDERS.items()}

        self.assertTrue(all(found.values()), "each kind has some")
        left = {
            f"{kind}: {mutant.name}"
            for kind, mutants in found.items()
            for mutant in mutants
            if not any(
                case.knows(kind, about) for case in cases for about in mutant.abouts
            )
        }
        self.assertEqual(sorted(left), [])

    def test_the_file_of_rights_says_what_the_tables_say(self):
        """Written by ``make mutate ARGS=--table``."""
        file = ROOT / "docs" / "rights.csv"
        expected = write_table(find_cases(self.env))
        self.assertEqual(file.read_text(encoding="utf-8"), expected)
        self.assertGreater(expected.count("\n"), 1000)
