"""Odoo's dialog *Launch plan* shows and creates what our templates say."""

from odoo import Command
from odoo.tests import Form, tagged

from ..activity.activity_case import ActivityCase


@tagged("post_install", "-at_install")
class TestLaunch(ActivityCase):
    """A call, a visit by who looks after it, and a thank-you when the call is done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stalmet.write({"user_id": cls.ewa.id, "ref": "S-1"})
        cls.person = cls.env["res.partner"].create(
            {"name": "Tomasz Rek", "parent_id": cls.stalmet.id}
        )

    def new_plan(self, model):
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "First contact",
                "res_model": model,
                "company_id": False,
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": self.call.id,
                            "delay_from": "after_plan_date",
                            "sequence": sequence,
                            **values,
                        }
                    )
                    for sequence, values in enumerate(
                        [
                            {"summary": "Call {partner}", "delay_count": 2},
                            {
                                "summary": "Visit {contact}",
                                "note": "<p>{project}, {number}</p>",
                                "responsible_type": "partner",
                            },
                            {"summary": "Thank {partner}"},
                        ]
                    )
                ],
            }
        )
        plan.template_ids[2].wait_template_id = plan.template_ids[0]
        return plan

    def launch(self, plan, records, **values):
        """Return what the dialog shows, and the tasks that it creates."""
        wizards = self.env["mail.activity.schedule"].with_user(self.anna)
        form = Form(
            wizards.with_context(
                active_model=records._name,
                active_ids=records.ids,
                active_id=records[:1].id,
            )
        )
        form.plan_id = plan
        for name, value in values.items():
            form[name] = value
        lines = form.plan_schedule_line_ids
        shown = [
            tuple(
                lines._records[n][name]
                for name in ("line_description", "responsible_user_id")
            )
            for n in range(len(lines))
        ]
        dates = [line["line_date_deadline"] for line in lines._records]
        form.save().action_schedule_plan()
        return shown, dates, self.tasks_at(records)

    def tasks_at(self, records):
        tasks = self.env["mail.activity"].with_context(active_test=False)
        here = [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        return tasks.search(here, order="id")

    def assert_launched(self, record, subject):
        plan = self.new_plan(record._name)
        absent = {"absent_from": self.today, "substitute_id": self.anna.id}
        self.piotr.write({**absent, "absent_until": self.day(1)})
        shown, dates, tasks = self.launch(
            plan,
            record,
            plan_date=self.day(1),
            plan_on_demand_user_id=self.piotr,
        )
        self.assertEqual(
            shown,
            [
                (f"Call {subject}", self.piotr.id),
                (f"Visit {subject}", self.ewa.id),
                (
                    f"Thank {subject}: follows when this is done: Call {subject}",
                    False,
                ),
            ],
        )
        self.assertEqual(dates[:2], [self.day(3), self.day(1)])
        self.assertFalse(dates[2])
        self.assertEqual(
            tasks.mapped("summary"), [f"Call {subject}", f"Visit {subject}"]
        )
        self.assertEqual(tasks.mapped("user_id"), self.piotr | self.ewa)
        self.assertEqual(tasks.mapped("date_deadline"), [self.day(3), self.day(1)])
        said = record.message_ids[0].body
        self.assertIn("Plan launched: First contact", said)
        self.assertIn(f"<li>Call {subject}: test_piotr", said)
        self.assertIn(f"<li>Thank {subject}: follows when this is done", said)
        tasks[0].with_user(self.piotr).action_feedback()
        thanks = self.tasks_at(record)[2:]
        self.assertEqual(thanks.mapped("summary"), [f"Thank {subject}"])
        return tasks

    def test_at_a_partner(self):
        tasks = self.assert_launched(self.stalmet, "Stalmet S.A.")
        self.assertEqual(tasks[1].note, "<p>Stalmet S.A., S-1</p>")

    def test_on_an_opportunity(self):
        lead = self.new_lead(partner_id=self.stalmet.id, user_id=self.anna.id)
        self.piotr.group_ids += self.ewa.group_ids
        self.assert_launched(lead, "Stalmet S.A.")

    def test_on_a_campaign(self):
        """It is about nobody: its own name stands for whom."""
        campaign = self.new_campaign(user_id=self.ewa.id)
        plan = self.new_plan("relationship.campaign")
        shown, _dates, tasks = self.launch(plan, campaign)
        self.assertEqual(shown[0], ("Call Poznań fair", self.anna.id))
        self.assertEqual(
            tasks.mapped("summary"), ["Call Poznań fair", "Visit Poznań fair"]
        )
        # Whom the dialog has asked for, where the rule of a line finds nobody.
        self.assertEqual(tasks.user_id, self.anna)

    def test_what_was_launched_is_proposed_no_more(self):
        plan = self.new_plan("crm.lead")
        self.stages[1].activity_plan_id = plan
        lead = self.new_lead(partner_id=self.stalmet.id, stage_id=self.stages[1].id)
        self.assertTrue(lead.planned_message)
        self.launch(plan, lead)
        self.assertFalse(lead.planned_message)

    def test_launched_again_it_goes_on_again(self):
        for record in self.stalmet, self.new_lead(partner_id=self.stalmet.id):
            plan = self.new_plan(record._name)
            for number in (1, 2):
                tasks = self.launch(plan, record)[2]
                tasks.filtered("active")[:1].with_user(self.anna).action_feedback()
                thanks = self.tasks_at(record).filtered(
                    lambda task: task.summary == "Thank Stalmet S.A."
                )
                self.assertEqual(len(thanks), number)
                self.tasks_at(record).filtered("active").action_feedback()
                self.assertEqual(len(self.tasks_at(record)), 3 * number)

    def test_at_several(self):
        """What differs is left open in the dialog, and filled in at each."""
        plan = self.new_plan("res.partner")
        both = self.stalmet | self.kranbau
        shown, dates, tasks = self.launch(plan, both)
        self.assertFalse(any(dates))
        self.assertEqual(
            [line for line, _user in shown],
            [
                "Call …",
                "Visit …",
                "Thank …: follows when this is done: Call …",
            ],
        )
        self.assertEqual(shown[0][1], self.anna.id)
        self.assertEqual(
            tasks.mapped("summary"),
            [
                *("Call Stalmet S.A.", "Visit Stalmet S.A."),
                *("Call Kranbau Wolff", "Visit Kranbau Wolff"),
            ],
        )
        self.assertEqual(tasks[3].user_id, self.anna)
