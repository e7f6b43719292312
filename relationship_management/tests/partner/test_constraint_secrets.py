from odoo.tests import tagged

from ..relation.relation_case import RelationCase
from ..secret_case import HIDDEN, MARK, NO_RIGHT, SecretCase


@tagged("post_install", "-at_install")
class TestConstraintSecretsOfPartners(SecretCase, RelationCase):
    """Roles and relations: what a refusal tells of hidden ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role_types = {
            role_type.kind: role_type
            for role_type in cls.env["relationship.role.type"].search([])
        }
        cls.secret_role = cls.role_types["competitor"]
        cls.secret_role.name = f"{MARK} role"
        cls.secret_role.see_group_ids = cls.secret_group
        cls.merger = cls._new_user(
            "merger",
            "base.group_partner_manager,sales_team.group_sale_salesman_all_leads",
        )

    def role(self, partner, role_type, user=None, **values):
        return (
            self.env["relationship.role"]
            .with_user(user or self.env.user)
            .create({"partner_id": partner.id, "type_id": role_type.id, **values})
        )

    # Roles

    def test_a_restricted_role_answers_the_same_whether_it_exists_or_not(self):
        self.role(self.stalmet, self.secret_role)
        own = self.role(self.paktech, self.role_types["organisation"], self.jan)
        sentences = set()
        for partner in (self.stalmet, self.kranbau):
            values = {"partner_id": partner.id, "type_id": self.secret_role.id}
            for user in (self.jan, self.merger):
                tried = self.try_all(
                    "relationship.role",
                    user,
                    values,
                    parent=(partner, "role_ids") if user == self.merger else None,
                    words=NO_RIGHT,
                )
                sentences.add(tried["create"].replace(str(user.id), ""))
            self.try_all("relationship.role", self.jan, values, own=own, words=NO_RIGHT)
        self.assertEqual(len(sentences), 1)

    def test_the_contact_beside_a_restricted_role(self):
        self.role(self.stalmet, self.secret_role)
        values = {
            "partner_id": self.stalmet.id,
            "type_id": self.role_types["contact"].id,
        }
        self.try_all(
            "relationship.role",
            self.jan,
            values,
            words="Stalmet S.A.: a role that you may not see stands against this",
        )
        with self.assertRaisesRegex(Exception, f"holds the role {MARK} role"):
            self.env["relationship.role"].with_user(self.olga).create(values)

    def test_the_role_of_another_company(self):
        supplier = self.role_types["supplier"]
        self.role(self.stalmet, supplier, company_id=self.other_company.id)
        values = {"partner_id": self.stalmet.id, "type_id": supplier.id}
        self.try_all(
            "relationship.role",
            self.jan,
            {**values, "company_id": False},
            words="a role that you may not see stands against this",
        )
        self.role(self.stalmet, supplier, self.jan, company_id=self.company.id)
        with self.assertRaisesRegex(Exception, "already holds the role Supplier"):
            self.role(self.stalmet, supplier, self.jan, company_id=self.company.id)

    def test_the_role_of_a_hidden_partner(self):
        supplier = self.role_types["supplier"]
        self.role(self.client, supplier)
        own = self.role(self.paktech, supplier, self.jan)
        values = {"partner_id": self.client.id, "type_id": supplier.id}
        self.try_all("relationship.role", self.jan, values, own=own, words=NO_RIGHT)
        self.assertEqual(own.partner_id, self.paktech)

    def test_a_portal_user_behind_a_superuser_is_told_no_role(self):
        self.role(self.stalmet, self.role_types["supplier"])
        roles = self.env["relationship.role"].with_user(self.portal).sudo()
        self.role_types["supplier"].name = f"{MARK} supplier"
        self.assertTold(
            "may not see",
            roles.create,
            {
                "partner_id": self.stalmet.id,
                "type_id": self.role_types["supplier"].id,
            },
        )

    # Relations

    def test_a_restricted_relation(self):
        shareholder = self.types["shareholder"]
        shareholder.see_group_ids = self.secret_group
        shareholder.name = f"{MARK} share"
        self.relate(self.rek, "shareholder", self.stalmet, self.env.user, share=10)
        own = self.relate(self.nowak, "knows", self.maj)
        values = {
            "left_partner_id": self.rek.id,
            "right_partner_id": self.stalmet.id,
            "type_id": shareholder.id,
            "share": 20,
        }
        for share in (20, 0):
            self.try_all(
                "relationship.relation",
                self.jan,
                {**values, "share": share},
                own=own,
                words=NO_RIGHT,
            )
        self.assertEqual(own.type_id, self.types["knows"])

    def test_a_relation_collides_with_one_of_another_company(self):
        adviser = self.types["tax_adviser"]
        adviser.cardinality = "one_many"
        self.nowak.name = f"{MARK} Nowak"
        self.relate(
            self.nowak,
            "tax_adviser",
            self.stalmet,
            self.env.user,
            company_id=self.other_company.id,
        )
        values = {
            "left_partner_id": self.rek.id,
            "right_partner_id": self.stalmet.id,
            "type_id": adviser.id,
        }
        self.try_all(
            "relationship.relation",
            self.jan,
            values,
            words="a relation that you may not see says otherwise",
        )

    def test_a_relation_to_a_hidden_partner(self):
        values = {
            "left_partner_id": self.client.id,
            "right_partner_id": self.stalmet.id,
            "type_id": self.types["works_for"].id,
        }
        own = self.relate(self.nowak, "knows", self.maj)
        self.client.is_company = True
        self.try_all("relationship.relation", self.jan, values, own=own)

    def test_types_of_one_company_managers(self):
        self.nowak.name = f"{MARK} Nowak"
        for partner in (self.stalmet, self.kranbau):
            self.relate(
                self.nowak,
                "tax_adviser",
                partner,
                self.env.user,
                company_id=self.other_company.id,
            )
        adviser = self.types["tax_adviser"].with_user(self.ewa)
        for values in (
            {"cardinality": "many_one"},
            {"function_use": "required"},
            {"left_is": "company"},
            {"left_role_type_id": self.secret_role.id},
        ):
            self.assertTold(
                "A relation that you may not see would break", adviser.write, values
            )
        self.assertTold(".", adviser.write, {"company_id": self.company.id})

    # Merges

    def test_a_merge_moves_the_opportunities_of_hidden_addressees(self):
        double = self.env["res.partner"].create({"name": "Stalmet SA"})
        one, other = self.env["relationship.campaign.addressee"].create(
            [
                {"campaign_id": self.secret_campaign.id, "partner_id": partner.id}
                for partner in (double, self.stalmet)
            ]
        )
        lead = self.new_lead(
            self.olga,
            campaign_id=self.secret_campaign.utm_campaign_id.id,
            addressee_id=one.id,
        )
        self.env.flush_all()
        self.env.invalidate_all()
        wizards = self.env["base.partner.merge.automatic.wizard"]
        wizard = wizards.with_user(self.merger).create({})
        wizard._merge((double | self.stalmet).ids, self.stalmet.with_user(self.merger))
        self.env.invalidate_all()
        self.assertEqual(lead.sudo().addressee_id, (one | other).exists())

    # The company of a partner

    def test_a_partner_with_a_hidden_relation(self):
        self.relate(
            self.client,
            "tax_adviser",
            self.stalmet,
            self.env.user,
            company_id=self.other_company.id,
        )
        stalmet = self.stalmet.with_user(self.merger)
        self.assertTold(HIDDEN, stalmet.write, {"company_id": self.company.id})
        self.assertFalse(stalmet.company_id)

    def test_a_partner_with_relations_of_two_companies(self):
        self.types["tax_adviser"].cardinality = "one_many"
        self.nowak.name = f"{MARK} Nowak"
        for adviser, company in (
            (self.nowak, self.other_company),
            (self.rek, self.company),
        ):
            self.relate(
                adviser,
                "tax_adviser",
                self.stalmet,
                self.env.user,
                company_id=company.id,
            )
        stalmet = self.stalmet.with_user(self.merger)
        self.assertTold(HIDDEN, stalmet.write, {"company_id": self.company.id})
        hidden = "to a company that you may not see: leave the partner to every company"
        self.assertTold(hidden, stalmet.write, {"company_id": self.other_company.id})

    def test_whoever_gives_a_partner_away_is_told_the_relation(self):
        self.kranbau.company_id = self.stalmet.company_id = self.company
        self.relate(self.kranbau, "tax_adviser", self.stalmet, self.env.user)
        stalmet = self.stalmet.with_user(self.merger)
        with self.assertRaisesRegex(Exception, "Kranbau Wolff is tax adviser of"):
            stalmet.sudo().company_id = self.other_company

    def test_a_partner_that_becomes_a_person(self):
        self.relate(
            self.rek,
            "works_for",
            self.stalmet,
            self.env.user,
            company_id=self.other_company.id,
        )
        self.rek.name = f"{MARK} Rek"
        stalmet = self.stalmet.with_user(self.merger)
        self.assertTold(HIDDEN, stalmet.write, {"is_company": False})

    def test_a_visible_relation_is_named(self):
        self.relate(self.rek, "works_for", self.stalmet)
        stalmet = self.stalmet.with_user(self.merger)
        with self.assertRaisesRegex(Exception, "Tomasz Rek .* Stalmet"):
            stalmet.is_company = False

    def test_whoever_may_not_change_a_partner_is_told_nothing(self):
        self.role(self.stalmet, self.role_types["supplier"])
        stalmet = self.stalmet.with_user(self.jan)
        for values in ({"company_id": self.company.id}, {"is_company": False}):
            self.assertTold("Contact", stalmet.write, values)
