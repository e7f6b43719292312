from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import RelationshipCase

ADDON = "relationship_management"


class RoleCase(RelationshipCase):
    """Role types by their kind, and a short way to give and to see roles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = {
            role_type.kind: role_type
            for role_type in cls.env["relationship.role.type"].search([])
        }
        cls.today = fields.Date.context_today(cls.stalmet.with_user(cls.jan))

    def give(self, partner, kind, user=None, **values):
        roles = self.env["relationship.role"].with_user(user or self.jan)
        return roles.create(
            {"partner_id": partner.id, "type_id": self.types[kind].id, **values}
        )

    def notes(self, partner):
        return partner.message_ids.mapped("body")


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
        with self.assertRaises(ValidationError):
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
        with self.assertRaises(ValidationError):
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
        with self.assertRaises(ValidationError):
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
        with self.assertRaises(UserError):
            self.give(self.stalmet, "customer", company_id=self.company.id)

    def test_what_only_some_may_see_stays_out_of_the_chatter(self):
        self.types["competitor"].see_group_ids = self.env.ref(
            "sales_team.group_sale_salesman"
        )
        before = len(self.notes(self.kranbau))
        self.give(self.kranbau, "competitor", self.anna)
        self.assertEqual(len(self.notes(self.kranbau)), before)

    def test_a_partner_can_still_be_deleted(self):
        partner = self.env["res.partner"].create({"name": "Short"})
        role = self.give(partner, "contact")
        partner.unlink()
        self.assertFalse(role.exists())


@tagged("post_install", "-at_install")
class TestEveryRole(RoleCase):
    """No screen assumes that a partner is a customer."""

    def test_whatever_the_role_one_can_work_with_the_partner(self):
        for kind, role_type in self.types.items():
            with self.subTest(kind=kind):
                partner = self.env["res.partner"].create({"name": f"Only {kind}"})
                self.give(partner, kind, self.anna)
                partner = partner.with_user(self.anna)
                self.assertEqual(partner.role_type_ids, role_type)
                self.assertEqual(partner.role_badges[0]["name"], role_type.name)
                found = partner.search([("role_type_ids.kind", "=", kind)])
                self.assertIn(partner, found)
                lead = self.new_lead(partner_id=partner.id)
                lead.reference_ids = [
                    (
                        0,
                        0,
                        {
                            "partner_id": partner.id,
                            "type_id": self.competitor_type.id,
                        },
                    )
                ]
                activity = partner.sudo().activity_schedule(
                    "mail.mail_activity_data_call", user_id=self.anna.id
                )
                self.assertEqual(activity.res_name, partner.name)
                self.assertEqual(partner.opportunity_count, 1)

    def test_a_partner_form_has_its_pages_and_counts(self):
        self.give(self.stalmet, "supplier")
        relation_type = self.env["relationship.relation.type"].search([], limit=1)
        self.env["relationship.relation"].create(
            {
                "left_partner_id": self.stalmet.id,
                "type_id": relation_type.id,
                "right_partner_id": self.kranbau.id,
            }
        )
        partner = self.stalmet.with_user(self.jan)
        arch = partner.get_view(self.env.ref("base.view_partner_form").id)["arch"]
        self.assertIn('name="relations"', arch)
        self.assertEqual(partner.relation_count, 1)
        action = partner.action_view_relations()
        relations = self.env["relationship.relation"].with_user(self.jan)
        self.assertEqual(relations.search_count(action["domain"]), 1)

        self.stalmet.company_id = self.company
        self.assertFalse(self.stalmet.with_user(self.katrin).relation_count)


@tagged("post_install", "-at_install")
class TestGivenRoles(RoleCase):
    """Roles that other parts of the system give."""

    def test_a_clerk_without_rights_on_roles_may_cause_one(self):
        clerk = new_test_user(self.env, "test_clerk", "base.group_user")
        self.types["customer"].use_group_ids = self.env.ref("base.group_system")
        partner = self.stalmet.with_user(clerk)
        partner._give_role("customer", origin="derived", source="sale.order")
        self.assertEqual(self.stalmet.role_ids.state, "proposed")

    def test_a_role_is_given_once_for_a_company_or_for_all(self):
        self.give(self.stalmet, "customer")
        given = self.stalmet._give_role("customer", self.company, origin="derived")
        self.assertFalse(given)
        given = self.kranbau._give_role("customer", self.company)
        self.assertEqual(given.company_id, self.company)
        self.assertTrue(self.kranbau._has_role("customer", self.company))
        self.assertFalse(self.kranbau._has_role("customer", self.other_company))
        self.assertFalse(
            self.kranbau._has_role("customer", day=self.today - timedelta(days=1))
        )

    def test_a_customer_of_former_days_becomes_one_again(self):
        self.give(
            self.stalmet, "customer", date_from="2020-01-01", date_to="2022-01-01"
        )
        self.assertTrue(self.stalmet._give_role("customer", origin="derived"))

    def test_a_refused_role_may_be_entered_but_not_derived(self):
        role = self.stalmet._give_role("customer", origin="derived")
        role.action_refuse()
        self.assertFalse(self.stalmet._give_role("customer", origin="derived"))
        self.assertTrue(self.stalmet._give_role("customer"))

    def test_people_of_a_new_contact_are_no_contacts(self):
        marta = new_test_user(
            self.env,
            "test_marta",
            f"base.group_user,base.group_partner_manager,{ADDON}."
            "relationship_management_group_user",
        )
        partners = self.env["res.partner"].with_user(marta)
        firm = partners.with_context(default_role_kind="contact").create(
            {
                "name": "Paczka i Syn",
                "is_company": True,
                "child_ids": [(0, 0, {"name": "Jan Paczka"})],
            }
        )
        self.assertEqual(firm.role_type_ids.kind, "contact")
        self.assertFalse(firm.child_ids.role_ids)

    def test_the_nightly_job_derives_in_batches(self):
        users = self.env["res.users"].search([("share", "=", False)])
        users.partner_id.role_ids.unlink()
        cron = self.env.ref(f"{ADDON}.ir_cron_derive_roles")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(all(p.role_ids for p in users.partner_id))

    def test_deriving_stops_when_it_is_told_to(self):
        self.env["relationship.role"].search([("kind", "=", "employee")]).unlink()
        roles = self.env["relationship.role"]
        partner = self.anna.partner_id
        told = []

        def go_on(done, left):
            told.append((done, left))
            return False

        self.assertEqual(roles._derive_roles(partners=partner, go_on=go_on), 1)
        self.assertEqual(told, [(1, 0)])
        self.assertFalse(roles._derive_roles(["res.users"], partner))


@tagged("post_install", "-at_install")
class TestKnownPartners(RoleCase):
    """The yellow line while somebody types."""

    def known(self, user=None, partner=None, **values):
        partners = self.env["res.partner"].with_user(user or self.jan)
        new = partners.new(values, origin=partner)
        return [known["id"] for known in new.duplicate_partners or ()]

    def test_by_phone_in_any_spelling(self):
        self.stalmet.write(
            {"phone": "+48 61 234 56 78", "country_id": self.env.ref("base.pl").id}
        )
        poland = self.env.ref("base.pl").id
        for typed in ("+48612345678", "61 234 56 78"):
            self.assertEqual(
                self.known(phone=typed, country_id=poland), self.stalmet.ids, typed
            )
        self.assertFalse(self.known(phone="61 234 56 79", country_id=poland))

    def test_by_tax_number_with_and_without_country(self):
        self.stalmet.vat = "PL1234563218"
        poland = self.env.ref("base.pl").id
        for typed in ("PL 1234563218", "1234563218", "pl1234563218"):
            self.assertEqual(
                self.known(vat=typed, country_id=poland), self.stalmet.ids, typed
            )
        self.assertFalse(self.known(vat="%"))
        self.assertFalse(self.known(vat="%%"))

    def test_a_hidden_partner_is_not_named(self):
        self.stalmet.write(
            {"email": "biuro@stalmet.example.com", "company_id": self.company.id}
        )
        typed = {"email": "biuro@stalmet.example.com"}
        self.assertEqual(self.known(**typed), self.stalmet.ids)
        self.assertFalse(self.known(self.katrin, **typed))

    def test_a_changed_partner_is_not_told_of_itself_or_its_people(self):
        self.stalmet.email = "biuro@stalmet.example.com"
        person = self.env["res.partner"].create(
            {"name": "Anna Nowak", "parent_id": self.stalmet.id}
        )
        self.assertFalse(
            self.known(partner=person, email=self.stalmet.email, parent_id=self.stalmet)
        )
        self.assertEqual(
            self.known(partner=self.kranbau, email=self.stalmet.email), self.stalmet.ids
        )
