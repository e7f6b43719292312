from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import RelationshipCase

ADDON = "relationship_management"


@tagged("post_install", "-at_install")
class TestPartnerStatistics(RelationshipCase):
    """Opportunities and activities of partners, counted for whoever looks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.food, cls.steel = cls.env["res.partner.industry"].create(
            [{"name": "Test food"}, {"name": "Test steel"}]
        )
        cls.stalmet.write({"industry_id": cls.steel.id, "is_company": True})
        cls.paktech.write({"industry_id": cls.food.id, "is_company": True})
        cls.contact = cls.env["res.partner"].create(
            {"name": "Anna Nowak", "parent_id": cls.stalmet.id}
        )
        cls.service = cls.env["relationship.opportunity.type"].create(
            {"name": "Test service", "code": "TSV"}
        )
        cls.leads = cls.env["crm.lead"].create(
            [
                {
                    "name": f"{partner.name} {revenue}",
                    "type": "opportunity",
                    "partner_id": partner.id,
                    "user_id": user.id,
                    "opportunity_type_id": opportunity_type.id,
                    "stage_id": cls.stages[stage].id,
                    "expected_revenue": revenue,
                    "probability": 50,
                    "binding": True,
                    "apply_probability": True,
                }
                for partner, user, opportunity_type, stage, revenue in (
                    (cls.stalmet, cls.anna, cls.machine_deal, 0, 100),
                    (cls.stalmet, cls.anna, cls.machine_deal, 0, 20),
                    (cls.contact, cls.anna, cls.machine_deal, 1, 300),
                    (cls.stalmet, cls.piotr, cls.service, 0, 4000),
                    (cls.paktech, cls.anna, cls.service, 1, 50000),
                )
            ]
        )
        cls.env["crm.lead"].create(
            {"name": "Only a lead", "type": "lead", "partner_id": cls.stalmet.id}
        )

    def report(self, user, **context):
        """Return the statistics of Stalmet, as the button on its form opens them."""
        action = self.stalmet.with_user(user).action_view_statistics()
        report = self.env["relationship.partner.report"].with_user(user)
        return report.with_context(**context).search(action["domain"])

    def plan(self, record, user=None, **values):
        return self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
                "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                "user_id": (user or self.anna).id,
                "date_deadline": self.get_today() + timedelta(days=3),
                **values,
            }
        )

    def test_a_pivot_by_industry_stage_and_type_has_the_sums_by_hand(self):
        groups = (
            self.env["relationship.partner.report"]
            .with_user(self.piotr)
            ._read_group(
                [("industry_id", "in", (self.food | self.steel).ids)],
                ["industry_id", "stage_id", "type_id"],
                ["expected_revenue:sum", "forecast_revenue:sum", "__count"],
            )
        )
        self.assertCountEqual(
            groups,
            [
                (self.steel, self.stages[0], self.machine_deal, 120, 60, 2),
                (self.steel, self.stages[1], self.machine_deal, 300, 150, 1),
                (self.steel, self.stages[0], self.service, 4000, 2000, 1),
                (self.food, self.stages[1], self.service, 50000, 25000, 1),
            ],
        )

    def test_the_button_counts_the_partner_and_its_contacts(self):
        self.assertEqual(
            sorted(self.report(self.piotr).mapped("expected_revenue")),
            [20, 100, 300, 4000],
        )
        self.assertEqual(
            self.report(self.piotr).commercial_partner_id,
            self.stalmet.with_user(self.piotr),
        )
        action = self.contact.with_user(self.piotr).action_view_statistics()
        report = self.env["relationship.partner.report"].with_user(self.piotr)
        self.assertEqual(report.search(action["domain"]).expected_revenue, 300)
        views = {mode for _id, mode in action["views"]}
        self.assertLessEqual({"pivot", "graph", "list"}, views)

    def test_won_lost_open_and_archived(self):
        small, other, contact, service = self.leads[:4]
        small.action_set_won()
        other.action_set_lost()
        contact.active = False
        found = {
            row.res_id: (row.status, row.won_revenue, row.forecast_revenue)
            for row in self.report(self.piotr)
        }
        self.assertEqual(
            found,
            {
                small.id: ("won", 100, 100),
                other.id: ("lost", 0, 0),
                contact.id: ("archived", 0, 0),
                service.id: ("open", 0, 2000),
            },
        )
        won = self.report(self.piotr).filtered(lambda r: r.status == "won")
        self.assertEqual(won.date_closing, self.get_today())

    def test_activities_planned_overdue_and_done(self):
        self.plan(self.stalmet, summary="Ring up")
        self.plan(self.contact, date_deadline=date(2020, 1, 2))
        done = self.plan(self.leads[0], summary="Send the drawing")
        done.with_user(self.anna).action_feedback(feedback="Sent")
        self.plan(self.leads[1]).unlink()
        self.plan(self.paktech)
        rows = self.report(self.anna).filtered(lambda r: r.kind == "activity")
        call = self.env.ref("mail.mail_activity_data_call")
        self.assertCountEqual(
            [(r.name, r.status, r.date, r.partner_id.name) for r in rows],
            [
                (
                    "Ring up",
                    "planned",
                    self.get_today() + timedelta(days=3),
                    "Stalmet S.A.",
                ),
                (call.name, "overdue", date(2020, 1, 2), "Anna Nowak"),
                ("Send the drawing", "done", done.date_done, "Stalmet S.A."),
            ],
        )
        on_opportunity = rows.filtered(lambda r: r.status == "done")
        self.assertEqual(on_opportunity.type_id, self.machine_deal)
        self.assertFalse(on_opportunity.expected_revenue)

    def test_nobody_counts_what_he_may_not_see(self):
        self.plan(self.leads[0], user=self.jan)
        self.plan(self.stalmet, user=self.jan)
        mine = self.report(self.anna).filtered(lambda r: r.kind == "opportunity")
        self.assertEqual(sorted(mine.mapped("expected_revenue")), [20, 100, 300])
        self.assertEqual(self.report(self.jan).mapped("res_model"), ["res.partner"])
        report = self.env["relationship.partner.report"].with_user(self.jan)
        groups = report._read_group([], ["kind"], ["expected_revenue:sum"])
        self.assertEqual([kind for kind, _sum in groups], ["activity"])

    def test_an_id_opens_no_door(self):
        row = self.report(self.piotr).filtered(lambda r: r.expected_revenue == 4000)
        with self.refused(r"'read' access to:\n- Partner statistics \(", AccessError):
            row.with_user(self.anna).read(["expected_revenue"])
        with self.refused("may not read the record this belongs to", AccessError):
            row.with_user(self.anna).action_open_source()
        self.assertEqual(row.action_open_source()["res_id"], self.leads[3].id)

    def test_only_who_may_analyse_a_type_counts_it(self):
        group = self.env["res.groups"].create({"name": "Analysts of service"})
        self.service.analyse_group_ids = [Command.link(group.id)]
        sums = [20, 100, 300]
        self.assertEqual(
            sorted(self.report(self.piotr).mapped("expected_revenue")), sums
        )
        self.assertEqual(len(self.report(self.ewa)), 4, "managers may everything")
        self.plan(self.leads[3], user=self.piotr)
        self.assertNotIn("activity", self.report(self.piotr).mapped("kind"))
        self.piotr.group_ids = [Command.link(group.id)]
        self.assertEqual(len(self.report(self.piotr)), 5)

    def test_another_company_keeps_its_own(self):
        self.leads[3].write({"company_id": self.other_company.id, "user_id": False})
        self.assertNotIn(4000, self.report(self.piotr).mapped("expected_revenue"))
        theirs = self.report(self.katrin)
        self.assertEqual(theirs.expected_revenue, 4000)
        self.assertEqual(theirs.currency_id, self.other_company.currency_id)

    def test_amounts_of_companies_add_up_in_the_group_currency(self):
        euro, zloty = (self._activate_currency(name) for name in ("EUR", "PLN"))
        self.env["ir.config_parameter"].set_param(
            f"{ADDON}.group_currency_id", str(zloty.id)
        )
        self.env["res.currency.rate"].search([]).unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": zloty.id,
                "company_id": self.other_company.id,
                "name": "2020-01-01",
                "rate": 4.25,
            }
        )
        self.assertEqual(self.other_company.currency_id, euro)
        self.leads[3].write({"company_id": self.other_company.id, "user_id": False})
        row = self.report(self.katrin)
        self.assertEqual(row.expected_revenue, 4000)
        self.assertEqual(row.group_expected_revenue, 17000)
        self.assertEqual(row.group_currency_id, zloty)

    def test_a_count_sees_what_was_just_written(self):
        report = self.env["relationship.partner.report"].with_user(self.piotr)
        domain = [("partner_id", "=", self.paktech.id)]
        self.assertEqual(report.search(domain).expected_revenue, 50000)
        self.leads[4].expected_revenue = 7
        report.invalidate_model()
        self.assertEqual(report.search(domain).expected_revenue, 7)

    def test_a_wrong_column_is_refused(self):
        with self.assertRaisesRegex(ValueError, "no column"):
            self.env["relationship.partner.report"]._select_fact(
                "crm_lead s", colour="red"
            )
