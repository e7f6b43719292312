from datetime import timedelta

from odoo.tests import new_test_user, tagged

from .role_case import RoleCase

ADDON = "relationship_management"


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
