from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestTypePermissions(RelationshipCase):
    """Who may see or use the roles of a type follows from its groups."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.competitor = cls.env.ref(
            "relationship_management.relationship_role_type_competitor"
        )
        cls.role = cls.env["relationship.role"].create(
            {"partner_id": cls.kranbau.id, "type_id": cls.competitor.id}
        )
        cls.sellers = cls.env.ref("sales_team.group_sale_salesman")

    def assertAllowed(self, user, read, write):
        role = self.role.with_user(user)
        self.assertEqual(role.has_access("read"), read)
        self.assertEqual(role.has_access("write"), write)
        found = (
            self.env["res.partner"]
            .with_user(user)
            .search([("role_type_ids", "in", self.competitor.ids)])
        )
        self.assertEqual(self.kranbau in found, read)
        partner = self.kranbau.with_user(user)
        partner.invalidate_recordset()
        self.assertEqual(bool(partner.role_badges), read)

    def test_without_groups_everybody_may(self):
        self.assertAllowed(self.jan, read=True, write=True)

    def test_seeing_is_restricted(self):
        self.competitor.see_group_ids = self.sellers
        self.assertAllowed(self.jan, read=False, write=False)
        self.assertAllowed(self.anna, read=True, write=True)

    def test_using_is_restricted_and_implies_seeing(self):
        self.competitor.write(
            {
                "use_group_ids": [(4, self.sellers.id)],
                "see_group_ids": [(4, self.env.ref("base.group_system").id)],
            }
        )
        self.assertAllowed(self.jan, read=False, write=False)
        self.assertAllowed(self.anna, read=True, write=True)
        refusal = "records of the type that you may not see: choose another type"
        with self.refused(refusal, AccessError):
            self.env["relationship.role"].with_user(self.jan).create(
                {"partner_id": self.paktech.id, "type_id": self.competitor.id}
            )

    def test_who_sees_a_type_and_may_not_use_it_is_told_its_name(self):
        self.competitor.use_group_ids = self.sellers
        self.competitor.see_group_ids = self.env.ref("base.group_user")
        refusal = "records of the type Competitor: choose another type"
        roles = self.env["relationship.role"].with_user(self.jan)
        values = {"partner_id": self.paktech.id, "type_id": self.competitor.id}
        for attempt in (
            lambda: roles.create(values),
            lambda: self.role.with_user(self.jan).write({"note": "Mine"}),
            lambda: self.role.with_user(self.jan).unlink(),
        ):
            with self.refused(refusal, AccessError):
                attempt()

    def test_groups_from_a_default_close_a_new_type(self):
        types = self.env["relationship.role.type"]
        types.with_user(self.jan).search([])
        self.env["ir.default"].set(types._name, "see_group_ids", self.sellers.ids)
        new = types.with_user(self.ewa).create({"name": "By default"})
        self.assertEqual(new.see_group_ids, self.sellers)
        self.assertFalse(types.with_user(self.jan).search([("id", "=", new.id)]))

    def test_managers_may_everything(self):
        nobody = self.env["res.groups"].create({"name": "Nobody"})
        self.competitor.write(
            {"use_group_ids": [(4, nobody.id)], "see_group_ids": [(4, nobody.id)]}
        )
        self.assertAllowed(self.ewa, read=True, write=True)
        self.assertAllowed(self.anna, read=False, write=False)

    def test_only_usable_types_are_offered(self):
        self.competitor.use_group_ids = self.sellers
        types = self.env["relationship.role.type"]
        for user, offered in ((self.jan, False), (self.anna, True), (self.ewa, True)):
            usable = types.with_user(user).search([("can_use", "=", True)])
            self.assertEqual(self.competitor in usable, offered, user.login)
            self.assertEqual(self.competitor.with_user(user).can_use, offered)
        unusable = types.with_user(self.jan).search([("can_use", "!=", True)])
        self.assertEqual(unusable, self.competitor.with_user(self.jan))

    def test_a_hidden_type_is_not_named_anywhere(self):
        self.competitor.see_group_ids = self.sellers
        types = self.env["relationship.role.type"].with_user(self.jan)
        self.assertFalse(types.name_search("Compet"))
        self.assertNotIn(self.competitor, types.search([]))
        partners = self.env["res.partner"].with_user(self.jan)
        groups = partners._read_group(
            [("id", "=", self.kranbau.id)], ["role_type_ids"], ["__count"]
        )
        self.assertFalse(groups[0][0])
        self.assertFalse(
            partners.search_count([("role_type_ids.kind", "=", "competitor")])
        )

    def test_the_answer_follows_the_groups(self):
        types = self.env["relationship.role.type"].with_user(self.jan)

        def may():
            return self.competitor.id not in types._get_forbidden_ids("see")

        group = self.env["res.groups"].create({"name": "Market watch"})
        self.assertTrue(may())
        self.competitor.see_group_ids = group
        self.assertFalse(may())
        self.jan.group_ids |= group
        self.assertTrue(may())
        self.jan.group_ids -= group
        self.assertFalse(may())
        group.user_ids |= self.jan
        self.assertTrue(may())
        group.user_ids -= self.jan
        self.assertFalse(may())
        user = self.env.ref(
            "relationship_management.relationship_management_group_user"
        )
        user.implied_ids |= group
        self.assertTrue(may())
        user.implied_ids -= group
        self.competitor.see_group_ids = False
        self.assertTrue(may())

    def test_the_answer_costs_one_query_once(self):
        self.competitor.see_group_ids = self.sellers
        types = self.env["relationship.role.type"].with_user(self.jan)
        types.env.user.has_group("base.group_user")
        self.assertTrue(types.env.user.all_group_ids)
        self.env.flush_all()
        # Once a transaction, whatever is asked.
        self.env["ir.rule"]._get_state()
        with self.assertQueryCount(1):
            types._get_forbidden_ids("see")
        with self.assertQueryCount(0):
            types._get_forbidden_ids("see")

    def test_a_group_that_guards_a_type_is_kept(self):
        group = self.env["res.groups"].create({"name": "Market watch"})
        self.competitor.see_group_ids = group
        with self.assertRaisesRegex(
            UserError,
            "^“Market watch” is in use and cannot be deleted. It is used by: Partner"
            " role. Change what uses it first.$",
        ):
            group.unlink()
