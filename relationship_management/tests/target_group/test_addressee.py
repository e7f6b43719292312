from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..campaign.campaign_case import CampaignCase


@tagged("post_install", "-at_install")
class TestCampaignAddressee(CampaignCase):
    """Addressees entered by hand: who is addressed, answers, who is left out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brewery = cls.env["res.partner"].create(
            {
                "name": "Browar Warta",
                "is_company": True,
                "city": "Poznań",
                "email": "browar@warta.example",
            }
        )
        cls.nowak, cls.rek = cls.env["res.partner"].create(
            [
                {"name": "Anna Nowak", "parent_id": cls.brewery.id},
                {
                    "name": "Tomasz Rek",
                    "parent_id": cls.brewery.id,
                    "email": "rek@warta.example",
                },
            ]
        )
        cls.maj = cls.env["res.partner"].create({"name": "Zofia Maj", "city": "Poznań"})
        cls.campaign = cls.new_campaign()
        cls.answers = cls.env["relationship.campaign.response"].create(
            [
                {"name": "Visited us", "type_id": cls.fair_type.id},
                {"name": "No time", "type_id": cls.fair_type.id, "kind": "negative"},
            ]
        )

    def add(self, user=None, campaign=None, **values):
        addressees = self.env["relationship.campaign.addressee"].with_user(
            user or self.anna
        )
        campaign = campaign or self.campaign
        return addressees.create({"campaign_id": campaign.id, **values})

    def assertRefused(self, **values):
        with (
            mute_logger("odoo.sql_db"),
            self.refused(
                "relationship_campaign_addressee_(somebody|campaign_target_unique)",
                IntegrityError,
            ),
            self.env.cr.savepoint(),
        ):
            self.add(**values)

    #

    def test_a_company_gets_its_contact_person_in_the_form(self):
        addressees = self.env["relationship.campaign.addressee"].with_user(self.anna)
        addressees = addressees.with_context(default_campaign_id=self.campaign.id)
        with Form(addressees) as form:
            form.partner_id = self.brewery
            self.assertEqual(form.contact_id, self.nowak)
            form.contact_id = self.rek
        self.assertEqual(form.record.target_id, self.rek)
        self.assertEqual(form.record.state, "open")
        self.assertEqual(form.record.user_id, self.piotr)

    def test_a_person_alone_becomes_the_contact_person(self):
        addressees = self.env["relationship.campaign.addressee"].with_user(self.anna)
        addressees = addressees.with_context(default_campaign_id=self.campaign.id)
        with Form(addressees) as form:
            form.partner_id = self.maj
            self.assertFalse(form.partner_id)
            self.assertEqual(form.contact_id, self.maj)
        self.assertEqual(form.record.target_id, self.maj)

    def test_the_same_through_create(self):
        self.assertEqual(self.add(partner_id=self.brewery.id).contact_id, self.nowak)
        alone = self.add(partner_id=self.maj.id)
        self.assertFalse(alone.partner_id)
        self.assertEqual(alone.contact_id, self.maj)
        person = self.add(partner_id=self.rek.id)
        self.assertEqual(
            (person.partner_id, person.contact_id), (self.brewery, self.rek)
        )

    def test_as_they_are(self):
        campaign = self.new_campaign(addressing="person")
        self.assertFalse(
            self.add(campaign=campaign, partner_id=self.brewery.id).contact_id
        )
        person = self.add(campaign=campaign, partner_id=self.rek.id)
        self.assertEqual((person.partner_id.id, person.contact_id), (False, self.rek))

    def test_no_contact_person_on_wish(self):
        company = self.add(partner_id=self.brewery.id, contact_id=False)
        self.assertEqual(company.target_id, self.brewery)

    def test_the_contact_person_can_be_reached_if_the_company_can(self):
        self.campaign.channel = "email"
        self.assertEqual(self.add(partner_id=self.brewery.id).contact_id, self.rek)

    def test_nobody_and_twice_are_refused(self):
        self.assertRefused()
        self.add(partner_id=self.brewery.id)
        self.assertRefused(partner_id=self.brewery.id)

    # Reasons

    def test_who_cannot_be_reached_is_left_out_with_the_reason(self):
        self.campaign.channel = "email"
        nobody = self.add(partner_id=self.maj.id)
        self.assertEqual((nobody.state, nobody.exclusion), ("excluded", "no_address"))
        self.maj.email = "maj@example.com"
        nobody.action_take_in()
        self.assertEqual((nobody.state, nobody.exclusion), ("open", False))
        self.assertEqual(nobody.address_key, "maj@example.com")
        twin = self.env["res.partner"].create(
            {"name": "Z. Maj", "email": "MAJ@example.com"}
        )
        self.assertEqual(self.add(partner_id=twin.id).exclusion, "duplicate")

    def test_what_the_blacklist_says_cannot_be_overruled(self):
        self.campaign.channel = "email"
        self.env["mail.blacklist"]._add("rek@warta.example")
        rek = self.add(partner_id=self.rek.id)
        self.assertIn(rek.exclusion, ("blacklisted", "no_consent"))
        self.assertIn("Still excluded", rek.action_take_in()["params"]["message"])
        with self.assertRaisesRegex(UserError, "must not be contacted"):
            rek.action_mark_contacted()
        with self.assertRaisesRegex(UserError, "must not be contacted"):
            rek.state = "contacted"
        rek.state = "open"
        self.assertEqual(rek.state, "excluded")

    def test_left_out_by_hand_and_taken_in_again(self):
        addressee = self.add(partner_id=self.brewery.id)
        addressee.action_leave_out()
        self.assertEqual((addressee.state, addressee.exclusion), ("excluded", "hand"))
        addressee.action_take_in()
        self.assertEqual((addressee.state, addressee.exclusion), ("open", False))
        addressee.action_mark_contacted()
        with self.assertRaisesRegex(UserError, "contacted already"):
            addressee.action_leave_out()

    def test_status_and_reason_agree(self):
        addressee = self.add(partner_id=self.brewery.id)
        addressee.state = "excluded"
        self.assertEqual(addressee.exclusion, "hand")
        addressee.state = "open"
        self.assertFalse(addressee.exclusion)

    def test_many_at_once_cost_no_query_each(self):
        self.campaign.channel = False
        partners = self.env["res.partner"].create(
            [{"name": f"No. {n}", "is_company": n % 2 == 0} for n in range(60)]
        )

        def count(chosen):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            addressees = self.env["relationship.campaign.addressee"].create(
                [
                    {"campaign_id": self.campaign.id, "partner_id": partner.id}
                    for partner in chosen
                ]
            )
            addressees.action_mark_contacted()
            addressees.write({"response_id": self.answers[0].id})
            self.env.flush_all()
            self.assertEqual(set(addressees.mapped("state")), {"responded"})
            return self.env.cr.sql_log_count - before

        count(partners[:2])
        few = count(partners[2:8])
        self.assertLessEqual(count(partners[8:]), few + 2)

    # Contact and answer

    def test_contacted_and_answered_are_dated(self):
        addressee = self.add(partner_id=self.brewery.id)
        addressee.action_mark_contacted()
        self.assertEqual(addressee.state, "contacted")
        self.assertTrue(addressee.contacted_on)
        form = Form(
            addressee,
            "relationship_management.relationship_campaign_addressee_view_form_answer",
        )
        form.response_id = self.answers[0]
        form.save()
        self.assertEqual(addressee.state, "responded")
        self.assertTrue(addressee.responded_on)
        addressee.action_mark_open()
        self.assertFalse(addressee.contacted_on or addressee.response_id)

    def test_an_answer_of_another_type_is_refused(self):
        other = self.env["relationship.campaign.type"].create({"name": "Other"})
        answer = self.env["relationship.campaign.response"].create(
            {"name": "Foreign", "type_id": other.id}
        )
        with self.assertRaisesRegex(ValidationError, "choose one of this campaign"):
            self.add(partner_id=self.brewery.id).response_id = answer

    def test_the_control_group_is_never_contacted(self):
        addressee = self.add(partner_id=self.brewery.id)
        addressee.sudo().write({"exclusion": "control", "is_control": True})
        for action in ("action_mark_contacted", "action_take_in", "action_leave_out"):
            with self.refused("must not be contacted|which is not contacted"):
                getattr(addressee, action)()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            addressee.is_control = False
        with self.assertRaisesRegex(UserError, "must not be contacted"):
            addressee.state = "contacted"
        for state in ("open", "responded"):
            with self.assertRaisesRegex(UserError, "control group"):
                addressee.state = state
        addressee.response_id = self.answers[0]
        self.assertEqual(addressee.state, "excluded")

    def test_only_slips_are_deleted(self):
        slip = self.add(partner_id=self.brewery.id)
        slip.unlink()
        done = self.add(partner_id=self.brewery.id)
        done.action_mark_contacted()
        with self.assertRaisesRegex(UserError, "choose Exclude"):
            done.unlink()

    # Companies

    def test_linked_companies_add_their_own(self):
        other = self.campaign.sudo()
        with self.refused(r"'read' access to:\n- Campaign \(", AccessError):
            self.add(self.katrin, partner_id=self.maj.id)
        other.relationship_linked_company_ids = self.other_company
        addressee = self.add(self.katrin, partner_id=self.maj.id)
        self.assertEqual(addressee.company_id, self.other_company)

    def test_a_branch_adds_its_own(self):
        branch = self.env["res.company"].create(
            {"name": "Nordmark Gdynia", "parent_id": self.company.id}
        )
        bruno = self._new_user(
            "bruno",
            "sales_team.group_sale_salesman",
            company_id=branch.id,
            company_ids=[(6, 0, branch.ids)],
        )
        addressee = self.add(bruno, partner_id=self.maj.id)
        self.assertEqual(addressee.company_id, branch)

    def test_a_company_that_takes_no_part_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "takes no part"):
            self.add(
                self.env.user,
                partner_id=self.maj.id,
                company_id=self.other_company.id,
            )

    def test_a_partner_of_another_company_is_refused(self):
        foreign = self.env["res.partner"].create(
            {"name": "Elbe", "company_id": self.other_company.id}
        )
        with self.assertRaisesRegex(UserError, "Elbe"):
            self.add(self.env.user, contact_id=foreign.id)
