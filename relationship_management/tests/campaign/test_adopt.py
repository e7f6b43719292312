from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from .campaign_case import CampaignCase


class TestRelationshipCampaignAdopt(CampaignCase):
    """Campaigns of Odoo become campaigns of ours, with all that belongs to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.core = cls.env["utm.campaign"].create(
            {"title": "Old newsletter", "user_id": cls.piotr.id}
        )

    def adopt(self, cores=None, user=None, **values):
        wizards = self.env["relationship.campaign.adopt"].with_user(user or self.anna)
        wizard = wizards.create(
            {
                "utm_campaign_ids": (cores or self.core).ids,
                "type_id": self.fair_type.id,
                **values,
            }
        )
        action = wizard.action_adopt()
        found = self.env["relationship.campaign"].search(
            [("utm_campaign_id", "in", (cores or self.core).ids)]
        )
        return found.with_user(user or self.anna), action

    def test_it_keeps_its_identifier_and_gets_a_number(self):
        campaign, action = self.adopt()
        self.assertEqual(campaign.name, "Old newsletter")
        self.assertRegex(campaign.number, r"^TF-\d{5}$")
        self.assertEqual(campaign.title, "Old newsletter")
        self.assertEqual(campaign.user_id, self.piotr)
        self.assertEqual(campaign.company_id, self.company)
        self.assertEqual(campaign.channel, "letter")
        self.assertEqual(action["res_id"], campaign.id)
        self.assertIn("stays “Old newsletter”", campaign.message_ids[0].body)

    def test_other_companies_that_see_it_are_told_and_can_be_taken_off(self):
        lead = self.new_lead(self.katrin, company_id=self.other_company.id)
        lead.campaign_id = self.core
        self.env.flush_all()
        wizard = self.env["relationship.campaign.adopt"].with_user(self.anna)
        wizard = wizard.new({"utm_campaign_ids": self.core.ids})
        told = "companies that you do not work for: 1"
        self.assertEqual(wizard.linked_words, told)
        campaign, _action = self.adopt()
        notes = " ".join(campaign.message_ids.mapped("body"))
        self.assertIn("Companies linked: 1.", notes)
        self.assertTrue(campaign.may_take_back)
        campaign._unlink_group()
        self.assertFalse(campaign._get_linked_companies())

    def test_it_starts_when_it_was_created_if_nobody_says_otherwise(self):
        campaign, _action = self.adopt()
        created = fields.Date.context_today(
            campaign.with_user(self.anna), self.core.create_date
        )
        self.assertEqual(campaign.date_from, created)
        late, chosen = self.env["utm.campaign"].create(
            [{"title": "Made after its end"}, {"title": "With a start"}]
        )
        before = late.create_date.date() - timedelta(days=30)
        self.assertEqual(self.adopt(late, date_to=before)[0].date_from, before)
        self.assertEqual(self.adopt(chosen, date_from=before)[0].date_from, before)

    def test_leads_stay_and_old_links_lead_to_it(self):
        lead = self.new_lead(campaign_id=self.core.id)
        campaign, _action = self.adopt()
        campaign.title = "Newsletter"
        self.env.flush_all()
        self.assertEqual(lead.campaign_id, campaign.utm_campaign_id)
        mixin = self.env["utm.mixin"].with_user(self.anna)
        found = mixin._find_or_create_record("utm.campaign", "old newsletter")
        self.assertEqual(found, campaign.utm_campaign_id)

    def test_companies_with_leads_of_it_go_on_seeing_it(self):
        lead = self.new_lead(self.katrin, campaign_id=self.core.id)
        campaign, _action = self.adopt()
        theirs = campaign.with_user(self.katrin)
        self.assertEqual(theirs.title, "Old newsletter")
        self.assertFalse(theirs.may_change)
        lead.name = "Still editable"
        self.env.flush_all()

    def test_the_list_offers_plain_ones_and_automatic_ones_on_demand(self):
        automatic = self.env["utm.campaign"].create(
            {"title": "Flyer", "is_auto_campaign": True}
        )
        ours = self.new_campaign().utm_campaign_id
        wizards = self.env["relationship.campaign.adopt"]
        shown = wizards._fields["utm_campaign_ids"].domain
        everything = self.core | automatic | ours

        def offered(with_automatic):
            domain = [
                ("relationship_type_id", "=", False),
                ("is_auto_campaign", "in", [False, with_automatic]),
            ]
            return everything.with_user(self.anna).filtered_domain(domain)

        self.assertIn("('is_auto_campaign', 'in', [False, with_automatic])", shown)
        self.assertEqual(offered(False), self.core)
        self.assertEqual(offered(True), self.core | automatic)

    def test_an_automatic_one_becomes_planned(self):
        core = self.env["utm.campaign"].create(
            {"title": "Flyer", "is_auto_campaign": True, "user_id": self.anna.id}
        )
        campaign, _action = self.adopt(core)
        self.assertFalse(campaign.is_auto_campaign)

    def test_who_made_it_but_does_not_see_it_is_replaced(self):
        clerk = new_test_user(self.env, "clerk_a", groups="base.group_user")
        for user in (clerk, self.katrin, self.env.ref("base.user_root")):
            core = self.env["utm.campaign"].create(
                {"title": f"By {user.login}", "user_id": user.id}
            )
            with self.subTest(user.login):
                self.assertEqual(self.adopt(core)[0].user_id, self.anna)
        core = self.env["utm.campaign"].create({"title": "By hand"})
        self.assertEqual(self.adopt(core, user_id=self.piotr.id)[0].user_id, self.piotr)

    def test_many_at_once_from_the_list_of_odoo(self):
        more = self.env["utm.campaign"].create([{"title": "A"}, {"title": "B"}])
        ours = self.new_campaign().utm_campaign_id
        wizards = self.env["relationship.campaign.adopt"].with_user(self.anna)
        with Form(
            wizards.with_context(
                active_model="utm.campaign", active_ids=(more | ours).ids
            )
        ) as form:
            form.type_id = self.fair_type
        self.assertEqual(form.record.utm_campaign_ids, more)
        action = form.record.action_adopt()
        self.assertEqual(
            self.env["relationship.campaign"].search_count(action["domain"]), 2
        )

    def test_nothing_chosen(self):
        wizard = self.env["relationship.campaign.adopt"].with_user(self.anna)
        wizard = wizard.create({"type_id": self.fair_type.id, "utm_campaign_ids": []})
        with self.assertRaisesRegex(UserError, "Choose at least one"):
            wizard.action_adopt()

    def test_who_only_reads_does_not_adopt(self):
        with self.refused(
            "not allowed to create '(Adopt UTM campaigns|Campaign)'", AccessError
        ):
            self.adopt(user=self.jan)
        with self.refused("not allowed to create 'Campaign'", AccessError):
            self.new_campaign(self.jan, utm_campaign_id=self.core.id)
        self.env.invalidate_all()
        self.assertFalse(self.core.relationship_type_id)

    def test_adopting_is_no_way_to_delete(self):
        """Employees change UTM campaigns and do not delete them."""
        with self.assertRaisesRegex(AccessError, "not allowed to delete"):
            self.core.with_user(self.anna).unlink()
        self.env.cr.execute(
            "UPDATE utm_campaign SET create_date = create_date - interval '1 year'"
            " WHERE id = %s",
            self.core.ids,
        )
        self.env.invalidate_all()
        campaign, _action = self.adopt()
        campaign.unlink()
        self.assertEqual(self.core.title, "Old newsletter")
        self.assertFalse(self.core._get_marked())
        self.assertFalse(self.core.relationship_company_id)
        made = self.new_campaign()
        core = made.utm_campaign_id
        made.unlink()
        self.assertFalse(core.exists())
