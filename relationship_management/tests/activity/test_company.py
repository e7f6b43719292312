"""An activity follows its project to another company with what may be there."""

from odoo.tests import tagged

from .activity_case import ActivityCase


@tagged("post_install", "-at_install")
class TestAnotherCompany(ActivityCase):
    """Nothing that belongs to one company alone is taken along to another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        both = cls.company | cls.other_company
        (cls.anna | cls.ewa).write({"company_ids": [(6, 0, both.ids)]})
        cls.ours = cls.new_type(
            "Poznań visit", {"summary": "Go"}, company_id=cls.company.id
        )

    def setUp(self):
        super().setUp()
        self.lead = self.new_lead()

    def move(self, record):
        record.with_user(self.ewa).company_id = self.other_company

    def test_an_opportunity_takes_no_type_along(self):
        activity = self.plan(lead_id=self.lead.id, type_id=self.ours.id)
        activity.action_cancel()
        activity.active = False
        with self.refused("“Activity type” .*'Poznań visit'.* another company"):
            self.move(self.lead)
        activity.active = True
        activity.type_id = self.visit
        self.move(self.lead)
        self.assertEqual(activity.company_id, self.other_company)

    def test_a_hidden_type_is_not_named(self):
        self.plan(lead_id=self.lead.id, type_id=self.ours.id)
        group = self.env["res.groups"].create({"name": "Few"})
        self.anna.group_ids |= group
        self.ours.see_group_ids = group
        self.piotr.company_ids |= self.other_company
        with self.refused("Something that you may not see stands") as caught:
            self.lead.with_user(self.piotr).company_id = self.other_company
        self.assertNotIn("Poznań visit", str(caught.exception))

    def test_an_opportunity_takes_no_partner_along(self):
        ours = self.kranbau.copy({"name": "Ours", "company_id": self.company.id})
        person = self.kranbau.copy({"name": "Jan", "parent_id": ours.id})
        for values in (
            {"partner_id": ours.id},
            {"partner_id": ours.id, "contact_id": person.id},
        ):
            activity = self.plan(lead_id=self.lead.id, **values)
            with self.refused("company inconsistencies"):
                self.move(self.lead)
            activity.unlink()
        self.move(self.lead)

    def test_a_campaign_takes_no_type_along(self):
        campaign = self.new_campaign(user_id=self.anna.id)
        self.plan(campaign_id=campaign.id, type_id=self.ours.id)
        with self.refused("“Activity type” .*'Poznań visit'.* another company"):
            self.move(campaign)

    def test_no_result_proposes_a_type_of_another_company(self):
        """Neither one that is hidden now, nor one that could not be saved here."""
        context = self.in_both_companies(self.anna)
        theirs = self.new_type("Secret visit", company_id=self.other_company.id)
        ours = self.new_type("Our visit", company_id=self.company.id)
        result = self.env["relationship.activity.result"].create(
            {"name": "Ordered", "type_id": self.visit.id, "next_type_id": theirs.id}
        )
        activity = self.plan(lead_id=self.new_lead().id)
        activity.action_done()
        activity.result_id = result
        both = activity.with_context(**context)
        alone = activity.with_context(allowed_company_ids=self.company.ids)
        for proposed in (theirs, ours):
            result.next_type_id = proposed
            activity.invalidate_recordset()
            for seen in (both, alone, both):
                expected = proposed & ours
                self.assertEqual(seen.next_type_id, expected)
        lead = self.new_lead().with_context(**context)
        lead.company_id = self.other_company
        there = self.plan(lead_id=lead.id)
        there.action_done()
        there.result_id = result
        result.next_type_id = theirs
        self.assertEqual(there.with_context(**context).next_type_id, theirs)
        here = there.with_context(allowed_company_ids=self.company.ids)
        self.assertFalse(here.next_type_id)
