from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user

from .campaign_case import CampaignCase


class TestRelationshipCampaign(CampaignCase):
    def test_number_and_defaults_come_from_the_type(self):
        campaign = self.new_campaign()
        self.assertRegex(campaign.number, r"^TF-\d{5}$")
        self.assertEqual(campaign.utm_campaign_id.name, campaign.number)
        self.assertEqual(campaign.user_id, self.piotr)
        self.assertEqual(campaign.channel, "letter")
        self.assertEqual((campaign.date_to - campaign.date_from).days, 10)
        self.assertEqual(campaign.company_id, self.company)
        self.assertEqual(campaign.display_name, "Poznań fair")
        self.assertTrue(campaign.stage_id)

    def test_an_empty_cell_of_an_import_means_the_default_type(self):
        default = self.env["ir.default"]
        default.set("relationship.campaign", "type_id", self.fair_type.id)
        campaigns = self.env["relationship.campaign"].with_user(self.anna)
        result = campaigns.with_context(import_file=True).load(
            ["title", "type_id", "number"], [["Blank", "", ""]]
        )
        self.assertFalse(result["messages"])
        imported = campaigns.browse(result["ids"])
        for campaign in (imported, campaigns.create({"title": "By a program"})):
            self.assertEqual(campaign.type_id, self.fair_type)
            self.assertRegex(campaign.number, r"^TF-\d{5}$")
            self.assertEqual(campaign.channel, "letter")

    def test_costs_may_come_with_it(self):
        campaign = self.new_campaign(
            cost_ids=[(0, 0, {"name": "Stand", "planned_amount": 20})]
        )
        self.assertEqual(campaign.planned_cost, 20)
        self.assertEqual(campaign.company_id, self.company)

    def test_the_form_proposes_what_the_type_says(self):
        with Form(self.env["relationship.campaign"].with_user(self.anna)) as form:
            form.title = "Autumn"
            form.type_id = self.fair_type
            self.assertEqual(form.channel, "letter")
        self.assertRegex(form.record.number, r"^TF-\d{5}$")

    def test_a_campaign_without_name_is_refused_with_a_sentence(self):
        with self.assertRaisesRegex(ValidationError, "Give the campaign a name"):
            self.new_campaign(title=" ")

    def test_a_renamed_campaign_keeps_its_identifier(self):
        campaign = self.new_campaign()
        campaign.title = "Berlin fair"
        self.env.flush_all()
        self.assertEqual(campaign.utm_campaign_id.name, campaign.number)
        self.assertEqual(campaign.utm_campaign_id.title, "Berlin fair")

    def test_a_copy_starts_anew(self):
        campaign = self.new_campaign(goal="Fifty visitors")
        copy = campaign.copy()
        self.assertNotEqual(copy.number, campaign.number)
        self.assertEqual(copy.utm_campaign_id.name, copy.number)
        self.assertEqual(copy.title, "Poznań fair (copy)")
        self.assertEqual(copy.goal, "Fifty visitors")

    def test_deleting_leaves_nothing_over(self):
        campaign = self.new_campaign()
        core = campaign.utm_campaign_id
        campaign.unlink()
        self.assertFalse(core.exists())

    def test_what_is_used_is_not_deleted(self):
        campaign = self.new_campaign()
        self.new_lead(campaign_id=campaign.utm_campaign_id.id)
        with self.assertRaisesRegex(UserError, "has opportunities: archive it"):
            campaign.unlink()
        with self.assertRaisesRegex(UserError, "under Relationships"):
            campaign.utm_campaign_id.sudo().unlink()

    def test_an_employee_does_not_change_it_through_the_core_side(self):
        clerk = new_test_user(self.env, "clerk_c", groups="base.group_user")
        core = self.new_campaign().utm_campaign_id
        with self.refused("ask a responsible of the campaign", AccessError):
            core.with_user(clerk).title = "Hacked"
        plain = self.env["utm.campaign"].with_user(clerk).create({"title": "Own"})
        plain.title = "Still own"

    def test_another_company_sees_it_when_it_is_linked_and_never_changes_it(self):
        campaign = self.new_campaign()
        theirs = campaign.with_user(self.katrin)
        core = theirs.utm_campaign_id.with_user(self.katrin)
        with self.refused(r"'read' access to:\n- Campaign \(", AccessError):
            theirs.read(["title"])
        with self.refused(r"'read' access to:\n- UTM Campaign \(", AccessError):
            core.read(["title"])
        campaign.sudo().relationship_linked_company_ids = self.other_company
        self.assertEqual(theirs.title, "Poznań fair")
        for records in (theirs, core):
            with self.refused(
                r"'write' access to:\n- Campaign|a responsible of the campaign",
                AccessError,
            ):
                records.write({"title": "Hacked"})

    def test_a_lead_of_another_company_is_refused(self):
        campaign = self.new_campaign()
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            self.new_lead(
                self.katrin,
                campaign_id=campaign.utm_campaign_id.id,
            )

    def test_states_change_by_buttons(self):
        campaign = self.new_campaign()
        campaign.action_start()
        campaign.action_complete()
        with self.assertRaisesRegex(UserError, "Completed"):
            campaign.action_start()
        campaign.action_reopen()
        self.assertEqual(campaign.state, "in_progress")
