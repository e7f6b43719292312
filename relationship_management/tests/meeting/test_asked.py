"""No search, file or attendee tells of a meeting that is busy for who asks."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.activity.follow import FOLLOWING
from ...models.meeting.secret import ASKED
from ...models.shared.context import Marker
from .test_busy import BusyCase
from .test_busy_left import PAST

# Names that each of the meetings gets, to be guessed.
GUESSED = {
    "access_token": "tokenofthemeeting",
    "location": "Room of the million",
    "videocall_location": "https://million.example",
}


@tagged("post_install", "-at_install")
class TestAskedMeetings(BusyCase):
    def setUp(self):
        super().setUp()
        self.busy = self.get_busy()
        for event in self.busy.values():
            event.sudo().write(GUESSED)
            event.sudo().partner_ids |= self.ewa.partner_id | self.stalmet
            self.env["ir.attachment"].create(
                {
                    "name": "Two million.txt",
                    "raw": b"Two million",
                    "res_model": event._name,
                    "res_id": event.id,
                }
            )
        self.env.flush_all()
        self.env.invalidate_all()

    def find(self, user, event, *conditions):
        events = self.env["calendar.event"].with_user(user)
        return events.search([("id", "=", event.id), *conditions])

    def test_nothing_can_be_guessed(self):
        for kind, event in self.busy.items():
            with self.subTest(kind):
                for name, value in GUESSED.items():
                    guess = (name, "=like", f"{value[:5]}%")
                    self.assertTrue(self.find(self.ewa, event, guess), name)
                    self.assertFalse(self.find(self.jan, event, guess), name)

    def test_nothing_can_be_guessed_in_other_words(self):
        for kind, event in self.busy.items():
            hers = ("name", "=", event.sudo().name)
            other = ("name", "!=", event.sudo().name)
            for guess in (
                ("id", "any", [hers]),
                ("id", "not any", [other]),
                ("id", "any", [("id", "any", [hers])]),
                ("id", "child_of", event.sudo().name),
            ):
                with self.subTest(kind, guess=guess):
                    self.assertFalse(self.find(self.jan, event, guess))
                    self.assertFalse(self.find(self.jan, event, "!", "!", guess))
            read = self.env["calendar.event"].with_user(self.jan).formatted_read_group
            domain = [("id", "=", event.id), ("id", "any", [hers])]
            self.assertFalse(read(domain, ["user_id"], ["id:array_agg"]))
            self.assertTrue(self.find(self.ewa, event, ("id", "any", [hers])))

    def test_nothing_is_found_by_what_is_not_shown(self):
        public = self.env["calendar.event"]._get_public_fields()
        names = [
            name
            for name, field in self.env["calendar.event"]._fields.items()
            if field.store and name not in public | ASKED
        ]
        self.assertGreater(len(names), 20)
        for kind, event in self.busy.items():
            with self.subTest(kind):
                for name in names:
                    for operator in ("=", "!="):
                        found = self.find(self.jan, event, (name, operator, False))
                        self.assertFalse(found, name)

    def test_when_somebody_is_busy_is_found(self):
        for kind, event in self.busy.items():
            with self.subTest(kind):
                when = ("start", "=", event.start)
                for whose in (
                    ("partner_ids", "in", self.ewa.partner_id.ids),
                    ("partner_ids", "ilike", self.ewa.name),
                    ("recurrency", "=", False),
                ):
                    self.assertTrue(self.find(self.jan, event, when, whose))

    def test_who_comes_is_no_list_to_be_read(self):
        attendees = self.env["calendar.attendee"]
        for kind, event in self.busy.items():
            with self.subTest(kind):
                there = attendees.search([("event_id", "=", event.id)])
                self.assertTrue(there.with_user(self.ewa).mapped("access_token"))
                for name in ("attendee_ids.email", "attendee_ids.id"):
                    self.assertFalse(self.find(self.jan, event, (name, "!=", False)))
                theirs = attendees.with_user(self.jan)
                self.assertFalse(theirs.search([("event_id", "=", event.id)]))
                with self.refused("have 'read' access", AccessError):
                    there.with_user(self.jan).read(["access_token", "partner_id"])

    def test_files_are_for_those_who_are_told(self):
        files = self.env["ir.attachment"]
        for kind, event in self.busy.items():
            with self.subTest(kind):
                mine = [("res_id", "=", event.id)]
                for domain in (
                    [("res_model", "=", event._name), *mine],
                    [("res_model", "in", [event._name, "res.partner"]), *mine],
                    [("name", "=", "Two million.txt"), *mine],
                ):
                    found = files.with_user(self.ewa).search(domain)
                    self.assertIn(b"Two million", found.mapped("raw"))
                    theirs = files.with_user(self.jan)
                    self.assertFalse(theirs.search(domain))
                    self.assertFalse(theirs.search_count(domain))
                    self.assertFalse(theirs._read_group(domain, ["name"]))
                with self.refused(
                    "Document type: Attachment|'read' access", AccessError
                ):
                    found.with_user(self.jan).read(["raw"])

    def test_files_of_other_things_are_found_as_before(self):
        files = self.env["ir.attachment"]
        file = files.create(
            {"name": "Map", "res_model": "res.partner", "res_id": self.stalmet.id}
        )
        for domain in (
            [("res_model", "=", "res.partner"), ("id", "=", file.id)],
            [
                ("res_model", "in", ["calendar.event", "res.partner"]),
                ("id", "=", file.id),
            ],
            [("id", "=", file.id)],
        ):
            self.assertEqual(files.with_user(self.jan).search(domain), file)

    def test_files_that_hold_fields_are_found_by_what_core_asks_for(self):
        """Who names *id* or *res_field* gets these, too."""
        files = self.env["ir.attachment"].with_user(self.jan)
        here = {"res_model": "res.partner", "res_id": self.stalmet.id}
        image = self.env["ir.attachment"].create(
            {"name": "image_1920", "res_field": "image_1920", "raw": b"x", **here}
        )
        for named in (
            [("id", "!=", False)],
            ["|", ("res_field", "=", False), ("res_field", "!=", False)],
        ):
            for models in (["res.partner"], ["res.partner", "calendar.event"]):
                here = [("res_model", "in", models), ("res_id", "=", self.stalmet.id)]
                self.assertIn(image, files.search([*named, *here]))

    def test_files_of_a_meeting_that_is_not_saved_are_their_makers(self):
        here = {"res_model": "calendar.event", "res_id": 0}
        files = self.env["ir.attachment"].with_user(self.jan)
        file = files.create({"name": "Map", **here})
        domain = [(name, "=", value) for name, value in here.items()]
        self.assertEqual(files.search(domain), file)
        self.assertFalse(files.with_user(self.anna).search(domain))

    def test_what_is_left_tells_no_more(self):
        """Of an activity whose meeting has been, the meeting becomes private."""
        drag = self.hidden.sudo().with_context(**{FOLLOWING: Marker()})
        drag.write({"start": PAST, "stop": PAST + timedelta(hours=1)})
        self.hidden.relationship_activity_id.with_user(self.ewa).unlink()
        self.assertTrue(self.hidden.exists())
        self.assertEqual(self.hidden.sudo().privacy, "private")
        self.env.flush_all()
        self.env.invalidate_all()
        for name, value in GUESSED.items():
            self.assertFalse(self.find(self.jan, self.hidden, (name, "=", value)))
        attendees = self.env["calendar.attendee"].with_user(self.jan)
        self.assertFalse(attendees.search([("event_id", "=", self.hidden.id)]))
        self.assertTrue(self.find(self.anna, self.hidden, ("name", "!=", False)))
