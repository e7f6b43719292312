from itertools import pairwise
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_map import DAY, MapCase

MODULE = "odoo.addons.relationship_management.models.relation.path"


@tagged("post_install", "-at_install")
class TestPath(MapCase):
    def path(self, partner, other, user=None, **options):
        partner = partner.with_user(user or self.jan)
        return partner.get_relationship_path(other.id, **options)

    def chain(self, *partners):
        return [self.relate(left, "knows", right) for left, right in pairwise(partners)]

    def test_the_shortest_way_told_from_the_start(self):
        self.chain(self.rek, self.lis, self.duda, self.maj)
        self.relate(self.nowak, "assistant", self.rek)
        self.relate(self.maj, "tax_adviser", self.nowak)
        told = self.path(self.rek, self.maj)
        self.assertTrue(told["found"])
        self.assertEqual(told["message"], "From Tomasz Rek to Zofia Maj in 2 steps:")
        words = self.types["tax_adviser"].inverse_name
        self.assertEqual(
            self.sentences(told),
            ["Tomasz Rek has assistant Anna Nowak", f"Anna Nowak {words} Zofia Maj"],
        )
        self.assertEqual(
            [node["name"] for node in told["nodes"]],
            ["Tomasz Rek", "Anna Nowak", "Zofia Maj"],
        )
        self.assertEqual(
            [node["name"] for node in self.path(self.maj, self.rek)["nodes"]],
            ["Zofia Maj", "Anna Nowak", "Tomasz Rek"],
        )

    def test_neighbours(self):
        self.chain(self.rek, self.maj)
        told = self.path(self.rek, self.maj)
        self.assertEqual(
            told["message"], "Tomasz Rek and Zofia Maj are directly related:"
        )
        self.assertEqual(self.sentences(told), ["Tomasz Rek knows Zofia Maj"])

    def test_four_steps_and_no_more(self):
        people = [self.rek, self.lis, self.duda, self.nowak, self.maj]
        self.chain(*people)
        self.assertEqual(len(self.path(self.rek, self.maj)["edges"]), 4)
        self.relate(self.maj, "knows", self.stranger)
        told = self.path(self.rek, self.stranger)
        self.assertFalse(told["found"])
        self.assertEqual(
            told["message"],
            "No way of at most 4 steps leads from Tomasz Rek to A Stranger.",
        )
        self.assertEqual((told["nodes"], told["edges"]), ([], []))

    def test_over_a_contact(self):
        self.nowak.parent_id = self.stalmet
        self.relate(self.nowak, "knows", self.maj)
        self.assertEqual(
            self.sentences(self.path(self.stalmet, self.maj)),
            ["Stalmet S.A. employs Anna Nowak", "Anna Nowak knows Zofia Maj"],
        )
        told = self.path(self.stalmet, self.maj, with_contacts=False)
        self.assertFalse(told["found"])

    def test_only_over_what_the_user_may_read(self):
        foreign = self.env["res.partner"].create(
            {"name": "Elbe", "company_id": self.other_company.id}
        )
        for partner in (self.rek, self.maj):
            self.relate(foreign, "knows", partner, user=self.katrin)
        self.assertTrue(self.path(self.rek, self.maj, user=self.katrin)["found"])
        self.assertFalse(self.path(self.rek, self.maj)["found"])
        with self.refused(r"'read' access to:\n- Contact \(", AccessError):
            self.path(self.rek, foreign)

        self.chain(self.rek, self.nowak, self.maj)
        self.assertTrue(self.path(self.rek, self.maj)["found"])
        self.hide("knows")
        self.assertFalse(self.path(self.rek, self.maj)["found"])
        self.assertTrue(self.path(self.rek, self.maj, user=self.ewa)["found"])

    def test_only_over_what_holds_on_the_day(self):
        (relation,) = self.chain(self.rek, self.maj)
        relation.date_from = DAY
        self.assertTrue(self.path(self.rek, self.maj, day=DAY)["found"])
        self.assertFalse(self.path(self.rek, self.maj, day="2025-05-31")["found"])

    def test_it_does_not_look_at_half_the_world(self):
        self.chain(self.rek, self.lis, self.duda)
        with patch(f"{MODULE}.MAX_VISITED", 1):
            told = self.path(self.rek, self.paktech)
        self.assertFalse(told["found"])
        self.assertIn("they know too many", told["message"])

    def test_a_query_a_step(self):
        self.chain(self.rek, self.lis, self.duda, self.nowak, self.maj)
        partner = self.rek.with_user(self.jan)
        other = self.maj.with_user(self.jan)
        partner._find_path(other, True)
        self.env.flush_all()
        with self.assertQueryCount(4):
            partner._find_path(other, True)

    def test_to_oneself(self):
        with self.assertRaisesRegex(UserError, "choose somebody else"):
            self.path(self.rek, self.rek)
