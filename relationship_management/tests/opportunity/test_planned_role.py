from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, ValidationError
from odoo.tests import Form, tagged

from ..common import RelationshipCase


class PlannedRoleCase(RelationshipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.decider_type = cls.env.ref(
            "relationship_management.relationship_reference_type_decision_maker"
        )

    def _plan(self, **values):
        return self.env["relationship.planned.role"].create(
            {
                "opportunity_type_id": self.machine_deal.id,
                "reference_type_id": self.decider_type.id,
                **values,
            }
        )

    def _guard(self, **values):
        return self._plan(
            **{"demand": "block", "stage_id": self.stages[1].id, **values}
        )

    def _deal(self, **values):
        return self.new_lead(
            opportunity_type_id=self.machine_deal.id,
            **{"stage_id": self.stages[0].id, **values},
        )

    def _introduce(self, lead, partner=None, role=None, **values):
        return self.env["relationship.reference"].create(
            {
                "lead_id": lead.id,
                "partner_id": (partner or self.stalmet).id,
                "type_id": (role or self.decider_type).id,
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestStageGuard(PlannedRoleCase):
    """A stage asks for people: it is refused, or the opportunity warns."""

    def test_the_stage_is_refused_and_names_who_is_missing(self):
        self._guard()
        lead = self._deal()
        with self.assertRaisesRegex(RedirectWarning, "Proposal 2.*Decision maker"):
            lead.stage_id = self.stages[1]
        with self.refused(
            "asks for people in these roles: Decision maker", RedirectWarning
        ) as refusal:
            lead.write({"stage_id": self.stages[2].id})
        params = refusal.exception.args[1]["params"]
        self.assertEqual(params["missing"]["documentId"], lead.id)
        self.assertEqual(params["missing"]["title"], lead.display_name)
        self.assertEqual(params["missing"]["roleId"], self.decider_type.id)
        self.assertEqual(params["values"], {"stage_id": self.stages[2].id})

    def test_the_person_opens_the_stage(self):
        self._guard()
        lead = self._deal()
        self._introduce(lead)
        lead.stage_id = self.stages[1]
        self.assertEqual(lead.stage_id, self.stages[1])

    def test_person_and_stage_in_one_step(self):
        self._guard()
        lead = self._deal()
        lead.write(
            {
                "stage_id": self.stages[1].id,
                "reference_ids": [
                    (
                        0,
                        0,
                        {
                            "partner_id": self.stalmet.id,
                            "type_id": self.decider_type.id,
                        },
                    )
                ],
            }
        )
        self.assertEqual(lead.stage_id, self.stages[1])

    def test_in_the_form(self):
        self._guard()
        form = Form(self._deal())
        form.stage_id = self.stages[1]
        self.assertEqual(form.missing_roles[0]["name"], self.decider_type.name)
        with self.refused(
            "asks for people in these roles: Decision maker", RedirectWarning
        ):
            form.save()

    def test_in_the_pipeline(self):
        """Dragging a card writes through web_save."""
        self._guard()
        lead = self._deal()
        with self.refused(
            "asks for people in these roles: Decision maker", RedirectWarning
        ):
            lead.web_save({"stage_id": self.stages[1].id}, {"stage_id": {}})

    def test_created_in_the_stage(self):
        self._guard()
        with self.assertRaisesRegex(ValidationError, "Decision maker"):
            self._deal(stage_id=self.stages[1].id)

    def test_in_an_import(self):
        self._guard()
        result = (
            self.env["crm.lead"]
            .with_user(self.ewa)
            .with_context(import_file=True)
            .load(
                ["name", "type", "opportunity_type_id", "stage_id"],
                [["Imported", "opportunity", "Test machine deal", "Proposal 2"]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn("Decision maker", result["messages"][0]["message"])

    def test_won_needs_the_people_too(self):
        self._guard()
        lead = self._deal()
        with self.refused(
            "asks for people in these roles: Decision maker", RedirectWarning
        ):
            lead.action_set_won()

    def test_more_than_one(self):
        self._guard(minimum=2)
        lead = self._deal()
        self._introduce(lead)
        with self.assertRaisesRegex(RedirectWarning, "Decision maker"):
            lead.stage_id = self.stages[1]
        self._introduce(lead, self.kranbau)
        lead.stage_id = self.stages[1]

    def test_the_same_person_twice_is_one(self):
        self._guard(minimum=2)
        lead = self._deal()
        self._introduce(lead)
        with (
            self.refused("already plays the role", ValidationError),
            self.cr.savepoint(),
        ):
            self._introduce(lead)
        with self.refused(
            "asks for people in these roles: Decision maker", RedirectWarning
        ):
            lead.stage_id = self.stages[1]

    def test_whoever_has_left_does_not_count(self):
        self._guard()
        lead = self._deal()
        self._introduce(lead, date_to=fields.Date.subtract(self.get_today(), days=9))
        with self.refused(
            "asks for people in these roles: Decision maker", RedirectWarning
        ):
            lead.stage_id = self.stages[1]

    def test_other_types_and_earlier_stages_are_free(self):
        self._guard(stage_id=self.stages[2].id)
        self._deal().stage_id = self.stages[1]
        self.new_lead(stage_id=self.stages[0].id).stage_id = self.stages[2]

    def test_a_stage_may_ask_for_every_type(self):
        self._guard(opportunity_type_id=False)
        lead = self.new_lead(stage_id=self.stages[0].id)
        with self.refused(
            "asks for people in these roles: Decision maker", RedirectWarning
        ):
            lead.stage_id = self.stages[1]

    def test_a_later_guard_stops_nobody_who_stays_or_goes_back(self):
        lead = self._deal(stage_id=self.stages[1].id)
        self._guard()
        lead.expected_revenue = 5
        lead.write({"stage_id": self.stages[1].id})
        with self.refused(
            "asks for people in these roles: Decision maker", RedirectWarning
        ):
            lead.stage_id = self.stages[2]
        lead.stage_id = self.stages[0]
        self.assertEqual(lead.stage_id, self.stages[0])

    def test_another_type_asks_for_its_people(self):
        self._guard()
        lead = self.new_lead(stage_id=self.stages[1].id)
        with self.refused(
            "asks for people in these roles: Decision maker", RedirectWarning
        ):
            lead.opportunity_type_id = self.machine_deal

    def test_many_at_once_are_told_in_a_plain_sentence(self):
        self._guard()
        leads = self._deal() | self._deal()
        with self.assertRaisesRegex(ValidationError, "Packing line"):
            leads.write({"stage_id": self.stages[1].id})

    def test_a_warning_stops_nobody(self):
        self._plan(demand="warning", stage_id=self.stages[1].id)
        lead = self._deal()
        self.assertFalse(lead.missing_roles)
        lead.stage_id = self.stages[1]
        self.assertEqual(lead.missing_roles[0]["type_id"], self.decider_type.id)
        self._introduce(lead)
        self.assertFalse(lead.missing_roles)

    def test_a_person_that_is_not_visible_fills_the_role(self):
        self._guard()
        lead = self._deal()
        foreign = self.env["res.partner"].create({"name": "Rek"})
        self._introduce(lead, foreign)
        lead.with_user(self.piotr).stage_id = self.stages[1]

    def test_an_archived_role_is_not_asked_for(self):
        self._guard()
        self.decider_type.active = False
        self._deal().stage_id = self.stages[1]

    def test_constant_queries(self):
        self._guard(stage_id=self.stages[2].id)
        self._plan(demand="warning")
        leads = self.env["crm.lead"].concat(*(self._deal() for _i in range(6)))
        leads._get_missing_roles()
        counts = []
        for records in (leads[:1], leads):
            self.env.flush_all()
            self.env.invalidate_all()
            records.mapped("stage_id.name")
            before = self.env.cr.sql_log_count
            found = records._get_missing_roles()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(found), len(records))
        self.assertEqual(counts[0], counts[1])

    def test_no_query_where_nothing_is_asked_for(self):
        self.env["relationship.planned.role"].search([]).unlink()
        leads = self._deal() | self._deal()
        leads.mapped("type")
        self.env["relationship.planned.role"]._get_demands()
        with self.assertQueryCount(0):
            leads._get_missing_roles()


@tagged("post_install", "-at_install")
class TestProposedRoles(PlannedRoleCase):
    """R-34: the type proposes roles, the opportunity holds the people."""

    def test_two_proposed_roles_are_two_suggestions(self):
        self._plan()
        self._plan(reference_type_id=self.representative_type.id)
        form = Form(self.env["crm.lead"].with_user(self.anna))
        form.name = "Packing line"
        form.opportunity_type_id = self.machine_deal
        self.assertEqual(
            [role["name"] for role in form.proposed_roles],
            [self.decider_type.name, self.representative_type.name],
        )
        lead = form.save()
        self.assertFalse(lead.reference_ids)
        self._introduce(lead)
        self.assertEqual(
            [role["type_id"] for role in lead.proposed_roles],
            [self.representative_type.id],
        )

    def test_a_closed_opportunity_proposes_nothing(self):
        self._plan()
        lead = self._deal()
        lead.action_set_won()
        self.assertFalse(lead.proposed_roles)

    def test_the_strictest_demand_is_shown_once(self):
        self._plan()
        self._plan(demand="warning", minimum=2)
        lead = self._deal()
        self.assertFalse(lead.proposed_roles)
        self.assertEqual(lead.missing_roles[0]["count"], 2)


@tagged("post_install", "-at_install")
class TestPlannedRole(PlannedRoleCase):
    def test_a_refusal_needs_a_stage(self):
        with self.assertRaisesRegex(ValidationError, "Choose the stage"):
            self._plan(demand="block")

    def test_bad_lines(self):
        for values, sentence in (
            ({"minimum": 0}, "needs one person at least: enter 1 or more"),
            ({"minimum": -1}, "needs one person at least: enter 1 or more"),
            ({"opportunity_type_id": False}, "Choose an opportunity type or a stage"),
        ):
            with self.subTest(values=values), self.refused(sentence, ValidationError):
                self._plan(**values)

    def test_a_role_of_another_company_is_refused(self):
        foreign = self.env["relationship.reference.type"].create(
            {"name": "Prokurist", "company_id": self.other_company.id}
        )
        with self.refused("company inconsistencies"):
            self._plan(reference_type_id=foreign.id)

    def test_lines_of_another_company_ask_nothing(self):
        self.env["relationship.planned.role"].create(
            {
                "stage_id": self.env["crm.stage"]
                .create({"name": "L", "company_id": self.other_company.id})
                .id,
                "reference_type_id": self.decider_type.id,
                "demand": "warning",
            }
        )
        self.assertFalse(self._deal().missing_roles)

    def test_a_copied_type_plans_the_same(self):
        self._guard()
        copy = self.machine_deal.with_user(self.ewa).copy()
        self.assertEqual(copy.planned_role_ids.reference_type_id, self.decider_type)

    def test_salespeople_cannot_change_the_rules(self):
        line = self._guard()
        with self.refused("not allowed to delete 'Planned role'", AccessError):
            line.with_user(self.anna).unlink()
