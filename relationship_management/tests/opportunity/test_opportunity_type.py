from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestOpportunityTypeDefaults(RelationshipCase):
    def assertDefaults(self, lead):
        self.assertEqual(lead.stage_id, self.stages[1])
        self.assertEqual(lead.probability, 40)
        self.assertEqual(lead.margin_percent, 20)
        self.assertTrue(lead.binding)
        self.assertTrue(lead.apply_probability)
        self.assertEqual(
            lead.date_deadline, fields.Date.context_today(lead) + timedelta(days=30)
        )
        self.assertRegex(lead.number, r"^TMD-\d{5}$")

    def test_create_applies_the_defaults_of_the_type(self):
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.assertDefaults(lead)
        self.assertEqual(lead.user_id, self.anna)

    def test_form_applies_the_defaults_of_the_type(self):
        form = Form(self.env["crm.lead"].with_user(self.anna))
        form.name = "Packing line"
        form.opportunity_type_id = self.machine_deal
        self.assertEqual(form.probability, 40)
        self.assertEqual(form.stage_id, self.stages[1])
        self.assertDefaults(form.save())

    def test_import_applies_the_defaults_of_the_type(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.ewa)
            .with_context(import_file=True)
            .load(
                ["name", "type", "opportunity_type_id", "expected_revenue", "stage_id"],
                [
                    ["First", "opportunity", "Test machine deal", "100", ""],
                    ["Next", "opportunity", "Test machine deal", "200", "Qualified 1"],
                ],
            )
        )
        self.assertFalse(result["messages"])
        first, second = self.env["crm.lead"].browse(result["ids"])
        self.assertDefaults(first)
        self.assertEqual(second.stage_id, self.stages[0])
        self.assertEqual(second.contribution_margin, 40)

    def test_an_explicit_value_wins(self):
        lead = self.new_lead(
            opportunity_type_id=self.machine_deal.id,
            probability=70,
            stage_id=self.stages[0].id,
            binding=False,
            date_deadline="2030-01-01",
            user_id=False,
        )
        self.assertEqual(lead.probability, 70)
        self.assertEqual(lead.stage_id, self.stages[0])
        self.assertFalse(lead.binding)
        self.assertEqual(fields.Date.to_string(lead.date_deadline), "2030-01-01")
        self.assertFalse(lead.user_id)

    def test_what_was_typed_before_the_type_stays(self):
        form = Form(self.env["crm.lead"].with_user(self.anna))
        form.name = "Packing line"
        form.date_deadline = "2030-01-01"
        form.opportunity_type_id = self.machine_deal
        self.assertEqual(form.date_deadline, "2030-01-01")

    def test_another_type_in_a_new_form_brings_its_own_values(self):
        other = self.env["relationship.opportunity.type"].create(
            {"name": "Test service", "code": "TSV", "margin_percent": 50}
        )
        form = Form(self.env["crm.lead"].with_user(self.anna))
        form.name = "Packing line"
        form.opportunity_type_id = self.machine_deal
        form.opportunity_type_id = other
        self.assertEqual(form.margin_percent, 50)
        self.assertFalse(form.date_deadline)
        self.assertNotEqual(form.stage_id, self.stages[1])

    def test_an_unticked_switch_survives_the_choice_of_a_type(self):
        form = Form(self.env["crm.lead"].with_user(self.anna))
        form.name = "Packing line"
        form.binding = False
        form.opportunity_type_id = self.machine_deal
        self.assertFalse(form.binding)

    def test_a_margin_typed_by_hand_survives_a_type(self):
        lead = self.new_lead(contribution_margin=500)
        lead.opportunity_type_id = self.machine_deal
        self.assertEqual(lead.contribution_margin, 500)
        self.assertEqual(lead.margin_percent, 0)

    def test_import_takes_an_explicit_no_and_0(self):
        result = (
            self.env["crm.lead"]
            .with_context(import_file=True)
            .load(
                ["name", "type", "opportunity_type_id", "binding", "probability"],
                [["First", "opportunity", "Test machine deal", "false", "0"]],
            )
        )
        lead = self.env["crm.lead"].browse(result["ids"])
        self.assertFalse(lead.binding)
        self.assertEqual(lead.probability, 0)

    def test_an_empty_cell_of_an_import_means_the_default_type(self):
        """Elsewhere an empty type is a choice."""
        default = self.env["ir.default"]
        default.set("crm.lead", "opportunity_type_id", self.machine_deal.id)
        for columns in (["opportunity_type_id"], ["opportunity_type_id", "number"]):
            rows = [["Blank", "opportunity", "", ""], ["Named", "opportunity", "", ""]]
            names = ["name", "type", *columns]
            leads = self.env["crm.lead"].with_user(self.ewa)
            result = leads.with_context(import_file=True).load(
                names, [row[: len(names)] for row in rows]
            )
            self.assertFalse(result["messages"])
            for lead in leads.browse(result["ids"]):
                self.assertDefaults(lead)
                self.assertRegex(lead.number, "^TMD-")
        self.assertFalse(self.new_lead(opportunity_type_id=False).number)

    def test_the_column_of_the_kanban_beats_the_first_stage_of_the_type(self):
        lead = (
            self.env["crm.lead"]
            .with_user(self.anna)
            .with_context(default_stage_id=self.stages[0].id)
            .create(
                {
                    "name": "Quick",
                    "type": "opportunity",
                    "opportunity_type_id": self.machine_deal.id,
                }
            )
        )
        self.assertEqual(lead.stage_id, self.stages[0])

    def test_a_default_type_of_another_company_is_no_default(self):
        self.machine_deal.company_id = self.company
        self.env["ir.default"].set(
            "crm.lead", "opportunity_type_id", self.machine_deal.id
        )
        lead = (
            self.env["crm.lead"]
            .with_user(self.katrin)
            .create({"name": "Leipzig", "type": "opportunity"})
        )
        self.assertFalse(lead.opportunity_type_id)

    def test_an_archived_colleague_gets_no_new_work(self):
        gone = self._new_user("gone", "sales_team.group_sale_salesman")
        self.machine_deal.user_id = gone
        typed = {"user": self.ewa, "opportunity_type_id": self.machine_deal.id}
        self.assertEqual(self.new_lead(**typed).user_id, gone)
        gone.active = False
        self.assertEqual(self.new_lead(**typed).user_id, self.ewa)

    def test_an_archived_default_type_is_no_default(self):
        self.env["ir.default"].set(
            "crm.lead", "opportunity_type_id", self.machine_deal.id
        )
        self.machine_deal.active = False
        self.assertFalse(self.new_lead().opportunity_type_id)

    def test_a_lead_gets_its_number_when_it_becomes_an_opportunity(self):
        lead = self.new_lead(type="lead", opportunity_type_id=self.machine_deal.id)
        self.assertFalse(lead.number)
        lead.with_user(self.ewa).convert_opportunity(self.stalmet)
        self.assertRegex(lead.number, r"^TMD-\d{5}$")

    def test_a_later_change_of_the_type_overwrites_nothing(self):
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.machine_deal.write({"probability": 90, "binding": False})
        self.assertEqual(lead.probability, 40)
        self.assertTrue(lead.binding)

    def test_changing_the_type_of_a_record_keeps_its_number_and_values(self):
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id, probability=55)
        number = lead.number
        other = self.env["relationship.opportunity.type"].create(
            {"name": "Spare parts", "code": "TSP", "binding": False}
        )
        lead.opportunity_type_id = other
        self.assertEqual(lead.number, number)
        self.assertEqual(lead.probability, 55)
        self.assertTrue(lead.binding)

    def test_a_new_type_fills_only_what_is_empty(self):
        lead = self.new_lead(stage_id=self.stages[0].id, probability=15)
        lead.opportunity_type_id = self.machine_deal
        self.assertEqual(lead.stage_id, self.stages[0])
        self.assertEqual(lead.probability, 15)
        self.assertEqual(lead.margin_percent, 20)
        self.assertTrue(lead.date_deadline)

    def test_the_first_type_of_a_record_numbers_it(self):
        lead = self.new_lead()
        self.assertFalse(lead.number)
        lead.opportunity_type_id = self.machine_deal
        self.assertRegex(lead.number, r"^TMD-\d{5}$")

    def test_the_default_type_of_the_settings_applies(self):
        self.env["ir.default"].set(
            "crm.lead", "opportunity_type_id", self.machine_deal.id
        )
        self.assertDefaults(self.new_lead())


@tagged("post_install", "-at_install")
class TestOpportunityTypeNumbers(RelationshipCase):
    def test_a_number_never_comes_back(self):
        first = self.new_lead(opportunity_type_id=self.machine_deal.id)
        number = first.number
        first.with_user(self.ewa).unlink()
        second = self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.assertNotEqual(second.number, number)

    def test_a_copy_gets_a_number_of_its_own(self):
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.assertNotEqual(lead.copy().number, lead.number)

    def test_the_same_number_twice_is_refused(self):
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        with self.refused("opportunity of this type has this number", ValidationError):
            self.new_lead(opportunity_type_id=self.machine_deal.id, number=lead.number)

    def test_an_empty_number_is_not_a_number(self):
        plain = self.env["relationship.opportunity.type"].create({"name": "Plain"})
        for _i in range(2):
            self.new_lead(opportunity_type_id=plain.id, number="")
        self.env.flush_all()
        leads = self.env["crm.lead"].search([("opportunity_type_id", "=", plain.id)])
        self.assertEqual(len(leads), 2)

    def test_a_type_without_code_numbers_nothing(self):
        plain = self.env["relationship.opportunity.type"].create({"name": "Plain"})
        lead = self.new_lead(opportunity_type_id=plain.id)
        self.assertFalse(lead.number)
        self.assertFalse(lead.has_number_range)
        lead.number = "by hand"

    def test_a_code_given_later_starts_the_range(self):
        plain = (
            self.env["relationship.opportunity.type"]
            .with_user(self.ewa)
            .create({"name": "Plain"})
        )
        plain.code = "PLN"
        self.assertEqual(plain.sudo().number_sequence_id.prefix, "PLN-")

    def test_a_manager_sets_the_next_number(self):
        self.machine_deal.with_user(self.ewa).number_next = 500
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.assertEqual(lead.number, "TMD-00500")


@tagged("post_install", "-at_install")
class TestOpportunityTypeRules(RelationshipCase):
    def test_a_type_in_use_cannot_be_deleted(self):
        self.new_lead(opportunity_type_id=self.machine_deal.id)
        with self.assertRaisesRegex(
            UserError, "used by: opportunities.*Archive it instead"
        ):
            self.machine_deal.with_user(self.ewa).unlink()

    def test_an_archived_opportunity_counts_as_use(self):
        self.new_lead(opportunity_type_id=self.machine_deal.id).action_archive()
        with self.assertRaisesRegex(
            UserError, "used by: opportunities.*Archive it instead"
        ):
            self.machine_deal.with_user(self.ewa).unlink()

    def test_two_types_cannot_share_a_code(self):
        with self.refused("Another type has this code: choose", ValidationError):
            self.env["relationship.opportunity.type"].create(
                {"name": "Again", "code": "TMD"}
            )

    def test_a_type_of_another_company_is_refused(self):
        foreign = self.env["relationship.opportunity.type"].create(
            {"name": "Leipzig", "company_id": self.other_company.id}
        )
        with self.refused(r"'read' access to:\n- Opportunity type \("):
            self.new_lead(opportunity_type_id=foreign.id, company_id=self.company.id)
        leads = self.env["crm.lead"].with_user(self.anna)
        with self.refused("belongs to another company"):
            leads.with_context(**self.in_both_companies(self.anna)).create(
                {
                    "name": "Packing line",
                    "opportunity_type_id": foreign.id,
                    "company_id": self.company.id,
                }
            )

    def test_a_type_in_use_is_not_given_to_another_company(self):
        self.ewa.company_ids |= self.other_company
        kind = self.machine_deal.with_user(self.ewa).with_context(
            allowed_company_ids=[self.company.id, self.other_company.id]
        )
        self.new_lead(opportunity_type_id=kind.id, company_id=self.company.id)
        lost = self.new_lead(self.katrin, opportunity_type_id=kind.id)
        lost.action_set_lost()
        for company in (self.company, self.other_company):
            with (
                self.subTest(company.name),
                self.assertRaisesRegex(ValidationError, "leave its company empty"),
                self.env.cr.savepoint(),
            ):
                kind.company_id = company
        lost.opportunity_type_id = False
        kind.company_id = self.company
        self.assertEqual(kind.company_id, self.company)

    def test_salespeople_cannot_change_types(self):
        with self.refused("not allowed to modify 'Opportunity type'", AccessError):
            self.machine_deal.with_user(self.anna).name = "Mine"

    def test_the_count_opens_its_opportunities(self):
        self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.new_lead(opportunity_type_id=self.machine_deal.id).action_set_lost()
        own = self.machine_deal.with_user(self.anna)
        action = own.action_view_records()
        found = (
            self.env["crm.lead"]
            .with_user(self.anna)
            .with_context(active_test=False)
            .search(action["domain"])
        )
        self.assertEqual(own.record_count, len(found))
        self.assertEqual(len(found), 2)
