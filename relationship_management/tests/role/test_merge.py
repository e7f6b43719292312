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

    def test_days_that_are_only_proposed_stay_proposed(self):
        self.role(self.stalmet, "customer", 2015, 2016)
        proposed = {"state": "proposed", "origin": "derived"}
        self.role(self.double, "customer", 2016, **proposed)
        self.merge()
        self.assertEqual(self.years(), [(2015, 2016), (2017, False)])
        states = self.stalmet.role_ids.sorted("date_from").mapped("state")
        self.assertEqual(states, ["confirmed", "proposed"])

    def test_what_was_proposed_around_what_is_confirmed_stays_on_both_sides(self):
        self.role(self.stalmet, "customer", 2018, 2019)
        proposed = {"state": "proposed", "origin": "derived"}
        self.role(self.double, "customer", 2015, **proposed)
        self.merge()
        self.assertEqual(self.years(), [(2015, 2017), (2018, 2019), (2020, False)])

    def test_what_was_refused_yields_to_what_counts_and_is_named(self):
        refused = {"state": "refused", "origin": "derived"}
        self.role(self.double, "supplier", 2019, **refused)
        kept = self.role(self.stalmet, "supplier", 2020)
        self.merge()
        self.assertEqual(self.stalmet.role_ids, kept)
        notes = " ".join(self.stalmet.message_ids.mapped("body"))
        self.assertRegex(notes, "Not taken over.*Refused")
        self.assertNotIn("Role taken over", notes)

    def test_a_refused_role_goes_before_core_has_moved_the_others(self):
        """A relation that asks for a role is not asked in between."""
        self.role(self.stalmet, "customer", 2020)
        self.role(self.stalmet, "supplier", 2020)
        self.role(self.double, "customer", 2020)
        refused = {"state": "refused", "origin": "derived"}
        self.role(self.double, "supplier", 2020, **refused)
        kind = self.env.ref(
            "relationship_management.relationship_relation_type_tax_adviser"
        )
        kind.right_role_type_id = self.env.ref(
            "relationship_management.relationship_role_type_customer"
        )
        relation = self.env["relationship.relation"].create(
            {
                "left_partner_id": self.kranbau.id,
                "type_id": kind.id,
                "right_partner_id": self.double.id,
                "date_from": date(2020, 1, 1),
            }
        )
        self.merge()
        self.assertEqual(relation.right_partner_id, self.stalmet)

    def test_a_company_is_merged_into_who_was_no_company_yet(self):
        self.stalmet.is_company = False
        self.role(self.stalmet, "contact", 2020)
        self.role(self.double, "customer", 2021)
        works_for = "relationship_management.relationship_relation_type_works_for"
        relation = self.env["relationship.relation"].create(
            {
                "left_partner_id": self.kranbau.id,
                "type_id": self.env.ref(works_for).id,
                "right_partner_id": self.double.id,
            }
        )
        self.merge()
        self.assertEqual(relation.right_partner_id, self.stalmet)
        self.assertTrue(self.stalmet.is_company)
        self.assertEqual(self.years(), [(2020, 2020), (2021, False)])
