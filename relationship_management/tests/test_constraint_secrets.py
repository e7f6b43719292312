from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .secret_case import MARK, SecretCase

NO_RIGHT = "top-secret records"
HIDDEN = "Something that you may not see stands against this"
CAMPAIGN = "The campaign, which you may not see, belongs to another company"


@tagged("post_install", "-at_install")
class TestConstraintSecrets(SecretCase):
    """Opportunities, campaigns and consents: what a refusal tells of hidden ones."""

    # Opportunities

    def reference(self, lead, user=None, **values):
        return (
            self.env["relationship.reference"]
            .with_user(user or self.env.user)
            .create(
                {
                    "lead_id": lead.id,
                    "type_id": self.competitor_type.id,
                    "partner_id": self.paktech.id,
                    **values,
                }
            )
        )

    def test_shares_of_a_foreign_opportunity(self):
        foreign = self.new_lead(self.piotr, name=f"{MARK} line")
        self.reference(foreign, share=70)
        own = self.reference(self.new_lead(), share=10)
        values = {
            "lead_id": foreign.id,
            "type_id": self.competitor_type.id,
            "partner_id": self.kranbau.id,
        }
        for share in (60, 5):
            for user in (self.anna, self.katrin, self.portal):
                sentences = self.try_all(
                    "relationship.reference",
                    user,
                    {**values, "share": share},
                    parent=(foreign, "reference_ids"),
                )
                self.assertNotIn("add up", " ".join(sentences.values()))
        values["share"] = 60
        self.try_all("relationship.reference", self.anna, values, own=own)
        self.assertEqual(own.lead_id.user_id, self.anna)

    def test_the_shares_of_ones_own_opportunity_are_told(self):
        lead = self.new_lead(name="Own line")
        self.reference(lead, share=70)
        with self.assertRaisesRegex(Exception, "of Own line add up to 130"):
            self.reference(lead, self.anna, share=60)

    def test_the_campaign_of_another_company(self):
        core = self.foreign_campaign.utm_campaign_id
        own = self.new_lead()
        values = {"name": "Line", "campaign_id": core.id}
        self.try_all("crm.lead", self.anna, values, own=own, words=CAMPAIGN)
        self.assertFalse(own.campaign_id)
        for user in (self.env.ref("base.public_user"), self.portal):
            visitor = self.env["crm.lead"].with_user(user).sudo()
            values["company_id"] = self.company.id
            self.assertTold(CAMPAIGN, visitor.create, values)

    def test_the_campaign_of_another_own_company_is_named(self):
        self.piotr.company_ids |= self.other_company
        both = {"allowed_company_ids": (self.company | self.other_company).ids}
        leads = self.env["crm.lead"].with_user(self.piotr).with_context(**both)
        with self.assertRaisesRegex(Exception, "Leipzig fair belongs to another"):
            leads.create(
                {
                    "name": "Line",
                    "company_id": self.company.id,
                    "team_id": False,
                    "campaign_id": self.foreign_campaign.utm_campaign_id.id,
                }
            )

    def test_the_addressee_of_a_hidden_campaign(self):
        addressee = self.env["relationship.campaign.addressee"].create(
            {"campaign_id": self.secret_campaign.id, "partner_id": self.stalmet.id}
        )
        core = self.secret_campaign.utm_campaign_id
        values = {"name": "Line", "campaign_id": core.id, "addressee_id": addressee.id}
        for user in (self.anna, self.piotr):
            own = self.new_lead(user)
            self.try_all(
                "crm.lead", user, values, own=own, words="belongs to another campaign"
            )
            self.assertFalse(own.addressee_id)
        lead = self.new_lead(self.olga, **values)
        self.assertEqual(lead.addressee_id, addressee)

    def test_the_stage_and_the_partner_of_another_company(self):
        stage = self.env["crm.stage"].create(
            {"name": f"{MARK} stage", "company_id": self.other_company.id}
        )
        own = self.new_lead(company_id=self.company.id)
        for values in ({"stage_id": stage.id}, {"partner_id": self.client.id}):
            values["company_id"] = self.company.id
            values["name"] = "Line"
            words = f"{HIDDEN}|{NO_RIGHT}"
            self.try_all("crm.lead", self.anna, values, own=own, words=words)
        stage.use_for = "campaign"
        values = {"name": "Line", "stage_id": stage.id}
        self.try_all("crm.lead", self.anna, values, own=own)

    def test_a_stage_with_a_team_of_another_company(self):
        team = self.env["crm.team"].create(
            {"name": f"{MARK} team", "company_id": self.other_company.id}
        )
        own = self.env["crm.stage"].create(
            {"name": "Own", "company_id": self.company.id}
        )
        stages = self.env["crm.stage"].with_user(self.ewa)
        self.assertTold(".", own.with_user(self.ewa).write, {"team_ids": team.ids})
        values = {"name": "New", "company_id": self.company.id}
        self.assertTold(".", stages.create, {**values, "team_ids": team.ids})

    def test_the_role_of_another_company_is_not_planned(self):
        role = self.env["relationship.reference.type"].create(
            {"name": f"{MARK} role", "company_id": self.other_company.id}
        )
        values = {
            "opportunity_type_id": self.machine_deal.id,
            "reference_type_id": role.id,
        }
        self.machine_deal.company_id = self.company
        for demand in ("block", "warning"):
            self.try_all(
                "relationship.planned.role",
                self.ewa,
                {**values, "demand": demand},
                parent=(self.machine_deal, "planned_role_ids"),
            )

    # Campaigns

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
        self.assertIn("“something that you may not see” is an answer", told[0])
        self.assertTold(
            "is an answer",
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
        with self.assertRaises(AccessError):
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
        self.assertTold("Press Freeze or Refresh", wizards.create, values)

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

    # Consents

    def test_the_correction_of_a_hidden_consent(self):
        consents = self.env["relationship.consent"]
        base = {"channel": "email", "action": "withdrawn"}
        theirs = {**base, "partner_id": self.client.id}
        open_entry, corrected = (consents.create(theirs) for _number in range(2))
        consents.create({**theirs, "corrects_id": corrected.id})
        sentences = {
            sentence
            for entry in (open_entry, corrected)
            for sentence in self.try_all(
                "relationship.consent",
                self.jan,
                {**base, "partner_id": self.stalmet.id, "corrects_id": entry.id},
                words=NO_RIGHT,
            ).values()
        }
        self.assertEqual(len(sentences), 1)
        future = fields.Datetime.add(fields.Datetime.now(), days=9)
        self.try_all(
            "relationship.consent", self.jan, {**theirs, "date": future}, words=NO_RIGHT
        )

    def test_the_evidence_of_a_hidden_consent(self):
        file = self.env["ir.attachment"].create({"name": f"{MARK}.pdf", "raw": b"x"})
        self.env["relationship.consent"].create(
            {
                "partner_id": self.client.id,
                "channel": "email",
                "attachment_ids": file.ids,
            }
        )
        for user in (self.jan, self.anna, self.portal):
            self.assertTold(".", file.with_user(user).write, {"name": "Mine"})
            self.assertTold(".", file.with_user(user).unlink)

    # All of them

    def test_every_model_of_ours_asks_for_the_right_first(self):
        lacking = [
            name
            for name, model in self.env.registry.items()
            if name.startswith("relationship.")
            and not model._abstract
            and not model._transient
            and self.env[name]._constraint_methods
            and not getattr(model, "_asks_right_first", False)
        ]
        self.assertFalse(lacking)
