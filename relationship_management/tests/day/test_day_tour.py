from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..tour_case import TourCase


@tagged("post_install", "-at_install")
class TestDayTour(TourCase):
    """A salesperson puts one task off, and says what came of another in two touches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.new_anna("anna_day")
        customer = cls.env["res.partner"].create(
            {"name": "Tour customer", "is_company": True, "phone": "+48 611"}
        )
        today = fields.Date.context_today(cls.env["res.users"].with_context(tz="UTC"))
        offer, visit = cls.env["relationship.activity.type"].create(
            [{"name": "Tour offer"}, {"name": "Tour visit"}]
        )
        call = cls.env.ref("mail.mail_activity_data_call")
        visit.write(
            {
                "template_ids": [
                    Command.create(
                        {"summary": "Tour call", "activity_type_id": call.id}
                    )
                ],
                "result_ids": [
                    Command.clear(),
                    Command.create({"name": "Tour no"}),
                    Command.create({"name": "Tour yes", "next_type_id": offer.id}),
                ],
            }
        )
        cls.activity = (
            cls.env["relationship.activity"]
            .with_user(cls.anna)
            .create(
                {
                    "name": "Tour round",
                    "type_id": visit.id,
                    "partner_id": customer.id,
                    "date_from": today,
                }
            )
        )
        task = cls.activity._get_tasks()
        task.write({"date_deadline": today})
        customer.activity_schedule(
            date_deadline=today - timedelta(days=2),
            summary="Tour letter",
            user_id=cls.anna.id,
        )

    def test_a_task_is_done_in_two_touches(self):
        self.anna.tz = "UTC"
        self.start_tour("/odoo/my-day", "relationship_day_tour", login="anna_day")
        self.assertEqual(self.activity.state, "done")
        self.assertEqual(self.activity.result_id.name, "Tour yes")


@tagged("post_install", "-at_install")
class TestDayTourOnPhone(TestDayTour):
    """The same with a finger on a small screen."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
