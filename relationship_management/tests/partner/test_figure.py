from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestFigures(RelationshipCase):
    """Partners are found by what their opportunities and activities tell.

    Piotr may write on partners and sees all opportunities; Anna sees her own.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env.user)
        cls.contact = cls.env["res.partner"].create(
            {"name": "Anna Nowak", "parent_id": cls.stalmet.id}
        )
        cls.everybody = cls.stalmet | cls.contact | cls.kranbau | cls.paktech
        for user in (cls.anna, cls.piotr):
            user.group_ids |= cls.env.ref("base.group_partner_manager")
        cls.activity_type = cls.env["mail.activity.type"].create({"name": "Visit"})

    def lead(self, user, partner, revenue, **values):
        return self.new_lead(
            user, partner_id=partner.id, expected_revenue=revenue, **values
        )

    def win(self, lead):
        lead.write({"stage_id": self.stages[2].id, "probability": 100})

    def plan(self, user, record, days, done=False):
        activity = (
            self.env["mail.activity"]
            .with_user(user)
            .create(
                {
                    "res_model_id": self.env["ir.model"]._get_id(record._name),
                    "res_id": record.id,
                    "activity_type_id": self.activity_type.id,
                    "date_deadline": self.today + timedelta(days=days),
                    "user_id": user.id,
                }
            )
        )
        if done:
            activity.action_done()
            activity.date_done = self.today + timedelta(days=days)
        return activity

    def test_amounts_that_are_no_numbers_stop_no_figure(self):
        won = self.lead(self.anna, self.stalmet, 100)
        self.win(won)
        for amount in ("NaN", "Infinity", "-Infinity"):
            with self.subTest(amount=amount):
                self.env.flush_all()
                self.env.cr.execute(
                    "UPDATE crm_lead SET expected_revenue = %s WHERE id = %s",
                    [amount, won.id],
                )
                self.env.invalidate_all()
                partner = self.stalmet.with_user(self.anna)
                self.assertEqual(partner.won_opportunity_count, 1)
                self.assertEqual(partner.won_opportunity_amount, 0)

    def assertFound(self, user, condition, partners):
        self.env.flush_all()
        records = self.env["res.partner"].with_user(user)
        ours = [("id", "in", self.everybody.ids)]
        found = records.search([condition, *ours])
        self.assertEqual(set(found.ids), set(partners.ids), condition)

    def test_opportunities_by_every_operator(self):
        self.lead(self.anna, self.stalmet, 100)
        self.lead(self.piotr, self.contact, 200)
        self.lead(self.piotr, self.kranbau, 400)
        stalmet, kranbau = self.stalmet | self.contact, self.kranbau
        count, amount = "open_opportunity_count", "open_opportunity_amount"
        for condition, found in (
            ((count, "=", 2), stalmet),
            ((count, "!=", 2), kranbau | self.paktech),
            ((count, "in", [1, 2]), stalmet | kranbau),
            ((count, "not in", [0, 1]), stalmet),
            ((count, ">", 0), stalmet | kranbau),
            ((count, ">=", 2), stalmet),
            ((count, "<", 1), self.paktech),
            ((count, "<=", 1), kranbau | self.paktech),
            ((count, "=", False), self.paktech),
            ((count, "!=", False), stalmet | kranbau),
            ((amount, "=", 300), stalmet),
            ((amount, ">", 300), kranbau),
            ((amount, ">=", 300), stalmet | kranbau),
            ((amount, "<", 400), stalmet | self.paktech),
            ((amount, "=", 0), self.paktech),
        ):
            with self.subTest(condition=condition):
                self.assertFound(self.piotr, condition, found)

    def test_only_what_the_user_may_see_is_counted(self):
        self.lead(self.anna, self.stalmet, 100)
        self.lead(self.piotr, self.stalmet, 200)
        self.lead(self.piotr, self.kranbau, 400)
        family = self.stalmet | self.contact
        self.assertFound(self.anna, ("open_opportunity_amount", "=", 100), family)
        self.assertFound(self.anna, ("open_opportunity_count", ">", 1), family.browse())
        self.assertFound(self.piotr, ("open_opportunity_amount", "=", 300), family)
        self.assertEqual(self.contact.with_user(self.anna).open_opportunity_count, 1)
        self.assertEqual(self.contact.with_user(self.piotr).open_opportunity_count, 2)

    def test_won_and_lost(self):
        self.win(self.lead(self.piotr, self.stalmet, 100))
        self.lead(self.piotr, self.kranbau, 50).action_set_lost()
        self.lead(self.piotr, self.kranbau, 60).action_set_lost()
        family = self.stalmet | self.contact
        for condition, found in (
            (("won_opportunity_count", "=", 1), family),
            (("won_opportunity_amount", ">=", 100), family),
            (("lost_opportunity_count", ">", 1), self.kranbau),
            (("lost_opportunity_amount", "=", 110), self.kranbau),
            (("open_opportunity_count", ">", 0), family.browse()),
        ):
            with self.subTest(condition=condition):
                self.assertFound(self.piotr, condition, found)

    def test_amounts_of_other_companies_are_converted(self):
        foreign = "EUR" if self.company.currency_id.name == "PLN" else "PLN"
        self.other_company.currency_id = self._activate_currency(foreign)
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.other_company.currency_id.id,
                "company_id": self.company.id,
                "name": self.today,
                "rate": 0.5,
            }
        )
        self.ewa.company_ids |= self.other_company
        self.lead(self.ewa, self.stalmet, 100, company_id=self.other_company.id)
        both = (self.company | self.other_company).ids
        partner = self.stalmet.with_user(self.ewa).with_context(
            allowed_company_ids=both
        )
        self.env.flush_all()
        self.assertEqual(partner.open_opportunity_amount, 200)

    def test_contacts_by_every_operator(self):
        self.plan(self.piotr, self.contact, -10, done=True)
        self.plan(self.piotr, self.stalmet, -40, done=True)
        self.plan(self.piotr, self.lead(self.piotr, self.kranbau, 1), -20, done=True)
        self.plan(self.piotr, self.stalmet, 5)
        stalmet, kranbau = self.stalmet | self.contact, self.kranbau
        last, following = "last_contact_date", "next_contact_date"
        ago = self.today - timedelta(days=15)
        for condition, found in (
            ((last, "=", self.today - timedelta(days=10)), stalmet),
            ((last, "!=", self.today - timedelta(days=10)), kranbau | self.paktech),
            ((last, ">", ago), stalmet),
            ((last, ">=", self.today - timedelta(days=20)), stalmet | kranbau),
            ((last, "<", ago), kranbau),
            ((last, "<=", "today -20d"), kranbau),
            ((last, "=", False), self.paktech),
            ((last, "!=", False), stalmet | kranbau),
            ((following, "=", self.today + timedelta(days=5)), stalmet),
            ((following, "=", False), kranbau | self.paktech),
            ((following, "<=", "today +7d"), stalmet),
        ):
            with self.subTest(condition=condition):
                self.assertFound(self.piotr, condition, found)

    def test_activities_are_seen_by_whom_core_lets_see_them(self):
        self.plan(self.piotr, self.lead(self.piotr, self.kranbau, 1), 3)
        self.plan(self.piotr, self.stalmet, 4)
        planned = ("next_contact_date", "!=", False)
        family = self.stalmet | self.contact
        self.assertFound(self.piotr, planned, family | self.kranbau)
        # Anna may not see the opportunity, Jan may not write on partners.
        self.assertFound(self.anna, planned, family)
        self.assertFound(self.jan, planned, family.browse())
        for user in (self.anna, self.jan):
            self.env.flush_all()
            activities = self.env["mail.activity"].with_user(user)
            seen = activities.search([("res_model", "=", "res.partner")])
            shown = bool(seen.filtered(lambda a: a.res_id == self.stalmet.id))
            self.assertEqual(
                bool(self.stalmet.with_user(user).next_contact_date), shown
            )

    def test_a_task_of_ones_own_tells_nothing_of_a_hidden_opportunity(self):
        task = self.plan(self.piotr, self.lead(self.piotr, self.kranbau, 1), 3)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_activity SET user_id = %s WHERE id = %s",
            [self.anna.id, task.id],
        )
        self.env.invalidate_all()
        planned = ("next_contact_date", "!=", False)
        self.assertFound(self.anna, planned, self.kranbau.browse())
        self.assertFalse(self.kranbau.with_user(self.anna).next_contact_date)
        self.assertTrue(self.kranbau.with_user(self.piotr).next_contact_date)

    def test_figures_of_sales_are_for_sales(self):
        self.win(self.lead(self.piotr, self.stalmet, 100))
        partner = self.stalmet.with_user(self.jan)
        with (
            self.refused('the field "won_opportunity_count"', AccessError),
            mute_logger("odoo.models"),
        ):
            partner.read(["won_opportunity_count"])
        self.assertFound(self.jan, ("won_opportunity_count", ">", 0), partner.browse())
        self.assertFound(self.jan, ("won_opportunity_count", "=", 0), self.everybody)
        self.assertIn("last_contact_date", partner.fields_get())
        self.assertNotIn("won_opportunity_count", partner.fields_get())

    def test_the_domain_widget_offers_them(self):
        fields_get = self.env["res.partner"].with_user(self.piotr).fields_get()
        for name in (
            *("last_contact_date", "next_contact_date", "won_opportunity_count"),
            *("won_opportunity_amount", "competitor_ids", "annual_turnover_year"),
        ):
            self.assertTrue(fields_get[name]["searchable"], name)

    def test_many_partners_cost_no_query_each(self):
        for partner in self.everybody:
            self.lead(self.piotr, partner, 10)
        self.env.flush_all()
        counts = []
        # What is remembered between two requests may be forgotten amid one of them.
        for partners in (self.everybody, self.stalmet) * 3:
            self.env.invalidate_all()
            records = partners.with_user(self.piotr)
            records.mapped("name")
            before = self.env.cr.sql_log_count
            records.mapped("open_opportunity_amount")
            records.mapped("last_contact_date")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(min(counts[0::2]), min(counts[1::2]))
