from datetime import date

from odoo.tests import tagged

from ..relation.relation_case import MergeCase


@tagged("post_install", "-at_install")
class TestRoleMerge(MergeCase):
    """Roles of one type are one role where they overlap, and keep what is known."""

    def role(self, partner, kind, first=None, last=None, **values):
        name = f"relationship_management.relationship_role_type_{kind}"
        return self.env["relationship.role"].create(
            {
                "partner_id": partner.id,
                "type_id": self.env.ref(name).id,
                "date_from": first and date(first, 1, 1),
                "date_to": last and date(last, 12, 31),
                **values,
            }
        )

    def years(self):
        return [
            (r.date_from and r.date_from.year, r.date_to and r.date_to.year)
            for r in self.stalmet.role_ids.sorted(lambda r: r.date_from or date.min)
        ]

    def test_a_known_start_is_not_wiped_by_an_unknown_one(self):
        self.role(self.stalmet, "supplier", 2019)
        self.role(self.double, "supplier")
        self.merge()
        self.assertEqual(self.years(), [(2019, False)])

    def test_the_known_start_comes_from_whoever_knows_it(self):
        self.role(self.stalmet, "supplier")
        self.role(self.double, "supplier", 2019)
        self.merge()
        self.assertEqual(self.years(), [(2019, False)])

    def test_one_after_the_other_stay_two(self):
        self.role(self.stalmet, "supplier", None, 2018)
        self.role(self.double, "supplier", 2019)
        self.merge()
        self.assertEqual(self.years(), [(False, 2018), (2019, False)])

    def test_roles_that_need_nothing_are_not_touched(self):
        roles = self.role(self.stalmet, "supplier", 2019, 2020)
        roles |= self.role(self.stalmet, "supplier", 2021)
        roles |= self.role(self.double, "customer", 2020)
        self.role(self.double, "supplier", 2021)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE relationship_role SET write_date = '2020-01-01' WHERE id = ANY(%s)",
            [roles.ids],
        )
        self.merge()
        self.assertEqual(self.stalmet.role_ids, roles)
        self.assertEqual({day.year for day in roles.mapped("write_date")}, {2020})

    def test_what_is_confirmed_does_not_yield_to_what_is_only_proposed(self):
        entered = self.role(
            self.stalmet, "supplier", 2019, 2025, company_id=self.company.id
        )
        proposed = {"state": "proposed", "origin": "derived"}
        self.role(self.double, "supplier", 2020, 2021, **proposed)
        self.merge()
        self.assertEqual(self.stalmet.role_ids, entered)
        self.assertEqual(self.years(), [(2019, 2025)])
        notes = " ".join(self.stalmet.message_ids.mapped("body"))
        self.assertIn("Not taken over, because it says otherwise", notes)
