from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..campaign.campaign_case import CampaignCase


class ContactCase(CampaignCase):
    """A campaign by e-mail, somebody who may be written to, and somebody who not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.new_campaign(channel="email")
        cls.zofia, cls.olaf, cls.listed = cls.env["res.partner"].create(
            [
                {"name": name, "email": f"{name.lower()}@warta.example"}
                for name in ("Zofia", "Olaf", "Listed")
            ]
        )
        cls.env["mail.blacklist"]._add(cls.listed.email)
        cls.yes = cls.env.ref(
            "relationship_management.relationship_campaign_response_yes"
        )

    def add(self, partner, **values):
        addressees = self.env["relationship.campaign.addressee"].with_user(self.anna)
        return addressees.create(
            {"campaign_id": self.campaign.id, "contact_id": partner.id, **values}
        )

    def withdraw(self, partner):
        self.env["relationship.consent"].with_user(self.anna).create(
            {"partner_id": partner.id, "channel": "email", "action": "withdrawn"}
        )

    def assertLeftOut(self, addressee):
        self.assertEqual(addressee.state, "excluded")
        self.assertIn(addressee.exclusion, ("blacklisted", "no_consent"))
        self.assertFalse(addressee.contacted_on)


@tagged("post_install", "-at_install")
class TestCampaignContact(ContactCase):
    """Nobody is contacted who may not be, whichever way it is tried."""

    # Another person

    def test_another_person_is_judged_anew(self):
        addressee = self.add(self.zofia)
        addressee.contact_id = self.listed
        self.assertLeftOut(addressee)
        self.assertEqual(addressee.address_key, self.listed.email)
        addressee.contact_id = self.olaf
        self.assertEqual(addressee.state, "open")
        self.assertEqual(addressee.address_key, self.olaf.email)
        with self.assertRaisesRegex(UserError, "must not be contacted"):
            addressee.write({"contact_id": self.listed.id, "state": "contacted"})

    def test_who_is_left_out_by_hand_stays_so_as_another_person(self):
        addressee = self.add(self.zofia)
        addressee.action_leave_out()
        addressee.contact_id = self.olaf
        self.assertEqual(addressee.exclusion, "hand")

    def test_who_was_contacted_becomes_nobody_else(self):
        addressee = self.add(self.zofia)
        addressee.action_mark_contacted()
        for state in ("contacted", "responded"):
            addressee.state = state
            for name in ("partner_id", "contact_id"):
                with self.assertRaisesRegex(UserError, "cannot become somebody"):
                    addressee[name] = self.olaf
        held = self.add(self.olaf)
        held.sudo().write({"exclusion": "control", "is_control": True})
        with self.assertRaisesRegex(UserError, "cannot become somebody"):
            held.contact_id = self.listed

    # Entered as contacted

    def test_who_is_entered_as_contacted_is_judged_first(self):
        for state in ("contacted", "responded"):
            addressee = self.add(self.listed, state=state)
            self.assertLeftOut(addressee)
            addressee.unlink()
        addressees = self.env["relationship.campaign.addressee"].with_user(self.anna)
        proposed = addressees.with_context(default_state="contacted").create(
            {"campaign_id": self.campaign.id, "contact_id": self.listed.id}
        )
        self.assertLeftOut(proposed)
        done = self.add(self.zofia, response_id=self.yes.id)
        self.assertEqual((done.state, done.response_id), ("responded", self.yes))
        self.assertTrue(done.contacted_on and done.responded_on)

    def test_an_answer_of_whoever_may_not_be_contacted_is_kept(self):
        addressee = self.add(self.listed, response_id=self.yes.id)
        self.assertEqual(
            (addressee.state, addressee.response_id), ("responded", self.yes)
        )
        self.assertFalse(addressee.contacted_on)

    def test_an_import_judges_first(self):
        result = (
            self.env["relationship.campaign.addressee"]
            .with_user(self.anna)
            .load(
                ["campaign_id/.id", "contact_id/.id", "state"],
                [
                    [str(self.campaign.id), str(who.id), "contacted"]
                    for who in (self.listed, self.zofia)
                ],
            )
        )
        listed, zofia = self.env["relationship.campaign.addressee"].browse(
            result["ids"]
        )
        self.assertLeftOut(listed)
        self.assertEqual(zofia.state, "contacted")

    # What has changed since

    def test_who_has_withdrawn_since_is_left_out_instead_of_contacted(self):
        addressees = self.add(self.zofia) | self.add(self.olaf)
        self.withdraw(self.zofia)
        self.assertEqual(addressees.mapped("state"), ["open", "open"])
        message = addressees.action_mark_contacted()["params"]["message"]
        self.assertIn(
            "Excluded now, since they must not be contacted: 1 – Zofia", message
        )
        self.assertIn("Zofia (On the blacklist)", message)
        self.assertLeftOut(addressees[0])
        self.assertEqual(addressees[1].state, "contacted")
        again = addressees[1].action_mark_contacted()["params"]["message"]
        self.assertEqual(again, "Passed over: 1 – Olaf (Contacted).")

    def test_who_was_blacklisted_since_is_not_said_to_be_contacted(self):
        addressee = self.add(self.zofia)
        self.env["mail.blacklist"]._add(self.zofia.email)
        with self.assertRaisesRegex(UserError, "must not be contacted"):
            addressee.state = "contacted"
        addressee.response_id = self.yes
        addressee.action_mark_open()
        self.assertLeftOut(addressee)

    def test_no_opportunity_of_who_has_withdrawn_since(self):
        addressees = self.add(self.zofia) | self.add(self.olaf)
        self.withdraw(self.zofia)
        form = Form(
            self.env["relationship.campaign.opportunity"]
            .with_user(self.anna)
            .with_context(active_model=addressees._name, active_ids=addressees.ids)
        )
        self.assertEqual(form.count, 1)
        self.assertIn("Not to be contacted any more: 1.", form.summary)
        wizard = form.save()
        wizard.action_generate()
        self.assertFalse(addressees[0].lead_ids)
        self.assertTrue(addressees[1].lead_ids)
        self.assertLeftOut(addressees[0])
        with self.assertRaisesRegex(UserError, "Nobody is left"):
            wizard.action_generate()

    def test_many_cost_no_query_each(self):
        def count(number):
            partners = self.env["res.partner"].create(
                [
                    {"name": f"No. {n}", "email": f"{number}.{n}@warta.example"}
                    for n in range(number)
                ]
            )
            addressees = self.env["relationship.campaign.addressee"]
            for partner in partners:
                addressees |= self.add(partner)
            wizard = self.env["relationship.campaign.opportunity"].with_user(self.anna)
            wizard = wizard.with_context(
                active_model=addressees._name, active_ids=addressees.ids
            ).create({})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(wizard.count, number)
            addressees.action_mark_contacted()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        few = count(5)
        self.assertLessEqual(count(40), few + 2)

    # Answers and days

    def test_an_answer_that_is_cleared_leaves_nothing_behind(self):
        addressee = self.add(self.zofia)
        addressee.action_mark_contacted()
        addressee.response_id = self.yes
        addressee.response_id = False
        self.assertEqual(addressee.state, "contacted")
        self.assertFalse(addressee.responded_on)
        listed = self.add(self.listed)
        listed.response_id = self.yes
        listed.response_id = False
        self.assertLeftOut(listed)

    def test_no_day_lies_in_the_future(self):
        addressee = self.add(self.zofia)
        addressee.response_id = self.yes
        tomorrow = fields.Date.context_today(addressee) + timedelta(days=1)
        for name in ("contacted_on", "responded_on"):
            with self.assertRaisesRegex(ValidationError, "in the future"):
                addressee[name] = tomorrow
            addressee[name] = tomorrow - timedelta(days=2)

    # When it is over

    def test_a_campaign_that_is_over_takes_answers_alone(self):
        waiting, done, left_out = (
            self.add(who) for who in (self.zofia, self.olaf, self.listed)
        )
        done.action_mark_contacted()
        campaign = self.campaign.with_user(self.anna)
        wizards = self.env["relationship.campaign.opportunity"].with_user(self.anna)
        wizards = wizards.with_context(active_model=done._name, active_ids=done.ids)
        wizard = wizards.create({})
        for finish in (campaign.action_complete, campaign.action_cancel):
            finish()
            for forbidden in (
                lambda: self.add(self.stalmet),
                waiting.action_mark_contacted,
                lambda: waiting.write({"state": "contacted"}),
                lambda: done.write({"state": "open"}),
                done.action_mark_open,
                left_out.action_take_in,
                lambda: wizards.create({}),
                wizard.action_generate,
            ):
                with (
                    self.assertRaisesRegex(UserError, "is over: reopen it"),
                    self.env.cr.savepoint(),
                ):
                    forbidden()
            done.response_id = self.yes
            self.assertEqual(done.state, "responded")
            campaign.action_reopen()
        wizard.action_generate()
        self.assertTrue(done.lead_ids)

    def test_nobody_turns_again_to_who_was_silent_and_has_objected(self):
        silent, answered, calm = (
            self.add(partner, state="contacted")
            for partner in (
                self.zofia,
                self.olaf,
                self.listed.copy({"email": "c@x.pl"}),
            )
        )
        answered.response_id = self.yes
        self.withdraw(self.zofia)
        self.withdraw(self.olaf)
        wizards = self.env["relationship.campaign.opportunity"].with_user(self.anna)
        addressees = silent | answered | calm
        form = Form(
            wizards.with_context(
                active_model=addressees._name, active_ids=addressees.ids
            )
        )
        self.assertEqual(form.count, 2)
        self.assertIn("Not to be contacted any more: 1.", form.summary)
        form.save().action_generate()
        self.assertFalse(silent.lead_ids)
        self.assertEqual(silent.state, "contacted")
        self.assertTrue(answered.lead_ids and calm.lead_ids)

    # Several at once

    def test_of_several_those_who_are_left_out_are_passed_over(self):
        control, gone, free = (
            self.add(partner)
            for partner in (
                self.zofia,
                self.olaf,
                self.listed.copy({"email": "c@x.pl"}),
            )
        )
        control.sudo().write({"exclusion": "control", "is_control": True})
        gone.action_leave_out()
        message = (control | gone | free).action_mark_contacted()["params"]["message"]
        self.assertIn("Passed over: 2 – Zofia (Control group); Olaf", message)
        self.assertEqual(free.state, "contacted")
        message = (control | gone).action_take_in()["params"]["message"]
        self.assertIn("Passed over: 1 – Zofia (Control group)", message)
        self.assertEqual(gone.state, "open")
        message = (control | gone | free).action_leave_out()["params"]["message"]
        self.assertIn("Passed over: 2", message)
        self.assertEqual((gone.exclusion, free.state), ("hand", "contacted"))
        for button in (control.action_take_in, control.action_leave_out):
            with self.assertRaisesRegex(UserError, "control group"):
                button()

    # Who was left out all the same

    def test_who_answers_without_being_contacted_has_no_day_of_contact(self):
        addressee = self.add(self.listed)
        addressee.state = "responded"
        self.assertTrue(addressee.responded_on)
        self.assertFalse(addressee.contacted_on)
        with self.assertRaisesRegex(UserError, "must not be contacted"):
            addressee.state = "contacted"

    def test_what_the_system_says_is_not_written_by_hand(self):
        addressee = self.add(self.zofia, origin="rule", target_id=self.listed.id)
        self.assertEqual(addressee.origin, "hand")
        self.assertEqual(addressee.target_id, self.zofia)
        addressee.sudo().origin = "rule"
        for name, value in (
            ("origin", "hand"),
            ("target_id", self.olaf.id),
            ("company_id", self.other_company.id),
        ):
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                addressee.write({name: value})
        with self.assertRaisesRegex(UserError, "choose Exclude"):
            addressee.unlink()

    def test_an_opportunity_comes_from_nobody_in_the_control_group(self):
        addressee = self.add(self.zofia)
        addressee.sudo().write({"exclusion": "control", "is_control": True})
        with self.assertRaisesRegex(ValidationError, "control group"):
            self.new_lead(
                self.anna,
                addressee_id=addressee.id,
                campaign_id=self.campaign.utm_campaign_id.id,
            )
