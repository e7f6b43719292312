from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ..relation.relation_case import MergeCase
from .campaign_case import CampaignCase


@tagged("post_install", "-at_install")
class TestPeopleOfCampaigns(CampaignCase, MergeCase):
    """Partners play roles in a campaign, too, by the same rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.new_campaign()
        cls.organises = cls.env["relationship.reference.type"].create(
            {"name": "Organiser", "kind": "other"}
        )

    def enter(self, partner=None, user=None, **values):
        return (
            self.env["relationship.reference"]
            .with_user(user or self.anna)
            .create(
                {
                    "campaign_id": self.campaign.id,
                    "partner_id": (partner or self.paktech).id,
                    "type_id": self.organises.id,
                    **values,
                }
            )
        )

    def test_whoever_changes_the_campaign_enters_people(self):
        self.campaign.reference_ids = [
            (0, 0, {"partner_id": self.paktech.id, "type_id": self.organises.id})
        ]
        line = self.campaign.with_user(self.jan).reference_ids
        self.assertEqual(line.partner_id, self.paktech)
        self.assertEqual(line.company_id, self.company)
        self.assertFalse(line.is_outsider, "a campaign has no customer")

    def test_who_only_looks_on_enters_nobody(self):
        with self.refused("not allowed to create 'Partner reference'", AccessError):
            self.enter(user=self.jan)
        line = self.enter()
        with self.refused("not allowed to delete 'Partner reference'", AccessError):
            line.with_user(self.jan).unlink()

    def test_a_linked_company_looks_on(self):
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        ours = self.env["res.partner"].create(
            {"name": "Our agency", "company_id": self.company.id}
        )
        shared, own = self.enter(), self.enter(ours)
        self.env.invalidate_all()
        seen = self.campaign.with_user(self.katrin).reference_ids
        self.assertEqual(seen, shared.with_user(self.katrin))
        with self.refused("'write' access to:\n- Partner reference", AccessError):
            shared.with_user(self.katrin).note = "Ours"
        with self.refused("'read' access to:\n- Partner reference", AccessError):
            own.with_user(self.katrin).read(["note"])

    def test_the_history_of_opportunities_stays_as_it_is(self):
        lead = self.new_lead()
        self.env.flush_all()
        snapshots = "SELECT count(*) FROM crm_lead WHERE reference_snapshot IS NOT NULL"
        rows = "SELECT count(*) FROM relationship_opportunity_history"
        before = [self.env.execute_query(SQL(q)) for q in (snapshots, rows)]
        line = self.enter()
        self.env.flush_all()
        line.note = "Books the hall"
        self.env.flush_all()
        line.unlink()
        self.env.flush_all()
        after = [self.env.execute_query(SQL(q)) for q in (snapshots, rows)]
        self.assertEqual(after, before)
        self.assertFalse(lead.reference_ids)

    def test_a_line_belongs_to_one_document(self):
        sentence = (
            "plays a role in one opportunity, one campaign or one activity: open that"
        )
        with self.refused(sentence, ValidationError):
            self.enter(lead_id=self.new_lead().id)
        with self.refused(sentence, ValidationError):
            self.enter(user=self.piotr, campaign_id=False)
        line = self.enter().with_user(self.piotr)
        with self.refused(sentence, ValidationError):
            line.campaign_id = False

    def test_the_same_checks_hold(self):
        line = self.enter(share=60)
        with self.refused("PakTech already plays the role", ValidationError):
            self.enter()
        with self.refused("add up to 120 % on one day", ValidationError):
            self.enter(self.kranbau, share=60)
        with self.refused("between 0 and 100 %: enter another", ValidationError):
            line.share = 101

    def test_a_type_that_may_not_be_used(self):
        self.organises.use_group_ids = self.env.ref("base.group_system")
        with self.refused("records of the type Organiser: choose", AccessError):
            self.enter()

    def test_a_campaign_type_that_may_not_be_used(self):
        self.fair_type.use_group_ids = self.env.ref("base.group_system")
        with self.refused("'create' access to|of the type Test fair", AccessError):
            self.enter()

    def test_the_campaign_takes_nobody_along_to_another_company(self):
        ours = self.env["res.partner"].create(
            {"name": "Our agency", "company_id": self.company.id}
        )
        line = self.enter(ours)
        boss = self.in_both_companies(self.piotr)
        campaign = self.campaign.with_user(self.piotr).with_context(**boss)
        with self.refused("company inconsistencies"):
            campaign.company_id = self.other_company
        line.unlink()
        campaign.company_id = self.other_company
        self.assertEqual(campaign.company_id, self.other_company)

    def test_an_opportunity_takes_nobody_along_either(self):
        ours = self.env["res.partner"].create(
            {"name": "Our agency", "company_id": self.company.id}
        )
        lead = self.new_lead(self.piotr, company_id=self.company.id)
        self.enter(ours, self.piotr, lead_id=lead.id, campaign_id=False)
        boss = self.in_both_companies(self.piotr)
        lead = lead.with_user(self.piotr).with_context(**boss)
        with self.refused("company inconsistencies"):
            lead.company_id = self.other_company

    def test_people_go_with_the_campaign(self):
        line = self.enter()
        self.campaign.unlink()
        self.assertFalse(line.exists())

    def test_who_plays_a_role_is_not_deleted(self):
        self.enter()
        with self.refused("“PakTech” is in use.*Partner reference"):
            self.paktech.with_user(self.merger).unlink()

    def test_a_copy_starts_without_people(self):
        self.enter()
        self.assertFalse(self.campaign.copy().reference_ids)

    # Merged partners

    def test_a_merge_unites_lines(self):
        self.enter(self.stalmet, share=30)
        self.enter(self.double, share=40)
        self.merge()
        line = self.campaign.reference_ids
        self.assertEqual((line.partner_id, line.share), (self.stalmet, 70))

    def test_a_merge_says_in_the_chatter_what_differs(self):
        self.enter(self.stalmet, attitude="for", date_from="2026-01-01")
        self.enter(self.double, attitude="against", date_from="2026-01-01")
        self.merge()
        self.assertEqual(self.campaign.reference_ids.attitude, "for")
        told = " ".join(self.campaign.message_ids.mapped("body"))
        self.assertRegex(told, "Not taken over.*Organiser: Stalmet.*Against us")

    def test_a_merge_tells_linked_companies_of_nobody_s_own_partner(self):
        (self.stalmet | self.double).company_id = self.company
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        self.enter(self.stalmet, attitude="for", date_from="2026-01-01")
        self.enter(self.double, attitude="against", date_from="2026-01-01")
        self.merge()
        told = " ".join(self.campaign.message_ids.mapped("body"))
        self.assertIn("More that not everybody may see: 1", told)
        self.assertNotIn("Stalmet", told)

    # What else knows of them

    def test_the_files_of_the_campaign_are_among_theirs(self):
        self.enter()
        file = self.env["ir.attachment"].create(
            {
                "name": "Hall plan.txt",
                "raw": b"hall",
                "res_model": self.campaign._name,
                "res_id": self.campaign.id,
            }
        )
        documents = self.env["relationship.document"].with_user(self.jan)
        found = documents.search([("partner_id", "in", self.paktech.ids)])
        self.assertEqual(found.attachment_id, file)

    def test_a_campaign_is_found_by_its_people(self):
        self.enter()
        found = self.env["relationship.campaign"].search(
            [("reference_ids.partner_id", "child_of", self.paktech.id)]
        )
        self.assertEqual(found, self.campaign)

    def test_who_organised_the_last_one_is_suggested(self):
        self.enter()
        other = self.new_campaign(title="Next fair")
        [suggested] = other.suggested_people
        self.assertEqual(suggested["name"], "PakTech")
        self.assertEqual(suggested["role"], "Organiser")
        self.assertEqual(suggested["reason"], "before in Poznań fair")
        self.assertEqual(suggested["values"]["campaign_id"], other.id)
        self.assertFalse(other.with_user(self.jan).suggested_people, "may not add")
        other.action_cancel()
        self.assertFalse(other.suggested_people, "over")

    def test_a_used_type_is_kept(self):
        self.enter()
        with self.refused("used by: Partner reference", UserError):
            self.organises.with_user(self.ewa).unlink()
