from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from .campaign_case import CampaignCase


class TestUtmCampaign(CampaignCase):
    """The core side of a campaign is as safe as the campaign itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "clerk_u", groups="base.group_user")
        cls.campaign = cls.new_campaign()
        cls.core = cls.campaign.utm_campaign_id

    def link(self, companies=None):
        """Link the other company, as the administrator: Anna does not even see it."""
        companies = self.other_company if companies is None else companies
        self.campaign.sudo().relationship_linked_company_ids = companies
        self.env.flush_all()

    # Titles and identifiers

    def test_a_campaign_without_title_is_refused_with_a_sentence(self):
        campaigns = self.env["relationship.campaign"].with_user(self.anna)
        for values in ({}, {"title": False}, {"title": "  "}, {"name": "SPRING"}):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, "Give the campaign a name"),
            ):
                campaigns.create({"type_id": self.fair_type.id, **values})
        for title in (False, " "):
            with self.assertRaisesRegex(ValidationError, "Give the campaign a name"):
                self.campaign.title = title

    def test_old_links_find_a_renamed_campaign(self):
        number = self.campaign.number
        self.campaign.title = "Berlin fair"
        self.env.flush_all()
        found = self.find(number.lower(), self.anna)
        self.assertEqual(found, self.core)
        self.core.sudo().title = "Hanover fair"
        self.env.flush_all()
        self.assertEqual(self.core.name, number)

    def test_a_typed_number_is_the_identifier_and_a_later_one_is_not(self):
        hand = self.env["relationship.campaign.type"].create({"name": "By hand"})
        campaign = self.new_campaign(type_id=hand.id, number="H-7")
        self.assertEqual(campaign.name, "H-7")
        campaign.number = "H-8"
        self.assertEqual(campaign.name, "H-7")
        unnumbered = self.new_campaign(type_id=hand.id, title="No number")
        self.assertEqual(unnumbered.name, "No number")

    def test_two_ranges_with_the_same_numbers_do_not_meet(self):
        other = self.env["relationship.campaign.type"].create(
            {"name": "Messe", "code": "TF", "company_id": self.other_company.id}
        )
        other.number_next = int(self.campaign.number[3:])
        theirs = self.new_campaign(self.katrin, type_id=other.id)
        self.assertEqual(theirs.number, self.campaign.number)
        self.assertEqual(theirs.name, f"{theirs.number} [2]")

    def test_archived_and_hidden_names_stop_nobody(self):
        self.campaign.active = False
        self.env.flush_all()
        clash = {"title": self.campaign.number}
        for user in (self.clerk, self.katrin, self.anna):
            plain = self.env["utm.campaign"].with_user(user).create(clash)
            self.assertNotEqual(plain.name, self.campaign.number)
            self.assertTrue(plain.name.startswith(self.campaign.number))
        archived = self.env["utm.campaign"].create({"title": "Gone", "active": False})
        self.assertEqual(archived.copy({"active": True}).name, "Gone [2]")

    # Links of visitors

    def find(self, name, user, company=None):
        mixin = self.env["utm.mixin"].with_user(user)
        if company:
            mixin = mixin.with_company(company)
        return mixin._find_or_create_record("utm.campaign", name)

    def test_a_visitor_reaches_a_campaign_of_the_company(self):
        visitors = self.env["utm.mixin"].with_user(self.env.ref("base.public_user"))
        found = visitors.sudo()._find_or_create_record(
            "utm.campaign", self.campaign.number
        )
        self.assertEqual(found, self.core)

    def test_a_visitor_of_another_company_gets_one_automatic_campaign(self):
        visitors = self.env["utm.mixin"].sudo().with_company(self.other_company)
        found = visitors._find_or_create_record("utm.campaign", self.campaign.number)
        self.assertNotEqual(found, self.core)
        self.assertTrue(found.is_auto_campaign)
        self.assertFalse(found.relationship_type_id)
        again = visitors._find_or_create_record("utm.campaign", self.campaign.number)
        self.assertEqual(again, found)
        lead = self.new_lead(self.katrin, campaign_id=found.id)
        self.assertEqual(lead.campaign_id, found)

    def test_a_link_does_not_reach_an_archived_campaign_of_another_company(self):
        self.campaign.active = False
        self.env.flush_all()
        visitors = self.env["utm.mixin"].sudo().with_company(self.other_company)
        found = visitors._find_or_create_record("utm.campaign", self.campaign.number)
        self.assertNotEqual(found, self.core)
        self.assertTrue(found.is_auto_campaign)

    def test_an_employee_of_another_company_gets_it_too(self):
        found = self.find(self.campaign.number, self.katrin)
        self.assertNotEqual(found, self.core)
        self.assertEqual(self.find(self.campaign.number, self.katrin), found)
        self.link()
        self.assertEqual(self.find(self.campaign.number, self.katrin), self.core)

    def test_an_unknown_name_makes_an_automatic_campaign_outside_our_list(self):
        found = self.find("Flyer 2024", self.clerk)
        self.assertTrue(found.is_auto_campaign)
        self.assertFalse(
            self.campaign.search([("utm_campaign_id", "=", found.id)]),
        )

    def test_ours_is_never_automatic(self):
        campaign = self.new_campaign(is_auto_campaign=True)
        self.assertFalse(campaign.is_auto_campaign)
        for core in (campaign.utm_campaign_id, campaign.sudo().utm_campaign_id):
            with self.refused("leave the mark of automatic", ValidationError):
                core.is_auto_campaign = True

    # Who may write

    def test_an_employee_may_not_change_it(self):
        core = self.core.with_user(self.clerk)
        for values in (
            {"title": "Hacked"},
            {"active": False},
            {"user_id": self.clerk.id},
            {"name": "hacked"},
        ):
            with (
                self.subTest(values),
                self.refused("ask a responsible of the campaign", AccessError),
            ):
                core.write(values)
        with self.refused("ask a responsible of the campaign", AccessError):
            core.web_save({"title": "Hacked"}, {"title": {}})
        with self.refused("ask a responsible of the campaign", AccessError):
            core.unlink()

    def test_an_archived_one_is_as_safe(self):
        self.campaign.active = False
        self.env.flush_all()
        with self.refused("ask a responsible of the campaign", AccessError):
            self.core.with_user(self.clerk).title = "Hacked"
        with self.assertRaisesRegex(UserError, "under Relationships"):
            self.core.sudo().unlink()

    def test_an_employee_changes_plain_campaigns(self):
        plain = self.find("Flyer 2025", self.clerk)
        plain.write({"title": "Flyer", "active": False})
        self.assertEqual(plain.title, "Flyer")

    def test_a_user_who_only_reads_may_not_either(self):
        with self.refused("ask a responsible of the campaign", AccessError):
            self.core.with_user(self.jan).title = "Hacked"

    def test_a_salesperson_may_from_both_sides(self):
        self.campaign.title = "Berlin fair"
        self.core.with_user(self.anna).title = "Hanover fair"
        self.assertEqual(self.campaign.title, "Hanover fair")

    def test_nobody_claims_a_plain_campaign(self):
        plain = self.env["utm.campaign"].create({"title": "Everybody's"})
        for user in (self.clerk, self.jan, self.anna):
            for values in (
                {"relationship_company_id": self.company.id},
                {"relationship_type_id": self.fair_type.id},
                {"relationship_linked_company_ids": self.company.ids},
            ):
                with (
                    self.subTest(user=user.login),
                    self.refused("these change only there", AccessError),
                ):
                    plain.with_user(user).write(values)

    # Another company

    def test_another_company_reads_nothing(self):
        core, ours = (r.with_user(self.katrin) for r in (self.core, self.campaign))
        self.new_lead(campaign_id=self.core.id)
        for record in (core, ours):
            found = record.search([("title", "=", "Poznań fair")])
            self.assertNotIn(record, found)
            named = record.name_search("Poznań fair")
            self.assertNotIn(record.id, [pair[0] for pair in named])
            self.assertFalse(record.search_count([("id", "=", record.id)]))
            self.assertFalse(
                record.formatted_read_group(
                    [("id", "=", record.id)], ["user_id"], ["__count"]
                )
            )
            for names in (["title"], ["crm_lead_count"], ["name"], ["display_name"]):
                with (
                    self.subTest(names),
                    self.refused(r"'read' access to:\n- (UTM )?Campaign", AccessError),
                ):
                    record.read(names)
            with self.refused(r"'read' access to:\n- (UTM )?Campaign", AccessError):
                record.web_read({"title": {}})

    def test_related_fields_are_no_hole(self):
        campaign = self.campaign.with_user(self.katrin)
        self.env.invalidate_all()
        for name in ("title", "user_id", "company_id", "active", "number"):
            with (
                self.subTest(name),
                self.refused(r"'read' access to:\n- Campaign \(", AccessError),
            ):
                campaign[name]
        for name in ("title", "user_id", "company_id", "active"):
            field = self.env["relationship.campaign"]._fields[name]
            self.assertFalse(field.related_sudo, name)

    def test_no_many2one_of_another_company_names_it(self):
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            self.new_lead(self.katrin, campaign_id=self.core.id)

    def test_a_lead_that_is_given_a_foreign_campaign_is_refused(self):
        lead = self.new_lead(self.katrin)
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            lead.campaign_id = self.core

    def test_a_lead_that_changes_its_company_is_refused(self):
        lead = self.new_lead(campaign_id=self.core.id)
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            lead.sudo().write({"team_id": False, "company_id": self.other_company.id})

    def test_a_copied_lead_is_checked(self):
        lead = self.new_lead(campaign_id=self.core.id)
        values = {"user_id": self.katrin.id, "company_id": self.other_company.id}
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            lead.sudo().copy({**values, "team_id": False})

    def test_linked_companies_count_only_their_own_leads(self):
        self.link()
        self.new_lead(campaign_id=self.core.id)
        self.new_lead(self.katrin, campaign_id=self.core.id)
        self.env.invalidate_all()
        self.assertEqual(self.core.with_user(self.katrin).crm_lead_count, 1)
        self.link(False)
        self.env.invalidate_all()
        with self.refused(r"'read' access to:\n- Campaign \(", AccessError):
            self.campaign.with_user(self.katrin).read(["title"])

    def test_linked_companies_change_nothing(self):
        self.link()
        for record in (self.campaign, self.core):
            theirs = record.with_user(self.katrin)
            self.assertEqual(theirs.read(["title"])[0]["title"], "Poznań fair")
            for values in (
                {"title": "Hacked"},
                {"relationship_linked_company_ids": [(5,)]},
                {"active": False},
            ):
                with (
                    self.subTest(values),
                    self.refused(
                        r"'write' access to:\n- Campaign|a responsible of the campaign",
                        AccessError,
                    ),
                ):
                    theirs.write(values)
            with self.refused(
                r"'unlink' access to:\n- Campaign|a responsible of the campaign",
                AccessError,
            ):
                theirs.unlink()
        with self.refused(r"'write' access to:\n- Campaign \(", AccessError):
            self.campaign.with_user(self.katrin).goal = "Ours"
        with self.refused(r"'write' access to:\n- Campaign \(", AccessError):
            self.campaign.with_user(self.katrin).cost_ids = [(0, 0, {"name": "x"})]

    # Deletion

    def test_deleting_leaves_nothing_behind(self):
        campaign, core = self.campaign, self.core
        campaign.message_post(body="Hello")  # pylint: disable=translation-required
        campaign.message_subscribe(self.stalmet.ids)
        self.env["ir.attachment"].create(
            {"name": "plan", "res_model": campaign._name, "res_id": campaign.id}
        )
        campaign.unlink()
        self.assertFalse(core.exists())
        for model, field in (
            ("mail.message", "model"),
            ("mail.followers", "res_model"),
            ("mail.activity", "res_model"),
            ("ir.attachment", "res_model"),
        ):
            found = self.env[model].search(
                [(field, "=", campaign._name), ("res_id", "=", campaign.id)]
            )
            self.assertFalse(found, model)

    def test_open_and_done_activities_keep_it(self):
        activity = self.campaign.activity_schedule(
            "mail.mail_activity_data_todo", summary="Call", user_id=self.anna.id
        )
        with self.assertRaisesRegex(UserError, "activities: archive it instead"):
            self.campaign.unlink()
        activity.action_feedback()
        if activity.exists():
            with self.assertRaisesRegex(UserError, "activities: archive it instead"):
                self.campaign.unlink()

    def test_it_is_not_deleted_from_the_core_side(self):
        with self.assertRaisesRegex(UserError, "under Relationships"):
            self.core.with_user(self.env.user).unlink()
        with self.refused("not allowed to delete 'UTM Campaign'", AccessError):
            self.core.with_user(self.anna).unlink()
        # Who deletes UTM campaigns does not delete those that have a campaign of ours.
        self.anna.group_ids += self.env.ref("base.group_system")
        with self.refused("under Relationships"):
            self.core.with_user(self.anna).unlink()
        self.assertTrue(self.campaign.exists())

    def test_plain_campaigns_are_deleted_as_ever(self):
        plain = self.env["utm.campaign"].create({"title": "Plain"})
        plain.unlink()
        self.assertFalse(plain.exists())

    def test_parts_keep_the_larger_campaign(self):
        self.new_campaign(parent_id=self.campaign.id)
        with self.assertRaisesRegex(UserError, "has parts: archive it instead"):
            self.campaign.unlink()

    def test_both_sides_are_archived_together(self):
        self.campaign.active = False
        self.assertFalse(self.core.active)

    # Copies and adoption

    def test_a_copy_from_the_core_side_is_a_plain_campaign(self):
        copy = self.core.with_user(self.anna).copy()
        self.assertFalse(copy.sudo().relationship_type_id)
        self.assertFalse(copy.sudo().relationship_company_id)
        self.assertFalse(self.campaign.search([("utm_campaign_id", "=", copy.id)]))
        self.assertNotIn(self.campaign.number, copy.name)

    def test_one_core_campaign_has_one_campaign_of_ours(self):
        with self.assertRaisesRegex(ValidationError, "already a campaign under"):
            self.new_campaign(utm_campaign_id=self.core.id)

    def test_a_foreign_core_campaign_is_not_adopted(self):
        theirs = self.new_campaign(
            self.katrin,
            type_id=self.env["relationship.campaign.type"].create({"name": "T"}).id,
        )
        with self.refused("the campaign that you may not see", AccessError):
            self.new_campaign(utm_campaign_id=theirs.utm_campaign_id.id)

    def test_search_finds_titles_and_numbers(self):
        campaigns = self.campaign.with_user(self.anna)
        for term in ("Poznań fa", self.campaign.number):
            names = campaigns.name_search(term)
            self.assertIn(self.campaign.id, [pair[0] for pair in names])
