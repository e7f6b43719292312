from datetime import date

from odoo import Command
from odoo.tests import tagged

from ..relation.relation_case import MergeCase, RelationCase


@tagged("post_install", "-at_install")
class TestPartnerMerge(MergeCase, RelationCase):
    """A merge unites what belongs to the partners and loses nothing."""

    def role(self, partner, kind, **values):
        return self.env["relationship.role"].create(
            {
                "partner_id": partner.id,
                "type_id": self.env.ref(
                    f"relationship_management.relationship_role_type_{kind}"
                ).id,
                **values,
            }
        )

    def test_the_days_of_a_role_are_united(self):
        self.role(
            self.stalmet,
            "supplier",
            date_from=date(2020, 1, 1),
            date_to=date(2022, 1, 1),
        )
        self.role(
            self.double,
            "supplier",
            date_from=date(2021, 1, 1),
            date_to=date(2024, 1, 1),
        )
        self.role(self.double, "customer", date_from=date(2023, 1, 1))
        self.merge()
        roles = self.stalmet.role_ids.sorted("date_from")
        self.assertEqual(roles.mapped("kind"), ["supplier", "customer"])
        self.assertEqual(
            (roles[0].date_from, roles[0].date_to), (date(2020, 1, 1), date(2024, 1, 1))
        )
        self.assertIn(
            "Role taken over", " ".join(self.stalmet.message_ids.mapped("body"))
        )

    def test_a_contact_ends_when_the_other_is_a_customer(self):
        self.role(self.stalmet, "contact")
        self.role(self.double, "customer", date_from=date(2023, 1, 1))
        self.merge()
        counting = self.stalmet.role_ids.filtered(lambda r: r.state != "refused")
        self.assertEqual(counting.mapped("kind"), ["customer"])

    def test_relations_follow_doubles_are_united_and_selves_named(self):
        self.relate(self.nowak, "works_for", self.stalmet, date_from=date(2022, 1, 1))
        self.relate(
            self.nowak,
            "works_for",
            self.double,
            date_from=date(2020, 1, 1),
            date_to=date(2022, 6, 1),
        )
        self.relate(self.rek, "works_for", self.double)
        self.relate(self.stalmet, "shareholder", self.double, share=20)
        self.merge()
        relations = self.env["relationship.relation"].search(
            [("right_partner_id", "=", self.stalmet.id)]
        )
        self.assertEqual(
            {(r.left_partner_id, r.date_from, r.date_to) for r in relations},
            {(self.nowak, date(2020, 1, 1), False), (self.rek, False, False)},
        )
        notes = " ".join(self.stalmet.message_ids.mapped("body"))
        self.assertIn("dropped: Stalmet S.A. holds a share of Stalmet SA", notes)

    def test_the_older_of_two_advisers_is_ended(self):
        older = self.relate(
            self.nowak, "tax_adviser", self.stalmet, date_from=date(2020, 1, 1)
        )
        self.relate(self.maj, "tax_adviser", self.double, date_from=date(2024, 1, 1))
        self.merge()
        self.assertEqual(older.date_to, date(2023, 12, 31))
        self.assertEqual(self.stalmet.relation_count, 1)

    def test_a_relation_that_asks_for_a_role_survives(self):
        customer = self.env.ref(
            "relationship_management.relationship_role_type_customer"
        )
        self.types["tax_adviser"].right_role_type_id = customer
        days = {"date_from": date(2024, 1, 1), "date_to": date(2024, 12, 31)}
        self.role(self.stalmet, "customer", **days)
        self.role(self.double, "customer", **days)
        relation = self.relate(self.maj, "tax_adviser", self.double, **days)
        self.merge()
        self.assertEqual(relation.right_partner_id, self.stalmet)
        self.assertEqual(len(self.stalmet.role_ids), 1)

    def test_references_of_one_opportunity_are_united(self):
        lead = self.new_lead(self.piotr)
        for partner, share in ((self.stalmet, 30), (self.double, 40)):
            self.env["relationship.reference"].create(
                {
                    "lead_id": lead.id,
                    "partner_id": partner.id,
                    "type_id": self.competitor_type.id,
                    "share": share,
                }
            )
        self.merge()
        self.assertEqual(lead.reference_ids.partner_id, self.stalmet)
        self.assertEqual(lead.reference_ids.share, 70)

    def play_twice(self, kind, *attitudes):
        """Let Stalmet and its double compete in a deal of a type; merge them.

        :return: the deal, and what is told at the partner
        """
        self.stalmet.company_id = self.company  # else it is not told at all
        lead = self.new_lead(self.env.user, opportunity_type_id=kind.id)
        double = self.stalmet.copy({"name": "Double"})
        for partner, attitude in zip(self.stalmet | double, attitudes, strict=True):
            self.env["relationship.reference"].create(
                {
                    "lead_id": lead.id,
                    "partner_id": partner.id,
                    "type_id": self.competitor_type.id,
                    "attitude": attitude,
                }
            )
        before = self.stalmet.message_ids
        self.merge(double, self.stalmet)
        self.assertEqual(len(lead.reference_ids), 1)
        notes = (self.stalmet.message_ids - before).mapped("body")
        return lead, " ".join(notes)

    def test_a_role_in_something_hidden_is_told_there_alone(self):
        """Not to who reads the partner, nor to who merges: core lets authors read."""
        group = self.env["res.groups"].create({"name": "Confidential"})
        hidden = self.env["relationship.opportunity.type"].create(
            {"name": "Secret deal", "see_group_ids": [Command.set(group.ids)]}
        )
        for kind in (hidden.browse(), hidden):
            with self.subTest(kind.name):
                _lead, told = self.play_twice(kind, False, False)
                self.assertEqual("Partner references united" in told, not kind)
                lead, _told = self.play_twice(kind, "for", "against")
                notes = [
                    *(("model", "=", "crm.lead"), ("res_id", "=", lead.id)),
                    ("body", "like", "says otherwise"),
                ]
                messages = self.env["mail.message"]
                self.assertEqual(messages.search_count(notes), 1)
                found = messages.with_user(self.merger).search_count(notes)
                self.assertEqual(found, 0 if kind else 1)

    def test_finished_activities_follow(self):
        activity = self.double.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.env.user.id
        )
        activity.action_feedback(feedback="Called")
        self.merge()
        kept = activity.with_context(active_test=False).exists()
        self.assertEqual(kept.res_id, self.stalmet.id)

    def test_the_history_names_who_took_over(self):
        lead = self.new_lead(self.piotr, partner_id=self.double.id)
        self.rows(lead)
        self.tick()
        self.merge()
        third = self.env["res.partner"].create({"name": "Third", "is_company": True})
        self.merge(self.stalmet, third)
        changes = self.rows(lead)[:1].with_user(self.piotr)._get_changes()
        told = " ".join(change["text"] for row in changes.values() for change in row)
        self.assertIn("Third", told)
        self.assertNotIn("deleted", told)

    def test_a_merge_that_breaks_a_rule_is_refused(self):
        person = self.env["res.partner"].create({"name": "Stalmet (person)"})
        self.relate(person, "assistant", self.rek)
        self.assertRefused(
            "is assistant of Tomasz Rek", self.merge, person, self.stalmet
        )
