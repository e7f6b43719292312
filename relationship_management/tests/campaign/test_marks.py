from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from ...models.campaign.utm_campaign import (
    MARKS_OPENED,
)
from .campaign_case import CampaignCase

FORGED = {
    MARKS_OPENED: {"core_ids": [], "is_new": True},
    "relationship_marks": True,
}


class TestCampaignMarks(CampaignCase):
    """The marks on the core side, on which all guards rest, cannot be forged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = (cls.company | cls.other_company).ids
        cls.marta = cls._new_user(
            "marta",
            "sales_team.group_sale_manager",
            company_ids=[(6, 0, cls.both)],
        )
        cls.campaign = (
            cls.new_campaign()
            .with_user(cls.marta)
            .with_context(allowed_company_ids=cls.both)
        )
        cls.core = cls.campaign.utm_campaign_id

    def forge(self, record):
        """Return the record with whatever a client could send as context."""
        forged = {MARKS_OPENED: {"core_ids": self.core.ids, "is_new": True}}
        return record.with_context(**FORGED), record.with_context(**forged), record

    # The core side

    def test_marks_do_not_change_on_the_core_side(self):
        other_type = self.fair_type.copy()
        for values in (
            {"relationship_type_id": False},
            {"relationship_type_id": other_type.id},
            {"relationship_company_id": False},
            {"relationship_company_id": self.other_company.id},
            {"relationship_linked_company_ids": [(4, self.other_company.id)]},
            {"relationship_linked_company_ids": [(5,)]},
            {"title": "Hacked", "relationship_type_id": False},
        ):
            for core in self.forge(self.core):
                with (
                    self.subTest(values),
                    self.refused("these change only there", AccessError),
                ):
                    core.write(values)
        self.assertEqual(self.core.relationship_type_id, self.fair_type)
        self.assertEqual(self.core.relationship_company_id, self.company)

    def test_nobody_makes_a_core_side_without_a_campaign(self):
        campaigns = self.env["utm.campaign"].with_env(self.campaign.env)
        for values in (
            {"relationship_type_id": self.fair_type.id},
            {"relationship_company_id": self.company.id},
            {"relationship_linked_company_ids": self.both},
        ):
            defaults = {f"default_{name}": value for name, value in values.items()}
            for model in self.forge(campaigns):
                with (
                    self.subTest(values),
                    self.refused("these change only there", AccessError),
                ):
                    model.create({"title": "Empty", **values})
                with (
                    self.subTest(defaults),
                    self.refused("these change only there", AccessError),
                ):
                    model.with_context(**defaults).create({"title": "Empty"})
        with self.refused("these change only there", AccessError):
            self.core.copy({"relationship_type_id": self.fair_type.id})
        self.assertTrue(campaigns.create({"title": "Plain"}))

    def test_the_responsible_is_checked_from_the_core_side(self):
        clerk = new_test_user(self.env, "clerk_m", groups="base.group_user")
        with self.assertRaisesRegex(ValidationError, "may not see campaigns"):
            self.core.user_id = clerk
        with self.assertRaisesRegex(UserError, "test_katrin"):
            self.core.user_id = self.katrin
        self.core.user_id = self.anna
        self.assertEqual(self.campaign.user_id, self.anna)

    def test_the_administrator_is_checked_on_the_core_side_too(self):
        self.new_lead(campaign_id=self.core.id)
        with self.assertRaisesRegex(ValidationError, "or link these companies"):
            self.core.sudo().write(
                {
                    "relationship_company_id": self.other_company.id,
                    "user_id": self.marta.id,
                }
            )

    def test_the_identifier_stays_on_the_core_side(self):
        with self.assertRaisesRegex(AccessError, "change its title instead"):
            self.core.name = "HACKED"
        self.core.write({"name": self.core.name, "title": "Berlin fair"})
        self.assertEqual(self.core.name, self.campaign.number)

    # The campaign itself

    def test_the_campaign_keeps_its_core_side(self):
        plain = self.env["utm.campaign"].create({"title": "Plain"})
        for name, value in (
            ("utm_campaign_id", plain.id),
            ("name", "HACKED"),
            ("is_auto_campaign", True),
            ("relationship_type_id", False),
            ("relationship_company_id", self.other_company.id),
        ):
            with self.subTest(name), self.assertRaisesRegex(UserError, "stays as it"):
                self.campaign.write({name: value})
            self.campaign.write({name: self.campaign[name]})

    def test_another_campaign_is_not_reached_over_the_core_side(self):
        other = self.new_campaign(title="Other")
        for command in ((4, other.id), (1, other.id, {"utm_campaign_id": 1})):
            with (
                self.subTest(command),
                self.refused("The field UTM campaign of the campaign Other stays"),
            ):
                self.core.write({"relationship_campaign_ids": [command]})

    def test_a_number_of_a_range_stays_and_a_typed_one_does_not(self):
        with self.assertRaisesRegex(UserError, "keeps the number"):
            self.campaign.number = "TF-1"
        by_hand = self.env["relationship.campaign.type"].create({"name": "By hand"})
        typed = self.new_campaign(type_id=by_hand.id, number="7")
        typed.number = "8"
        self.assertEqual(typed.number, "8")

    def test_a_campaign_has_a_company(self):
        with self.assertRaisesRegex(ValidationError, "Choose the company"):
            self.campaign.company_id = False
        with self.assertRaisesRegex(ValidationError, "Choose the company"):
            self.new_campaign(company_id=False)

    def test_companies_change_through_the_campaign_with_all_checks(self):
        self.campaign.relationship_linked_company_ids = self.other_company
        self.assertEqual(self.campaign.with_user(self.katrin).title, "Poznań fair")
        self.campaign.write(
            {
                "company_id": self.other_company.id,
                "relationship_linked_company_ids": [(6, 0, self.company.ids)],
                "user_id": self.marta.id,
            }
        )
        self.assertEqual(self.core.relationship_company_id, self.other_company)
        with self.assertRaisesRegex(UserError, "test_anna"):
            self.campaign.user_id = self.anna

    def test_adopting_keeps_the_identifier_and_links_who_is_told(self):
        plain = self.env["utm.campaign"].create({"title": "Old newsletter"})
        campaign = self.campaign.create(
            {
                "utm_campaign_id": plain.id,
                "name": "HACKED",
                "type_id": self.fair_type.id,
                "relationship_linked_company_ids": self.other_company.ids,
            }
        )
        self.assertEqual(campaign.name, "Old newsletter")
        self.assertEqual(campaign.relationship_linked_company_ids, self.other_company)
