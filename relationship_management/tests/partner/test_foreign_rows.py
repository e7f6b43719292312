from odoo.exceptions import UserError
from odoo.tests import tagged

from ..relation.relation_case import MergeCase

REFUSED = r"There is something about .*Stalmet.* that you may not see"


@tagged("post_install", "-at_install")
class TestForeignRows(MergeCase):
    """What another company has entered about a shared partner stays theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.poznan = cls._new_user(
            "poznan",
            "base.group_partner_manager,"
            "relationship_management.relationship_management_group_manager,"
            "sales_team.group_sale_manager",
        )
        types = "relationship_management.relationship_{}_type_{}"
        cls.supplier = cls.env.ref(types.format("role", "supplier"))
        cls.knows = cls.env.ref(types.format("relation", "knows"))
        cls.person, cls.friend = cls.env["res.partner"].create(
            [{"name": "Stalmet: Ida Voss"}, {"name": "Uwe Kern"}]
        )

    def leipzig_role(self, partner=None):
        return (
            self.env["relationship.role"]
            .with_user(self.katrin)
            .create(
                {
                    "partner_id": (partner or self.stalmet).id,
                    "type_id": self.supplier.id,
                    "company_id": self.other_company.id,
                    "note": "Leipzig's secret",
                }
            )
        )

    def leipzig_relation(self):
        return (
            self.env["relationship.relation"]
            .with_user(self.katrin)
            .create(
                {
                    "left_partner_id": self.person.id,
                    "right_partner_id": self.friend.id,
                    "type_id": self.knows.id,
                    "company_id": self.other_company.id,
                    "note": "Leipzig's secret",
                }
            )
        )

    def assertTold(self, function, *arguments):
        with self.assertRaises(UserError) as caught:
            function(*arguments)
        self.assertRegex(str(caught.exception), REFUSED)
        self.assertNotRegex(str(caught.exception), "Leipzig|Uwe Kern|Supplier")
        self.env.invalidate_all()

    def test_a_company_takes_no_foreign_roles_and_relations_along(self):
        role, relation = self.leipzig_role(), self.leipzig_relation()
        for partner in (self.stalmet, self.person):
            vals = {"company_id": self.company.id}
            self.assertTold(partner.with_user(self.poznan).write, vals)
            self.assertFalse(partner.company_id)
        self.assertEqual(role.company_id, self.other_company)
        self.assertEqual(relation.company_id, self.other_company)

    def test_a_company_takes_no_partner_away_from_foreign_activities(self):
        kind = self.env["relationship.activity.type"].create({"name": "Call"})
        activity = (
            self.env["relationship.activity"]
            .with_user(self.katrin)
            .create({"type_id": kind.id, "partner_id": self.stalmet.id})
        )
        vals = {"company_id": self.company.id}
        self.assertTold(self.stalmet.with_user(self.poznan).write, vals)
        self.assertTold(self.stalmet.with_user(self.poznan).unlink)
        both = self.in_both_companies(self.poznan)["allowed_company_ids"]
        theirs = self.stalmet.with_user(self.poznan).with_context(
            allowed_company_ids=both
        )
        with self.refused("has activities of Nordmark Leipzig, which nobody"):
            theirs.write(vals)
        activity.with_user(self.katrin).action_cancel()
        self.assertEqual(activity.state, "cancelled")

    def test_who_works_for_both_companies_gives_no_rows_of_one_to_the_other(self):
        role, relation = self.leipzig_role(), self.leipzig_relation()
        both = self.in_both_companies(self.poznan)["allowed_company_ids"]
        for partner in (self.stalmet, self.person):
            refusal = (
                f"{partner.name} has roles or relations of {self.other_company.name}"
            )
            with self.refused(refusal):
                self.as_poznan(partner, both).company_id = self.company
            self.as_poznan(partner, both).company_id = self.other_company
            self.as_poznan(partner, both).company_id = False
        for row in (role, relation):
            self.assertEqual(row.note, "Leipzig's secret")
            self.assertEqual(row.company_id, self.other_company)
        self.assertTold(self.as_poznan(self.stalmet, self.company.ids).unlink)

    def as_poznan(self, partner, company_ids):
        return partner.with_user(self.poznan).with_context(
            allowed_company_ids=company_ids
        )

    def test_a_company_that_kept_something_for_itself_is_not_deleted(self):
        sold = self.env["res.company"].create({"name": "Sold"})
        in_use = "“Sold” is in use and cannot be deleted"
        admin = self.env.ref("base.user_admin")
        for model, values in (
            ("relationship.role.type", {"name": "Favourite"}),
            ("relationship.opportunity.type", {"name": "Sold deal"}),
            (
                "relationship.role",
                {"partner_id": self.stalmet.id, "type_id": self.supplier.id},
            ),
            (
                "relationship.relation",
                {
                    "left_partner_id": self.person.id,
                    "right_partner_id": self.friend.id,
                    "type_id": self.knows.id,
                },
            ),
        ):
            with self.subTest(model):
                record = self.env[model].create({**values, "company_id": sold.id})
                with self.refused(in_use), self.env.cr.savepoint():
                    sold.with_user(admin).unlink()
                record.unlink()

    def test_a_role_of_a_hidden_type_is_not_given_away(self):
        self.supplier.see_group_ids = self.env.ref("base.group_system")
        roles = self.env["relationship.role"].sudo()
        role = roles.create(
            {"partner_id": self.stalmet.id, "type_id": self.supplier.id}
        )
        vals = {"company_id": self.other_company.id}
        self.assertTold(self.stalmet.with_user(self.jan_manager()).write, vals)
        self.assertFalse(role.company_id)

    def test_deleting_deletes_no_rows_of_types_that_one_may_not_use(self):
        system = self.env.ref("base.group_system")
        jan = self.jan_manager()
        self.env["relationship.role"].create(
            {"partner_id": self.stalmet.id, "type_id": self.supplier.id}
        )
        self.env["relationship.relation"].create(
            {
                "left_partner_id": self.person.id,
                "right_partner_id": self.friend.id,
                "type_id": self.knows.id,
            }
        )
        for kind, partner in ((self.supplier, self.stalmet), (self.knows, self.person)):
            for right in ("see", "use"):
                with self.subTest(kind=kind.name, right=right):
                    kind[f"{right}_group_ids"] = system
                    self.assertTold(partner.with_user(jan).unlink)
                    self.assertTrue(partner.exists())
                    kind[f"{right}_group_ids"] = False
            partner.with_user(jan).unlink()

    def jan_manager(self):
        return self._new_user(
            "partner_jan",
            "base.group_partner_manager,"
            "relationship_management.relationship_management_group_user",
        )

    def test_a_partner_without_foreign_rows_moves_with_its_own(self):
        role = (
            self.env["relationship.role"]
            .with_user(self.poznan)
            .create({"partner_id": self.stalmet.id, "type_id": self.supplier.id})
        )
        self.stalmet.with_user(self.poznan).company_id = self.company
        self.assertEqual(role.company_id, self.company)

    def test_deleting_deletes_no_foreign_rows(self):
        role, relation = self.leipzig_role(), self.leipzig_relation()
        self.assertTold(self.stalmet.with_user(self.poznan).unlink)
        self.assertTold(self.person.with_user(self.poznan).unlink)
        self.assertTrue(role.exists() and relation.exists() and self.stalmet.exists())
        own = self.env["res.partner"].create({"name": "Own"}).with_user(self.poznan)
        own._give_role("supplier")
        own.unlink()
        self.assertFalse(own.exists())

    def test_a_merge_unites_no_foreign_rows_with_others(self):
        role = self.leipzig_role(self.double)
        self.env["relationship.role"].with_user(self.merger).create(
            {"partner_id": self.stalmet.id, "type_id": self.supplier.id}
        )
        self.assertTold(self.merge)
        self.assertEqual(role.partner_id, self.double)
        self.assertEqual(role.note, "Leipzig's secret")

    def test_a_merge_into_a_company_moves_no_foreign_rows(self):
        role = self.leipzig_role(self.double)
        self.stalmet.company_id = self.company
        self.assertTold(self.merge)
        self.assertEqual(role.company_id, self.other_company)

    def test_a_merge_keeps_foreign_rows_as_they_are(self):
        role = self.leipzig_role(self.double)
        self.merge()
        self.assertEqual(role.partner_id, self.stalmet)
        self.assertEqual(role.company_id, self.other_company)
        self.assertEqual(role.note, "Leipzig's secret")

    def test_a_merge_gives_no_rows_of_one_company_to_another(self):
        """As whoever works for both may not give the partner to one of them."""
        role = self.leipzig_role(self.double)
        self.stalmet.company_id = self.company
        both = self.in_both_companies(self.poznan)["allowed_company_ids"]
        wizards = self.env["base.partner.merge.automatic.wizard"]
        wizards = wizards.with_user(self.poznan).with_context(allowed_company_ids=both)
        pair = self.double | self.stalmet
        with self.refused(f"Stalmet SA has roles or .* {self.other_company.name}"):
            wizards.create({})._merge(pair.ids, self.as_poznan(self.stalmet, both))
        self.env.invalidate_all()
        self.assertEqual(role.company_id, self.other_company)
        self.stalmet.company_id = False
        wizards.create({})._merge(pair.ids, self.as_poznan(self.stalmet, both))
        self.env.invalidate_all()
        self.assertEqual(role.partner_id, self.stalmet)

    def test_a_merge_shortens_no_foreign_rows(self):
        role = self.leipzig_role(self.double)
        role.date_from = "2020-01-01"
        self.env["relationship.role"].create(
            {
                "partner_id": self.stalmet.id,
                "type_id": self.supplier.id,
                "date_from": "2024-01-01",
            }
        )
        self.assertTold(self.merge)
        self.assertEqual((role.partner_id, role.date_to), (self.double, False))

    def test_foreign_consents_stay_where_they_belong(self):
        entry = (
            self.env["relationship.consent"]
            .with_user(self.katrin)
            .create(
                {
                    "partner_id": self.stalmet.id,
                    "company_id": self.other_company.id,
                    "channel": "letter",
                    "action": "withdrawn",
                }
            )
        )
        self.stalmet.with_user(self.poznan).company_id = self.company
        self.assertEqual(entry.company_id, self.other_company)
        self.assertEqual(entry.partner_id, self.stalmet)
