from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import RelationshipCase

BINDING = "relationship_management.types_bind_managers"


@tagged("post_install", "-at_install")
class TestBinding(RelationshipCase):
    """Rights on types bind managers, too, where the settings say so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = cls.env["res.groups"].create({"name": "Board"})
        cls.kind = cls.env["relationship.role.type"].create({"name": "Takeover target"})
        cls.role = cls.env["relationship.role"].create(
            {"partner_id": cls.kranbau.id, "type_id": cls.kind.id}
        )

    def bind(self, value=True):
        settings = self.env["res.config.settings"].with_user(self.admin)
        settings.create({"relationship_types_bind_managers": value}).execute()

    @property
    def admin(self):
        return self.env.ref("base.user_admin")

    def rights(self, user):
        kinds = self.kind.with_user(user)
        return [
            right
            for right in ("see", "use", "analyse")
            if self.kind.id not in kinds._get_forbidden_ids(right)
        ]

    def test_managers_may_everything_unless_they_are_bound(self):
        self.kind.see_group_ids = self.board
        self.assertEqual(self.rights(self.ewa), ["see", "use", "analyse"])
        self.bind()
        self.assertEqual(self.rights(self.ewa), [])
        self.assertFalse(self.role.with_user(self.ewa).has_access("read"))
        self.assertFalse(self.kind.with_user(self.ewa).has_access("read"))
        self.board.user_ids = [Command.link(self.ewa.id)]
        self.assertEqual(self.rights(self.ewa), ["see", "use", "analyse"])
        self.assertTrue(self.role.with_user(self.ewa).has_access("read"))
        self.board.user_ids = [Command.unlink(self.ewa.id)]
        self.bind(False)
        self.assertEqual(self.rights(self.ewa), ["see", "use", "analyse"])

    def test_the_list_of_rights_opens_and_leaves_out_what_is_hidden(self):
        self.kind.see_group_ids = self.board
        rights = self.env["relationship.type.right"].with_user(self.ewa)
        shown = {"name": {}, "see_group_ids": {"fields": {"display_name": {}}}}
        domain = [("res_model", "=", self.kind._name)]

        def get_names():
            found = rights.web_search_read(domain, shown)["records"]
            return [right["name"] for right in found]

        self.assertIn(self.kind.name, get_names())
        self.bind()
        self.assertNotIn(self.kind.name, get_names())
        self.assertTrue(get_names())

    def test_analysing_and_using_bind_by_themselves(self):
        self.bind()
        self.kind.analyse_group_ids = self.board
        self.assertEqual(self.rights(self.ewa), ["see", "use"])
        self.kind.use_group_ids = self.board
        self.assertEqual(self.rights(self.ewa), ["see"])

    def test_the_parameter_itself_holds_at_once(self):
        self.kind.see_group_ids = self.board
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(BINDING, "True")
        self.assertEqual(self.rights(self.ewa), [])
        row = parameters.search([("key", "=", BINDING)])
        row.value = "False"
        self.assertEqual(self.rights(self.ewa), ["see", "use", "analyse"])
        row.value = "True"
        self.assertEqual(self.rights(self.ewa), [])
        row.unlink()
        self.assertEqual(self.rights(self.ewa), ["see", "use", "analyse"])

    def test_nobody_hides_a_type_from_themselves(self):
        mine = self.kind.with_user(self.ewa)
        self.bind()
        refusal = "would not see “Takeover target” any more yourself: add a group"
        with self.refused(refusal, UserError):
            mine.see_group_ids = self.board
        self.assertFalse(self.kind.see_group_ids)
        with self.refused("would not see “Reserve” any more yourself", UserError):
            mine.create(
                {"name": "Reserve", "see_group_ids": [Command.link(self.board.id)]}
            )
        sales = self.env.ref("sales_team.group_sale_manager")
        mine.see_group_ids = self.board | sales
        self.assertEqual(self.kind.see_group_ids, self.board | sales)

    def test_only_administrators_decide_it(self):
        with self.refused("not allowed to create 'Config Settings'", AccessError):
            self.env["res.config.settings"].with_user(self.ewa).create({}).execute()

    def test_how_many_hidden_records_use_a_type_is_not_told(self):
        kinds = self.env["relationship.campaign.type"]
        about = {"opportunity_type_id": self.machine_deal.id}
        seen = {"name": "Their fair", "company_id": False, **about}
        hidden = {"name": "Hidden fair", "company_id": self.other_company.id, **about}
        kinds.create([seen, hidden])
        kind = self.machine_deal.with_user(self.ewa)
        words = "Campaign type: 1, something that you may not see"
        with self.refused(words, ValidationError):
            kind.company_id = self.company
