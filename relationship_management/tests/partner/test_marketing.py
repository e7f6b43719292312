from datetime import date
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import RelationshipCase

VALUES = {
    "employee_count": 780,
    "founding_year": 1972,
    "annual_turnover": 342000000.0,
    "annual_turnover_year": 2025,
    "abc_class": "a",
    "potential": 3500000.0,
    "credit_rating": "B1",
    "credit_rating_date": date(2026, 2, 1),
    "credit_rating_source": "Creditreform",
    "address_source": "fair",
    "preferred_channel": "email",
    "fax": "+48 32 111 22 33",
}
CHANGED = {
    "employee_count": 800,
    "founding_year": 1971,
    "annual_turnover": 350000000.0,
    "annual_turnover_year": 2024,
    "abc_class": "b",
    "potential": 3000000.0,
    "credit_rating": "BB+",
    "credit_rating_date": date(2026, 3, 1),
    "credit_rating_source": "Bisnode",
    "address_source": "website",
    "preferred_channel": "visit",
    "fax": "+48 32 111 22 44",
}


BLANK = {
    "res.partner": (
        *("employee_count", "founding_year", "annual_turnover"),
        *("annual_turnover_year", "potential"),
    ),
    "relationship.campaign": ("goal_revenue", "goal_opportunities", "goal_responses"),
}


@tagged("post_install", "-at_install")
class TestMarketing(RelationshipCase):
    """What is known of a partner, and figures that open what they count."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marta = cls._new_user(
            "marta",
            "base.group_partner_manager,"
            "relationship_management.relationship_management_group_user",
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Anna Nowak", "parent_id": cls.stalmet.id}
        )

    def lead(self, user, partner, revenue):
        return self.new_lead(
            user, partner_id=partner.id, expected_revenue=revenue, company_id=False
        )

    def figures(self, user, partner=None):
        partner = (partner or self.stalmet).with_user(user)
        return {f["key"]: f["value"] for f in partner.get_figures()["figures"]}

    def count(self, user, key):
        action = self.stalmet.with_user(user).action_open_figure(key)
        records = self.env[action["res_model"]].with_user(user)
        return (
            records.with_context(**action["context"])
            .search(action["domain"])
            .mapped("display_name")
        )

    def test_figures_open_what_they_count_for_who_looks(self):
        self.lead(self.anna, self.stalmet, 100)
        self.lead(self.piotr, self.contact, 200)
        self.lead(self.piotr, self.kranbau, 400)
        lost = self.lead(self.anna, self.stalmet, 50)
        lost.action_set_lost()
        self.env.flush_all()
        for user, key, number, amount in (
            (self.anna, "open", 1, "100"),
            (self.piotr, "open", 2, "300"),
            (self.anna, "lost", 1, "50"),
            (self.piotr, "won", 0, ""),
        ):
            with self.subTest(user=user.login, key=key):
                value = self.figures(user)[key]
                self.assertTrue(value.startswith(str(number)), value)
                self.assertIn(amount, value)
                self.assertEqual(len(self.count(user, key)), number)

    def test_opening_a_figure_computes_no_other(self):
        self.lead(self.anna, self.stalmet, 100)
        self.env.flush_all()
        partner = self.stalmet.with_user(self.anna)
        partner.get_figures()
        counted, model = [], type(partner)
        get_rows = model._get_figure_rows

        def note_rows(partners, key, family=None):
            counted.append(key)
            return get_rows(partners, key, family)

        with patch.object(model, "_get_figure_rows", note_rows):
            for key in ("open", "lost", "last_contact", "next_contact"):
                partner.action_open_figure(key)
        self.assertEqual(counted, ["open", "lost", "last_contact", "next_contact"])
        with self.assertQueryCount(1):
            partner.action_open_figure("open")

    def test_an_unknown_figure_is_refused(self):
        for key in ("nonsense", "open:", ""):
            with self.assertRaises(UserError) as caught:
                self.stalmet.with_user(self.anna).action_open_figure(key)
            self.assertRegex(str(caught.exception), "^There is no such figure: reload")

    def test_a_new_opportunity_counts_at_once(self):
        before = self.figures(self.anna)["open"]
        self.lead(self.anna, self.stalmet, 100)
        self.env.flush_all()
        self.assertEqual(before, "0")
        self.assertTrue(self.figures(self.anna)["open"].startswith("1 "))

    def test_without_sales_rights_there_are_no_sales_figures(self):
        figures = self.figures(self.jan)
        self.assertNotIn("open", figures)
        self.assertIn("last_contact", figures)

    def test_a_change_stands_in_the_chatter(self):
        self.stalmet.write(VALUES)
        interest = self.env["relationship.interest"].create({"name": "Robots"})
        self.env.flush_all()
        self.env.cr.precommit.run()
        before = self.stalmet.message_ids
        partner = self.stalmet.with_user(self.marta).with_context(
            tracking_disable=False
        )
        partner.write({**CHANGED, "interest_ids": [(4, interest.id)]})
        self.env.flush_all()
        self.env.cr.precommit.run()
        message = self.stalmet.message_ids - before
        self.assertEqual(message.author_id, self.marta.partner_id)
        tracked = message.sudo().tracking_value_ids.field_id.mapped("name")
        self.assertEqual(set(tracked), {*CHANGED, "interest_ids"})

    def test_values_of_the_page_are_kept_and_found(self):
        partner = self.stalmet.with_user(self.marta)
        partner.write(VALUES)
        self.env.flush_all()
        self.env.invalidate_all()
        for name, value in VALUES.items():
            with self.subTest(field=name):
                self.assertEqual(partner[name] or False, value)
                found = partner.search([(name, "=", value), ("id", "=", partner.id)])
                self.assertEqual(found, partner)
                self.assertTrue(partner.fields_get([name])[name]["searchable"])

    def test_criteria_find_partners(self):
        interest = self.env["relationship.interest"].create({"name": "Robots"})
        self.stalmet.write({"abc_class": "a", "interest_ids": [(4, interest.id)]})
        partners = self.env["res.partner"].with_user(self.jan)
        domain = [("abc_class", "=", "a"), ("interest_ids", "=", "Robots")]
        self.assertEqual(partners.search(domain), self.stalmet)

    def test_impossible_numbers_are_refused(self):
        for values in (
            {"employee_count": -1},
            {"founding_year": 98},
            {"annual_turnover_year": 9999},
        ):
            with (
                self.refused(
                    "cannot be negative|a year of four digits", ValidationError
                ),
                self.env.cr.savepoint(),
            ):
                self.stalmet.with_user(self.marta).write(values)

    def test_negative_amounts_are_refused_with_a_sentence(self):
        partner = self.stalmet.with_user(self.marta)
        for name in ("annual_turnover", "potential"):
            with (
                self.subTest(field=name),
                self.assertRaisesRegex(ValidationError, "of Stalmet S.A. cannot be"),
                self.env.cr.savepoint(),
            ):
                partner.write({name: -0.01})
        partner.write({"annual_turnover": 0, "potential": 5})

    def test_the_page_is_for_relationship_users(self):
        clerk = self._new_user("clerk", "base.group_partner_manager")
        for user, visible in ((self.marta, True), (clerk, False)):
            view = (
                self.env["res.partner"]
                .with_user(user)
                .get_view(self.env.ref("base.view_partner_form").id, "form")
            )
            self.assertEqual('name="marketing"' in view["arch"], visible)

    def test_numbers_that_nobody_entered_are_shown_as_nothing(self):
        """Nobody was founded in the year 0: wherever they stand, by their widget."""
        for model, names in BLANK.items():
            records = self.env[model].with_user(self.marta)
            shown = [
                etree.fromstring(records.get_view(view_type=kind)["arch"])
                for kind in ("form", "list")
            ]
            for name in names:
                with self.subTest(model=model, name=name):
                    found = [
                        n for v in shown for n in v.xpath(f"//field[@name='{name}']")
                    ]
                    self.assertTrue(found)
                    wanted = f"relationship_{records._fields[name].type}"
                    self.assertEqual({n.get("widget") for n in found}, {wanted})
