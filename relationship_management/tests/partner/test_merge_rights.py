from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..relation.relation_case import MergeCase

REFUSED = "You are not allowed to modify 'User' \\(res.users\\) records"


@tagged("post_install", "-at_install")
class TestMergeRights(MergeCase):
    """Nobody gets the contact of another employee by merging it with one of theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(
            cls.env, "boss_r", groups="base.group_system", email="boss@example.com"
        )
        cls.guest = new_test_user(
            cls.env, "guest_r", groups="base.group_portal", email="guest@example.com"
        )

    def new_contact_like(self, user, **values):
        partners = self.env["res.partner"].with_user(self.merger)
        return partners.create({"name": "Nobody", "email": user.email, **values})

    def test_an_employee_is_not_merged_into_a_contact(self):
        stolen = self.new_contact_like(self.boss)
        with self.assertRaisesRegex(AccessError, REFUSED):
            self.merge(self.boss.partner_id, stolen)

    def test_a_contact_is_not_merged_into_an_employee(self):
        own = self.new_contact_like(self.boss, phone="+49 40 1234567")
        with self.assertRaisesRegex(AccessError, REFUSED):
            self.merge(own, self.boss.partner_id)

    def test_amounts_do_not_open_the_way(self):
        stolen = self.new_contact_like(self.boss, annual_turnover=100, abc_class="a")
        self.boss.partner_id.potential = 50
        with self.assertRaisesRegex(AccessError, REFUSED):
            self.merge(self.boss.partner_id, stolen)

    def test_the_wizard_is_refused_as_well(self):
        stolen = self.new_contact_like(self.boss)
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(self.merger)
            .create(
                {
                    "partner_ids": [(6, 0, (stolen | self.boss.partner_id).ids)],
                    "dst_partner_id": stolen.id,
                }
            )
        )
        with self.assertRaisesRegex(AccessError, REFUSED):
            wizard.action_merge()

    def test_customers_and_guests_are_merged_as_by_core(self):
        partner = self.guest.partner_id
        self.merge(self.new_contact_like(self.guest, phone="+49 40 1234567"), partner)
        self.assertEqual(partner.phone, "+49 40 1234567")

    def test_what_the_user_does_not_see_is_no_way_around_core(self):
        """Columns of core that the user does not see stay where they are."""
        hidden = {"signup_type": "reset"}
        self.double.sudo().write(hidden)
        self.merge()
        self.assertFalse(self.stalmet.sudo().signup_type)
