from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..story.conversations import CONVERSATIONS, KINDS
from ..story.player import MODULE


@tagged("post_install", "-at_install")
class TestDemoConversations(TransactionCase):
    """The people of the story have talked to their partners."""

    def ref(self, name):
        return self.env.ref(f"{MODULE}.{name}")

    def test_each_was_done_by_its_person_on_its_day(self):
        today = fields.Date.today()
        for number, conversation in enumerate(CONVERSATIONS, start=1):
            weeks, login, kind, partner, feedback = conversation
            activity = self.ref(f"conversation_{number}")
            with self.subTest(conversation=conversation):
                self.assertFalse(activity.active)
                self.assertEqual(activity.user_id, self.ref(f"user_{login}"))
                self.assertEqual(activity.create_uid, activity.user_id)
                self.assertEqual(activity.activity_type_id, self.env.ref(KINDS[kind]))
                self.assertEqual(activity.res_id, self.ref(f"partner_{partner}").id)
                self.assertEqual(activity.feedback, feedback)
                self.assertEqual(activity.date_done, activity.date_deadline)
                self.assertLessEqual(
                    activity.date_done, today - timedelta(weeks=weeks - 1)
                )

    def test_anna_sees_when_stalmet_was_last_contacted(self):
        stalmet = self.ref("partner_stalmet").with_user(self.ref("user_anna"))
        day = max(
            self.ref(f"conversation_{number}").date_done
            for number, (_weeks, _who, _how, partner, _feedback) in enumerate(
                CONVERSATIONS, start=1
            )
            if partner in ("stalmet", "nowak", "rek")
        )
        self.assertGreaterEqual(stalmet.last_contact_date, day)
