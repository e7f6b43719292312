from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..campaign.campaign_case import CampaignCase

NOT_ANALYSED = "^You may not analyse campaigns of the type Test fair: ask a manager."


@tagged("post_install", "-at_install")
class TestAnalysis(CampaignCase):
    """Who may see a record, but not analyse its type, is not counted it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.analysts = cls.env["res.groups"].create({"name": "Analysts"})
        cls.olga = cls._new_user("olga", "sales_team.group_sale_salesman_all_leads")
        cls.olga.group_ids += cls.analysts
        cls.tender = cls.env["relationship.opportunity.type"].create(
            {"name": "Tender", "analyse_group_ids": [Command.set(cls.analysts.ids)]}
        )
        cls.campaign = cls.new_campaign(goal_revenue=1000)
        cls.part = cls.new_campaign(title="Part", parent_id=cls.campaign.id)
        cls.addressee = cls.env["relationship.campaign.addressee"].create(
            {"campaign_id": cls.campaign.id, "partner_id": cls.stalmet.id}
        )
        cls.leads = cls.env["crm.lead"].create(
            [
                {
                    "name": f"Line {amount}",
                    "type": "opportunity",
                    "partner_id": cls.stalmet.id,
                    "user_id": cls.anna.id,
                    "campaign_id": cls.campaign.utm_campaign_id.id,
                    "expected_revenue": amount,
                    "opportunity_type_id": kind.id,
                }
                for amount, kind in ((100, cls.machine_deal), (900, cls.tender))
            ]
        )
        cls.leads.action_set_won()
        cls.env.flush_all()

    def figures(self, user, **options):
        self.env.invalidate_all()
        found = self.campaign.with_user(user).get_figures(**options)
        return {f["key"]: f["value"] for f in found["figures"]}, found["notes"]

    def count(self, user, key):
        action = self.campaign.with_user(user).action_open_figure(key)
        records = self.env[action["res_model"]].with_user(user)
        return records.with_context(**action["context"]).search_count(action["domain"])

    def test_what_stands_at_a_record_is_counted_with_it(self):
        """Roles, people of a deal, members and costs of a campaign, in a pivot."""
        self.env["relationship.campaign.cost"].create(
            {"campaign_id": self.campaign.id, "name": "Stand"}
        )
        role, reference, person = (
            self.env[f"relationship.{name}"].create(
                {**values, "partner_id": self.stalmet.id}
            )
            for name, values in (
                (
                    "role",
                    {
                        "type_id": self.env["relationship.role.type"]
                        .search([("kind", "=", "supplier")], limit=1)
                        .id
                    },
                ),
                (
                    "reference",
                    {"lead_id": self.leads[0].id, "type_id": self.competitor_type.id},
                ),
                (
                    "reference",
                    {
                        "campaign_id": self.campaign.id,
                        "type_id": self.representative_type.id,
                    },
                ),
            )
        )
        for records, kind in (
            (role, role.type_id),
            (reference, reference.type_id),
            (person, self.fair_type),
            (self.addressee, self.fair_type),
            (self.campaign.cost_ids, self.fair_type),
        ):
            with self.subTest(records._name):
                kind.analyse_group_ids = self.analysts
                for user, counted in ((self.anna, 0), (self.ewa, 1)):
                    found = records.with_user(user).formatted_read_group(
                        [("id", "in", records.ids)], [], ["__count"]
                    )
                    self.assertEqual(found[0]["__count"], counted)
                    seen = records.with_user(user).search_count(
                        [("id", "in", records.ids)]
                    )
                    self.assertEqual(seen, 1)
        self.machine_deal.analyse_group_ids = self.analysts
        [found] = reference.with_user(self.anna).formatted_read_group(
            [("id", "=", reference.id)], [], ["__count"]
        )
        self.assertEqual(found["__count"], 0, "one of a deal that is not counted")

    # Opportunities

    def test_figures_count_the_opportunities_that_one_may_analyse(self):
        for user, number, revenue in ((self.piotr, 1, "100"), (self.olga, 2, "1,000")):
            figures, notes = self.figures(user)
            with self.subTest(user.login):
                self.assertEqual(figures["opportunities"], str(number))
                self.assertIn(revenue, figures["revenue"])
                self.assertEqual(self.count(user, "opportunities"), number)
                self.assertEqual(self.count(user, "revenue"), number)
                self.assertEqual(
                    notes,
                    [
                        (
                            "Opportunities not counted, since you may not analyse their"
                            " types: 1."
                        )
                    ]
                    if number == 1
                    else [],
                )
                campaign = self.campaign.with_user(user)
                self.assertEqual(campaign.won_count, number)
                self.assertEqual(campaign.goal_percent, 0 if number == 1 else 100)

    def test_pivots_and_graphs_leave_out_what_lists_show(self):
        domain = [("id", "in", self.leads.ids)]
        for user, number in ((self.piotr, 1), (self.olga, 2), (self.ewa, 2)):
            leads = self.env["crm.lead"].with_user(user)
            with self.subTest(user.login):
                (rows,) = leads.formatted_read_grouping_sets(
                    domain, [["opportunity_type_id"]], ["__count"]
                )
                self.assertEqual(sum(row["__count"] for row in rows), number)
                rows = leads.formatted_read_group(
                    domain=domain, groupby=["user_id"], aggregates=["__count"]
                )
                self.assertEqual(sum(row["__count"] for row in rows), number)
                rows = leads.web_read_group(
                    domain=domain,
                    groupby=["opportunity_type_id"],
                    aggregates=["__count", "expected_revenue:sum"],
                )
                self.assertEqual(sum(r["__count"] for r in rows["groups"]), 2)
                self.assertEqual(leads.search_count(domain), 2)

    def test_no_other_way_of_grouping_counts_more(self):
        """The former one of core, and one that asks for ids beside a sum."""
        domain = [("id", "in", self.leads.ids)]
        for user, total in ((self.anna, 100), (self.olga, 1000)):
            leads = self.env["crm.lead"].with_user(user)
            with self.subTest(user.login):
                [group] = leads.read_group(domain, ["expected_revenue:sum"], [])
                self.assertEqual(group["expected_revenue"], total)
                asked = ["id:array_agg", "expected_revenue:sum"]
                [group] = leads.formatted_read_group(domain, [], asked)
                self.assertEqual(group["expected_revenue:sum"], total)
                asked = ["id:array_agg", "__count"]
                [group] = leads.formatted_read_group(domain, [], asked)
                self.assertEqual(group["__count"], 2)

    def test_what_a_deleted_opportunity_left_is_not_counted_either(self):
        kind = self.env["relationship.activity.type"].create({"name": "Look"})
        lead = self.leads[1]
        self.assertEqual(lead.opportunity_type_id, self.tender)
        activity = self.env["relationship.activity"].create(
            {
                "name": "Left over",
                "type_id": kind.id,
                "lead_id": lead.id,
                "partner_id": self.stalmet.id,
                "user_id": self.anna.id,
            }
        )
        activity.action_done()
        lead.unlink()
        self.env.flush_all()
        for user, counted in ((self.anna, 0), (self.olga, 1)):
            for model in ("relationship.activity", "relationship.item"):
                records = self.env[model].with_user(user)
                [group] = records.formatted_read_group(
                    [("name", "=", "Left over")], [], ["__count"]
                )
                with self.subTest(user.login, model=model):
                    self.assertEqual(group["__count"], counted)

    def test_an_opportunity_is_counted_by_its_own_type(self):
        """Not by that of the campaign it is from; what belongs to the campaign is."""
        self.campaign.sudo().type_id.analyse_group_ids = self.analysts
        lead = self.leads[0]
        self.assertEqual(lead.opportunity_type_id, self.machine_deal)
        self.env.flush_all()
        for user, counted in ((self.piotr, 0), (self.olga, 1)):
            with self.subTest(user.login):
                for model, domain, number in (
                    ("crm.lead", [("id", "=", lead.id)], 1),
                    (
                        "relationship.item",
                        [("source", "=", "crm.lead"), ("source_id", "=", lead.id)],
                        1,
                    ),
                    (
                        "relationship.item",
                        [
                            ("source", "=", self.addressee._name),
                            ("source_id", "=", self.addressee.id),
                        ],
                        counted,
                    ),
                ):
                    records = self.env[model].with_user(user)
                    [group] = records.formatted_read_group(domain, [], ["__count"])
                    self.assertEqual(group["__count"], number, model)

    def test_no_context_of_a_client_counts_more(self):
        leads = self.env["crm.lead"].with_user(self.piotr)
        leads = leads.with_context(relationship_listing=True)
        rows = leads.formatted_read_group(
            [("id", "in", self.leads.ids)], [], ["__count"]
        )
        self.assertEqual(rows[0]["__count"], 1)

    def test_statistics_and_activities_of_partners_leave_it_out(self):
        for lead in self.leads:
            activity = lead.activity_schedule("mail.mail_activity_data_call")
            activity.action_feedback("done")
        self.env.flush_all()
        for user, number in ((self.piotr, 1), (self.olga, 2)):
            self.env.invalidate_all()
            report = self.env["relationship.partner.report"].with_user(user)
            activities = self.env["crm.activity.report"].with_user(user)
            partner = self.stalmet.with_user(user)
            with self.subTest(user.login):
                found = report.search([("partner_id", "=", self.stalmet.id)])
                kinds = found.mapped("kind")
                self.assertEqual(kinds.count("opportunity"), number)
                self.assertEqual(
                    activities.search_count([("lead_id", "in", self.leads.ids)]),
                    number,
                )
                self.assertEqual(partner.won_opportunity_count, number)
                figures = partner.get_figures()
                (won,) = (f for f in figures["figures"] if f["key"] == "won")
                self.assertIn(f"{number} · ", won["value"])
                action = partner.action_open_figure("won")
                leads = self.env["crm.lead"].with_user(user)
                self.assertEqual(leads.search_count(action["domain"]), number)
                self.assertEqual(
                    "Opportunities not counted, since you may not analyse their types:"
                    " 1." in figures["notes"],
                    number == 1,
                )

    # Campaigns

    def test_a_campaign_that_one_may_not_analyse_shows_no_figures(self):
        self.fair_type.analyse_group_ids = self.analysts
        figures, notes = self.figures(self.piotr)
        self.assertEqual(figures, {})
        self.assertRegex(notes[0], NOT_ANALYSED)
        with self.refused(NOT_ANALYSED, AccessError):
            self.campaign.with_user(self.piotr).action_open_figure("revenue")
        campaign = self.campaign.with_user(self.piotr)
        self.assertEqual(campaign.title, "Poznań fair")
        for name in ("addressee_count", "won_revenue", "goal_percent", "won_count"):
            self.assertEqual(campaign[name], 0, name)
        self.assertFalse(campaign.may_analyse)
        self.assertEqual(self.figures(self.olga)[0]["addressees"], "1")
        self.assertTrue(self.figures(self.ewa)[0])

    def test_parts_that_one_may_not_analyse_are_not_added(self):
        open_type = self.fair_type.copy({"name": "Open fair"})
        self.fair_type.analyse_group_ids = self.analysts
        self.campaign.type_id = open_type
        _figures, notes = self.figures(self.piotr, with_parts=True)
        self.assertIn("Campaigns counted: 1.", notes[0])
        self.assertEqual(
            notes[1],
            "Parts not counted, since you may not analyse their types: 1.",
        )
        self.assertIn(
            "Campaigns counted: 2.", self.figures(self.olga, with_parts=True)[1][0]
        )

    def test_a_pivot_of_campaigns_leaves_them_out(self):
        self.fair_type.analyse_group_ids = self.analysts
        for user, number in ((self.piotr, 0), (self.olga, 2)):
            campaigns = self.env["relationship.campaign"].with_user(user)
            domain = [("id", "in", (self.campaign | self.part).ids)]
            (rows,) = campaigns.formatted_read_grouping_sets(domain, [[]], ["__count"])
            with self.subTest(user.login):
                self.assertEqual(sum(row["__count"] for row in rows), number)
                self.assertEqual(campaigns.search_count(domain), 2)
