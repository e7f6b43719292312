from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .meeting_case import TEN, SecretMeetingCase


@tagged("post_install", "-at_install")
class TestToldMeetings(SecretMeetingCase):
    """A shared calendar tells what a meeting is about as its activity is told."""

    def test_who_may_not_see_it_sees_that_somebody_is_busy(self):
        names = ["name", "display_name", "opportunity_id", "res_id", "description"]
        for user, name in ((self.anna, "Take over PakTech"), (self.jan, "Busy")):
            with self.subTest(user.login):
                [found] = self.see(user).read([*names, "start"])
                self.assertEqual(found["name"], name)
                self.assertEqual(found["display_name"], name)
                self.assertEqual(found["start"], TEN)
                self.assertEqual(bool(found["res_id"]), user == self.anna)
        # Core names as superuser what stands behind a many2one.
        self.assertEqual(self.see(self.jan).sudo().display_name, "Busy")
        # Nobody has to come to see it.
        self.assertEqual(self.see(self.ewa).name, "Take over PakTech")

    def test_no_search_tells_it_either(self):
        for domain in (
            [("name", "ilike", "PakTech")],
            [("display_name", "ilike", "PakTech")],
            [("res_id", "=", self.stalmet.id), ("res_model", "=", "res.partner")],
        ):
            with self.subTest(domain):
                self.assertIn(self.hidden, self.see(self.ewa).search(domain))
                self.assertNotIn(self.hidden, self.see(self.jan).search(domain))
        groups = self.see(self.jan)._read_group([("start", "=", TEN)], ["name"])
        self.assertNotIn(("Take over PakTech",), groups)
        self.assertIn(self.hidden, self.see(self.jan).search([("start", "=", TEN)]))
        found = self.see(self.jan).name_search("PakTech")
        self.assertFalse(found)

    def test_one_look_fills_the_cache_for_no_other(self):
        event = self.see(self.jan)
        self.assertFalse(event.location)
        self.assertEqual((event.name, event.res_id), ("Busy", 0))
        self.assertFalse(event.opportunity_id or event.description)

    def test_no_order_tells_its_name(self):
        own = [
            self.env["calendar.event"]
            .with_user(self.jan)
            .create({"name": name, "start": TEN, "stop": TEN + timedelta(hours=1)})
            for name in ("Take over A", "Take over Z")
        ]
        both = self.hidden | own[0] | own[1]
        domain = [("id", "in", both.ids)]
        for user, place in ((self.ewa, 1), (self.jan, 2)):
            found = self.see(user).search(domain, order="name")
            self.assertEqual(found.ids.index(self.hidden.id), place)
            found = self.see(user).search(domain, order="name desc, id")
            self.assertEqual(found.ids.index(self.hidden.id), place % 2)

    def test_no_order_tells_a_day_of_its_activity(self):
        mine = self.event(self.show(self.ewa, name="Open"))
        both = [("id", "in", (self.hidden | mine).ids)]
        days = self.hidden.relationship_activity_id
        found = []
        for day in ("2020-01-01", "2080-01-01"):
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE relationship_activity SET date_from = %s WHERE id = %s",
                [day, days.id],
            )
            seen = self.see(self.jan).search(both, order="relationship_activity_id")
            found.append(seen.ids)
        self.assertEqual(*found)

    def test_the_meeting_of_an_opportunity_of_a_hidden_type_is_told_as_little(self):
        kind = self.machine_deal.copy(
            {"name": "Secret deal", "see_group_ids": self.secret.see_group_ids.ids}
        )
        deals = [
            self.env["crm.lead"].create(
                {
                    "name": "Secret crane",
                    "type": "opportunity",
                    "opportunity_type_id": each.id,
                    "user_id": self.ewa.id,
                }
            )
            for each in (kind, self.machine_deal)
        ]
        for deal, name in zip(deals, ("Busy", "Secret crane"), strict=True):
            meeting = self.env["calendar.event"].create(
                {
                    "name": deal.name,
                    "start": TEN,
                    "stop": TEN + timedelta(hours=1),
                    "opportunity_id": deal.id,
                    "user_id": self.ewa.id,
                    "partner_ids": self.ewa.partner_id.ids,
                }
            )
            note = meeting.message_post(message_type="comment")
            # Of other opportunities core tells, whoever works on them.
            for user, shown in ((self.jan, name), (self.anna, "Secret crane")):
                with self.subTest(name, user=user.login):
                    seen = self.see(user, meeting)
                    told = shown == "Secret crane"
                    self.assertEqual(seen.name, shown)
                    domain = [("opportunity_id", "=", deal.id)]
                    self.assertEqual(bool(seen.search(domain)), told)
                    theirs = note.with_user(user)
                    self.assertEqual(theirs.has_access("read"), told)

    def test_meetings_are_grouped_by_whatever_they_tell(self):
        """By what core groups them; a hidden one is in no group that tells of it."""
        events = self.env["calendar.event"]
        for name in ("name", "opportunity_id", "res_model_id", "location"):
            for user, is_told in ((self.jan, False), (self.ewa, True)):
                hidden = [("id", "=", self.hidden.id)]
                with self.subTest(name, user=user.login):
                    groups = self.see(user).formatted_read_group(
                        hidden, [name], ["__count"]
                    )
                    self.assertEqual(bool(groups), is_told)
                    events.with_user(user).web_read_group([], [name], ["__count"])

    def test_who_comes_is_a_part_of_it(self):
        guests = self.hidden.sudo().attendee_ids
        self.assertTrue(guests)
        domain = [("event_id", "=", self.hidden.id)]
        for user in (self.jan, self.anna, self.ewa):
            theirs = guests.sudo(False).with_user(user)
            theirs.invalidate_recordset()
            is_told = user != self.jan
            self.assertEqual(bool(theirs.search(domain)), is_told, user.login)
            if is_told:
                self.assertTrue(theirs.read(["access_token"])[0]["access_token"])
            else:
                with self.refused("not allowed to access|'read' access", AccessError):
                    theirs.read(["access_token", "common_name"])

    def test_its_files_are_not_read(self):
        values = {"res_model": "calendar.event", "res_id": self.hidden.id}
        file = self.env["ir.attachment"].create(
            {"name": "invitation.ics", "raw": b"SUMMARY:Take over", **values}
        )
        for user, is_told in ((self.jan, False), (self.anna, True), (self.ewa, True)):
            theirs = file.with_user(user)
            theirs.invalidate_recordset()
            found = theirs.search([("name", "=", "invitation.ics")])
            self.assertEqual(file in found, is_told, user.login)
            self.assertEqual(theirs.has_access("read"), is_told)

    def test_who_may_not_see_it_changes_nothing(self):
        sentence = "about something that you may not see|have '(write|unlink)' access"
        for change in (
            lambda event: event.write({"name": "x"}),
            lambda event: event.write({"start": TEN + timedelta(days=1)}),
            lambda event: event.unlink(),
        ):
            with self.refused(sentence, AccessError):
                change(self.see(self.jan))
        self.assertIsAt(self.activity, TEN, 1)

    def test_who_has_none_of_our_groups_keeps_the_calendar(self):
        clerk = new_test_user(self.env, "clerk_of_meetings", "base.group_user")
        events = self.env["calendar.event"].with_user(clerk)
        own = events.create(
            {"name": "PakTech, too", "start": TEN, "stop": TEN + timedelta(hours=1)}
        )
        self.assertEqual(events.search([("name", "ilike", "PakTech")]), own)
        found = events.search([("start", "=", TEN)])
        self.assertEqual(set(found.mapped("name")), {"PakTech, too", "Busy"})
        self.assertNotIn(("Take over PakTech",), events._read_group([], ["name"]))
        own.name = "Lunch"
        self.assertFalse(own.relationship_activity_id)

    def test_its_messages_are_not_read(self):
        price = "Price is 2 million"
        message = self.hidden.message_post(body=price)
        with self.refused("security restrictions", AccessError):
            message.sudo(False).with_user(self.jan).read(["body"])
        seen = message.sudo(False).with_user(self.ewa).read(["body"])
        self.assertIn("2 million", seen[0]["body"])

    def test_another_company_is_not_told(self):
        activity = self.show(company_id=self.company.id)
        event = self.event(activity)
        self.assertEqual(self.see(self.katrin, event).name, "Busy")
        self.assertEqual(self.see(self.jan, event).name, "Fair")

    def test_who_sees_own_opportunities_is_not_told_of_others(self):
        lead = self.new_lead(self.piotr, user_id=self.piotr.id)
        event = self.event(self.show(self.piotr, lead_id=lead.id))
        self.assertEqual(self.see(self.anna, event).name, "Busy")
        self.assertEqual(self.see(self.piotr, event).name, "Fair")
        self.assertNotIn(
            event, self.see(self.anna, event).search([("opportunity_id", "=", lead.id)])
        )

    def test_who_takes_part_has_it_in_my_day_once(self):
        start = fields.Datetime.now() + timedelta(days=2)
        activity = self.show(
            meeting_start=start, contact_id=self.maj.id, participant_ids=self.piotr.ids
        )
        event = self.event(activity)
        for user in (self.anna, self.piotr):
            items = self.env["relationship.day.item"].with_user(user)
            item = items.search([("meeting_id", "=", event.id)])
            self.assertEqual((len(item), item.name), (1, "Fair"))
            # Not the colleague who comes along.
            self.assertEqual(item.partner_id, self.maj)
            self.assertEqual(item.record_name, "Stalmet S.A.")
        items = self.env["relationship.day.item"].with_user(self.jan)
        self.assertFalse(items.search([("meeting_id", "=", event.id)]))

    def test_a_merge_is_not_stopped_by_what_is_hidden(self):
        leads = self.new_lead() | self.new_lead()
        leads.user_id = self.piotr
        activity = self.show(
            self.ewa,
            lead_id=leads[1].id,
            type_id=self.secret.id,
            user_id=self.ewa.id,
        )
        head = leads.with_user(self.piotr).merge_opportunity()
        self.assertEqual(self.event(activity).opportunity_id, head)
        head.with_user(self.ewa).unlink()
        self.assertFalse(self.events(activity))
