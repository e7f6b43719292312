from datetime import date

from odoo.tests import tagged

from ..tour_case import TourCase


class PartnerListCase(TourCase):
    """A user of the application, and a few partners at the top of the list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jan = cls.new_jan("jan_list")
        # Nothing but what the tours need: they stand on the first page.
        cls.env["relationship.role"].search([]).unlink()
        cls.mill, cls.yard, cls.double = cls.env["res.partner"].create(
            [
                {"name": f"A Tour {name}", "is_company": True}
                for name in ("mill", "yard", "double")
            ]
        )
        cls.adviser = cls.env["res.partner"].create({"name": "A Tour adviser"})
        cls.types = {
            kind: cls.env.ref(f"relationship_management.relationship_role_type_{kind}")
            for kind in ("customer", "supplier")
        }

    def give(self, partner, kind, **values):
        return self.env["relationship.role"].create(
            {"partner_id": partner.id, "type_id": self.types[kind].id, **values}
        )

    def relate(self, partner):
        return self.env["relationship.relation"].create(
            {
                "left_partner_id": self.adviser.id,
                "right_partner_id": partner.id,
                "type_id": self.env.ref(
                    "relationship_management.relationship_relation_type_tax_adviser"
                ).id,
                "date_from": date(2024, 1, 1),
            }
        )

    def play(self, path, tour):
        self.start_tour(path, f"relationship_{tour}_tour", login="jan_list")
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestPartnerListTour(PartnerListCase):
    """What is done with partners and roles in lists: confirm, relate, merge."""

    def test_one_proposal_is_confirmed_and_one_refused(self):
        roles = [
            self.give(partner, "customer", origin="derived", state="proposed")
            for partner in (self.mill, self.yard)
        ]
        self.play("/odoo/relationship-roles", "proposed_role")
        self.assertEqual([r.state for r in roles], ["confirmed", "refused"])

    def test_two_partners_are_related_to_a_third(self):
        self.play("/odoo/relationship-partners", "relate")
        relations = self.env["relationship.relation"].search(
            [("left_partner_id", "=", self.adviser.id)]
        )
        self.assertEqual(relations.right_partner_id, self.mill | self.yard)
        self.assertEqual(relations.create_uid, self.jan)

    def test_two_partners_are_merged_and_nothing_is_lost(self):
        self.give(self.mill, "customer", date_from=date(2024, 1, 1))
        self.give(self.double, "customer", date_from=date(2020, 1, 1))
        self.give(self.double, "supplier")
        relation = self.relate(self.double)
        self.play("/odoo/relationship-partners", "merge")
        self.assertFalse(self.double.exists())
        roles = self.mill.role_ids.sorted("type_sequence")
        self.assertEqual(roles.mapped("kind"), ["customer", "supplier"])
        self.assertEqual(roles[0].date_from, date(2020, 1, 1))
        self.assertEqual(relation.right_partner_id, self.mill)


@tagged("post_install", "-at_install")
class TestPartnerListTourOnPhone(TestPartnerListTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True


@tagged("post_install", "-at_install")
class TestRoleImportTour(PartnerListCase):
    """Roles come in through the screen of Odoo's import, which no phone has."""

    def test_roles_are_imported_from_a_file(self):
        self.play("/odoo/relationship-roles", "role_import")
        roles = self.mill.role_ids.sorted("type_sequence")
        self.assertEqual(roles.mapped("kind"), ["customer", "supplier"])
        self.assertEqual(roles[1].date_to, date(2025, 6, 30))
        self.assertEqual(roles.create_uid, self.jan)
