from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestLastContact(RelationshipCase):
    """What counts as a contact with Stalmet, for whom, and what the figure opens.

    Piotr sees all opportunities; Anna sees her own; Jan none of them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env.user)
        cls.nowak = cls.env["res.partner"].create(
            {
                "name": "Anna Nowak",
                "parent_id": cls.stalmet.id,
                "email": "nowak@example.com",
            }
        )
        for user in (cls.anna, cls.piotr):
            user.group_ids |= cls.env.ref("base.group_partner_manager")

    def noon(self, days):
        return fields.Datetime.to_datetime(self.day(days)) + timedelta(hours=12)

    def day(self, days):
        return self.today - timedelta(days=days)

    def call(self, days, user=None):
        user = user or self.piotr
        activity = self.stalmet.with_user(user).activity_schedule(
            "mail.mail_activity_data_call", user_id=user.id
        )
        activity.action_feedback(feedback="Called")
        activity.date_done = self.day(days)
        return activity

    def meet(self, days, **values):
        start = self.noon(days)
        return (
            self.env["calendar.event"]
            .with_user(self.piotr)
            .with_context(no_mail_to_attendees=True)
            .create(
                {
                    "name": "Visit",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "partner_ids": [(6, 0, self.nowak.ids)],
                    **values,
                }
            )
        )

    def say(self, days, record=None, user=None, **values):
        message = (
            (record or self.stalmet)
            .with_user(user or self.piotr)
            .message_post(
                **{
                    "body": "The offer",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                    "partner_ids": self.nowak.ids,
                    **values,
                }
            )
        )
        message.sudo().date = self.noon(days)
        return message

    def contact(self, days, **values):
        campaign_type = self.env["relationship.campaign.type"].create(
            {"name": "Test fair", "code": f"TF{days}", **values}
        )
        campaign = (
            self.env["relationship.campaign"]
            .with_user(self.piotr)
            .create({"title": "Autumn fair", "type_id": campaign_type.id})
        )
        return (
            self.env["relationship.campaign.addressee"]
            .with_user(self.piotr)
            .create(
                {
                    "campaign_id": campaign.id,
                    "partner_id": self.stalmet.id,
                    "contact_id": self.nowak.id,
                    "state": "contacted",
                    "contacted_on": self.day(days),
                }
            )
        )

    def assertLast(self, user, days, records=None):
        """Assert the field, its search, and the figure with what it opens."""
        self.env.flush_all()
        self.env.invalidate_all()
        day = False if days is None else self.day(days)
        partner = self.stalmet.with_user(user)
        self.assertEqual(partner.last_contact_date, day)
        self.assertEqual(self.nowak.with_user(user).last_contact_date, day)
        condition = [("last_contact_date", "=", day), ("id", "=", partner.id)]
        self.assertEqual(partner.search(condition), partner)
        if records is not None:
            action = partner.action_open_figure("last_contact")
            self.assertEqual(action["res_model"], records._name)
            found = self.env[action["res_model"]].with_user(user)
            found = found.with_context(**action["context"]).search(action["domain"])
            self.assertEqual(found, records.with_env(found.env))

    def test_an_activity_done(self):
        activity = self.call(9)
        self.assertLast(self.piotr, 9, activity)
        self.assertLast(self.anna, 9, activity)

    def test_a_meeting_held(self):
        self.meet(-2)
        self.meet(1).attendee_ids.state = "declined"
        meeting = self.meet(5)
        self.assertLast(self.piotr, 5, meeting)
        self.assertLast(self.jan, 5, meeting)

    def test_a_private_meeting_is_for_who_was_there(self):
        meeting = self.meet(
            5,
            privacy="private",
            partner_ids=[(6, 0, (self.nowak | self.piotr.partner_id).ids)],
        )
        self.assertLast(self.piotr, 5, meeting)
        self.assertLast(self.jan, None)
        meeting.privacy = False
        self.piotr.with_user(self.piotr).calendar_default_privacy = "private"
        self.assertLast(self.jan, None)

    def test_a_message_sent(self):
        message = self.say(4)
        self.assertLast(self.piotr, 4, message)
        self.assertLast(self.jan, 4, message)

    def test_a_follower_gets_a_message(self):
        self.stalmet.message_subscribe(self.nowak.ids)
        self.assertLast(self.piotr, 4, self.say(4, partner_ids=[]))

    def test_no_note_no_message_of_others_nor_of_the_system(self):
        self.say(3, subtype_xmlid="mail.mt_note")
        self.say(3, message_type="notification")
        self.say(3, author_id=self.kranbau.id)
        self.say(3, partner_ids=self.kranbau.ids)
        self.assertLast(self.piotr, None)

    def test_a_message_about_an_opportunity_is_for_who_sees_it(self):
        lead = self.new_lead(self.piotr, partner_id=self.stalmet.id)
        message = self.say(4, lead)
        self.assertLast(self.piotr, 4, message)
        self.assertLast(self.anna, None)
        self.assertLast(self.jan, None)

    def test_a_campaign_reached_them(self):
        addressee = self.contact(6)
        self.assertLast(self.piotr, 6, addressee)
        self.assertLast(self.jan, 6, addressee)
        addressee.sudo().write({"state": "excluded", "exclusion": "hand"})
        self.assertLast(self.piotr, None)

    def test_a_campaign_is_for_who_may_see_its_type(self):
        managers = self.env.ref("sales_team.group_sale_salesman_all_leads")
        addressee = self.contact(6, see_group_ids=[(6, 0, managers.ids)])
        self.assertLast(self.piotr, 6, addressee)
        self.assertLast(self.jan, None)

    def test_the_newest_of_all_decides(self):
        self.call(9)
        self.contact(8)
        message = self.say(7)
        self.assertLast(self.piotr, 7, message)
        meeting = self.meet(7)
        self.assertLast(self.piotr, 7, meeting)
        figures = self.stalmet.with_user(self.piotr).get_figures()["figures"]
        (value,) = (f["value"] for f in figures if f["key"] == "last_contact")
        self.assertTrue(value.endswith("· Meeting"), value)

    def test_all_sources_cost_one_statement(self):
        self.call(9)
        self.contact(8)
        self.say(7)
        self.meet(6)
        everybody = self.stalmet | self.nowak | self.kranbau | self.paktech
        self.env.flush_all()
        counts = []
        for partners in (everybody, self.stalmet, everybody):
            self.env.invalidate_all()
            records = partners.with_user(self.piotr)
            records.mapped("commercial_partner_id.name")
            before = self.env.cr.sql_log_count
            records.mapped("last_contact_date")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
