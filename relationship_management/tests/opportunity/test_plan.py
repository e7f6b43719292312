from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestStagePlan(RelationshipCase):
    """Entering a stage proposes its activities, each of them once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call, cls.todo = cls.env["mail.activity.type"].create(
            [{"name": "Test call"}, {"name": "Test errand"}]
        )
        cls.plan = cls._new_plan("Proposal", ("Ring them", 2), ("Send the offer", 5))
        cls.stages[1].activity_plan_id = cls.plan

    @classmethod
    def _new_plan(cls, name, *lines):
        return cls.env["mail.activity.plan"].create(
            {
                "name": name,
                "res_model": "crm.lead",
                "company_id": False,
                "template_ids": [
                    (
                        0,
                        0,
                        {
                            "activity_type_id": cls.call.id,
                            "summary": summary,
                            "delay_count": days,
                            "delay_from": "after_plan_date",
                            "responsible_type": "record",
                        },
                    )
                    for summary, days in lines
                ],
            }
        )

    def _activities(self, lead):
        return self.env["mail.activity"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)], order="id"
        )

    def test_entering_a_stage_proposes(self):
        lead = self.new_lead(stage_id=self.stages[0].id)
        self.assertFalse(lead.planned_message)
        form = Form(lead)
        form.stage_id = self.stages[1]
        self.assertIn("– Ring them\n– Send the offer", form.planned_message)
        form.save()
        self.assertFalse(self._activities(lead))

    def test_creating_takes_person_and_day_from_the_plan(self):
        lead = self.new_lead(stage_id=self.stages[1].id)
        lead.action_create_planned()
        activities = self._activities(lead)
        self.assertEqual(activities.mapped("summary"), ["Ring them", "Send the offer"])
        self.assertEqual(activities.user_id, self.anna)
        today = fields.Date.context_today(lead)
        self.assertEqual(
            [(day - today).days for day in activities.mapped("date_deadline")], [2, 5]
        )
        self.assertFalse(lead.planned_message)

    def test_creating_twice_makes_no_second_set(self):
        lead = self.new_lead(stage_id=self.stages[1].id)
        lead.action_create_planned()
        self._activities(lead)[0].action_feedback(feedback="done")
        self._activities(lead)[0].unlink()
        lead.stage_id = self.stages[0]
        lead.stage_id = self.stages[1]
        lead.action_create_planned()
        self.assertFalse(self._activities(lead))

    def test_a_line_added_later_is_proposed_alone(self):
        lead = self.new_lead(stage_id=self.stages[1].id)
        lead.action_create_planned()
        self.plan.template_ids = [
            (0, 0, {"activity_type_id": self.todo.id, "summary": "Visit"})
        ]
        lead.invalidate_recordset()
        self.assertEqual(lead.planned_message, "Planned here:\n– Visit")

    def test_not_needed(self):
        lead = self.new_lead(stage_id=self.stages[1].id)
        lead.action_skip_planned()
        self.assertFalse(lead.planned_message)
        self.assertFalse(self._activities(lead))

    def test_at_once(self):
        self.stages[1].activity_plan_mode = "create"
        lead = self.new_lead(stage_id=self.stages[0].id)
        lead.stage_id = self.stages[1]
        self.assertEqual(len(self._activities(lead)), 2)
        lead.stage_id = self.stages[1]
        self.assertEqual(len(self._activities(lead)), 2)

    def test_at_once_although_the_opportunity_goes_to_somebody_else(self):
        self.stages[1].activity_plan_mode = "create"
        lead = self.new_lead(stage_id=self.stages[0].id)
        lead.write({"stage_id": self.stages[1].id, "user_id": self.piotr.id})
        self.assertEqual(self._activities(lead).user_id, self.piotr)

    def test_the_type_plans_for_every_new_opportunity(self):
        self.machine_deal.activity_plan_id = self._new_plan("Machine", ("Survey", 1))
        self.machine_deal.activity_plan_mode = "create"
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.assertEqual(self._activities(lead).summary, "Survey")
        self.assertIn("Ring them", lead.planned_message)

    def test_a_given_user(self):
        self.plan.template_ids[0].write(
            {"responsible_type": "other", "responsible_id": self.ewa.id}
        )
        lead = self.new_lead(stage_id=self.stages[1].id)
        lead.action_create_planned()
        self.assertEqual(self._activities(lead)[0].user_id, self.ewa)

    def test_without_responsible_it_is_whoever_takes_the_plan(self):
        lead = self.new_lead(user=self.piotr, stage_id=self.stages[1].id, user_id=False)
        lead.action_create_planned()
        self.assertEqual(self._activities(lead).user_id, self.piotr)

    def test_nothing_for_a_lead_or_a_lost_opportunity(self):
        self.assertFalse(
            self.new_lead(type="lead", stage_id=self.stages[1].id).planned_message
        )
        lost = self.new_lead(stage_id=self.stages[1].id)
        lost.action_set_lost()
        self.assertFalse(lost.planned_message)

    def test_an_archived_plan_proposes_nothing(self):
        self.plan.active = False
        self.assertFalse(self.new_lead(stage_id=self.stages[1].id).planned_message)

    def test_who_may_not_write_the_opportunity_creates_nothing(self):
        lead = self.new_lead(user=self.piotr, stage_id=self.stages[1].id)
        with self.refused(r"'write' access to:\n- Lead \(", AccessError):
            lead.with_user(self.anna).action_create_planned()
        with self.refused(r"'write' access to:\n- Lead \(", AccessError):
            lead.with_user(self.anna).action_skip_planned()

    def test_a_copy_starts_anew(self):
        lead = self.new_lead(stage_id=self.stages[1].id)
        lead.action_skip_planned()
        copy = lead.with_user(self.ewa).copy({"stage_id": self.stages[1].id})
        self.assertTrue(copy.planned_message)

    def test_activities_stay_with_their_stage(self):
        """R-27: three stages, the activities of each stay linked, grouped by stage."""
        lead = self.new_lead(stage_id=self.stages[0].id)
        for stage in self.stages[:2]:
            lead.stage_id = stage
            lead.activity_schedule(
                activity_type_id=self.call.id, summary=f"In {stage.name}"
            )
        lead.action_create_planned()
        lead.stage_id = self.stages[2]
        self._activities(lead)[0].action_feedback(feedback="done")
        groups = (
            self.env["mail.activity"]
            .with_user(self.anna)
            .with_context(active_test=False)
            ._read_group(
                [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)],
                ["crm_stage_id"],
                ["__count"],
            )
        )
        self.assertEqual(
            dict(groups),
            {self.stages[0]: 1, self.stages[1]: 3},
        )

    def test_managers_keep_plans(self):
        manager = self._new_user(
            "rm", "relationship_management.relationship_management_group_manager"
        )
        self.plan.with_user(manager).name = "Offer"
        self.plan.template_ids[0].with_user(manager).summary = "Ring"
        with self.refused("not allowed to modify 'Activity Plan'", AccessError):
            self.plan.with_user(self.anna).name = "Mine"

    def test_a_proposal_costs_the_same_for_many(self):
        leads = self.env["crm.lead"]
        for _i in range(5):
            leads |= self.new_lead(stage_id=self.stages[1].id)
        counts = []
        for records in (leads[:1], leads):
            self.env.flush_all()
            self.env.invalidate_all()
            records.mapped("stage_id.name")
            before = self.env.cr.sql_log_count
            records.mapped("planned_message")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
