"""Nothing grants or restricts that no table of rights speaks about."""

from odoo.tests import TransactionCase, tagged

from tests.mutate.__main__ import FINDERS, find_cases


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
