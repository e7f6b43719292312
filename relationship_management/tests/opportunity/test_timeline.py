from odoo.tests import tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestTimeline(RelationshipCase):
    """One answer has all that the page of the history shows."""

    def ask(self, user, lead_id):
        timeline = self.env["crm.lead"].with_user(user).get_timeline(lead_id)
        events = [entry["event"] for entry in timeline["entries"]]
        return events, timeline["can_open"]

    def test_who_sees_the_opportunity_opens_it(self):
        lead = self.new_lead()
        self.assertEqual(self.ask(self.anna, lead.id), (["create"], True))
        self.tick()
        lead.action_archive()
        self.env.flush_all()
        self.assertEqual(self.ask(self.anna, lead.id), (["archive", "create"], True))

    def test_who_does_not_see_it_sees_nothing(self):
        lead = self.new_lead(user=self.piotr)
        self.assertEqual(self.ask(self.anna, lead.id), ([], False))

    def test_what_is_gone_has_a_history(self):
        lead = self.new_lead(user_id=False)
        lead_id = lead.id
        self.tick()
        lead.with_user(self.ewa).unlink()
        self.assertEqual(self.ask(self.ewa, lead_id), (["delete", "create"], False))

    def test_no_opportunity_has_none(self):
        for lead_id in (False, 2**31 - 1):
            self.assertEqual(self.ask(self.ewa, lead_id), ([], False))
