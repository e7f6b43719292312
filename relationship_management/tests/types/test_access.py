from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import RelationshipCase
from ..rights.matrix import OURS, get_own_rules, get_tabled_models

ADDON = "relationship_management"


@tagged("post_install", "-at_install")
class TestAccess(RelationshipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "portal_x", groups="base.group_portal")

    def get_own_models(self):
        return {
            name
            for name, model in self.env.items()
            if model._original_module == ADDON and not model._abstract
        }

    def test_every_model_has_its_table(self):
        tables = get_tabled_models()
        self.assertEqual(self.get_own_models() - tables, set())
        ruled = set(get_own_rules(self.env).mapped("model_id.model"))
        self.assertEqual(ruled - tables, set())

    def test_a_dialog_belongs_to_who_opened_it(self):
        """Odoo has no rule for that: each of ours, or to which we add, has one."""
        rules = get_own_rules(self.env).filtered(lambda rule: not rule.groups)
        own = "('create_uid', '=', user.id)"
        kept = rules.filtered(lambda rule: own in rule.domain_force)
        dialogs = {
            name
            for name, model in self.env.items()
            if model._transient
            and (model._original_module.startswith(OURS) or self.has_own_fields(model))
        }
        self.assertIn("crm.lead.lost", dialogs)
        self.assertEqual(dialogs - set(kept.mapped("model_id.model")), set())

    def has_own_fields(self, model):
        # Settings are those of administrators.
        return model._name != "res.config.settings" and any(
            field.store and any(name.startswith(OURS) for name in field._modules)
            for field in model._fields.values()
        )

    def test_portal_and_public_read_nothing(self):
        for user in (self.portal, self.env.ref("base.public_user")):
            for model in self.get_own_models():
                with (
                    self.subTest(user=user.login, model=model),
                    self.refused("not allowed to access '", AccessError),
                ):
                    self.env[model].with_user(user).search_count([])

    def test_types_of_another_company_are_hidden(self):
        for model in (
            "relationship.opportunity.type",
            "relationship.campaign.type",
            "relationship.role.type",
            "relationship.relation.type",
            "relationship.reference.type",
            "relationship.consent.purpose",
        ):
            types = self.env[model]
            values = {"name": "Leipzig", "company_id": self.other_company.id}
            if "inverse_name" in types:
                values["inverse_name"] = "Leipzig back"
            foreign = types.create(values)
            with self.subTest(model):
                self.assertIn(foreign, types.with_user(self.katrin).search([]))
                mine = types.with_user(self.anna)
                self.assertNotIn(foreign, mine.search([]))
                self.assertFalse(mine.name_search("Leipzig"))
                self.assertFalse(foreign.with_user(self.anna).has_access("read"))

    def test_a_relation_type_of_another_company_is_hidden_in_words(self):
        foreign = self.env["relationship.relation.type"].create(
            {
                "name": "supplies",
                "inverse_name": "gets from",
                "company_id": self.other_company.id,
            }
        )
        self.env.flush_all()
        directions = self.env["relationship.relation.direction"]
        domain = [("type_id", "=", foreign.id)]
        self.assertTrue(directions.with_user(self.katrin).search(domain))
        self.assertFalse(directions.with_user(self.anna).search(domain))
