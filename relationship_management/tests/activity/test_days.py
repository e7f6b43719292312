from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .activity_case import ActivityCase

FAR = ("9999-12-31", "0001-01-01")


@tagged("post_install", "-at_install")
class TestDaysFarAway(ActivityCase):
    """Days that no calendar has stop nobody but whoever enters them."""

    def test_days_far_away_are_refused_in_words(self):
        activity = self.plan()
        for day in FAR:
            for values in ({"date_from": day}, {"date_from": day, "date_to": day}):
                with self.refused("between the years", ValidationError):
                    self.plan(**values)
                with self.refused("between the years", ValidationError):
                    activity.write(values)
            values = {"type_id": self.visit.id, "partner_id": self.stalmet.id}
            answer = activity.browse().onchange(
                {**values, "date_from": day},
                ["date_from"],
                {key: {} for key in ("type_id", "date_from", "date_to", "preview")},
            )
            self.assertFalse(answer["value"].get("preview"))

    def test_a_deadline_far_away_counts_as_none(self):
        self.visit.template_ids.delay_base = "project_deadline"
        for day in FAR:
            lead = self.new_lead(date_deadline=day)
            tasks = self.tasks(self.plan(lead_id=lead.id))
            self.assertEqual(tasks[0].date_deadline, self.today)

    def test_no_type_counts_more_days_than_ten_years(self):
        for values in (
            {"duration_days": 3651},
            {"result_ids": [Command.create({"name": "Sold", "next_days": 3651})]},
            {"template_ids": [Command.create({"delay_count": 3651})]},
            {"template_ids": [Command.create({"delay_count": -3651})]},
        ):
            with self.subTest(values), self.refused("at most 3650", ValidationError):
                self.env["relationship.activity.type"].create({"name": "Far", **values})
        for unit in ("days", "working_days", "weeks", "months"):
            for direction in ("after_plan_date", "before_plan_date"):
                kind = self.new_type(
                    "Long",
                    {
                        "delay_count": 3650,
                        "delay_unit": unit,
                        "delay_from": direction,
                    },
                    duration_days=3650,
                )
                with self.subTest(f"{unit} {direction}"):
                    self.assertTrue(self.tasks(self.plan(type_id=kind.id)))
