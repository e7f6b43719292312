from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..campaign.campaign_case import CampaignCase

REFUSED = (
    "doesn't have '(read|write|create)' access to"
    "|belongs to another campaign than the opportunity: generate"
    "|[Cc]ampaign.* belongs to another company than"
    "|records of the type that you may not see"
)


@tagged("post_install", "-at_install")
class TestParentMoves(CampaignCase):
    """Records are moved past the rules of their parents: in every way there is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        leads = cls.env["crm.lead"].with_context(default_type="opportunity")
        cls.own, cls.foreign = leads.create(
            [
                {"name": "Own", "user_id": cls.anna.id},
                {"name": "Foreign", "user_id": cls.piotr.id},
            ]
        )
        cls.line, cls.foreign_line = cls.env["relationship.reference"].create(
            [
                {
                    "lead_id": lead.id,
                    "partner_id": cls.kranbau.id,
                    "type_id": cls.competitor_type.id,
                }
                for lead in (cls.own, cls.foreign)
            ]
        )
        cls.campaign = cls.new_campaign(title="Here")
        cls.there = cls.make_there()
        costs = cls.env["relationship.campaign.cost"]
        cls.cost, cls.foreign_cost = costs.create(
            [
                {"campaign_id": campaign.id, "name": "Stand"}
                for campaign in (cls.campaign, cls.there)
            ]
        )
        cls.secret_type = cls.env["relationship.campaign.type"].create(
            {
                "name": "Secret",
                "see_group_ids": [
                    Command.set(cls.env.ref("base.group_system").ids),
                ],
            }
        )
        cls.secret = cls.env["relationship.campaign"].create(
            {
                "title": "Takeover",
                "type_id": cls.secret_type.id,
                "date_to": "2030-01-01",
                "user_id": cls.env.ref("base.user_admin").id,
            }
        )

    @classmethod
    def make_there(cls):
        """Return a campaign of another company that is linked with this one."""
        return cls.env["relationship.campaign"].create(
            {
                "title": "There",
                "type_id": cls.fair_type.id,
                "company_id": cls.other_company.id,
                "user_id": cls.katrin.id,
                "relationship_linked_company_ids": [Command.set(cls.company.ids)],
            }
        )

    def as_anna(self, records):
        return records.with_user(self.anna)

    def refuse(self, function, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaisesRegex((AccessError, ValidationError), REFUSED) as caught:
            function(*args)
        self.env.invalidate_all()
        for secret in ("Foreign", "Takeover"):
            self.assertNotIn(secret, str(caught.exception))

    def test_a_person_does_not_move_to_the_opportunity_of_somebody_else(self):
        line = self.as_anna(self.line)
        self.refuse(line.write, {"lead_id": self.foreign.id})
        self.refuse(line.copy, {"lead_id": self.foreign.id})
        self.assertEqual(self.line.lead_id, self.own)

    def test_nor_by_the_lines_of_an_opportunity(self):
        own = self.as_anna(self.own)
        for command in (
            Command.link(self.foreign_line.id),
            Command.set((self.line | self.foreign_line).ids),
            Command.update(self.line.id, {"lead_id": self.foreign.id}),
            Command.update(self.foreign_line.id, {"share": 10}),
            Command.create(
                {
                    "partner_id": self.paktech.id,
                    "type_id": self.competitor_type.id,
                    "lead_id": self.foreign.id,
                }
            ),
        ):
            with self.subTest(command=command[0]):
                if command[0] == Command.CREATE:  # core puts it under this one
                    own.write({"reference_ids": [command]})
                else:
                    self.refuse(own.write, {"reference_ids": [command]})
                self.assertEqual(self.foreign_line.lead_id, self.foreign)
                self.assertEqual(self.foreign.reference_ids, self.foreign_line)

    def test_a_cost_does_not_move_to_a_campaign_that_one_may_only_read(self):
        self.assertTrue(self.as_anna(self.there).has_access("read"))
        cost = self.as_anna(self.cost)
        self.refuse(cost.create, {"campaign_id": self.there.id, "name": "Stand"})
        self.refuse(cost.write, {"campaign_id": self.there.id})
        self.refuse(cost.copy, {"campaign_id": self.there.id})
        campaign = self.as_anna(self.campaign)
        link = [Command.link(self.foreign_cost.id)]
        self.refuse(campaign.write, {"cost_ids": link})
        self.refuse(campaign.copy, {"cost_ids": link, "date_to": "2030-01-01"})
        self.assertEqual(self.cost.campaign_id, self.campaign)
        self.assertEqual(self.foreign_cost.campaign_id, self.there)

    def test_an_import_moves_nothing_either(self):
        self.env["ir.model.data"].create(
            {
                "module": "__test__",
                "name": "cost",
                "model": self.cost._name,
                "res_id": self.cost.id,
            }
        )
        rows = [["__test__.cost", str(self.there.id)], ["", str(self.there.id)]]
        for row in rows:
            costs = self.as_anna(self.env["relationship.campaign.cost"])
            result = costs.load(["id", "campaign_id/.id", "name"], [[*row, "Stand"]])
            self.assertFalse(result["ids"])
            self.assertRegex(result["messages"][0]["message"], REFUSED)
        self.env.invalidate_all()
        self.assertEqual(self.cost.campaign_id, self.campaign)
        self.assertEqual(self.there.cost_ids, self.foreign_cost)

    def test_a_campaign_is_no_part_of_a_hidden_one(self):
        campaign = self.as_anna(self.campaign)
        for name in ("parent_id", "selection_ids"):
            value = self.secret.id
            if name == "selection_ids":
                step = {"source": "campaign", "other_campaign_id": self.secret.id}
                value = [Command.create(step)]
            with self.subTest(field=name):
                self.refuse(campaign.write, {name: value})
                self.refuse(campaign.copy, {name: value})

    def test_a_campaign_is_not_given_to_a_company_or_type_beyond_ones_rights(self):
        campaign = self.as_anna(self.campaign)
        self.refuse(campaign.write, {"company_id": self.other_company.id})
        self.refuse(campaign.write, {"type_id": self.secret_type.id})
        self.assertEqual(self.campaign.company_id, self.company)
        self.assertEqual(self.campaign.type_id, self.fair_type)

    def test_an_opportunity_does_not_come_from_a_hidden_campaign(self):
        core = self.secret.utm_campaign_id
        addressee = self.env["relationship.campaign.addressee"].create(
            {"campaign_id": self.secret.id, "partner_id": self.kranbau.id}
        )
        own = self.as_anna(self.own)
        for vals in (
            {"campaign_id": core.id},
            {"addressee_id": addressee.id},
            {"campaign_id": core.id, "addressee_id": addressee.id},
        ):
            self.refuse(own.write, vals)
            self.refuse(own.create, {"name": "New", **vals})
            self.refuse(own.copy, vals)
        lines = {"lead_ids": [Command.link(self.own.id)]}
        self.refuse(self.as_anna(addressee).write, lines)
        self.assertFalse(self.own.campaign_id or self.own.addressee_id)

    def test_what_stands_there_stays_whoever_sees_it(self):
        """Copies, merges and forms keep a hidden campaign that others have chosen."""
        core = self.secret.utm_campaign_id
        self.own.campaign_id = core
        own = self.as_anna(self.own)
        own.write({"campaign_id": core.id, "name": "Still own"})
        with Form(own) as form:
            form.name = "Own again"
        self.assertEqual(self.own.campaign_id, core)
        self.assertEqual(own.copy().sudo().campaign_id, core)
        other = self.env["crm.lead"].create(
            {"name": "Other", "user_id": self.anna.id, "type": "opportunity"}
        )
        merged = self.as_anna(other | self.own).merge_opportunity()
        self.assertEqual(merged.sudo().campaign_id, core)
        self.assertNotIn("relationship_known_parents", merged.env.context)

    def test_defaults_open_nothing(self):
        core = self.secret.utm_campaign_id
        own = self.as_anna(self.own)
        by_context = own.with_context(default_campaign_id=core.id)
        self.refuse(by_context.create, {"name": "New"})
        lines = self.as_anna(self.line).with_context(default_lead_id=self.foreign.id)
        person = {"partner_id": self.paktech.id, "type_id": self.competitor_type.id}
        self.refuse(lines.create, person)
        self.as_anna(self.env["ir.default"]).set(
            "crm.lead", "campaign_id", core.id, user_id=True
        )
        self.refuse(own.create, {"name": "New"})

    def test_nobody_sends_what_is_known(self):
        """A context from outside opens nothing."""
        forged = {"utm.campaign": self.secret.utm_campaign_id.ids}
        own = self.as_anna(self.own).with_context(relationship_known_parents=forged)
        self.refuse(own.write, {"campaign_id": self.secret.utm_campaign_id.id})

    def test_whoever_gives_an_opportunity_away_may_name_a_campaign(self):
        own = self.as_anna(self.own)
        core = self.campaign.utm_campaign_id
        own.write({"user_id": self.piotr.id, "campaign_id": core.id})
        self.assertEqual(self.own.user_id, self.piotr)

    def test_plans_stay_with_sales_projects(self):
        plan = self.env["mail.activity.plan"].create(
            {"name": "Sales", "res_model": "crm.lead"}
        )
        other = self.env["mail.activity.plan"].create(
            {"name": "People", "res_model": "res.partner"}
        )
        line = self.env["mail.activity.plan.template"].create(
            {
                "plan_id": plan.id,
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            }
        )
        self.refuse(plan.with_user(self.ewa).write, {"res_model": "res.partner"})
        self.refuse(line.with_user(self.ewa).write, {"plan_id": other.id})
        self.assertEqual((plan.res_model, line.plan_id), ("crm.lead", plan))
