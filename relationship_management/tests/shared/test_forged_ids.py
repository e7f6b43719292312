from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestForgedIds(RelationshipCase):
    """What PostgreSQL takes for a number and Python for nothing at all."""

    def assertForged(self, model, user, field, values):
        company = self.other_company.id
        for forged in (str(company), float(company), True, {"id": company}, [company]):
            with (
                self.subTest(model=model, forged=forged),
                self.assertRaises(ValidationError) as caught,
            ):
                self.env[model].with_user(user).create({**values, field: forged})
            self.assertRegex(str(caught.exception), "is no record for the field")

    def test_a_consent_in_the_ledger_of_another_company(self):
        self.assertForged(
            "relationship.consent",
            self.piotr,
            "company_id",
            {
                "partner_id": self.stalmet.id,
                "channel": "email",
                "action": "given",
                "legal_basis": "consent",
            },
        )

    def test_a_role_of_another_company(self):
        role_type = self.env.ref(
            "relationship_management.relationship_role_type_customer"
        )
        values = {"partner_id": self.stalmet.id, "type_id": role_type.id}
        self.assertForged("relationship.role", self.jan, "company_id", values)

    def test_a_campaign_of_an_opportunity(self):
        self.assertForged("crm.lead", self.anna, "campaign_id", {"name": "Line"})

    def test_a_stage(self):
        self.assertForged("crm.stage", self.ewa, "company_id", {"name": "Stage"})

    def test_a_history_row_tells_its_name_to_whom_it_is_shown(self):
        lead = self.new_lead(self.piotr, name="Secret line", user_id=self.piotr.id)
        row = self.rows(lead)[:1]
        jan = self.env["relationship.opportunity.history"].with_user(self.jan)
        with self.assertRaises(AccessError) as caught:
            jan.browse(row.id).action_view_timeline()
        self.assertNotIn("Secret line", str(caught.exception))
        self.assertRegex(str(caught.exception), "not allowed|top-secret")

    def test_an_activity_moves_nowhere_that_it_could_not_be_created(self):
        own = self.new_lead(self.anna, user_id=self.anna.id)
        foreign = self.new_lead(self.piotr, user_id=self.piotr.id)
        activity = own.with_user(self.anna).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.anna.id
        )
        with self.assertRaises(AccessError) as caught:
            activity.write({"res_id": foreign.id})
        self.assertRegex(
            str(caught.exception), "not allowed|top-secret|security restrictions"
        )
        self.env.invalidate_all()
        self.assertEqual(activity.sudo().res_id, own.id)

    def test_a_purpose_is_not_taken_away_from_others(self):
        purpose = self.env["relationship.consent.purpose"].create({"name": "News"})
        self.env["relationship.consent"].create(
            {
                "partner_id": self.stalmet.id,
                "purpose_id": purpose.id,
                "company_id": self.other_company.id,
                "channel": "email",
                "action": "given",
                "legal_basis": "consent",
            }
        )
        with self.assertRaises(ValidationError) as caught:
            purpose.with_user(self.ewa).company_id = self.company
        self.assertIn(
            "use “News” (something that you may not see)", str(caught.exception)
        )
