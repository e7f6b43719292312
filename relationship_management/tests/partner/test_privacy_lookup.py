from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..relation.relation_case import RelationCase


@tagged("post_install", "-at_install")
class TestPrivacyLookup(RelationCase):
    """What is stored about a person is found, and goes with the person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nowak.email = "nowak@stalmet.example.com"
        cls.role = cls.env["relationship.role"].create(
            {
                "partner_id": cls.nowak.id,
                "type_id": cls.env.ref(
                    "relationship_management.relationship_role_type_customer"
                ).id,
            }
        )

    def setUp(self):
        super().setUp()
        self.relations = self.relate(self.nowak, "knows", self.rek) | self.relate(
            self.maj, "knows", self.nowak
        )

    def test_the_lookup_passes_over_none_of_our_columns(self):
        for model, names in (
            ("relationship.role", ("partner_id",)),
            ("relationship.relation", ("left_partner_id", "right_partner_id")),
            ("relationship.consent", ("partner_id",)),
            ("relationship.campaign.addressee", ("partner_id", "contact_id")),
        ):
            for name in names:
                field = self.env[model]._fields[name]
                self.assertTrue(field.store, (model, name))
                self.assertNotEqual(field.ondelete, "cascade", (model, name))

    def test_the_lookup_finds_roles_and_relations(self):
        self.assertLessEqual(
            {
                (self.role._name, self.role.id),
                *((r._name, r.id) for r in self.relations),
            },
            self.look_up(self.nowak),
        )

    def test_roles_and_relations_go_with_the_partner(self):
        clerk = new_test_user(
            self.env, "test_clerk", "base.group_user,base.group_partner_manager"
        )
        with (
            self.refused("not allowed to delete 'Contact'", AccessError),
            self.env.cr.savepoint(),
        ):
            self.nowak.with_user(self.jan).unlink()
        self.assertTrue(self.role.exists())
        self.nowak.with_user(clerk).unlink()
        self.assertFalse(self.role.exists() or self.relations.exists())
