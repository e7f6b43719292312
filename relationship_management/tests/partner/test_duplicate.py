from odoo.tests import tagged

from ..role.role_case import RoleCase


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
