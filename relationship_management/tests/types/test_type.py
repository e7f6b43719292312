from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestTypesInUse(RelationshipCase):
    """3.24: whatever the type, it is archived, not deleted, once it is used."""

    def _use(self):
        """Return ``{model: a type that a record uses}``."""
        person = self.env["res.partner"].create({"name": "Tomasz Rek"})
        self.stalmet.is_company = True
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        lead.reference_ids = [
            (0, 0, {"partner_id": person.id, "type_id": self.competitor_type.id})
        ]
        role_type = self.env["relationship.role.type"].create(
            {"name": "Test role", "kind": "other"}
        )
        self.env["relationship.role"].create(
            {"partner_id": person.id, "type_id": role_type.id}
        )
        relation_type = self.env.ref(
            "relationship_management.relationship_relation_type_works_for"
        )
        self.env["relationship.relation"].create(
            {
                "left_partner_id": person.id,
                "right_partner_id": self.stalmet.id,
                "type_id": relation_type.id,
            }
        )
        campaign_type = self.env["relationship.campaign.type"].create({"name": "Fair"})
        self.env["relationship.campaign"].create(
            {"title": "Fair", "type_id": campaign_type.id, "date_to": "2099-01-01"}
        )
        activity_type = self.env["relationship.activity.type"].create({"name": "Call"})
        self.env["relationship.activity"].create(
            {"type_id": activity_type.id, "partner_id": person.id}
        )
        return {
            kind._name: kind
            for kind in (
                self.machine_deal,
                self.competitor_type,
                role_type,
                relation_type,
                campaign_type,
                activity_type,
            )
        }

    def test_no_type_in_use_can_be_deleted(self):
        used = self._use()
        registry = self.env.registry
        models = {
            name
            for name in registry.descendants(["relationship.type.mixin"], "_inherit")
            if not registry[name]._abstract
        }
        self.assertEqual(models, set(used))
        for name, kind in used.items():
            with self.subTest(model=name), self.assertRaisesRegex(UserError, "rchive"):
                kind.with_user(self.ewa).unlink()
            kind.with_user(self.ewa).action_archive()
            self.assertFalse(kind.active)

    def test_no_type_in_use_is_given_to_a_company_that_others_are_not(self):
        words = {
            "relationship.opportunity.type": "opportunities",
            "relationship.reference.type": "Partner reference",
            "relationship.role.type": "Role of a partner",
            "relationship.relation.type": "Relation",
            "relationship.campaign.type": "Campaign",
            "relationship.activity.type": "activities",
        }
        for name, kind in self._used_by_ewa().items():
            kind.active = False
            said = rf"use “{kind.name}” \({words[name]}: [1-9]"
            with (
                self.subTest(model=name),
                self.assertRaisesRegex(ValidationError, said),
                self.env.cr.savepoint(),
            ):
                kind.company_id = self.other_company
            self.assertFalse(kind.company_id)

    def test_what_every_company_has_is_taken_from_none(self):
        role_type = self._used_by_ewa()["relationship.role.type"]
        relation_type = self.env["relationship.relation.type"].create(
            {"name": "plays chess with", "is_symmetric": True}
        )
        role = self.env["relationship.role"].search([("type_id", "=", role_type.id)])
        relation = self.env["relationship.relation"].create(
            {
                "left_partner_id": role.partner_id.id,
                "right_partner_id": self.kranbau.id,
                "type_id": relation_type.id,
            }
        )
        for record in (role, relation):
            kind = record.type_id.with_env(role_type.env)
            with (
                self.refused(
                    "leave its company empty, or make a new one", ValidationError
                ),
                self.env.cr.savepoint(),
            ):
                kind.company_id = self.company
            self.assertFalse(record.company_id)
            self.assertTrue(record.with_user(self.katrin).has_access("read"))
            record.company_id = self.company
            kind.company_id = self.company
            self.assertEqual(kind.company_id, self.company)
        badges = role.partner_id.with_user(self.katrin).role_badges or []
        self.assertNotIn("Test role", str(badges))

    def test_the_types_of_opportunities_that_campaigns_lead_to_count(self):
        types = self.env["relationship.campaign.type"].with_user(self.ewa)
        fair = types.create(
            {"name": "Fair", "opportunity_type_id": self.machine_deal.id}
        )
        deal = self.machine_deal.with_user(self.ewa)
        with self.assertRaisesRegex(ValidationError, r"\(Campaign type: 1\)"):
            deal.company_id = self.company
        fair.company_id = self.company
        deal.company_id = self.company
        self.assertEqual(deal.company_id, self.company)

    def test_who_may_not_change_a_type_learns_nothing_of_its_use(self):
        role_type = self._use()["relationship.role.type"].with_user(self.jan)
        with self.refused("not allowed to modify 'Partner role'", AccessError):
            role_type.company_id = self.company

    def _used_by_ewa(self):
        """Return types in use, as Ewa who works for both companies."""
        self.ewa.company_ids |= self.other_company
        companies = (self.company | self.other_company).ids
        return {
            name: kind.with_user(self.ewa).with_context(allowed_company_ids=companies)
            for name, kind in self._use().items()
        }


@tagged("post_install", "-at_install")
class TestTypeOfARecord(RelationshipCase):
    """R-32, 3.25: defaults, extra fields and another type of an opportunity."""

    def test_another_type_fills_what_is_empty_and_keeps_the_number(self):
        other = self.env["relationship.opportunity.type"].create(
            {
                "name": "Test service",
                "code": "TSV",
                "days_to_close": 10,
                "probability": 90,
                "sets_probability": True,
                "team_id": self.team.id,
            }
        )
        lead = self.new_lead(
            opportunity_type_id=self.machine_deal.id,
            date_deadline=False,
            team_id=False,
        )
        number = lead.number
        lead.opportunity_type_id = other
        self.assertEqual(lead.number, number)
        self.assertEqual(lead.probability, 40)
        self.assertEqual(lead.team_id, self.team)
        self.assertEqual(lead.date_deadline, fields.Date.add(self.get_today(), days=10))

    def test_extra_fields_of_the_type(self):
        self.machine_deal.properties_definition = [
            {"name": "speed", "string": "Speed", "type": "integer", "default": 60}
        ]
        form = Form(self.env["crm.lead"].with_user(self.anna))
        form.name = "Packing line"
        form.opportunity_type_id = self.machine_deal
        lead = form.save()
        self.assertEqual(lead.type_properties["speed"], 60)
        lead.type_properties = {"speed": 90}
        self.machine_deal.properties_definition = [
            {"name": "speed", "string": "Speed", "type": "integer", "default": 10}
        ]
        self.assertEqual(lead.type_properties["speed"], 90)
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.assertEqual(lead.type_properties["speed"], 10)

    def test_the_e_mail_of_the_type(self):
        template = self.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Our offer {{ object.number }}",
            }
        )
        self.machine_deal.mail_template_id = template
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        action = lead.action_write_email()
        composer = Form(
            self.env[action["res_model"]]
            .with_user(self.anna)
            .with_context(**action["context"])
        )
        self.assertEqual(composer.subject, f"Our offer {lead.number}")


@tagged("post_install", "-at_install")
class TestNumberRange(RelationshipCase):
    def setUp(self):
        super().setUp()
        # What another test took from the range does not come back.
        self.machine_deal.number_sequence_id.number_next_actual = 1

    def _both_companies(self):
        self.ewa.company_ids |= self.other_company
        return (
            self.env["crm.lead"]
            .with_user(self.ewa)
            .with_context(allowed_company_ids=[self.company.id, self.other_company.id])
        )

    def _new(self, leads, company):
        return leads.with_company(company).create(
            {
                "name": "Deal",
                "type": "opportunity",
                "opportunity_type_id": self.machine_deal.id,
                "user_id": self.ewa.id,
                "team_id": False,
            }
        )

    def test_each_company_has_its_own_numbers(self):
        self.machine_deal.numbers_per_company = True
        leads = self._both_companies()
        self.other_company.name = "Zeta Leipzig"
        self.company.name = "Omega Works"
        numbers = [
            self._new(leads, company).number
            for company in (self.company, self.other_company, self.company)
        ]
        self.assertEqual(numbers, ["TMD-OW-00001", "TMD-ZL-00001", "TMD-OW-00002"])

    def test_companies_with_the_same_initials(self):
        self.machine_deal.numbers_per_company = True
        leads = self._both_companies()
        self.other_company.name = "Omega Wares"
        self.company.name = "Omega Works"
        self.assertEqual(self._new(leads, self.company).number, "TMD-OW-00001")
        self.assertEqual(
            self._new(leads, self.other_company).number,
            f"TMD-OW{self.other_company.id}-00001",
        )

    def test_without_a_company_the_range_of_all_numbers(self):
        self.machine_deal.numbers_per_company = True
        lead = self.env["crm.lead"].create(
            {
                "name": "Nobody's",
                "type": "opportunity",
                "user_id": False,
                "team_id": False,
                "opportunity_type_id": self.machine_deal.id,
            }
        )
        self.assertFalse(lead.company_id)
        self.assertEqual(lead.number, "TMD-00001")

    def test_a_number_is_never_given_again(self):
        self.machine_deal.numbers_per_company = True
        leads = self._both_companies()
        first = self._new(leads, self.company)
        number = first.number
        first.unlink()
        self.machine_deal.numbers_per_company = False
        self._new(leads, self.company)
        self.machine_deal.numbers_per_company = True
        self.assertGreater(self._new(leads, self.company).number, number)

    def test_a_manager_sets_the_next_number_of_a_company(self):
        self.machine_deal.numbers_per_company = True
        own = self.machine_deal.with_user(self.ewa).with_company(self.company)
        self.assertEqual(own.number_next, 1)
        own.number_next = 700
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.assertRegex(lead.number, r"^TMD-\w+-00700$")
        self.env.invalidate_all()
        self.assertEqual(own.number_next, 701)

    def test_no_number_comes_back(self):
        own = self.machine_deal.with_user(self.ewa)
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.assertEqual(lead.number, "TMD-00001")
        self.env.invalidate_all()
        own.number_next = 2
        self.assertEqual(own.number_next, 2)
        # Somebody takes a number while Ewa looks at the form.
        self.new_lead(opportunity_type_id=self.machine_deal.id)
        for wanted in (2, 1, 0, -5):
            with (
                self.assertRaisesRegex(ValidationError, "is 3: lower ones"),
                self.env.cr.savepoint(),
            ):
                own.number_next = wanted
        later = self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.assertEqual(later.number, "TMD-00003")

    def test_a_range_that_is_used_up_says_what_to_do(self):
        self.machine_deal.number_last = 2
        for _i in range(2):
            self.new_lead(opportunity_type_id=self.machine_deal.id)
        with self.assertRaisesRegex(UserError, "2 was the last one. Ask a manager"):
            self.new_lead(opportunity_type_id=self.machine_deal.id)
        self.machine_deal.with_user(self.ewa).number_last = 0
        self.assertTrue(self.new_lead(opportunity_type_id=self.machine_deal.id).number)

    def test_an_opportunity_that_gets_a_type_later(self):
        self.machine_deal.numbers_per_company = True
        lead = self.new_lead()
        lead.opportunity_type_id = self.machine_deal
        self.assertRegex(lead.number, r"^TMD-\w+-00001$")


@tagged("post_install", "-at_install")
class TestLinkToCompany(RelationshipCase):
    """R-34: people who are not linked to the company, and the way to link them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stalmet.is_company = True
        cls.rek = cls.env["res.partner"].create({"name": "Tomasz Rek"})
        cls.decider_type = cls.env.ref(
            "relationship_management.relationship_reference_type_decision_maker"
        )

    def _line(self, lead, partner, **values):
        return (
            self.env["relationship.reference"]
            .with_user(self.anna)
            .create(
                {
                    "lead_id": lead.id,
                    "partner_id": partner.id,
                    "type_id": self.decider_type.id,
                    **values,
                }
            )
        )

    def test_an_unrelated_decision_maker_is_allowed_and_linked(self):
        line = self._line(self.new_lead(partner_id=self.stalmet.id), self.rek)
        self.assertTrue(line.is_outsider)
        action = line.action_link_to_company()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.anna)
            .with_context(**action["context"])
        ).save()
        wizard.action_create()
        line.invalidate_recordset()
        self.assertFalse(line.is_outsider)
        relation = self.env["relationship.relation"].search(
            [("left_partner_id", "=", self.rek.id)]
        )
        self.assertEqual(relation.right_partner_id, self.stalmet)

    def test_who_belongs_to_the_company_needs_no_link(self):
        self.rek.parent_id = self.stalmet
        line = self._line(self.new_lead(partner_id=self.stalmet.id), self.rek)
        self.assertFalse(line.is_outsider)

    def test_competitors_and_companies_need_no_link(self):
        lead = self.new_lead(partner_id=self.stalmet.id)
        self.kranbau.is_company = True
        self.assertFalse(self._line(lead, self.kranbau).is_outsider)
        self.assertFalse(
            self._line(lead, self.rek, type_id=self.competitor_type.id).is_outsider
        )

    def test_many_people_cost_as_much_as_one(self):
        lead = self.new_lead(partner_id=self.stalmet.id)
        lines = self.env["relationship.reference"]
        for i in range(5):
            lines |= self._line(lead, self.rek.create({"name": f"Person {i}"}))
        lines.mapped("is_outsider")
        counts = []
        for records in (lines[:1], lines):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("is_outsider")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
