from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestReference(RelationshipCase):
    def _reference(self, lead, **values):
        return self.env["relationship.reference"].create(
            {
                "lead_id": lead.id,
                "partner_id": self.kranbau.id,
                "type_id": self.competitor_type.id,
                **values,
            }
        )

    def test_a_person_from_outside_the_customer_is_allowed(self):
        lead = self.new_lead(partner_id=self.stalmet.id)
        reference = self._reference(lead.with_user(self.anna))
        self.assertEqual(reference.kind, "competitor")

    def test_shares_of_one_role_cannot_exceed_the_deal(self):
        lead = self.new_lead()
        self._reference(lead, share=60)
        with self.assertRaisesRegex(ValidationError, "add up to 120"):
            self._reference(lead, share=60, partner_id=self.paktech.id)

    def test_shares_of_different_roles_are_counted_apart(self):
        lead = self.new_lead()
        self._reference(lead, share=60)
        self._reference(lead, share=60, type_id=self.representative_type.id)
        self.assertEqual(len(lead.reference_ids), 2)

    def test_a_share_outside_0_to_100_is_refused(self):
        lead = self.new_lead()
        for share in (-1, 100.01, float("nan"), float("inf")):
            with self.refused("between 0 and 100 %: enter another", ValidationError):
                self._reference(lead, share=share)

    def test_an_end_before_the_start_is_refused(self):
        lead = self.new_lead()
        with self.refused("before the first one: change one", ValidationError):
            self._reference(lead, date_from="2026-02-01", date_to="2026-01-01")

    def test_a_reference_type_in_use_cannot_be_deleted(self):
        self._reference(self.new_lead())
        with self.assertRaisesRegex(
            UserError, "used by: Partner reference.*Archive it instead"
        ):
            self.competitor_type.with_user(self.ewa).unlink()

    def test_the_kind_of_a_used_type_is_fixed(self):
        self._reference(self.new_lead())
        with self.assertRaisesRegex(ValidationError, "create another type"):
            self.competitor_type.with_user(self.ewa).kind = "other"

    def test_only_the_own_opportunities_of_a_salesperson(self):
        foreign = self._reference(self.new_lead(user=self.piotr))
        own = self._reference(self.new_lead())
        found = self.env["relationship.reference"].with_user(self.anna).search([])
        self.assertIn(own, found)
        self.assertNotIn(foreign, found)
        with self.refused(r"'write' access to:\n- Partner reference \(", AccessError):
            foreign.with_user(self.anna).share = 5

    def test_the_opportunities_of_a_person_are_found(self):
        lead = self.new_lead()
        self._reference(lead, partner_id=self.paktech.id)
        found = self.env["crm.lead"].search(
            [("reference_ids.partner_id", "child_of", self.paktech.id)]
        )
        self.assertEqual(found, lead)

    def test_shares_add_up_on_a_day(self):
        lead = self.new_lead()
        self._reference(lead, share=100, date_to="2026-12-31")
        self._reference(
            lead, share=100, partner_id=self.paktech.id, date_from="2027-01-01"
        )
        with self.refused("add up to 110 % on one day", ValidationError):
            self._reference(
                lead, share=10, partner_id=self.stalmet.id, date_from="2026-12-31"
            )

    def test_nothing_is_told_of_somebody_hidden(self):
        hidden = self.representative_type.copy({"name": "Agent"})
        hidden.see_group_ids = self.env.ref("base.group_system")
        lead = self.new_lead()
        self._reference(lead, type_id=hidden.id, share=70)
        own = {
            "lead_id": lead.id,
            "partner_id": self.kranbau.id,
            "type_id": self.representative_type.id,
            "share": 40,
        }
        with self.refused("^Something that you may not see", ValidationError):
            self.env["relationship.reference"].with_user(self.anna).create(own)
        with self.refused("add up to 110 % on one day", ValidationError):
            self._reference(lead, type_id=self.representative_type.id, share=40)

    def test_a_longer_time_brings_shares_together(self):
        lead = self.new_lead()
        first = self._reference(lead, share=60, date_to="2026-12-31")
        self._reference(
            lead, share=60, partner_id=self.paktech.id, date_from="2027-01-01"
        )
        with self.refused("add up to 120 % on one day", ValidationError):
            first.with_user(self.anna).date_to = False

    def test_the_same_person_twice_in_a_role_is_refused(self):
        lead = self.new_lead()
        line = self._reference(lead.with_user(self.anna), date_to="2026-12-31")
        with (
            self.refused("Kranbau Wolff already plays the role", ValidationError),
            self.cr.savepoint(),
        ):
            self._reference(lead, date_from="2026-12-31")
        self._reference(lead, date_from="2027-01-01")
        self._reference(lead, type_id=self.representative_type.id)
        with self.refused("choose other days", ValidationError):
            line.with_user(self.anna).date_to = False

    def test_a_contact_person_is_the_person(self):
        lead = self.new_lead()
        jan, ola = self.env["res.partner"].create(
            [{"name": n, "parent_id": self.kranbau.id} for n in ("Jan", "Ola")]
        )
        self._reference(lead, contact_id=jan.id)
        self._reference(lead, contact_id=ola.id)
        with self.refused("Jan already plays the role", ValidationError):
            self._reference(lead, partner_id=jan.id)
