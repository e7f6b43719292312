from lxml import etree

from odoo.tests import Form, tagged

from ..relation.relation_case import RelationCase


@tagged("post_install", "-at_install")
class TestPicker(RelationCase):
    """Who is offered where a person is chosen, and what a new one becomes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stalmet.is_company = True
        cls.near, cls.far = cls.env["res.partner"].create(
            [{"name": "Zoe Picker", "parent_id": cls.stalmet.id}, {"name": "A Picker"}]
        )
        cls.adviser = cls.env["res.partner"].create({"name": "M Picker"})
        cls.env["relationship.relation"].create(
            {
                "left_partner_id": cls.adviser.id,
                "right_partner_id": cls.near.id,
                "type_id": cls.types["knows"].id,
            }
        )

    def offered(self, customer, user=None, **options):
        partners = self.env["res.partner"].with_user(user or self.anna)
        found = partners.with_context(relationship_customer_id=customer).name_search(
            "Picker", **options
        )
        return partners.browse([id_ for id_, _name in found])

    def test_own_people_come_first_then_related_ones_then_all(self):
        expected = [self.near.id, self.adviser.id, self.far.id]
        for customer in (self.stalmet, self.near):
            with self.subTest(customer=customer.name):
                self.assertEqual(self.offered(customer.id).ids, expected)
        self.assertEqual(self.offered(self.stalmet.id, limit=2).ids, expected[:2])
        self.assertEqual(self.offered(self.stalmet.id, limit=1).ids, expected[:1])

    def test_nobody_is_offered_who_may_not_be_chosen(self):
        domain = [("id", "!=", self.near.id)]
        expected = [self.adviser.id, self.far.id]
        self.assertEqual(self.offered(self.stalmet.id, domain=domain).ids, expected)
        self.adviser.company_id = self.other_company
        expected = [self.near.id, self.far.id]
        self.assertEqual(self.offered(self.stalmet.id).ids, expected)

    def test_whatever_a_client_sends_finds_the_same(self):
        plain = set(self.offered(False).ids)
        hidden = self.stalmet.copy({"company_id": self.other_company.id})
        for key in (None, "x", 10**9, -1, [1], True, hidden.id):
            with self.subTest(key=key):
                self.assertEqual(set(self.offered(key).ids), plain)

    def test_a_typed_partner_becomes_what_the_relation_wants(self):
        directions = self.env["relationship.relation.direction"]
        works_for = directions._get_direction(self.types["works_for"], False)
        form = Form(
            self.env["relationship.relation"]
            .with_user(self.anna)
            .with_context(relationship_partner_id=self.maj.id)
        )
        form.direction_id = works_for
        self.assertEqual((form.this_is, form.other_is), ("person", "company"))
        id_, _name = (
            self.env["res.partner"]
            .with_user(self.anna)
            .with_context(default_is_company=form.other_is == "company")
            .name_create("Typed Works")
        )
        typed = self.env["res.partner"].browse(id_)
        self.assertTrue(typed.is_company)
        form.other_partner_id = typed
        self.assertEqual(form.save().right_partner_id, typed)

    def test_every_picker_of_people_says_whose_customer_it_is(self):
        """Whose own people come first, it knows from the view alone."""
        for model, name in (
            ("crm.lead", "reference_ids"),
            ("relationship.activity", "reference_ids"),
            ("relationship.relation", "other_partner_id"),
            ("relationship.reference", "partner_id"),
            ("relationship.campaign.addressee", "contact_id"),
        ):
            with self.subTest(model=model, field=name):
                arch = self.env[model].get_view(view_type="form")["arch"]
                fields = etree.fromstring(arch).xpath(f"//field[@name='{name}']")
                told = [etree.tostring(field).decode() for field in fields]
                self.assertTrue(
                    any("'relationship_customer_id': " in each for each in told)
                )

    def test_every_picker_says_what_it_creates(self):
        """Where a type tells company from person, the picker hands it on."""
        for model, name in (
            ("relationship.relation", "this_partner_id"),
            ("relationship.relation", "other_partner_id"),
            ("relationship.relation.create", "other_partner_id"),
            ("relationship.role", "partner_id"),
            ("relationship.reference", "partner_id"),
            ("relationship.campaign.addressee", "partner_id"),
            ("crm.lead.lost", "winner_id"),
        ):
            with self.subTest(model=model, field=name):
                arch = self.env[model].get_view(view_type="form")["arch"]
                field = arch[arch.index(f'name="{name}"') :].split("/>")[0]
                self.assertIn("default_is_company", field)
