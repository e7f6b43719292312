from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .campaign_case import CampaignCase


@tagged("post_install", "-at_install")
class TestCampaignOpportunity(CampaignCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fair_type.opportunity_type_id = cls.machine_deal
        cls.campaign = cls.new_campaign(user_id=cls.piotr.id)
        partners = cls.env["res.partner"].create(
            [{"name": f"Customer {n}", "city": "Poznań"} for n in range(3)]
        )
        cls.addressees = (
            cls.env["relationship.campaign.addressee"]
            .with_user(cls.anna)
            .create(
                [
                    {"campaign_id": cls.campaign.id, "partner_id": partner.id}
                    for partner in partners
                ]
            )
        )

    def wizard(self, addressees, user=None):
        context = {"active_model": addressees._name, "active_ids": addressees.ids}
        return Form(
            self.env["relationship.campaign.opportunity"]
            .with_user(user or self.anna)
            .with_context(**context)
        )

    def generate(self, addressees, user=None, **values):
        with self.wizard(addressees, user or self.piotr) as form:
            for name, value in values.items():
                form[name] = value
        action = form.record.action_generate()
        return self.env["crm.lead"].with_user(self.piotr).search(action["domain"])

    def test_one_opportunity_each_with_what_the_type_says(self):
        self.addressees[0].user_id = self.anna
        leads = self.generate(self.addressees, expected_revenue=50)
        self.assertEqual(len(leads), 3)
        self.assertEqual(leads.opportunity_type_id, self.machine_deal)
        self.assertEqual(leads.campaign_id, self.campaign.utm_campaign_id)
        self.assertEqual(leads.addressee_id, self.addressees)
        self.assertEqual(set(leads.mapped("expected_revenue")), {50})
        mine = leads.filtered(lambda lead: lead.addressee_id == self.addressees[0])
        self.assertEqual(mine.user_id, self.anna)
        self.assertEqual((leads - mine).user_id, self.piotr)
        self.assertEqual(mine.name, "Poznań fair: Customer 0")
        self.assertTrue(all(leads.mapped("number")))
        self.assertEqual(self.campaign.with_user(self.piotr).opportunity_count, 3)

    def test_nobody_gets_a_second_one(self):
        self.generate(self.addressees[:1])
        self.addressees[1].write({"state": "excluded", "exclusion": "hand"})
        form = self.wizard(self.addressees)
        self.assertEqual(form.count, 1)
        self.assertIn("Members who have one already: 1.", form.summary)
        self.assertIn("Excluded from the campaign: 1.", form.summary)
        self.assertEqual(len(self.generate(self.addressees)), 1)
        with self.assertRaisesRegex(UserError, "Nobody is left"):
            self.generate(self.addressees)

    def test_nobody_gets_a_second_one_after_a_lost_one(self):
        self.generate(self.addressees[:1]).action_set_lost()
        form = self.wizard(self.addressees[:1], self.piotr)
        self.assertEqual(form.count, 0)
        self.assertIn("Members who have one already: 1.", form.summary)
        with self.assertRaisesRegex(UserError, "Nobody is left"):
            self.generate(self.addressees[:1])

    def test_who_sees_own_opportunities_only_generates_them_for_herself(self):
        leads = self.generate(self.addressees, self.anna)
        self.assertEqual(leads.user_id, self.anna)

    def test_an_opportunity_takes_no_addressee_of_another_campaign(self):
        lead = self.new_lead(self.anna, campaign_id=self.campaign.utm_campaign_id.id)
        lead.addressee_id = self.addressees[0]
        other = self.new_campaign(title="Other")
        stranger = other.addressee_ids.create(
            {"campaign_id": other.id, "partner_id": self.kranbau.id}
        )
        with self.assertRaisesRegex(ValidationError, "another campaign"):
            lead.addressee_id = stranger

    def test_addressees_of_two_campaigns_are_refused(self):
        other = self.new_campaign()
        stranger = self.env["relationship.campaign.addressee"].create(
            {"campaign_id": other.id, "partner_id": self.stalmet.id}
        )
        with self.assertRaisesRegex(UserError, "one campaign"):
            self.wizard(self.addressees | stranger)

    def test_who_does_not_sell_generates_nothing(self):
        with self.refused(
            "not allowed to access 'Generate opportunities'", AccessError
        ):
            self.wizard(self.addressees, self.jan).save()

    def test_a_linked_company_generates_opportunities_of_its_own(self):
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        addressees = self.env["relationship.campaign.addressee"].with_user(self.katrin)
        theirs = addressees.create(
            {"campaign_id": self.campaign.id, "partner_id": self.stalmet.id}
        )
        with self.wizard(theirs, self.katrin) as form:
            form.name = "Fair"
            form.opportunity_type_id = self.env["relationship.opportunity.type"]
        action = form.record.action_generate()
        lead = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual(lead.company_id, self.other_company)
        self.assertEqual(lead.user_id, self.katrin)
        self.piotr.company_ids |= self.other_company
        campaign = self.campaign.with_user(self.piotr).sudo()
        with self.assertRaisesRegex(ValidationError, r"Leipzig \(members, opp"):
            campaign.relationship_linked_company_ids = False
