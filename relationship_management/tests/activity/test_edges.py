from datetime import timedelta

from lxml import etree

from odoo import Command
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .activity_case import ActivityCase


@tagged("post_install", "-at_install")
class TestEdges(ActivityCase):
    """Days beyond the calendar are refused with a sentence, and asked for quickly."""

    def test_distances_that_are_slips_of_the_fingers(self):
        template = self.visit.template_ids[0]
        self.visit.result_ids = [Command.create({"name": "Sold"})]
        for record, field, values in (
            (template, "delay_count", (3651, -3651, 10**9)),
            (self.visit, "duration_days", (3651, 2**31 - 1)),
            (self.visit.result_ids, "next_days", (3651, 2**31 - 1)),
        ):
            for value in values:
                with (
                    self.subTest(field, value=value),
                    self.refused("” is at most 3650: enter a smaller number"),
                ):
                    record[field] = value
            record[field] = 3650

    def test_no_working_day_from_a_weekend_on(self):
        """The day itself, the next working day, or before it the last one."""
        template = self.visit.template_ids[0]
        template.write({"delay_unit": "working_days", "delay_count": 0})
        monday = self.today + timedelta(days=21 - self.today.weekday())
        for hours in ("with", "without"):
            if hours == "without":
                self.company.resource_calendar_id.attendance_ids.unlink()
            for direction, start, due in (
                *(("after_plan_date", day, day) for day in (0, 4)),
                *(("before_plan_date", day, day) for day in (0, 4)),
                *(("after_plan_date", day, 7) for day in (5, 6)),
                *(("before_plan_date", day, 4) for day in (5, 6)),
            ):
                with self.subTest(hours, direction=direction, start=start):
                    template.delay_from = direction
                    activity = self.plan(date_from=monday + timedelta(days=start))
                    self.assertEqual(
                        self.tasks(activity)[0].date_deadline,
                        monday + timedelta(days=due),
                    )

    def test_a_calendar_without_hours_is_not_searched(self):
        calendar = self.company.resource_calendar_id
        calendar.attendance_ids.unlink()
        searched = []
        self.patch(type(calendar), "plan_days", lambda *args, **kw: searched.append(1))
        self.visit.template_ids.write({"delay_unit": "working_days", "delay_count": 3})
        self.assertEqual(len(self.tasks(self.plan())), 2)
        self.assertFalse(searched)

    def test_colleagues_of_a_person_are_offered_as_contact_persons(self):
        """An opportunity mostly names a person, and not the company."""
        person, colleague = self.env["res.partner"].create(
            [{"name": name, "parent_id": self.stalmet.id} for name in ("Ola", "Jacek")]
        )
        alone = self.env["res.partner"].create({"name": "Zofia"})
        view = self.env["relationship.activity"].with_user(self.anna).get_view()
        node = etree.fromstring(view["arch"]).find(".//field[@name='contact_id']")
        for partner, offered in (
            (person, self.stalmet | person | colleague),
            (self.stalmet, self.stalmet | person | colleague),
            (alone, alone),
        ):
            with self.subTest(partner.name):
                activity = self.plan(partner_id=partner.id)
                values = activity.read(
                    ["partner_id", "commercial_partner_id"], load=None
                )[0]
                domain = safe_eval(node.get("domain"), values)
                found = self.env["res.partner"].with_user(self.anna).search(domain)
                self.assertEqual(found, offered)
                activity.contact_id = offered[-1]
                self.assertEqual(activity.contact_id, offered[-1])
