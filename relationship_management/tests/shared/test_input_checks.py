import logging
from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...models.shared.unique_mixin import parse
from ..campaign.campaign_case import CampaignCase

NAN, INFINITE = float("nan"), float("inf")
OURS = ("relationship_management", "olap_export")
# Asked elsewhere, before anything is written.
ASKED_OTHERWISE = {"olap_export_target_code_unique"}
TECHNICAL = {
    "mail_activity_task_unique",
    "relationship_activity_todo_todo_unique",
    "relationship_campaign_freeze_item_freeze_partner_unique",
}


@tagged("post_install", "-at_install")
class TestInputChecks(CampaignCase):
    """A slip of somebody who types: a sentence, and no error in the log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.new_campaign()
        cls.addressee = cls.new(
            "relationship.campaign.addressee", cls.anna, **cls.who()
        )
        cls.relation_type, cls.role_type = (
            cls.env[f"relationship.{kind}.type"].create(values)
            for kind, values in (
                (
                    "relation",
                    {"name": "knows", "is_symmetric": True, "share_use": "optional"},
                ),
                ("role", {"name": "Test supplier"}),
            )
        )

    @classmethod
    def who(cls):
        return {"campaign_id": cls.campaign.id, "partner_id": cls.stalmet.id}

    @classmethod
    def new(cls, model, user, **values):
        return cls.env[model].with_user(user).create(values)

    @contextmanager
    def told(self, sentence):
        """Expect a refusal in words of ours, without a word in the log."""
        handler = logging.Handler(logging.WARNING)
        logged = []
        handler.emit = logged.append
        logger = logging.getLogger("odoo.sql_db")
        logger.addHandler(handler)
        try:
            with self.subTest(sentence), self.refused(sentence, ValidationError):
                yield
                self.env.flush_all()
        finally:
            logger.removeHandler(handler)
        self.env.invalidate_all(flush=False)
        self.assertFalse([record.getMessage() for record in logged])

    def assertTold(self, sentence, record, user, values_list, create=None):
        """Assert that these values are refused when written, and when created.

        :param create: what a new record needs besides
        """
        for values in values_list:
            with self.told(sentence):
                record.with_user(user).write(values)
            if create is not None:
                with self.told(sentence):
                    self.new(record._name, user, **{**create, **values})

    def test_types(self):
        self.assertTold(
            "between 0 and 100 %: enter another number",
            *(self.machine_deal, self.ewa),
            [{"probability": value} for value in (-1, 100.5, NAN, INFINITE)],
            create={"name": "Other", "sets_probability": True},
        )
        self.assertTold(
            "cannot be negative: enter 0 or more",
            *(self.machine_deal, self.ewa, [{"days_to_close": -1}]),
            create={"name": "Other"},
        )
        for record, field in (
            (self.machine_deal, "days_to_close"),
            (self.fair_type, "duration_days"),
        ):
            self.assertTold(
                "” is at most 3650: enter a smaller number",
                *(record, self.ewa, [{field: days} for days in (3651, 2**31 - 1)]),
                create={"name": "Other"},
            )
        self.assertTold(
            "duration of a campaign cannot be negative: enter the days",
            *(self.fair_type, self.ewa, [{"duration_days": -3}]),
            create={"name": "Other"},
        )
        self.assertTold(
            "Say how the relation reads from the other end",
            *(self.relation_type, self.ewa),
            [
                {"is_symmetric": False},
                {"is_symmetric": False, "inverse_name": ""},
                {"is_symmetric": False, "inverse_name": "  "},
            ],
            create={"name": "likes"},
        )

    def test_a_relation_type_without_any_words(self):
        with self.told("Say how the relation reads from the other end"):
            self.new("relationship.relation.type", self.ewa, name="likes")

    def test_campaigns(self):
        create = {"title": "Other", "type_id": self.fair_type.id}
        self.assertTold(
            "would end before it starts: change one of its dates",
            *(self.campaign, self.anna),
            [
                {"date_from": "2026-05-02", "date_to": "2026-05-01"},
                {"date_to": "2020-01-01"},
            ],
            create=create,
        )
        self.assertTold(
            "goals of a campaign cannot be negative: enter 0 for none",
            *(self.campaign, self.anna),
            [
                {"goal_revenue": -1},
                {"goal_opportunities": -1},
                {"goal_responses": -1},
            ],
            create=create,
        )
        self.assertTold(
            "revenue goal is 5 trillion or more, which Odoo does not keep to the cent",
            *(self.campaign, self.anna),
            [{"goal_revenue": 5 * 10**12}, {"goal_revenue": 10**15}],
            create=create,
        )
        self.assertTold(
            "between 0 and 90 percent of the members: enter another",
            *(self.campaign, self.anna),
            [{"control_percent": value} for value in (-1, 91, NAN, INFINITE)],
            create=create,
        )
        self.assertTold(
            "leave the mark of automatic campaigns off",
            *(self.campaign.utm_campaign_id, self.anna, [{"is_auto_campaign": True}]),
        )

    def test_costs(self):
        cost = self.new(
            "relationship.campaign.cost",
            self.anna,
            campaign_id=self.campaign.id,
            name="Stand",
        )
        self.assertTold(
            "cost cannot be negative: enter what the item costs",
            *(cost, self.anna, [{"planned_amount": -1}, {"actual_amount": -0.01}]),
            create={"campaign_id": self.campaign.id, "name": "Stand"},
        )
        self.assertTold(
            "cost is 5 trillion or more, which Odoo does not keep to the cent",
            *(cost, self.anna, [{"planned_amount": 10**13}, {"actual_amount": 1e18}]),
            create={"campaign_id": self.campaign.id, "name": "Stand"},
        )
        with self.told("cost cannot be negative"):
            self.campaign.with_user(self.anna).cost_ids = [
                Command.create({"name": "Stand", "planned_amount": -5})
            ]

    def test_addressees(self):
        self.assertTold(
            "Choose a partner or a contact person for the member",
            *(self.addressee, self.anna),
            [{"contact_id": False}, {"partner_id": False, "contact_id": False}],
            create={"campaign_id": self.campaign.id},
        )
        with self.told("Choose a partner or a contact person"):
            self.new(
                "relationship.campaign.addressee",
                self.anna,
                campaign_id=self.campaign.id,
            )
        self.assertTold(
            "Say why a member is excluded",
            *(self.addressee, self.anna, [{"state": "excluded", "exclusion": False}]),
            create={"campaign_id": self.campaign.id, "partner_id": self.paktech.id},
        )
        self.addressee.state = "excluded"
        self.assertTold(
            "Say why a member is excluded",
            *(self.addressee, self.anna, [{"exclusion": False}]),
        )
        self.assertTold(
            "never contacted: choose another reason",
            *(self.addressee, self.anna, [{"exclusion": "control"}]),
        )

    def test_steps_of_a_target_group(self):
        step = self.new(
            "relationship.campaign.selection",
            self.anna,
            campaign_id=self.campaign.id,
            rule="[]",
        )
        create = {"campaign_id": self.campaign.id}
        self.assertTold(
            "Choose the campaign, and which of its members are meant",
            *(step, self.anna),
            [
                {"source": "campaign"},
                {
                    "source": "campaign",
                    "other_campaign_id": self.campaign.id,
                    "part": False,
                },
            ],
            create=create,
        )
        self.assertTold(
            "by which rule partners are found",
            *(step, self.anna, [{"rule": False}]),
            create=create,
        )

    def test_planned_roles(self):
        create = {
            "opportunity_type_id": self.machine_deal.id,
            "reference_type_id": self.competitor_type.id,
        }
        line = self.new("relationship.planned.role", self.ewa, **create)
        self.assertTold(
            "needs one person at least: enter 1 or more",
            *(line, self.ewa, [{"minimum": 0}, {"minimum": -2}]),
            create=create,
        )
        self.assertTold(
            "Choose an opportunity type or a stage",
            *(line, self.ewa, [{"opportunity_type_id": False}]),
            create=create,
        )

    def test_periods_and_shares(self):
        reference = {
            "lead_id": self.new_lead().id,
            "partner_id": self.paktech.id,
            "type_id": self.competitor_type.id,
        }
        relation = {
            "left_partner_id": self.paktech.id,
            "right_partner_id": self.kranbau.id,
            "type_id": self.relation_type.id,
        }
        role = {"partner_id": self.paktech.id, "type_id": self.role_type.id}
        days = [{"date_from": "2026-05-02", "date_to": "2026-05-01"}]
        for model, user, create in (
            ("relationship.reference", self.anna, reference),
            ("relationship.relation", self.jan, relation),
            ("relationship.role", self.jan, role),
        ):
            record = self.new(model, user, **create)
            for name in ("partner_id", "right_partner_id"):
                if name in create:
                    create[name] = self.stalmet.id
            self.assertTold(
                "cannot come before the first one: change one",
                *(record, user, days),
                create=create,
            )
            if "share" in record:
                self.assertTold(
                    "between 0 and 100 %: enter another number",
                    *(record, user),
                    [{"share": value} for value in (-1, 101, NAN, INFINITE)],
                    create=create,
                )

    def test_consents(self):
        create = {"partner_id": self.paktech.id, "channel": "letter"}
        for sentence, values in (
            (
                "Only what was given can end by itself",
                {"action": "withdrawn", "valid_until": "2099-01-01"},
            ),
            ("Say on which legal basis", {"action": "given", "legal_basis": False}),
            ("Open the wrong entry and choose Correct", {"action": "void"}),
        ):
            with self.told(sentence):
                self.new("relationship.consent", self.jan, **create, **values)

    # What is unique

    def test_a_number_or_code_typed_twice(self):
        lead = self.new_lead(opportunity_type_id=self.machine_deal.id)
        other = self.new_lead(opportunity_type_id=self.machine_deal.id)
        sentence = "Another opportunity of this type has this number"
        self.assertTold(sentence, other, self.anna, [{"number": lead.number}])
        values = {"name": "Packing line", "type": "opportunity", "number": lead.number}
        values["opportunity_type_id"] = self.machine_deal.id
        with self.told(sentence):
            self.new("crm.lead", self.anna, **values)
        with self.told(sentence):
            self.env["crm.lead"].with_user(self.anna).create(
                [{**values, "number": "TMD-777"}, {**values, "number": "TMD-777"}]
            )
        with self.told(sentence):
            (lead | other).with_user(self.anna).write({"number": "TMD-778"})
        lead.with_user(self.anna).write({"number": lead.number, "name": "Same"})
        self.assertTold(
            "Another type has this code: choose a different one",
            *(self.fair_type.copy(), self.ewa, [{"code": "TF"}]),
            create={"name": "Other"},
        )
        purposes = self.env["relationship.consent.purpose"]
        purposes.create({"name": "One", "code": "one"})
        self.assertTold(
            "Another consent purpose already has this code",
            *(purposes.create({"name": "Two"}), self.ewa, [{"code": "one"}]),
            create={"name": "Three"},
        )

    def test_codes_of_two_companies_and_no_code(self):
        purposes = self.env["relationship.consent.purpose"].with_user(self.ewa)
        for code in ("one", False, "", False, ""):
            purposes.create({"name": "Of all", "code": code})
        self.env["relationship.consent.purpose"].create(
            {"name": "Leipzig", "code": "one", "company_id": self.other_company.id}
        )
        self.env.flush_all()

    def test_an_addressee_twice(self):
        sentence = "is already in the campaign"
        with self.told(sentence):
            self.new("relationship.campaign.addressee", self.anna, **self.who())
        other = self.new(
            "relationship.campaign.addressee",
            self.anna,
            campaign_id=self.campaign.id,
            partner_id=self.paktech.id,
        )
        self.assertTold(sentence, other, self.anna, [{"contact_id": self.stalmet.id}])

    def test_a_consent_corrected_twice(self):
        entries = self.env["relationship.consent"].with_user(self.jan)
        values = {"partner_id": self.paktech.id, "channel": "letter"}
        wrong = entries.create(values)
        values.update(action="void", corrects_id=wrong.id)
        entries.create(values)
        with self.told("This entry was corrected before: correct the correction"):
            entries.create(values)

    def test_two_may_swap_their_numbers(self):
        one, two = (
            self.new_lead(opportunity_type_id=self.machine_deal.id, number=number)
            for number in ("TMD-1x", "TMD-2x")
        )
        one.number = False
        self.env.flush_all()
        two.number = "TMD-1x"
        self.env.flush_all()
        one.number = "TMD-2x"
        self.env.flush_all()
        self.assertEqual((one.number, two.number), ("TMD-2x", "TMD-1x"))

    def test_every_unique_index_is_looked_at(self):
        """One that is made in another way has to be told to the mixin, too."""
        seen = set()
        for model in self.env.registry.values():
            if model._abstract or model._transient or not model._auto:
                continue
            record = self.env[model._name]
            for name, table_object in record._table_objects.items():
                definition = table_object.get_definition(self.env.registry)
                if not table_object._module.startswith(OURS) or not (
                    key := parse(definition)
                ):
                    continue
                seen.add(name)
                with self.subTest(name):
                    if name not in TECHNICAL | ASKED_OTHERWISE:
                        self.assertIn(name, record._get_unique_keys())
                    self.assertLessEqual(set(key.expressions), set(record._fields))
                    self.assertRegex(key.where, r"^(\w+ <> '')?$")
        self.assertGreater(len(seen), 6)
        self.assertLessEqual(TECHNICAL, seen)
