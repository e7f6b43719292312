from odoo.tests import tagged

from ..campaign.campaign_case import TargetGroupCase


@tagged("post_install", "-at_install")
class TestCampaignControl(TargetGroupCase):
    """A company is in the control group with all its people, or not at all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["res.partner"].create(
            [
                {"name": f"{name} {company.name}", "parent_id": company.id}
                | {"email": f"{name.lower()}@{company.id}.example", "type": "contact"}
                | {"category_id": cls.tag.ids}
                for company in cls.companies
                for name in ("Ala", "Ola")
            ]
        )
        cls.companies.category_id = False
        cls.add_rule()

    def by_company(self):
        """Return the addressees of each company."""
        return self.campaign.addressee_ids.grouped("partner_id").values()

    def test_colleagues_found_together_stay_together(self):
        self.campaign.control_percent = 25
        run = self.freeze()
        self.assertEqual(len(self.campaign.addressee_ids), 20)
        self.assertEqual(len(self.campaign.addressee_ids.filtered("is_control")), 5)
        for colleagues in self.by_company():
            self.assertEqual(len({a.state == "open" for a in colleagues}), 1)
        left = self.campaign.addressee_ids.filtered(
            lambda a: a.exclusion == "held_back"
        )
        self.assertEqual(len(left), 1)
        self.assertEqual(run.counts["new"], {"": 19, "held_back": 1})
        self.assertIn(
            "14 members, 5 held back as control group, 1 excluded", run.summary
        )
        self.assertIn("Company in the control group: 1", run.summary)

    def test_a_colleague_of_the_control_group_is_not_contacted_in_its_place(self):
        self.campaign.control_percent = 50
        self.people[1::2].category_id = False
        self.freeze()
        held = self.campaign.addressee_ids.filtered("is_control")
        self.assertEqual(len(held), 5)
        others = self.people[1::2]
        self.campaign.with_user(self.anna)._assign(others.ids)
        for colleague in others:
            addressee = self.addressee(colleague)
            is_held = colleague.parent_id in held.partner_id
            self.assertEqual(addressee.state, "excluded" if is_held else "open")
            self.assertEqual(addressee.exclusion, "held_back" if is_held else False)
        stuck = self.campaign.addressee_ids.filtered(
            lambda a: a.exclusion == "held_back"
        )
        message = stuck.with_user(self.anna).action_take_in()["params"]["message"]
        self.assertIn("Still excluded", message)

    def test_nobody_is_chosen_whose_company_is_contacted(self):
        self.people[1::2].category_id = False
        self.freeze()
        self.campaign.addressee_ids.with_user(self.anna).action_mark_contacted()
        self.people.category_id = self.tag
        late = self.new_partners(2, "Late")
        self.campaign.control_percent = 20
        self.freeze()
        held = self.campaign.addressee_ids.filtered("is_control")
        self.assertEqual(held.partner_id, late)
