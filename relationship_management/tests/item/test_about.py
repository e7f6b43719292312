"""What is found about a partner: with its people, its relations, its roles."""

from odoo.tests import tagged

from .test_mirror import ItemCase


@tagged("post_install", "-at_install")
class TestItemAbout(ItemCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.partner"].create(
            {"name": "Ida Stal", "parent_id": cls.stalmet.id}
        )
        cls.of_person = cls.new_lead(name="A saw", partner_id=cls.person.id)
        cls.of_paktech = cls.new_lead(name="A box", partner_id=cls.paktech.id)
        kind = cls.env["relationship.relation.type"].create(
            {"name": "supplies", "inverse_name": "is supplied by"}
        )
        cls.relation = cls.env["relationship.relation"].create(
            {
                "left_partner_id": cls.paktech.id,
                "right_partner_id": cls.stalmet.id,
                "type_id": kind.id,
            }
        )
        cls.env.flush_all()

    def find(self, value=None, operator="in", user=None, **context):
        """Return the names of the opportunities that are found."""
        items = self.items.with_user(user or self.piotr).with_context(**context)
        value = self.stalmet.ids if value is None else value
        found = items.search([("about_partner_id", operator, value)])
        return set(found.filtered(lambda row: row.kind == "opportunity").mapped("name"))

    def test_with_its_people_and_the_roles_it_plays(self):
        self.assertEqual(self.find(), {"Two presses", "Crane", "A saw"})

    def test_without_its_people(self):
        self.assertEqual(self.find(only_this_partner=True), {"Two presses", "Crane"})

    def test_without_the_roles_it_plays(self):
        about = [("about_partner_id", "in", self.stalmet.ids), ("role_id", "=", False)]
        found = self.items.with_user(self.piotr).search(about)
        found = found.filtered(lambda row: row.kind == "opportunity")
        self.assertEqual(set(found.mapped("name")), {"Two presses", "A saw"})

    def test_with_whom_it_is_related_to_today(self):
        every = {"Two presses", "Crane", "A saw", "A box"}
        self.assertEqual(self.find(with_related_partners=True), every)
        self.relation.date_to = self.day(-1)
        self.env.flush_all()
        self.assertNotIn("A box", self.find(with_related_partners=True))

    def test_by_a_name(self):
        for operator, value in (
            ("ilike", "stalmet"),
            ("any", [("name", "=", "Stalmet S.A.")]),
        ):
            self.assertLessEqual({"Two presses"}, self.find(value, operator))
        self.assertEqual(self.find("nobody of this name", "ilike"), set())

    def test_a_partner_whom_one_may_not_see_finds_nothing(self):
        self.stalmet.company_id = self.other_company
        self.env.flush_all()
        self.assertEqual(self.find(user=self.anna), set())

    def test_the_button_of_a_partner_finds_it(self):
        action = self.stalmet.with_user(self.piotr).action_view_items()
        rows = self.items.with_user(self.piotr).search(action["domain"])
        self.assertIn(self.rows(self.lead), rows)
        self.assertNotIn(self.rows(self.of_paktech), rows)

    def find_deals(self, partner, user=None, **context):
        """Return the names of the deals in the list of a partner, as it opens."""
        user = user or self.piotr
        action = partner.with_user(user).action_view_items()
        if action["context"]["search_default_each_once"]:
            context["each_once"] = True
        rows = self.items.with_user(user).with_context(**context)
        found = rows.search(action["domain"])
        found = found.filtered(lambda row: row.kind == "opportunity")
        return sorted(row.lead_id.sudo().name for row in found)

    def give_roles(self, *pairs):
        roles = self.env["relationship.reference"].create(
            [
                {
                    "lead_id": lead.id,
                    "partner_id": people.id,
                    "type_id": self.competitor_type.id,
                }
                for lead, people in pairs
            ]
        )
        self.env.flush_all()
        return roles

    def test_a_company_has_a_deal_once_whoever_plays_a_role_in_it(self):
        """Of another company's deal, too; a person has those in which it plays one."""
        self.give_roles(
            (self.lead, self.person),
            (self.lead, self.stalmet),
            (self.of_paktech, self.person),
            (self.of_paktech, self.stalmet),
        )
        found = self.find_deals(self.stalmet)
        self.assertEqual(found, ["A box", "A saw", "Crane", "Two presses"])
        found = self.find_deals(self.person)
        self.assertEqual(found, ["A box", "A saw", "Two presses"])

    def test_a_person_is_found_in_the_list_of_its_company(self):
        """With the deals in which it plays a role, though the company has a line."""
        self.give_roles((self.lead, self.person))
        rows = self.items.with_user(self.piotr).with_context(each_once=True)
        about = [("about_partner_id", "in", self.stalmet.ids)]
        roles = [("role_id", "!=", False), ("lead_id", "=", self.lead.id)]
        self.assertFalse(rows.search_count([*about, *roles]))
        name = [("about_partner_id", "ilike", self.person.name)]
        found = rows.search([*about, *roles, *name])
        self.assertEqual(found.partner_id | found.contact_id, self.person)
        self.assertEqual(
            rows._read_group([*about, *roles, *name], aggregates=["__count"]), [(1,)]
        )

    def test_a_role_stays_where_nothing_else_tells_of_the_deal(self):
        """In this list: not its person's line, nor one of somebody hidden."""
        self.give_roles((self.of_person, self.stalmet))
        self.assertEqual(
            self.find_deals(self.stalmet, only_this_partner=True),
            ["A saw", "Crane", "Two presses"],
        )
        hidden = self.env["res.partner"].create(
            {"name": "Ola Stal", "parent_id": self.stalmet.id}
        )
        lead = self.new_lead(name="A lathe", partner_id=hidden.id)
        self.give_roles((lead, hidden), (lead, self.person))
        self.assertEqual(self.find_deals(self.stalmet, self.anna).count("A lathe"), 1)
        hidden.company_id = self.other_company
        self.env.flush_all()
        self.assertEqual(self.find_deals(self.stalmet, self.anna).count("A lathe"), 1)
