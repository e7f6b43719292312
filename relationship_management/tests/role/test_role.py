from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestRoles(RelationshipCase):
    """A partner holds several roles at once, each from one day to another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = {
            kind: cls.env.ref(f"relationship_management.relationship_role_type_{kind}")
            for kind in ("customer", "supplier", "contact", "competitor", "prospect")
        }
        cls.today = fields.Date.context_today(cls.stalmet.with_user(cls.jan))

    def give(self, partner, kind, user=None, **values):
        roles = self.env["relationship.role"].with_user(user or self.jan)
        return roles.create(
            {"partner_id": partner.id, "type_id": self.types[kind].id, **values}
        )

    def find(self, kind, user=None, **context):
        partners = self.env["res.partner"].with_user(user or self.jan)
        return partners.with_context(**context).search(
            [("role_type_ids", "in", self.types[kind].ids)]
        )

    def test_both_filters_find_the_one_record(self):
        self.give(self.stalmet, "customer")
        self.give(self.stalmet, "supplier")
        self.assertIn(self.stalmet, self.find("customer"))
        self.assertIn(self.stalmet, self.find("supplier"))
        both = (
            self.env["res.partner"]
            .with_user(self.jan)
            .search(
                [
                    ("role_type_ids", "in", self.types["customer"].ids),
                    ("role_type_ids", "in", self.types["supplier"].ids),
                ]
            )
        )
        self.assertEqual(both & self.stalmet, self.stalmet)
        self.assertNotIn(self.kranbau, both)
        self.assertEqual(
            self.stalmet.with_user(self.jan).role_type_ids,
            self.types["customer"] | self.types["supplier"],
        )

    def test_a_contact_that_becomes_customer_is_no_contact(self):
        self.give(self.stalmet, "contact")
        self.give(self.stalmet, "customer")
        self.assertNotIn(self.stalmet, self.find("contact"))
        self.assertIn(self.stalmet, self.find("customer"))
        notes = " ".join(self.stalmet.message_ids.mapped("body"))
        self.assertIn("No longer Contact", notes)
        self.assertIn("Role given: Customer", notes)

    def test_a_contact_of_long_ended_yesterday(self):
        contact = self.give(self.stalmet, "contact", date_from=date(2020, 1, 1))
        self.give(self.stalmet, "customer")
        self.assertEqual(contact.date_to, self.today - timedelta(days=1))
        self.assertIn(
            self.stalmet, self.find("contact", relationship_date="2020-06-01")
        )

    def test_a_past_role_ends_no_contact(self):
        contact = self.give(self.stalmet, "contact")
        self.give(
            self.stalmet,
            "supplier",
            date_from=date(2020, 1, 1),
            date_to=date(2021, 1, 1),
        )
        self.assertTrue(contact.exists())
        self.assertFalse(contact.date_to)

    def test_a_customer_cannot_become_contact(self):
        self.give(self.stalmet, "customer")
        with self.assertRaises(ValidationError) as caught:
            self.give(self.stalmet, "contact")
        self.assertIn("end Customer first", str(caught.exception))

    def test_a_role_is_found_on_its_days_only(self):
        self.give(
            self.stalmet,
            "supplier",
            date_from=date(2023, 3, 1),
            date_to=date(2025, 2, 28),
        )
        for day, expected in (
            ("2023-02-28", False),
            ("2023-03-01", True),
            ("2025-02-28", True),
            ("2025-03-01", False),
        ):
            found = self.find("supplier", relationship_date=day)
            self.assertEqual(self.stalmet in found, expected, day)

    def test_partners_are_grouped_by_the_roles_of_the_day(self):
        self.give(self.stalmet, "customer")
        self.give(self.stalmet, "supplier")
        self.give(self.kranbau, "competitor", date_to=self.today)
        partners = self.env["res.partner"].with_user(self.jan)
        domain = [("id", "in", (self.stalmet | self.kranbau | self.paktech).ids)]
        counts = dict(partners._read_group(domain, ["role_type_ids"], ["__count"]))
        none = self.env["relationship.role.type"]
        self.assertEqual(
            {kind.kind: count for kind, count in counts.items()},
            {"customer": 1, "supplier": 1, "competitor": 1, False: 1},
        )
        self.assertEqual(counts[none], 1)
        tomorrow = (self.today + timedelta(days=1)).isoformat()
        later = partners.with_context(relationship_date=tomorrow)
        counts = dict(later._read_group(domain, ["role_type_ids"], ["__count"]))
        self.assertEqual(counts[none], 2)

    def test_one_role_cannot_be_held_twice_at_once(self):
        self.give(self.stalmet, "customer", date_to=self.today)
        with self.assertRaises(ValidationError) as caught:
            self.give(self.stalmet, "customer", company_id=self.company.id)
        self.assertIn("already holds the role Customer", str(caught.exception))
        self.give(self.stalmet, "customer", date_from=self.today + timedelta(days=1))

    def test_a_role_in_one_company_is_none_in_the_other(self):
        self.give(
            self.stalmet, "customer", self.katrin, company_id=self.other_company.id
        )
        self.assertIn(self.stalmet, self.find("customer", self.katrin))
        self.assertNotIn(self.stalmet, self.find("customer", self.jan))
        self.assertFalse(self.stalmet.with_user(self.jan).role_badges)

    def test_a_used_role_type_is_kept(self):
        self.give(self.stalmet, "customer")
        with self.refused("used by: Role of a partner. Archive it instead"):
            self.types["customer"].with_user(self.ewa).unlink()
        with self.refused("what it means cannot change", ValidationError):
            self.types["customer"].with_user(self.ewa).kind = "other"

    def test_the_contacts_application_presets_the_role(self):
        partners = self.env["res.partner"].with_user(
            new_test_user(
                self.env,
                "test_marta",
                "base.group_user,base.group_partner_manager,"
                "relationship_management.relationship_management_group_user",
            )
        )
        with Form(
            partners.with_context(default_role_kind="contact"),
            "base.view_partner_form",
        ) as form:
            form.name = "Paczka i Syn"
        partner = form.save()
        self.assertEqual(partner.role_type_ids.mapped("kind"), ["contact"])
        partner._give_role("customer")
        contacts = partners.search([("role_type_ids.kind", "=", "contact")])
        self.assertNotIn(partner, contacts)

    def test_a_known_partner_is_named_while_typing(self):
        self.stalmet.email = "biuro@stalmet.example.com"
        self.give(self.stalmet, "supplier")
        new = self.env["res.partner"].new({"email": "Biuro@Stalmet.example.com"})
        self.assertEqual(
            [known["id"] for known in new.duplicate_partners], self.stalmet.ids
        )
        self.assertEqual(
            new.duplicate_partners[0]["label"], "Stalmet S.A. (Supplier): same e-mail"
        )
        with self.assertQueryCount(0):
            self.assertFalse(self.stalmet.duplicate_partners)


@tagged("post_install", "-at_install")
class TestDerivedRoles(RelationshipCase):
    """Roles that follow from business data are proposed, once."""

    def roles_of(self, partner):
        return self.env["relationship.role"].search([("partner_id", "=", partner.id)])

    def test_an_internal_user_is_an_employee(self):
        role = self.roles_of(self.anna.partner_id)
        self.assertEqual(role.mapped("kind"), ["employee"])
        self.assertEqual((role.state, role.origin), ("proposed", "derived"))

    def test_a_portal_user_is_none(self):
        portal = new_test_user(self.env, "portal_role", "base.group_portal")
        self.assertFalse(self.roles_of(portal.partner_id))

    def test_what_was_refused_does_not_come_back(self):
        role = self.roles_of(self.anna.partner_id)
        role.with_user(self.jan).action_refuse()
        self.env["relationship.role"]._derive_roles()
        self.assertEqual(self.roles_of(self.anna.partner_id), role)
        self.assertEqual(role.state, "refused")
        self.assertFalse(self.anna.partner_id.role_type_ids)

    def test_what_was_entered_is_not_doubled(self):
        role = self.roles_of(self.anna.partner_id)
        self.env["relationship.role"]._derive_roles()
        role.with_user(self.jan).action_confirm()
        self.assertEqual(self.env["relationship.role"]._derive_roles(), 0)
        self.assertEqual(self.roles_of(self.anna.partner_id).state, "confirmed")

    def test_only_managers_derive_at_once(self):
        types = self.env["relationship.role.type"]
        with self.refused("not allowed to modify 'Partner role'", AccessError):
            types.with_user(self.jan).action_derive()
        self.roles_of(self.anna.partner_id).unlink()
        types.with_user(self.ewa).action_derive()
        self.assertEqual(len(self.roles_of(self.anna.partner_id)), 1)
