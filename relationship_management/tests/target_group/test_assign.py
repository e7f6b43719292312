from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..campaign.campaign_case import TargetGroupCase


@tagged("post_install", "-at_install")
class TestCampaignAssign(TargetGroupCase):
    """Partners chosen in a list: assigned to a campaign, or to a new one."""

    def wizard(self, partners, user=None, **context):
        return (
            self.env["relationship.campaign.assign"]
            .with_user(user or self.anna)
            .with_context(
                active_model="res.partner", active_ids=partners.ids, **context
            )
        )

    def assign(self, partners, user=None, **values):
        with Form(self.wizard(partners, user)) as form:
            form.campaign_id = self.campaign
            for name, value in values.items():
                form[name] = value
        return form.record.action_assign()["params"]

    def test_a_new_campaign_is_offered_no_type_of_another_company(self):
        self.fair_type.copy(
            {
                "code": "TL",
                "company_id": self.other_company.id,
                "sequence": -9,
                "user_id": False,
            }
        )
        context = self.in_both_companies(self.anna)
        wizard = self.wizard(self.companies, default_is_new=True, **context)
        wizard = wizard.create({"title": "Winter"})
        self.assertNotEqual(wizard.type_id.company_id, self.other_company)
        wizard.action_assign()
        campaign = self.env["relationship.campaign"].search([("title", "=", "Winter")])
        self.assertEqual(campaign.company_id, self.company)

    def test_assigning_twice_makes_no_doubles_and_says_so(self):
        self.companies[0].email = False
        self.companies[1].active = False
        params = self.assign(self.companies)
        self.assertEqual(params["type"], "success")
        self.assertEqual(params["message"], "10 found: 8 members, 2 excluded")
        self.assertFalse(params.get("sticky"))
        again = self.assign(self.companies)
        self.assertEqual(
            again["message"],
            "10 found: 8 members, 2 excluded. New: 0, already in the list: 10",
        )
        self.assertEqual(len(self.campaign.addressee_ids), 10)
        self.assertEqual(set(self.campaign.addressee_ids.mapped("origin")), {"hand"})

    def test_a_linked_company_is_not_told_who_is_in_the_campaign(self):
        """Members of the owner are hidden: no word or number tells of them."""
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        theirs = self.companies[:2]
        self.assign(theirs)
        theirs[1].email = False
        with Form(self.wizard(self.companies, self.katrin)) as form:
            form.campaign_id = self.campaign.with_user(self.katrin)
            hidden = (
                "10 found: 8 members, 0 excluded, 2 not entered, since they are not"
            )
            self.assertIn(hidden, form.preview)
            self.assertNotIn("already", form.preview)
        message = form.record.action_assign()["params"]["message"]
        self.assertIn(hidden, message)
        self.assertNotIn("already", message)
        self.assertEqual(self.addressee(theirs[1]).state, "open")
        again = self.assign(self.companies, self.katrin)["message"]
        self.assertIn("New: 0, already in the list: 8", again)

    def test_one_at_a_time_it_is_not_told_either(self):
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        self.assign(self.companies[0])
        members = self.env["relationship.campaign.addressee"].with_user(self.katrin)
        values = {"campaign_id": self.campaign.id, "partner_id": self.companies[0].id}
        with self.refused("Something that you may not see stands", ValidationError):
            members.create(values)
        other = members.create({**values, "partner_id": self.companies[1].id})
        # As a request of the web client has it: what is left to write is Katrin's.
        self.patch(self.env.transaction, "default_env", other.env)
        with self.refused("Something that you may not see stands", ValidationError):
            other.partner_id = self.companies[0]
        with self.refused("is already in the campaign", ValidationError):
            members.with_user(self.anna).create(values)

    def test_nested_ids_are_refused_in_words(self):
        """JSON can be nested so deeply that Python cannot even copy it."""
        for depth in (30, 300, 3000):
            refs = []
            for _level in range(depth):
                refs = [refs]
            wizards = self.env["relationship.campaign.assign"].with_user(self.anna)
            wizard = wizards.create({"campaign_id": self.campaign.id})
            with self.subTest(depth=depth):
                with self.refused("is nested too deeply", UserError):
                    wizards.create({"partner_refs": refs})
                with self.refused("is nested too deeply", UserError):
                    wizard.write({"partner_refs": refs})
                if depth > 300:
                    continue  # no client: core cannot even read it
                with self.refused("Choose the partners in a list", UserError):
                    wizards.new({"partner_refs": refs}).partner_count  # noqa: B018

    def test_the_form_tells_what_will_happen(self):
        with Form(self.wizard(self.companies)) as form:
            self.assertEqual(form.partner_count, 10)
            form.campaign_id = self.campaign
            self.assertIn("10 found: 10 members", form.preview)

    def test_generate_a_campaign_for_the_selection(self):
        with Form(self.wizard(self.companies, default_is_new=True)) as form:
            form.title = "Autumn fair"
            form.type_id = self.fair_type
            self.assertEqual(form.channel, "letter")
            form.channel = "email"
            form.type_id = self.fair_type.copy({"channel": False, "code": "TF2"})
            self.assertEqual(form.channel, "email")
            form.type_id = self.fair_type
            form.channel = "email"
            form.addressing = "person"
        action = form.record.action_assign()
        campaign = self.env["relationship.campaign"].browse(
            action["params"]["next"]["res_id"]
        )
        self.assertEqual(campaign.title, "Autumn fair")
        self.assertEqual(campaign.create_uid, self.anna)
        self.assertEqual(len(campaign.addressee_ids), 10)
        self.assertEqual((campaign.addressing, campaign.channel), ("person", "email"))

    def test_a_person_alone_or_with_the_company(self):
        person = self.env["res.partner"].create(
            {"name": "Jan", "parent_id": self.companies[0].id, "email": "j@example.com"}
        )
        self.assign(person, addressing="person")
        self.assertFalse(self.addressee(person).partner_id)
        self.campaign = self.new_campaign(channel="email")
        self.assign(person, addressing="company_contact")
        self.assertEqual(self.addressee(person).partner_id, self.companies[0])

    def test_invented_and_hidden_partners_are_not_staged(self):
        hidden = self.new_partners(1, "Hidden")
        hidden.company_id = self.other_company
        gone = [10**8 + i for i in range(50_000)]
        wizards = self.wizard(self.companies).with_context(
            active_ids=[*self.companies.ids, *hidden.ids, *gone]
        )
        wizard = wizards.create({"campaign_id": self.campaign.id})
        self.assertEqual(wizard.partner_count, 10)
        message = wizard.action_assign()["params"]["message"]
        self.assertEqual(
            message,
            "50011 found: 10 members, 0 excluded, 50001 not entered, since they are not"
            " yours to see",
        )
        self.assertEqual(self.campaign.addressee_ids.partner_id, self.companies)
        run = self.env["relationship.campaign.freeze"].search(
            [("campaign_id", "=", self.campaign.id)], limit=1
        )
        self.assertEqual(run.total, 10)

    def test_a_million_chosen_partners_are_refused_in_words(self):
        wizards = self.wizard(self.companies)
        with self.assertRaises(UserError) as caught:
            wizard = wizards.create(
                {
                    "campaign_id": self.campaign.id,
                    "partner_refs": list(range(1, 1_000_001)),
                }
            )
            wizard.action_assign()
        self.assertRegex(
            str(caught.exception),
            "1000000 partners are chosen: choose at most 100000 at once",
        )

    def test_two_thousand_at_once(self):
        many = self.new_partners(2000, "Many")
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        message = self.assign(many)["message"]
        self.assertIn("2000 members", message)
        self.assertLess(self.env.cr.sql_log_count - before, 120)

    def test_what_the_user_may_not_see_is_counted_and_not_shown(self):
        foreign = self.new_partners(1, "Leipzig", company_id=self.other_company.id)
        wizard = self.wizard(self.companies | foreign).create(
            {"campaign_id": self.campaign.id}
        )
        message = wizard.action_assign()["params"]["message"]
        self.assertEqual(
            message,
            "11 found: 10 members, 0 excluded, 1 not entered, since they are not yours"
            " to see",
        )
        run = self.campaign.with_user(self.anna).last_freeze_id
        self.assertIn("Not visible to who froze the group: 1", run.summary)
        self.assertFalse(self.addressee(foreign))

    def test_linked_companies_assign_their_own(self):
        theirs = self.new_partners(2, "Leipzig", company_id=self.other_company.id)
        wizard = self.wizard(theirs, self.katrin)
        with self.refused(r"'read' access to:\n- Campaign \(", AccessError):
            wizard.create({"campaign_id": self.campaign.id}).action_assign()
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        wizard.create({"campaign_id": self.campaign.id}).action_assign()
        added = self.campaign.sudo().addressee_ids
        self.assertEqual(added.company_id, self.other_company)
        self.assertEqual(len(added), 2)

    def test_wrong_input(self):
        wizard = self.wizard(self.companies)
        for values, sentence in (
            ({}, "Choose the campaign"),
            ({"partner_refs": []}, "Choose the partners"),
            ({"partner_refs": ["1; DROP"]}, "Choose the partners"),
            ({"partner_refs": {"a": 1}}, "Choose the partners"),
            ({"is_new": True, "title": " "}, "a name and a type"),
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, sentence),
            ):
                wizard.create(values).action_assign()
        self.campaign.action_complete()
        with self.assertRaisesRegex(UserError, "is over"):
            wizard.create({"campaign_id": self.campaign.id}).action_assign()

    def test_a_type_that_the_user_may_not_use(self):
        self.campaign.sudo().user_id = self.ewa
        self.fair_type.use_group_ids = self.env.ref("base.group_system")
        with self.refused("may not change campaigns of the type", AccessError):
            self.wizard(self.companies).create(
                {"campaign_id": self.campaign.id}
            ).action_assign()

    def test_the_partner_knows_the_campaigns(self):
        self.assign(self.companies[:2])
        other = self.new_campaign(channel="email")
        self.campaign = other
        self.assign(self.companies[:1])
        partners = self.companies.with_user(self.anna)
        partners.invalidate_recordset()
        self.assertEqual(partners[:3].mapped("addressee_count"), [2, 1, 0])
        action = partners[0].action_view_addressees()
        found = self.env[action["res_model"]].search_count(action["domain"])
        self.assertEqual(found, 2)
        partners[0].sudo().invalidate_recordset()
        self.assertEqual(partners[0].with_user(self.katrin).addressee_count, 0)
