"""All types stand in one list, and their rights are given there."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.right.type_right import MODELS
from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestTypeRight(RelationshipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rights = cls.env["relationship.type.right"]
        cls.sellers = cls.env.ref("sales_team.group_sale_salesman")
        cls.deal, cls.rival = cls.find(cls.machine_deal | cls.rival_type())

    @classmethod
    def rival_type(cls):
        return cls.env["relationship.opportunity.type"].create({"name": "Rival deal"})

    @classmethod
    def find(cls, types, user=None):
        about = [("res_model", "=", types._name), ("res_id", "in", types.ids)]
        return cls.rights.with_user(user or cls.ewa).search(about, order="res_id")

    def test_each_type_of_each_kind_is_there_once(self):
        models = self.rights._get_models()
        self.assertLess(len(models), MODELS)
        self.assertIn("relationship.role.type", models)
        for model in models:
            types = self.env[model].with_context(active_test=False).search([])
            rights = self.rights.with_context(active_test=False)
            found = rights.search([("res_model", "=", model)])
            self.assertEqual(sorted(found.mapped("res_id")), sorted(types.ids), model)
            names = {right.res_id: right.name for right in found}
            self.assertEqual(names, {each.id: each.name for each in types})

    def test_what_a_manager_gives_there_the_type_has(self):
        self.assertFalse(self.deal.see_group_ids)
        jan = self.env["relationship.opportunity.type"].with_user(self.jan)
        self.assertNotIn(self.machine_deal.id, jan._get_forbidden_ids("see"))
        self.deal.see_group_ids = self.sellers
        self.env.flush_all()
        self.assertEqual(self.machine_deal.see_group_ids, self.sellers)
        self.assertFalse(self.machine_deal.use_group_ids)
        self.assertIn(self.machine_deal.id, jan._get_forbidden_ids("see"))

    def test_several_types_are_given_groups_at_once(self):
        both = self.deal | self.rival
        self.machine_deal.see_group_ids = self.sellers
        both.write({"analyse_group_ids": [Command.link(self.sellers.id)]})
        self.env.flush_all()
        for right in both:
            self.assertEqual(right._get_type().analyse_group_ids, self.sellers)
        self.assertEqual(self.machine_deal.see_group_ids, self.sellers)

    def test_they_are_found_by_a_group(self):
        self.machine_deal.use_group_ids = self.sellers
        for operator, value in (("in", self.sellers.ids), ("ilike", self.sellers.name)):
            found = self.rights.search([("use_group_ids", operator, value)])
            self.assertIn(self.deal.id, found.ids)
            self.assertNotIn(self.rival.id, found.ids)
        for_all = self.rights.search([("use_group_ids", "=", False)])
        self.assertIn(self.rival.id, for_all.ids)
        self.assertNotIn(self.deal.id, for_all.ids)

    def test_only_managers_see_and_change_them(self):
        for user in (self.jan, self.anna, self.piotr):
            with self.refused("You are not allowed to", AccessError):
                self.rights.with_user(user).search([])
            with self.refused("You are not allowed to", AccessError):
                self.deal.with_user(user).write({"see_group_ids": []})
            with self.refused("You are not allowed to", AccessError):
                self.deal.with_user(user).action_open()

    def test_what_is_exported_there_is_imported_again(self):
        rights = self.rights.with_user(self.ewa)
        rows = [[str(self.rival.id), str(self.sellers.id)]]
        result = rights.load([".id", "see_group_ids/.id"], rows)
        self.assertFalse(result["messages"])
        kind = self.env[self.rival.res_model].browse(self.rival.res_id)
        self.assertEqual(kind.see_group_ids, self.sellers)

    def test_nothing_but_groups_is_written_there(self):
        with self.refused("Only the groups of a type are given here"):
            self.deal.write({"name": "Deal of machines"})

    def test_types_of_another_company_are_not_there(self):
        self.rival.sudo()._get_type().company_id = self.other_company
        self.env.flush_all()
        self.assertFalse(self.find(self.rival._get_type()))
        with self.refused("doesn't have 'write' access", AccessError):
            self.rival.write({"see_group_ids": [Command.link(self.sellers.id)]})

    def test_the_type_itself_opens(self):
        action = self.deal.action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            (self.machine_deal._name, self.machine_deal.id),
        )

    def test_the_list_is_read_with_few_statements(self):
        shown = {"name": {}, "use_group_ids": {"fields": {"display_name": {}}}}
        rights = self.rights.with_user(self.ewa)
        rights.web_search_read([], shown)
        self.env.invalidate_all()
        kinds = len(self.rights._get_models())
        with self.assertQueryCount(4 * kinds + 10):
            rights.web_search_read([], shown)
