"""Why somebody does not see a record, in words of whoever manages the rights."""

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..campaign.campaign_case import CampaignCase


@tagged("post_install", "-at_install")
class TestExplanation(CampaignCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Press",
                "type": "opportunity",
                "user_id": cls.anna.id,
                "opportunity_type_id": cls.machine_deal.id,
            }
        )
        cls.board = cls.env["res.groups"].create({"name": "Board"})

    def ask(self, record, user, who=None):
        dialog = self.env["relationship.right.question"].with_user(who or self.ewa)
        chosen = {"active_model": record._name, "active_id": record.id}
        return dialog.with_context(**chosen).create({"user_id": user.id})

    def assertAnswer(self, record, user, *words):
        answer = self.ask(record, user).answer
        for word in words:
            self.assertIn(word, answer)
        return answer

    def test_whoever_sees_it_is_named(self):
        self.assertAnswer(self.lead, self.anna, f"{self.anna.name} may see this.")

    def test_a_type_names_its_groups(self):
        self.machine_deal.see_group_ids = self.board
        answer = self.assertAnswer(
            self.lead, self.piotr, "Test machine deal", "these groups alone: Board"
        )
        self.assertEqual(answer.count("\n"), 0)

    def test_the_type_of_a_project_hides_what_hangs_at_it(self):
        kind = self.env["relationship.activity.type"].create({"name": "Visit"})
        activity = self.env["relationship.activity"].create(
            {"name": "Tour", "type_id": kind.id, "lead_id": self.lead.id}
        )
        self.machine_deal.see_group_ids = self.board
        self.assertAnswer(activity, self.piotr, "Test machine deal", "Board")

    def test_a_company_is_named_with_those_of_the_person(self):
        self.lead.company_id = self.company
        self.assertAnswer(
            self.lead,
            self.katrin,
            f"It belongs to {self.company.name}",
            "works in a company that you may not see",
        )

    def test_a_company_that_is_not_switched_on(self):
        self.lead.company_id = self.company
        self.katrin.company_ids += self.company
        answer = self.assertAnswer(self.lead, self.katrin, "once the right company")
        self.assertIn(self.company.name, answer)

    def test_the_rule_of_ones_own_opportunities(self):
        self.lead.user_id = self.piotr
        answer = self.assertAnswer(self.lead, self.anna, "sees only their own")
        self.assertNotIn("Personal Leads", answer)
        # Of what hangs at it, the opportunity is named.
        activity = self.env["relationship.activity"].create(
            {
                "name": "Show it",
                "type_id": self.env["relationship.activity.type"]
                .create({"name": "Visit"})
                .id,
                "lead_id": self.lead.id,
                "user_id": self.piotr.id,
            }
        )
        self.assertAnswer(activity, self.anna, "belongs to", "Press", "their own")

    def test_who_has_no_right_to_the_model(self):
        self.assertAnswer(self.lead, self.jan, "has no right to records of this kind")

    def test_who_is_archived(self):
        self.piotr.active = False
        self.assertAnswer(self.lead, self.piotr, "is archived")

    def test_nothing_is_said_of_what_whoever_asks_does_not_see(self):
        foreign = self.env["res.partner"].create(
            {"name": "Of Leipzig", "company_id": self.other_company.id}
        )
        question = self.ask(foreign, self.katrin)
        self.assertFalse(question.answer)
        self.assertFalse(question.record_name)

    def test_only_managers_ask(self):
        for user in (self.anna, self.piotr, self.jan):
            with self.refused("You are not allowed to", AccessError):
                self.ask(self.lead, self.anna, who=user)

    def test_the_question_is_in_the_menu_of_managers_alone(self):
        bindings = self.env["ir.actions.actions"]
        for model in ("crm.lead", "res.partner", "relationship.campaign"):
            for user, expected in ((self.ewa, True), (self.piotr, False)):
                offered = bindings.with_user(user).get_bindings(model)
                names = [action["name"] for action in offered.get("action", ())]
                found = "Why can't somebody see this?" in names
                self.assertEqual(found, expected, (model, user.login))

    def test_words_of_a_wrong_kind_ask_about_nothing(self):
        dialog = self.env["relationship.right.question"].with_user(self.ewa)
        question = dialog.create(
            {"res_model": "no.model", "res_id": 1, "user_id": self.anna.id}
        )
        self.assertFalse(question.answer)

    def test_numbers_that_are_none_are_refused_in_words(self):
        questions = self.env["relationship.right.question"].with_user(self.ewa)
        for number in (10**12, "x", [1]):
            with self.refused("cannot be read for the field Record", ValidationError):
                questions.create({"res_model": "crm.lead", "res_id": number})

    def test_groups_of_a_person_decide(self):
        self.machine_deal.see_group_ids = self.board
        self.piotr.group_ids = [Command.link(self.board.id)]
        self.assertAnswer(self.lead, self.piotr, "may see this")

    def test_of_a_campaign_its_type_and_its_company_are_named(self):
        campaign = self.new_campaign(company_id=self.company.id)
        self.env.invalidate_all()
        self.assertAnswer(
            campaign,
            self.katrin,
            f"It belongs to {self.company.name}",
            "works in a company that you may not see",
        )
        self.fair_type.see_group_ids = self.board
        self.env.invalidate_all()
        self.assertAnswer(campaign, self.piotr, "Test fair", "Board")

    def test_companies_of_a_colleague_whom_one_sees_nothing_else_of(self):
        self.lead.company_id = self.company
        question = self.ask(self.lead, self.katrin)
        self.env.flush_all()
        self.env.invalidate_all()
        answer = question.with_context(allowed_company_ids=self.company.ids).answer
        self.assertIn(f"It belongs to {self.company.name}", answer)
        self.assertNotIn("works in .", answer)

    def test_a_type_of_another_company_is_not_named(self):
        kind = self.env["relationship.activity.type"].create(
            {
                "name": "Theirs",
                "company_id": self.other_company.id,
                "see_group_ids": [Command.link(self.board.id)],
            }
        )
        explanation = self.env["relationship.right.explanation"].with_user(self.ewa)
        told = explanation._explain_type(kind.with_user(self.ewa))
        self.assertNotIn("Theirs", told)
        self.assertIn("a type that you may not see", told)
