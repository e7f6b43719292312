from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

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


@tagged("post_install", "-at_install")
class TestAbsenceOfOthers(ActivityCase):
    """Who is away, and who stands in, is a matter of those who work here."""

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_customer_has_no_substitute(self):
        client = self.env["res.users"].create(
            {
                "name": "Client",
                "login": "test_client",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        own = client.with_user(client)
        own.write({"lang": "en_US"})
        for name, value in {
            "substitute_id": self.ewa.id,
            "absent_from": self.today,
            "absent_until": self.today,
        }.items():
            with self.subTest(name):
                for more in ({}, {"lang": "en_US"}):
                    with self.refused("not allowed to modify 'User'", AccessError):
                        own.write({name: value, **more})
        anna = self.anna.with_user(self.anna)
        theirs = self.other_company.id
        client.write({"company_ids": [Command.set([theirs])], "company_id": theirs})
        with self.refused("^somebody whom you may not see does not work here"):
            anna.write({"substitute_id": client.id})
        anna.write({"substitute_id": self.ewa.id})
        self.assertEqual(anna.substitute_id, self.ewa)
