from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..secret_case import HIDDEN, MARK, NO_RIGHT, SecretCase


@tagged("post_install", "-at_install")
class TestConstraintSecretsOfCampaigns(SecretCase):
    """What a refusal tells of hidden campaigns, and of those of other companies."""

    def test_addressees_of_a_hidden_campaign(self):
        addressees = self.env["relationship.campaign.addressee"]
        for campaign in (self.secret_campaign, self.foreign_campaign):
            company = campaign.company_id
            addressees.create(
                {
                    "campaign_id": campaign.id,
                    "partner_id": self.stalmet.id,
                    "company_id": company.id,
                }
            )
            for user in (self.anna, self.jan):
                sentences = {
                    sentence
                    for partner in (self.stalmet, self.kranbau)
                    for sentence in self.try_all(
                        "relationship.campaign.addressee",
                        user,
                        {"campaign_id": campaign.id, "partner_id": partner.id},
                        words=NO_RIGHT,
                    ).values()
                }
                self.assertEqual(len(sentences), 1)

    def test_addressees_for_a_company_that_takes_no_part(self):
        campaign = self.new_campaign()
        self.try_all(
            "relationship.campaign.addressee",
            self.anna,
            {
                "campaign_id": campaign.id,
                "partner_id": self.stalmet.id,
                "company_id": self.other_company.id,
            },
            parent=(campaign, "addressee_ids"),
        )

    def test_the_answer_of_a_hidden_type(self):
        answer = self.env["relationship.campaign.response"].create(
            {"name": f"{MARK} yes", "type_id": self.secret_campaign.type_id.id}
        )
        campaign = self.new_campaign()
        own = self.env["relationship.campaign.addressee"].create(
            {"campaign_id": campaign.id, "partner_id": self.stalmet.id}
        )
        with self.told() as told:
            own.with_user(self.anna).response_id = answer
        self.assertRegex(told[0], NO_RIGHT)
        self.assertTold(
            NO_RIGHT,
            self.env["relationship.campaign.addressee"].with_user(self.anna).create,
            {
                "campaign_id": campaign.id,
                "partner_id": self.kranbau.id,
                "response_id": answer.id,
            },
        )

    def test_a_campaign_as_part_of_a_hidden_one(self):
        own = self.new_campaign()
        values = {
            "title": "Part",
            "type_id": self.fair_type.id,
            "parent_id": self.foreign_campaign.id,
        }
        words = f"{HIDDEN}|{NO_RIGHT}"
        self.try_all("relationship.campaign", self.anna, values, own=own, words=words)
        self.assertFalse(own.parent_id)

    def test_a_responsible_and_an_owner_of_another_company(self):
        self.katrin.partner_id.company_id = self.other_company
        own = self.new_campaign()
        base = {"title": "New", "type_id": self.fair_type.id}
        for values in (
            {**base, "user_id": self.katrin.id},
            {**base, "company_id": self.other_company.id},
        ):
            self.try_all("relationship.campaign", self.anna, values, own=own)
        core = own.utm_campaign_id.with_user(self.anna)
        self.assertTold(".", core.write, {"user_id": self.katrin.id})

    def test_the_number_of_a_hidden_type(self):
        secret_type = self.secret_campaign.sudo().type_id
        secret_type.code = "GEH"
        secret_type.number_last = 1
        secret_type.number_sequence_id.number_next_actual = 9
        self.try_all(
            "relationship.campaign",
            self.anna,
            {"title": "New", "type_id": secret_type.id},
            words=NO_RIGHT,
        )

    def test_a_type_that_one_may_see_but_not_use(self):
        visible = self.fair_type.copy({"use_group_ids": self.secret_group.ids})
        own = self.new_campaign()
        values = {"title": "New", "type_id": visible.id, "user_id": self.anna.id}
        words = f"{NO_RIGHT}|You may not change the campaign"
        self.try_all("relationship.campaign", self.anna, values, own=own, words=words)
        own.with_user(self.olga).type_id = visible

    def test_the_stage_of_a_campaign(self):
        stage = self.env["crm.stage"].create(
            {
                "name": f"{MARK} stage",
                "company_id": self.other_company.id,
                "use_for": "opportunity",
            }
        )
        own = self.new_campaign()
        values = {"title": "New", "type_id": self.fair_type.id, "stage_id": stage.id}
        self.try_all("relationship.campaign", self.anna, values, own=own)
        stage.use_for = "both"
        self.try_all("relationship.campaign", self.anna, values, own=own, words=HIDDEN)

    def test_a_step_that_names_a_hidden_campaign(self):
        own = self.new_campaign()
        step = self.env["relationship.campaign.selection"].create(
            {"campaign_id": own.id, "rule": "[]"}
        )
        values = {
            "campaign_id": own.id,
            "source": "campaign",
            "other_campaign_id": self.secret_campaign.id,
        }
        self.try_all(
            "relationship.campaign.selection",
            self.anna,
            values,
            own=step,
            parent=(own, "selection_ids"),
            words=NO_RIGHT,
        )
        self.assertFalse(step.other_campaign_id)
        theirs = {**values, "campaign_id": self.secret_campaign.id}
        self.try_all(step._name, self.anna, theirs, words=NO_RIGHT)
        step.with_user(self.olga).write(values)
        step.with_user(self.anna).write({**values, "operation": "subtract"})

    def test_a_rule_is_tried_with_the_rights_of_the_person(self):
        own = self.new_campaign()
        values = {"campaign_id": own.id, "rule": "[('signup_type', '!=', False)]"}
        steps = self.env["relationship.campaign.selection"].with_user(self.anna)
        with self.refused('the field "signup_type"', AccessError):
            steps.create(values)

    def test_a_preview_of_a_hidden_campaign(self):
        runs = self.env["relationship.campaign.freeze"]
        run = runs.create(
            {
                "campaign_id": self.secret_campaign.id,
                "company_id": self.company.id,
                "user_id": self.anna.id,
                "addressing": "person",
            }
        )
        wizards = self.env["relationship.campaign.refresh"].with_user(self.anna)
        values = {"campaign_id": self.secret_campaign.id, "freeze_id": run.id}
        self.assertTold(NO_RIGHT, wizards.create, values)
        values["campaign_id"] = self.new_campaign().id
        self.assertTold(NO_RIGHT, wizards.create, values)

    def test_what_belongs_to_a_campaign_and_keeps_it(self):
        own = self.new_campaign()
        lead = self.new_lead(self.piotr, campaign_id=own.utm_campaign_id.id)
        lead.name = f"{MARK} line"
        self.secret_campaign.sudo().parent_id = own
        campaign = own.with_user(self.anna)
        self.assertTold("has parts, opportunities: archive it", campaign.unlink)

    def test_core_sides_of_hidden_campaigns(self):
        for campaign in (self.secret_campaign, self.foreign_campaign):
            core = campaign.utm_campaign_id.with_user(self.anna)
            self.assertTold(".", core.write, {"title": "Mine"})
            self.assertTold(".", core.unlink)
