from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user
from odoo.tools import mute_logger

from .campaign_case import CampaignCase


class TestRelationshipCampaignChecks(CampaignCase):
    """Wrong input is refused with a sentence, and companies take part as agreed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.new_campaign()
        cls.today = fields.Date.context_today(cls.campaign)
        cls.marta = cls._new_user(
            "marta",
            "sales_team.group_sale_salesman_all_leads",
            company_ids=[(6, 0, (cls.company | cls.other_company).ids)],
        )

    def sentence(self, constraint):
        """Return what people read when the database refuses a value."""
        return self.campaign._table_objects[f"relationship_campaign_{constraint}"]

    def test_end_before_start(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError) as caught:
            self.campaign.date_to = self.campaign.date_from - timedelta(days=1)
            self.env.flush_all()
        message = self.sentence("dates_ordered").get_error_message(
            self.campaign, caught.exception.diag
        )
        self.assertIn("would end before it starts", message)

    def test_the_form_warns_of_no_end(self):
        no_duration = self.env["relationship.campaign.type"].create({"name": "Open"})
        no_duration.duration_days = 0
        form = Form(self.env["relationship.campaign"].with_user(self.anna))
        form.title = "Endless"
        form.type_id = no_duration
        with self.assertRaisesRegex(AssertionError, "date_to is a required field"):
            form.save()

    def test_a_goal_needs_a_currency(self):
        with self.assertRaisesRegex(ValidationError, "Choose the currency"):
            self.new_campaign(goal_revenue=100, currency_id=False)
        with self.assertRaisesRegex(ValidationError, "Choose the currency"):
            self.campaign.write({"goal_revenue": 100, "currency_id": False})

    def test_negative_goals(self):
        for name in ("goal_revenue", "goal_opportunities", "goal_responses"):
            with (
                self.subTest(name),
                mute_logger("odoo.sql_db"),
                self.refused("relationship_campaign_goals_positive", IntegrityError),
            ):
                self.campaign[name] = -1
                self.env.flush_all()

    def test_a_type_of_another_company(self):
        theirs = self.env["relationship.campaign.type"].create(
            {"name": "Messe", "company_id": self.other_company.id}
        )
        with self.assertRaisesRegex(UserError, "belongs to company"):
            self.new_campaign(self.marta, type_id=theirs.id, company_id=self.company.id)
        # Whoever does not see the type does not learn what it is called.
        with self.assertRaisesRegex(AccessError, "'read' access to"):
            self.new_campaign(type_id=theirs.id)

    def test_a_type_in_use_is_not_given_to_another_company(self):
        self.new_campaign().active = False
        self.ewa.company_ids |= self.other_company
        kind = self.fair_type.with_user(self.ewa).with_context(
            allowed_company_ids=[self.company.id, self.other_company.id]
        )
        kind.user_id = False
        with (
            self.assertRaisesRegex(ValidationError, "leave its company empty"),
            self.env.cr.savepoint(),
        ):
            kind.company_id = self.other_company
        kind.company_id = self.company
        self.assertEqual(kind.company_id, self.company)
        kind.company_id = False

    def test_what_other_campaigns_need_is_not_deleted(self):
        campaign = self.new_campaign()
        part = self.new_campaign(title="Part", parent_id=campaign.id)
        part.active = False
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "has parts: archive it"):
            campaign.with_user(self.ewa).unlink()
        needed = self.new_campaign(title="Needed")
        self.env["relationship.campaign.selection"].with_user(self.anna).create(
            {
                "campaign_id": campaign.id,
                "source": "campaign",
                "other_campaign_id": needed.id,
                "part": "all",
            }
        )
        with self.assertRaisesRegex(UserError, "target groups of other campaigns"):
            needed.with_user(self.ewa).unlink()

    def test_what_colleagues_or_the_archive_have_of_it_is_kept(self):
        campaign = self.new_campaign()
        campaign.sudo().relationship_linked_company_ids = self.other_company
        theirs = (
            self.env["relationship.campaign.addressee"]
            .with_user(self.katrin)
            .create({"campaign_id": campaign.id, "partner_id": self.stalmet.id})
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "has members: archive it"):
            campaign.with_user(self.anna).unlink()
        theirs.unlink()
        core = campaign.utm_campaign_id
        self.new_lead(self.katrin, campaign_id=core.id).action_set_lost()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "has opportunities: archive it"):
            campaign.with_user(self.anna).unlink()

    def test_a_responsible_who_would_not_see_it(self):
        with self.assertRaisesRegex(UserError, "test_katrin"):
            self.campaign.user_id = self.katrin
        clerk = new_test_user(self.env, "clerk_k", groups="base.group_user")
        with self.assertRaisesRegex(ValidationError, "may not see campaigns"):
            self.campaign.user_id = clerk

    def test_a_responsible_without_right_on_the_type(self):
        group = self.env["res.groups"].create({"name": "Confidential"})
        self.anna.group_ids += group
        self.fair_type.see_group_ids = group
        with self.assertRaisesRegex(ValidationError, "may not see campaigns"):
            self.campaign.user_id = self.jan

    def test_who_works_for_two_companies_chooses_a_colleague_of_one(self):
        both = (self.company | self.other_company).ids
        campaign = (
            self.campaign.with_user(self.marta)
            .with_context(allowed_company_ids=both)
            .create(
                {
                    "title": "Both",
                    "type_id": self.fair_type.id,
                    "user_id": self.anna.id,
                }
            )
        )
        self.assertEqual(campaign.user_id, self.anna)

    def test_a_circle(self):
        part = self.new_campaign(parent_id=self.campaign.id)
        small = self.new_campaign(parent_id=part.id)
        for parent in (self.campaign, small, part):
            with self.assertRaisesRegex(UserError, "part of itself|ecursi"):
                self.campaign.parent_id = parent

    def test_a_part_of_a_campaign_in_which_the_company_takes_no_part(self):
        values = {"company_id": self.other_company.id, "type_id": self.fair_type.id}
        values.update(title="Leipzig", user_id=self.marta.id)
        marta = self.campaign.with_user(self.marta).with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        part = marta.create(values)
        with self.assertRaisesRegex(ValidationError, "does not take part in"):
            part.parent_id = self.campaign
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        part.parent_id = self.campaign
        self.assertEqual(self.campaign.sudo().child_ids, part.sudo())

    def test_a_number_typed_twice(self):
        by_hand = self.env["relationship.campaign.type"].create({"name": "By hand"})
        self.assertFalse(by_hand.number_sequence_id)
        self.new_campaign(type_id=by_hand.id, number="7")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError) as caught:
            self.new_campaign(type_id=by_hand.id, number="7")
        message = self.sentence("type_number_unique").get_error_message(
            self.campaign, caught.exception.diag
        )
        self.assertIn("has this number", message)

    def test_a_number_is_not_used_again(self):
        number = self.campaign.number
        self.campaign.unlink()
        self.assertGreater(self.new_campaign().number, number)

    def test_a_stage_of_opportunities(self):
        with self.assertRaisesRegex(ValidationError, "for opportunities only"):
            self.campaign.stage_id = self.stages[0]

    def test_a_duplicate_plans_the_same_costs(self):
        self.campaign.cost_ids = [
            (0, 0, {"name": "Stand", "planned_amount": 500, "actual_amount": 480})
        ]
        copy = self.campaign.copy()
        self.assertEqual((copy.planned_cost, copy.actual_cost), (500, 0))
        self.assertEqual(copy.state, "entered")

    # Companies

    def test_the_whole_group_in_one_click(self):
        third = self.env["res.company"].sudo().create({"name": "Nordmark Praha"})
        self.campaign.action_link_whole_group()
        linked = self.campaign.sudo().relationship_linked_company_ids
        self.assertLessEqual(third | self.other_company, linked)
        self.assertNotIn(self.company, linked)
        self.assertEqual(self.campaign.with_user(self.katrin).title, "Poznań fair")

    def test_only_the_owner_links_companies(self):
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        self.env.flush_all()
        for user in (self.katrin, self.jan):
            with self.refused(
                r"'write' access to:\n- Campaign|to modify 'Campaign'",
                AccessError,
            ):
                self.campaign.with_user(user).action_link_whole_group()

    def test_an_owner_does_not_shut_out_who_has_opportunities(self):
        self.new_lead(campaign_id=self.campaign.utm_campaign_id.id)
        both = (self.company | self.other_company).ids
        campaign = self.campaign.with_user(self.marta).with_context(
            allowed_company_ids=both
        )
        values = {"company_id": self.other_company.id, "user_id": self.marta.id}
        with self.assertRaisesRegex(ValidationError, "or link these companies"):
            campaign.write(values)

    def test_a_new_owner_links_the_former_one(self):
        self.new_lead(campaign_id=self.campaign.utm_campaign_id.id)
        campaign = self.campaign.with_user(self.marta).with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        campaign.write(
            {
                "relationship_linked_company_ids": self.company.ids,
                "company_id": self.other_company.id,
                "user_id": self.marta.id,
            }
        )
        self.assertEqual(campaign.company_id, self.other_company)

    # Currency and owner

    def as_marta(self, *companies):
        """Return campaigns for Marta, who has switched these companies on."""
        return self.env["relationship.campaign"].with_env(
            self.campaign.with_user(self.marta)
            .with_context(allowed_company_ids=[company.id for company in companies])
            .env
        )

    def use_two_currencies(self):
        self.other_company.currency_id = self._activate_currency("PLN")
        self.assertNotEqual(self.company.currency_id, self.other_company.currency_id)

    def test_a_duplicate_stays_with_the_owner(self):
        self.use_two_currencies()
        campaigns = self.as_marta(self.other_company, self.company)
        copy = campaigns.browse(self.campaign.id).copy()
        self.assertEqual(copy.company_id, self.company)
        self.assertEqual(copy.currency_id, self.company.currency_id)

    def test_the_currency_is_that_of_the_owner(self):
        self.use_two_currencies()
        campaigns = self.as_marta(self.company, self.other_company)
        values = {"title": "Leipzig", "type_id": self.fair_type.id}
        values.update(user_id=self.marta.id, company_id=self.other_company.id)
        theirs = self.other_company.currency_id
        self.assertEqual(campaigns.create(values).currency_id, theirs)
        given = {**values, "currency_id": self.company.currency_id.id}
        self.assertEqual(campaigns.create(given).currency_id, self.company.currency_id)
        form = Form(campaigns)
        self.assertEqual(form.currency_id, self.company.currency_id)
        form.company_id = self.other_company
        self.assertEqual(form.currency_id, theirs)

    def test_amounts_are_not_relabelled(self):
        self.use_two_currencies()
        other = self.other_company.currency_id
        self.campaign.currency_id = other
        cost = {"campaign_id": self.campaign.id, "name": "Stand", "planned_amount": 5}
        self.campaign.goal_revenue = 100
        own = {"currency_id": self.company.currency_id.id}
        with self.assertRaisesRegex(UserError, "are in PLN"):
            self.campaign.write(own)
        self.campaign.write({"goal_revenue": 25, **own})
        self.campaign.goal_revenue = 0
        self.env["relationship.campaign.cost"].with_user(self.anna).create(cost)
        with self.assertRaisesRegex(UserError, "remove them before"):
            self.campaign.currency_id = other
        self.campaign.write({"goal": "Same currency", **own})

    def test_filters_of_the_search_view(self):
        def found(*domain):
            return self.campaign.search([("id", "=", self.campaign.id), *domain])

        open_states = ("state", "in", ("entered", "in_progress"))
        overdue = [open_states, ("date_to", "<", "today")]
        soon = [
            open_states,
            ("date_to", ">=", "today"),
            ("date_to", "<=", "today +14d"),
        ]
        self.assertFalse(found(*overdue))
        self.assertTrue(found(*soon))
        self.campaign.write(
            {
                "date_from": self.today - timedelta(days=9),
                "date_to": self.today - timedelta(days=1),
            }
        )
        self.assertTrue(found(*overdue))
        self.assertFalse(found(*soon))
        self.assertTrue(found(("company_id", "in", self.company.ids)))
