from datetime import date
from html import unescape

from odoo.tests import tagged

from ...models.role.role import SILENT
from ...models.shared.context import Marker
from ..relation.relation_case import MergeCase, RelationCase


@tagged("post_install", "-at_install")
class TestChatterSecrets(MergeCase, RelationCase):
    """All may read the chatter: nothing hidden is told there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret_group = cls.env["res.groups"].create({"name": "Board"})
        cls.role_types = {
            role_type.kind: role_type
            for role_type in cls.env["relationship.role.type"].search([])
        }

    def merge_and_read(self):
        self.merge()
        return self.notes(self.stalmet)

    def notes(self, partner):
        return " ".join(partner.with_user(self.jan).message_ids.mapped("body"))

    def role(self, partner, kind, **values):
        roles = self.env["relationship.role"].with_context(**{SILENT: Marker()})
        return roles.create(
            {"partner_id": partner.id, "type_id": self.role_types[kind].id, **values}
        )

    def test_a_merge_counts_hidden_roles_and_names_the_others(self):
        self.role_types["competitor"].see_group_ids = self.secret_group
        self.role(self.double, "competitor")
        self.role(self.double, "supplier", company_id=self.other_company.id)
        self.role(self.double, "organisation")
        notes = self.merge_and_read()
        self.assertIn("Role taken over from Stalmet SA: Organi", notes)
        self.assertNotIn("Competitor", notes)
        self.assertNotIn("Supplier", notes)
        self.assertIn("More that not everybody may see: 2", notes)
        self.assertEqual(len(self.stalmet.role_ids), 3)

    def test_a_notification_names_nothing_of_what_is_hidden(self):
        """All employees read all notifications, with the subject of the message."""
        lead = self.env["crm.lead"].create({"name": "Press", "user_id": self.anna.id})
        message = lead.with_user(self.anna).message_notify(
            partner_ids=self.piotr.partner_id.ids, subject="Secret press", body="?"
        )
        self.env.flush_all()
        for user, is_told in ((self.piotr, True), (self.jan, False)):
            self.env.invalidate_all()
            notifications = self.env["mail.notification"].with_user(user)
            [told] = notifications.search_read(
                [("mail_message_id", "=", message.id)], ["mail_message_id"]
            )
            self.assertEqual("Secret press" in told["mail_message_id"][1], is_told)

    def test_a_deleted_partner_is_told_at_the_other_ends(self):
        """What is hidden is counted; partners that go together tell each other none."""
        gone, alone = self.env["res.partner"].create(
            [{"name": "Gone GmbH", "is_company": True}, {"name": "Gone Too"}]
        )
        self.relate(self.rek, "shareholder", gone, share=60)
        self.relate(gone, "shareholder", self.stalmet, share=10)
        self.relate(alone, "works_for", gone)
        self.relate(
            *(self.maj, "tax_adviser", gone), self.ewa, company_id=self.company.id
        )
        (gone | alone).with_user(self.merger).unlink()
        told = "Relation deleted together with a partner: Tomasz Rek holds"
        self.assertIn(told, unescape(self.notes(self.rek)))
        self.assertIn("Gone GmbH holds a share of", unescape(self.notes(self.stalmet)))
        notes = self.notes(self.maj)
        self.assertIn("More that not everybody may see: 1", notes)
        self.assertNotIn("Gone", notes)

    def test_many_deleted_partners_take_as_many_queries_as_a_few(self):
        counts = []
        for number in (3, 60):
            partners = self.env["res.partner"].create(
                [{"name": f"Gone {n}"} for n in range(number)]
            )
            for partner in partners:
                self.relate(partner, "works_for", self.stalmet)
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            partners.with_user(self.merger).unlink()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLess(counts[1], counts[0] + 60)

    def test_the_company_of_the_partner_may_be_told(self):
        (self.stalmet | self.double).company_id = self.company
        self.role(self.double, "supplier")
        notes = self.merge_and_read()
        self.assertIn("Role taken over from Stalmet SA: Supplier", notes)
        self.assertNotIn("not everybody", notes)

    def test_a_merge_counts_hidden_relations(self):
        self.types["shareholder"].see_group_ids = self.secret_group
        self.relate(self.rek, "shareholder", self.double, self.ewa, share=10)
        self.relate(self.stalmet, "shareholder", self.double, self.ewa, share=20)
        self.relate(
            self.nowak,
            "tax_adviser",
            self.double,
            company_id=self.company.id,
            date_from=date(2022, 1, 1),
        )
        self.relate(
            self.rek,
            "tax_adviser",
            self.stalmet,
            company_id=self.company.id,
            date_from=date(2020, 1, 1),
        )
        self.relate(self.maj, "works_for", self.double)
        notes = self.merge_and_read()
        self.assertIn("Relation taken over: Zofia Maj", notes)
        for name in ("Nowak", "Rek", "share"):
            self.assertNotIn(name, notes)
        self.assertIn("More that not everybody may see: 4", notes)

    def test_a_merge_counts_hidden_references(self):
        self.competitor_type.see_group_ids = self.secret_group
        lead = self.new_lead()
        self.env["relationship.reference"].create(
            [
                {
                    "lead_id": lead.id,
                    "type_id": self.competitor_type.id,
                    "partner_id": partner.id,
                }
                for partner in (self.stalmet, self.double)
            ]
        )
        notes = self.merge_and_read()
        self.assertNotIn(self.competitor_type.name, notes)
        self.assertIn("More that not everybody may see: 1", notes)

    def test_what_other_companies_enter_is_not_told_to_all(self):
        """Neither a role of another company, nor a type that only this one has."""
        own = self.env["relationship.role.type"].create(
            {"name": "Leipzig's favourite", "company_id": self.other_company.id}
        )
        roles = self.env["relationship.role"].with_user(self.katrin)
        for kind in (own, self.role_types["supplier"]):
            role = roles.create(
                {
                    "partner_id": self.stalmet.id,
                    "type_id": kind.id,
                    "company_id": self.other_company.id,
                }
            )
            role.date_to = date(2040, 1, 1)
            role.unlink()
        self.assertNotRegex(self.notes(self.stalmet), "favourite|Supplier")
        partner = self.env["res.partner"].create(
            {"name": "Leipzig's own", "company_id": self.other_company.id}
        )
        roles.create({"partner_id": partner.id, "type_id": own.id})
        told = " ".join(partner.message_ids.mapped("body"))
        self.assertIn("Role given: Leipzig's favourite", unescape(told))

    def test_a_hidden_contact_ends_in_silence(self):
        self.role_types["contact"].see_group_ids = self.secret_group
        contact = self.role(self.stalmet, "contact", date_from=date(2020, 1, 1))
        self.env["relationship.role"].with_user(self.jan).create(
            {
                "partner_id": self.stalmet.id,
                "type_id": self.role_types["customer"].id,
            }
        )
        self.assertTrue(contact.date_to)
        notes = self.notes(self.stalmet)
        self.assertIn("Role given: Customer", notes)
        self.assertNotIn("Contact", notes)

    def test_the_contact_of_another_company_ends_in_silence(self):
        contact = self.role(
            self.stalmet,
            "contact",
            date_from=date(2020, 1, 1),
            company_id=self.other_company.id,
        )
        before = self.notes(self.stalmet)
        self.env["relationship.role"].with_user(self.jan).create(
            {
                "partner_id": self.stalmet.id,
                "type_id": self.role_types["customer"].id,
                "company_id": False,
            }
        )
        self.assertTrue(contact.date_to)
        self.assertNotIn("Contact", self.notes(self.stalmet).replace(before, ""))

    def test_a_role_that_cannot_be_derived_does_not_say_why(self):
        self.break_relation()
        roles = self.env["relationship.role"]
        for hidden in (False, True):
            if hidden:
                self.role_types["customer"].see_group_ids = self.secret_group
            before = len(self.stalmet.message_ids)
            with self.assertLogs(
                "odoo.addons.relationship_management.models.role.derive",
                "WARNING",
            ):
                roles.with_user(self.jan)._try_to_derive(
                    "customer",
                    self.stalmet,
                    self.company,
                    date(2024, 1, 1),
                    "sale.order",
                )
            self.assertEqual(len(self.stalmet.message_ids) - before, not hidden)
        notes = self.notes(self.stalmet)
        self.assertIn("The role Customer could not be given", notes)
        self.assertNotIn("Zofia Maj", notes)

    def test_a_notification_names_no_record_that_is_hidden_since(self):
        lead = self.env["crm.lead"].create({"name": "Crane", "type": "opportunity"})
        words = "Look at it"
        told = lead.message_post(
            body=words,
            partner_ids=self.jan.partner_id.ids,
            message_type="comment",
        ).with_user(self.jan)
        kind = self.machine_deal.copy({"name": "Secret"})
        for groups, name in (
            (self.env["res.groups"], "Crane"),
            (self.secret_group, "an opportunity that you may not see"),
        ):
            kind.see_group_ids = groups
            lead.opportunity_type_id = kind
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(told.with_user(self.piotr).record_name, name)
            self.assertEqual(told.record_name, "an opportunity that you may not see")
            self.assertEqual(told.sudo().with_user(self.env.uid).record_name, "Crane")

    def break_relation(self):
        """Leave a relation without the role it asks for, as SQL beside the ORM does."""
        role = self.role(self.stalmet, "organisation")
        relation_type = self.env["relationship.relation.type"].create(
            {
                "name": "advises",
                "inverse_name": "is advised by",
                "left_role_type_id": role.type_id.id,
                "see_group_ids": self.secret_group.ids,
            }
        )
        self.env["relationship.relation"].create(
            {
                "left_partner_id": self.stalmet.id,
                "type_id": relation_type.id,
                "right_partner_id": self.maj.id,
            }
        )
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM relationship_role WHERE id = %s", [role.id])
        self.env.invalidate_all()
