from odoo import fields
from odoo.tests import tagged

from ..secret_case import CAMPAIGN, HIDDEN, MARK, NO_RIGHT, SecretCase


@tagged("post_install", "-at_install")
class TestConstraintSecrets(SecretCase):
    """Opportunities, types and consents: what a refusal tells of hidden ones."""

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

    def test_what_types_and_dialogs_propose_of_another_company(self):
        theirs = {"company_id": self.other_company.id}
        team = self.env["crm.team"].create({"name": f"{MARK} team", **theirs})
        stage = self.env["crm.stage"].create(
            {"name": f"{MARK} stage", "use_for": "both", **theirs}
        )
        purpose = self.env["relationship.consent.purpose"].create(
            {"name": f"{MARK} purpose", **theirs}
        )
        values = {"name": "Type", "company_id": self.company.id}
        for model, fields_ in (
            ("relationship.opportunity.type", {"team_id": team, "stage_id": stage}),
            (
                "relationship.campaign.type",
                {"team_id": team, "stage_id": stage, "purpose_id": purpose},
            ),
        ):
            own = self.env[model].create(values)
            for name, record in fields_.items():
                self.try_all(
                    model, self.ewa, {**values, name: record.id}, own=own, words=HIDDEN
                )
        campaign = self.new_campaign()
        dialog = {"campaign_id": campaign.id, "name": "Fair", "team_id": team.id}
        self.try_all("relationship.campaign.opportunity", self.anna, dialog)
        self.try_all(
            "relationship.campaign",
            self.anna,
            {
                "title": "New",
                "type_id": self.fair_type.id,
                "purpose_id": purpose.id,
            },
            own=campaign,
            words=HIDDEN,
        )

    def test_the_code_of_a_type_of_another_company(self):
        for model in (
            "relationship.opportunity.type",
            "relationship.campaign.type",
            "relationship.consent.purpose",
        ):
            values = {"name": "Type", "company_id": self.other_company.id}
            own = self.env[model].create({"name": "Own", "company_id": self.company.id})
            self.env[model].create({**values, "code": "USED"})
            for code in ("USED", "FREE"):
                self.try_all(
                    model, self.ewa, {**values, "code": code}, own=own, words=NO_RIGHT
                )

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

    def test_every_check_of_companies_of_ours_is_discreet(self):
        loud = [
            name
            for name, model in self.env.registry.items()
            if (name.startswith("relationship.") or name in ("crm.lead", "crm.stage"))
            and model._check_company_auto
            and not hasattr(model, "_asks_right_first")
        ]
        self.assertFalse(loud)
