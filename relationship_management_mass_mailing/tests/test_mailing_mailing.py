from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.relationship_management.tests.common import RelationshipCase


@tagged("post_install", "-at_install")
class TestMailingMailing(RelationshipCase):
    """A mailing takes a campaign of the companies of its responsible."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mailer = cls.env.ref("mass_mailing.group_mass_mailing_user")
        (cls.anna | cls.katrin).write({"group_ids": [(4, cls.mailer.id)]})
        campaign_type = cls.env["relationship.campaign.type"].create({"name": "Fair"})
        cls.campaign = (
            cls.env["relationship.campaign"]
            .with_user(cls.anna)
            .create({"title": "Poznań fair", "type_id": campaign_type.id})
        )

    def mail(self, user, **values):
        mailings = self.env["mailing.mailing"].with_user(user)
        return mailings.create(
            {
                "subject": "Invitation",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "campaign_id": self.campaign.utm_campaign_id.id,
                **values,
            }
        )

    def test_the_own_company_may(self):
        mailing = self.mail(self.anna)
        self.assertEqual(mailing.campaign_id, self.campaign.utm_campaign_id)
        self.assertEqual(self.campaign.mailing_mail_count, 1)

    def test_another_company_may_not(self):
        sentence = "The campaign, which you may not see, belongs to another company"
        with self.assertRaisesRegex(ValidationError, sentence) as caught:
            self.mail(self.katrin)
        self.assertNotIn("Poznań", str(caught.exception))
        mailing = self.mail(self.katrin, campaign_id=False)
        for values in (
            {"campaign_id": self.campaign.utm_campaign_id.id},
            {"campaign_id": self.campaign.utm_campaign_id.id, "user_id": False},
        ):
            with self.assertRaisesRegex(ValidationError, sentence) as caught:
                mailing.write(values)
            self.assertNotIn("Poznań", str(caught.exception))
        with self.assertRaisesRegex(ValidationError, sentence) as caught:
            mailing.copy({"campaign_id": self.campaign.utm_campaign_id.id})
        self.assertNotIn("Poznań", str(caught.exception))

    def test_whoever_sees_the_campaign_is_told_its_name(self):
        with self.assertRaisesRegex(ValidationError, "Poznań fair belongs to another"):
            self.mail(self.anna, user_id=self.katrin.id)

    def test_a_linked_company_may(self):
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        mailing = self.mail(self.katrin)
        self.assertEqual(mailing.campaign_id, self.campaign.utm_campaign_id)

    def test_a_linked_company_changes_no_more_than_the_test_of_its_mailings(self):
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        core = self.campaign.utm_campaign_id.with_user(self.katrin)
        core.ab_testing_winner_selection = "clicks_ratio"
        self.assertEqual(self.campaign.ab_testing_winner_selection, "clicks_ratio")
        with self.refused("ask a responsible of the campaign", AccessError):
            core.write({"ab_testing_winner_selection": "manual", "title": "Hacked"})
        self.campaign.sudo().relationship_linked_company_ids = False
        self.env.flush_all()
        with self.refused(r"'read' access to:\n- UTM Campaign \(", AccessError):
            core.ab_testing_winner_selection = "manual"

    def test_an_employee_without_sales_rights_may_mail(self):
        self.jan.write(
            {
                "group_ids": [
                    (4, self.env.ref("mass_mailing.group_mass_mailing_user").id)
                ]
            }
        )
        mailing = self.mail(self.jan)
        self.assertEqual(mailing.campaign_id, self.campaign.utm_campaign_id)

    def test_the_responsible_counts_not_who_writes(self):
        with self.assertRaisesRegex(ValidationError, "test_katrin"):
            self.mail(self.anna).user_id = self.katrin

    def test_a_plain_campaign_is_open_to_everybody(self):
        plain = self.env["utm.campaign"].create({"title": "Plain"})
        self.assertEqual(
            self.mail(self.katrin, campaign_id=plain.id).campaign_id, plain
        )

    def test_a_copy_keeps_the_campaign_and_is_checked(self):
        mailing = self.mail(self.anna)
        self.assertEqual(mailing.copy().campaign_id, mailing.campaign_id)
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            mailing.copy({"user_id": self.katrin.id})

    def test_what_a_mailing_names_is_not_deleted(self):
        self.mail(self.anna)
        with self.assertRaisesRegex(UserError, "mailings.*archive it instead"):
            self.campaign.unlink()

    def test_an_ab_test_makes_a_plain_automatic_campaign(self):
        mailing = self.mail(self.anna, campaign_id=False, ab_testing_enabled=True)
        self.assertTrue(mailing.campaign_id)
        self.assertFalse(mailing.campaign_id.sudo().relationship_campaign_ids)
