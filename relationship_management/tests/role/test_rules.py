from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .role_case import RoleCase

ADDON = "relationship_management"


@tagged("post_install", "-at_install")
class TestRoleRules(RoleCase):
    """What follows when roles are confirmed, refused, or change the company."""

    def propose(self, partner, kind="customer", **values):
        return self.give(partner, kind, origin="derived", state="proposed", **values)

    def test_one_note_tells_that_the_contact_ended(self):
        self.give(self.stalmet, "contact", date_from=date(2020, 1, 1))
        before = self.notes(self.stalmet)
        self.give(self.stalmet, "customer")
        notes = self.notes(self.stalmet)
        self.assertEqual(len(notes), len(before) + 1)
        self.assertIn("Role given: Customer", notes[0])
        self.assertIn("No longer Contact", notes[0])

    def test_many_at_once_meet_others_in_one_statement(self):
        partners = self.stalmet | self.kranbau | self.paktech
        guard = "_refuse_concurrent_change"
        asked = []

        def refuse(partner):
            asked.append(partner)
            return original(partner)

        original = getattr(type(partners), guard)
        with patch.object(type(partners), guard, refuse):
            self.env["relationship.role"].with_user(self.jan).create(
                [
                    {"partner_id": partner.id, "type_id": self.types["customer"].id}
                    for partner in partners
                ]
            )
            self.assertEqual(asked, [partners])
            asked.clear()
            knows = self.env.ref(f"{ADDON}.relationship_relation_type_knows")
            self.env["relationship.relation"].with_user(self.jan).create(
                [
                    {
                        "left_partner_id": self.kranbau.id,
                        "right_partner_id": partner.id,
                        "type_id": knows.id,
                    }
                    for partner in self.stalmet | self.paktech
                ]
            )
            self.assertEqual(asked, [partners])

    def test_a_role_that_begins_later_ends_the_contact_later(self):
        contact = self.give(self.stalmet, "contact")
        self.give(self.stalmet, "customer", date_from=self.today + timedelta(days=10))
        self.assertEqual(contact.date_to, self.today + timedelta(days=9))

    def test_a_competitor_or_other_kind_by_its_switch(self):
        contact = self.give(self.stalmet, "contact")
        self.give(self.stalmet, "other")
        self.assertFalse(contact.date_to)
        self.assertTrue(self.types["competitor"].ends_contact)
        with self.refused("The role Contact cannot end itself", ValidationError):
            self.types["contact"].with_user(self.ewa).ends_contact = True

    def test_after_the_business_the_contact_may_come_back(self):
        role = self.give(self.stalmet, "customer", date_from=date(2020, 1, 1))
        role.date_to = self.today - timedelta(days=1)
        contact = self.give(self.stalmet, "contact")
        self.assertTrue(contact._is_valid())

    def test_a_proposal_leaves_the_contact_alone_until_it_is_confirmed(self):
        contact = self.give(self.stalmet, "contact", date_from=date(2020, 1, 1))
        role = self.propose(self.stalmet)
        self.assertFalse(contact.date_to)
        role.with_user(self.jan).action_confirm()
        self.assertEqual(contact.date_to, self.today - timedelta(days=1))
        self.assertIn("No longer Contact", self.notes(self.stalmet)[0])

    def test_a_refused_proposal_changes_nothing(self):
        contact = self.give(
            self.stalmet,
            "contact",
            date_from=date(2020, 1, 1),
            date_to=self.today - timedelta(days=1),
        )
        self.propose(self.stalmet).with_user(self.jan).action_refuse()
        self.assertTrue(contact.date_to)

    def test_a_contact_that_began_later_is_kept_and_comes_back(self):
        contact = self.give(self.stalmet, "contact")
        role = self.propose(self.stalmet, date_from=date(2024, 1, 1))
        self.assertEqual(contact.state, "confirmed")
        role.action_confirm()
        self.assertTrue(contact.exists())
        self.assertEqual((contact.state, contact.date_from), ("refused", self.today))
        self.assertEqual(
            self.stalmet.with_user(self.jan).role_type_ids.kind, "customer"
        )
        self.assertIn("No longer Contact", self.notes(self.stalmet)[0])
        role.action_refuse()
        self.assertEqual(contact.state, "confirmed")
        self.assertEqual(self.stalmet.with_user(self.jan).role_type_ids.kind, "contact")

    def test_a_contact_entered_today_is_kept_when_a_role_is_entered_today(self):
        contact = self.give(self.stalmet, "contact")
        self.give(self.stalmet, "customer")
        self.assertEqual(contact.state, "refused")
        with self.refused("end Customer first", ValidationError):
            contact.action_confirm()

    def test_a_refused_role_gives_the_contact_back(self):
        contact = self.give(self.stalmet, "contact", date_from=date(2020, 1, 1))
        role = self.propose(self.stalmet)
        role.action_confirm()
        self.assertTrue(contact.date_to)
        role.action_refuse()
        self.assertFalse(contact.date_to)
        self.assertEqual(self.stalmet.with_user(self.jan).role_type_ids.kind, "contact")

    def test_a_refused_role_leaves_an_ended_contact_of_a_customer(self):
        contact = self.give(self.stalmet, "contact", date_from=date(2020, 1, 1))
        role = self.propose(self.stalmet, "supplier")
        role.action_confirm()
        self.give(self.stalmet, "customer")
        role.action_refuse()
        self.assertTrue(contact.date_to)

    def test_what_somebody_entered_is_not_refused(self):
        role = self.give(self.stalmet, "customer")
        with self.assertRaises(UserError) as caught:
            role.action_refuse()
        self.assertIn("End or delete", str(caught.exception))

    def test_a_refused_role_comes_back_only_where_there_is_room(self):
        role = self.propose(self.stalmet)
        role.action_refuse()
        self.give(self.stalmet, "customer")
        with self.refused("already holds the role Customer", ValidationError):
            role.action_confirm()

    def test_many_are_confirmed_at_once(self):
        roles = self.propose(self.stalmet) | self.propose(self.kranbau, "supplier")
        roles.action_confirm()
        self.assertEqual(set(roles.mapped("state")), {"confirmed"})
        self.assertIn("Customer", self.notes(self.stalmet)[0])

    def test_the_role_follows_the_company_of_the_partner(self):
        self.stalmet.company_id = self.company
        role = self.give(self.stalmet, "customer")
        self.assertEqual(role.company_id, self.company)
        self.stalmet.company_id = self.other_company
        self.assertEqual(role.company_id, self.other_company)
        self.stalmet.company_id = False
        self.assertEqual(role.company_id, self.other_company)

    def test_roles_that_fall_together_in_one_company_are_united(self):
        self.give(
            self.stalmet,
            "customer",
            company_id=self.company.id,
            date_from=date(2020, 1, 1),
            date_to=date(2022, 12, 31),
        )
        self.give(
            self.stalmet,
            "customer",
            self.katrin,
            company_id=self.other_company.id,
            date_from=date(2022, 1, 1),
        )
        self.stalmet.company_id = self.company
        role = self.stalmet.role_ids
        self.assertEqual(len(role), 1)
        self.assertEqual(role.company_id, self.company)
        self.assertEqual((role.date_from, role.date_to), (date(2020, 1, 1), False))

    def test_a_role_of_a_partner_of_another_company_is_refused(self):
        self.stalmet.company_id = self.other_company
        with self.refused(r"'read' access to:\n- Contact \("):
            self.give(self.stalmet, "customer", company_id=self.company.id)
        roles = self.env["relationship.role"].with_user(self.jan)
        with self.refused("belongs to another company"):
            roles.with_context(**self.in_both_companies(self.jan)).create(
                {
                    "partner_id": self.stalmet.id,
                    "type_id": self.types["customer"].id,
                    "company_id": self.company.id,
                }
            )

    def test_what_only_some_may_see_stays_out_of_the_chatter(self):
        self.types["competitor"].see_group_ids = self.env.ref(
            "sales_team.group_sale_salesman"
        )
        before = len(self.notes(self.kranbau))
        self.give(self.kranbau, "competitor", self.anna)
        self.assertEqual(len(self.notes(self.kranbau)), before)

    def test_nobody_enters_a_role_as_derived(self):
        forged = {"origin": "derived", "state": "proposed", "source": "sale.order"}
        roles = self.env["relationship.role"].with_user(self.jan)
        context = {f"default_{name}": value for name, value in forged.items()}
        for type_name, values in (("customer", forged), ("supplier", {})):
            role = roles.with_context(**context).create(
                {
                    "partner_id": self.stalmet.id,
                    "type_id": self.types[type_name].id,
                    **values,
                }
            )
            found = (role.origin, role.state, role.source)
            self.assertEqual(found, ("manual", "confirmed", False))

    def test_a_partner_can_still_be_deleted(self):
        partner = self.env["res.partner"].create({"name": "Short"})
        role = self.give(partner, "contact")
        partner.unlink()
        self.assertFalse(role.exists())
