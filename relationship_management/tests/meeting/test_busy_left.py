from odoo import Command
from odoo.tests import tagged

from .meeting_case import TEN, SecretMeetingCase, at

PAST = at("2020-07-06 08:00")


@tagged("post_install", "-at_install")
class TestMeetingsOfDeletedOpportunities(SecretMeetingCase):
    """What a meeting was about stays hidden when its opportunity goes."""

    def assertTold(self, event, *, jan):
        """Assert to whom it is told; Ewa comes in any case."""
        for user, is_told in ((self.jan, jan), (self.ewa, True)):
            seen = self.see(user, event)
            self.assertEqual(seen.name == "Busy", not is_told, user.login)
            found = seen.search([("name", "=", event.sudo().name)])
            self.assertEqual(event in found, is_told)

    def test_a_deletion_tells_nobody(self):
        deal = self.new_deal()
        active = self.new_meeting(deal)
        archived = self.new_meeting(deal, active=False)
        apart = self.new_meeting(deal, opportunity_id=False)
        self.assertTold(active, jan=False)
        deal.with_user(self.ewa).unlink()
        archived.active = True
        for event in active | archived | apart:
            self.assertTold(event, jan=False)
            self.assertFalse(event.opportunity_id or event.res_model or event.res_id)

    def test_a_private_meeting_of_somebody_else_stops_no_deletion(self):
        deal = self.new_deal()
        event = self.new_meeting(deal, user_id=self.anna.id, privacy="private")
        event.partner_ids = self.anna.partner_id
        deal.with_user(self.ewa).unlink()
        self.assertFalse(event.exists().res_id)
        self.assertEqual(self.see(self.jan, event).name, "Busy")

    def test_it_is_so_with_a_campaign(self):
        campaign = self.new_campaign(self.ewa, user_id=self.ewa.id)
        campaign.sudo().type_id.see_group_ids = self.secret.see_group_ids
        event = self.new_meeting(
            campaign,
            opportunity_id=False,
            name="Secret fair",
            activity_ids=[Command.clear()],
            res_id=campaign.id,
            res_model_id=self.env["ir.model"]._get_id(campaign._name),
        )
        self.assertTold(event, jan=False)
        campaign.with_user(self.ewa).unlink()
        self.assertTold(event, jan=False)
        self.assertFalse(event.res_model or event.res_id)

    def test_what_was_told_to_all_still_is(self):
        deal = self.new_lead(self.ewa, user_id=self.ewa.id)
        event = self.new_meeting(deal)
        deal.unlink()
        self.assertTold(event, jan=True)
        self.assertFalse(event.privacy)

    def test_the_meeting_of_an_activity_there_stays_hidden_too(self):
        deal = self.new_deal()
        activity = self.show(
            self.ewa,
            lead_id=deal.id,
            user_id=self.ewa.id,
            meeting_start=PAST,
            date_from=PAST.date(),
        )
        event = self.event(activity)
        self.assertTold(event, jan=False)
        deal.with_user(self.ewa).unlink()
        self.assertEqual(event.exists().relationship_activity_id, activity.sudo())
        for user, name in ((self.jan, "Busy"), (self.anna, "Busy"), (self.ewa, "Fair")):
            self.assertEqual(self.see(user, event).name, name, user.login)

    def test_a_merge_takes_all_along_and_tells_nobody(self):
        head, tail = self.new_deal(), self.new_deal()
        deals = head | tail
        events = [
            self.new_meeting(deal, **values)
            for deal in deals
            for values in (
                {},
                {"active": False},
                {"privacy": "private", "user_id": self.anna.id},
                {"opportunity_id": False},
            )
        ]
        merged = deals.with_user(self.ewa).merge_opportunity()
        gone = deals - merged
        self.assertFalse(gone.exists())
        for event in events:
            event.active = True
            self.assertEqual(event.res_id, merged.id)
            self.assertEqual(self.see(self.jan, event).name, "Busy")
        merged.with_user(self.ewa).unlink()
        for event in events:
            self.assertEqual(event.start, TEN)
            self.assertEqual(self.see(self.jan, event).name, "Busy")
