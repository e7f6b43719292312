from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import RelationshipCase

OPERATIONS = ("read", "write", "create", "unlink")
ADDON = "relationship_management"

# Who may do what: r(ead) w(rite) c(reate) u(nlink). A model without a line fails.
MATRIX = {
    "relationship.opportunity.type": {"jan": "r", "anna": "r", "ewa": "rwcu"},
    "relationship.reference.type": {"jan": "r", "anna": "r", "ewa": "rwcu"},
    "relationship.reference": {"jan": "", "anna": "rwcu", "ewa": "rwcu"},
    "relationship.opportunity.history": {"jan": "", "anna": "r", "ewa": "r"},
    "relationship.planned.role": {"jan": "r", "anna": "r", "ewa": "rwcu"},
    "relationship.role.type": {"jan": "r", "anna": "r", "ewa": "rwcu"},
    "relationship.role": {"jan": "rwcu", "anna": "rwcu", "ewa": "rwcu"},
    "relationship.relation.type": {"jan": "r", "anna": "r", "ewa": "rwcu"},
    "relationship.relation.direction": {"jan": "r", "anna": "r", "ewa": "r"},
    "relationship.relation": {"jan": "rwcu", "anna": "rwcu", "ewa": "rwcu"},
    "relationship.consent.purpose": {"jan": "r", "anna": "r", "ewa": "rwcu"},
    "relationship.consent": {"jan": "rc", "anna": "rc", "ewa": "rc"},
    "relationship.document": {"jan": "r", "anna": "r", "ewa": "r"},
    "relationship.partner.report": {"jan": "r", "anna": "r", "ewa": "r"},
    "relationship.interest": {"jan": "r", "anna": "r", "ewa": "rwcu"},
    "relationship.merged.partner": {"jan": "", "anna": "", "ewa": ""},
    "relationship.campaign.type": {"jan": "r", "anna": "r", "ewa": "rwcu"},
    "relationship.campaign.response": {"jan": "r", "anna": "r", "ewa": "rwcu"},
    "relationship.campaign": {"jan": "r", "anna": "rwcu", "ewa": "rwcu"},
    "relationship.campaign.cost": {"jan": "r", "anna": "rwcu", "ewa": "rwcu"},
    "relationship.campaign.addressee": {"jan": "rwcu", "anna": "rwcu", "ewa": "rwcu"},
    "relationship.campaign.selection": {"jan": "r", "anna": "rwcu", "ewa": "rwcu"},
    "relationship.campaign.freeze": {"jan": "r", "anna": "r", "ewa": "r"},
    "relationship.campaign.freeze.item": {"jan": "", "anna": "", "ewa": ""},
    "relationship.former.name": {"jan": "", "anna": "", "ewa": ""},
}


@tagged("post_install", "-at_install")
class TestAccess(RelationshipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "portal_x", groups="base.group_portal")
        cls.clerk = new_test_user(cls.env, "clerk_x", groups="base.group_user")

    def test_every_model_has_its_line(self):
        models = (
            self.env["ir.model"]
            .search([])
            .filtered(lambda m: ADDON in m.modules.split(", ")[:1])
            .filtered(lambda m: not m.abstract and not m.transient)
        )
        own = {m.model for m in models if self.env[m.model]._original_module == ADDON}
        self.assertEqual(own, set(MATRIX))

    def test_the_matrix_holds(self):
        for model, roles in MATRIX.items():
            for login, allowed in {**roles, "portal": "", "clerk": ""}.items():
                records = self.env[model].with_user(getattr(self, login))
                for operation in OPERATIONS:
                    with self.subTest(model=model, user=login, operation=operation):
                        self.assertEqual(
                            records.has_access(operation), operation[0] in allowed
                        )

    def test_portal_and_public_read_nothing(self):
        for user in (self.portal, self.env.ref("base.public_user")):
            for model in MATRIX:
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
