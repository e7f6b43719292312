from datetime import date

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .test_contact import ContactCase


@tagged("post_install", "-at_install")
class TestCampaignAnswer(ContactCase):
    """One response for many members, after a word on what becomes of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.no = cls.env.ref(
            "relationship_management.relationship_campaign_response_no"
        )
        names = ("Held", "Sent")
        cls.held, cls.sent = cls.env["res.partner"].create(
            [{"name": n, "email": f"{n.lower()}@warta.example"} for n in names]
        )

    def open(self, addressees, user=None):
        action = addressees.with_user(user or self.anna).action_enter_answers()
        self.assertEqual(action["target"], "new")
        wizards = self.env[action["res_model"]].with_user(user or self.anna)
        return Form(wizards.with_context(**action["context"]))

    def test_it_says_what_becomes_of_whom_and_does_it(self):
        waiting, listed, held = map(self.add, (self.zofia, self.listed, self.held))
        held.sudo().write({"exclusion": "control", "is_control": True})
        sent = self.add(self.sent, state="contacted")
        done = self.add(self.olaf, response_id=self.no.id)
        form = self.open(waiting | listed | held | sent | done)
        self.assertEqual(
            form.summary,
            """Members who get this response: 5.
Of the control group: 1. The response is noted, they stay excluded.
Excluded until now: 1. They become “Responded”, as members whom nobody contacted.
Have a response, which is replaced: 1.""",
        )
        self.assertEqual(form.responded_on, fields.Date.context_today(waiting))
        with self.assertRaisesRegex(AssertionError, "response_id is a required field"):
            form.save()
        form.response_id = self.yes
        form.responded_on = "2026-05-01"
        wizard = form.save()
        self.assertFalse(waiting.response_id)
        wizard.action_enter()
        members = waiting | listed | held | sent | done
        self.assertEqual(members.response_id, self.yes)
        self.assertEqual(set(members.mapped("responded_on")), {date(2026, 5, 1)})
        self.assertEqual(held.state, "excluded")
        self.assertEqual(set((members - held).mapped("state")), {"responded"})
        self.assertFalse(listed.contacted_on)
        form = self.open(sent)
        self.assertEqual(
            form.summary,
            "Members who get this response: 1.\nHave a response, which is replaced: 1.",
        )

    def test_responses_are_those_of_the_campaign(self):
        other = self.env["relationship.campaign.type"].create({"name": "Mailing"})
        foreign = self.env["relationship.campaign.response"].create(
            {"name": "Bounced", "type_id": other.id}
        )
        member = self.add(self.zofia)
        form = self.open(member)
        self.assertEqual(form.campaign_type_id, self.fair_type)
        form.response_id = foreign
        with self.refused("is a response to campaigns of the type", ValidationError):
            form.save().action_enter()
        campaign = self.new_campaign(type_id=other.id)
        further = member.create(
            {"campaign_id": campaign.id, "contact_id": self.olaf.id}
        )
        self.assertFalse(self.open(member | further).campaign_type_id)

    def test_nobody_enters_a_response_of_members_of_others(self):
        hidden = self.add(self.zofia)
        wizards = self.env["relationship.campaign.answer"].with_user(self.katrin)
        values = {"response_id": self.yes.id, "addressee_ids": hidden.ids}
        with self.refused("doesn't have 'read' access", UserError):
            wizards.create(values).action_enter()
        self.assertFalse(hidden.response_id)
