from datetime import date, timedelta

from odoo import fields
from odoo.tests import Form, tagged
from odoo.tools import format_date

from .relation_case import RelationCase


@tagged("post_install", "-at_install")
class TestRelations(RelationCase):
    """One row, read from both ends."""

    def test_both_ends_read_the_same_row(self):
        relation = self.relate(
            self.nowak, "assistant", self.rek, date_from=date(2024, 1, 1)
        )
        for partner, words, other in (
            (self.nowak, "is assistant of", self.rek),
            (self.rek, "has assistant", self.nowak),
        ):
            (told,) = partner.with_user(self.jan).get_relations()
            self.assertEqual(told["id"], relation.id)
            self.assertEqual(told["words"], words)
            self.assertEqual(told["partner"]["id"], other.id)
            self.assertEqual(
                told["sentence"],
                f"{partner.name} {words} {other.name}, since 2024",
            )

    def test_entered_from_either_end_it_is_the_same(self):
        relations = self.env["relationship.relation"].with_user(self.jan)
        with Form(relations.with_context(relationship_partner_id=self.rek.id)) as form:
            form.direction_id = self.has_assistant
            form.other_partner_id = self.nowak
            self.assertEqual(form.sentence, "Tomasz Rek has assistant Anna Nowak")
        relation = form.save()
        self.assertEqual(relation.left_partner_id, self.nowak)
        self.assertEqual(relation.right_partner_id, self.rek)
        self.assertRefused(
            "already there", self.relate, self.nowak, "assistant", self.rek
        )

    def test_it_is_edited_from_the_other_end(self):
        relation = self.relate(self.nowak, "assistant", self.rek)
        seen = relation.with_context(relationship_partner_id=self.rek.id)
        with Form(seen) as form:
            self.assertEqual(form.direction_id, self.has_assistant)
            form.other_partner_id = self.maj
        self.assertEqual(relation.left_partner_id, self.maj)
        self.assertEqual(relation.right_partner_id, self.rek)

    def test_nobody_stands_in_a_relation_to_himself(self):
        self.assertRefused("itself", self.relate, self.nowak, "knows", self.nowak)

    def test_the_same_time_twice_is_refused(self):
        self.relate(self.nowak, "assistant", self.rek, date_to=date(2024, 6, 30))
        self.assertRefused(
            "already there",
            self.relate,
            *(self.nowak, "assistant", self.rek),
            date_from=date(2024, 6, 30),
        )
        self.relate(self.nowak, "assistant", self.rek, date_from=date(2024, 7, 1))
        self.relate(self.rek, "assistant", self.nowak)

    def test_a_symmetric_relation_has_no_direction(self):
        relation = self.relate(self.rek, "knows", self.nowak)
        self.assertEqual(relation.left_partner_id, self.nowak)
        self.assertRefused("already there", self.relate, self.nowak, "knows", self.rek)

    def test_only_one_adviser_at_a_time(self):
        self.relate(self.nowak, "tax_adviser", self.stalmet, date_to=date(2023, 12, 31))
        self.relate(self.maj, "tax_adviser", self.stalmet, date_from=date(2024, 1, 1))
        self.relate(self.maj, "tax_adviser", self.kranbau)
        self.assertRefused(
            "only one at a time",
            self.relate,
            *(self.rek, "tax_adviser", self.stalmet),
        )

    def test_who_follows_an_ended_one_is_told_the_first_day(self):
        def refuse(words, **days):
            arguments = (self.rek, "tax_adviser", self.stalmet)
            self.assertRefused(words, self.relate, *arguments, **days)

        today = fields.Date.context_today(self.stalmet.with_user(self.jan))
        told = format_date(self.env, today)
        present = self.relate(self.nowak, "tax_adviser", self.stalmet)
        refuse("End that one first.")
        present.action_end()
        refuse(f"Choose a first day after {told}.", date_from=False)
        refuse(f"Choose a first day after {told}.", date_from=today)
        refuse("Choose other days, or end that one earlier.", date_to=today)
        present.date_from = date(2020, 1, 1)
        refuse("Choose a last day before 01/01/2020.", date_to=date(2020, 5, 1))
        present.write({"date_from": today + timedelta(days=9), "date_to": False})
        told = format_date(self.env, present.date_from)
        refuse(f"Choose a last day before {told}.")
        hidden = {"company_id": self.other_company.id}
        present.sudo().write(hidden)
        words = "says otherwise). Choose other days, or ask a manager."
        refuse(words)
        present.sudo().company_id = False
        present.action_end()
        self.relate(
            *(self.rek, "tax_adviser", self.stalmet),
            date_to=present.date_from - timedelta(days=1),
        )

    def test_the_sides_ask_for_persons_and_companies(self):
        self.assertRefused(
            "is a company", self.relate, self.stalmet, "works_for", self.kranbau
        )
        self.assertRefused(
            "is a person", self.relate, self.nowak, "works_for", self.rek
        )

    def test_the_sides_ask_for_roles(self):
        kind = self.types["tax_adviser"]
        customer = self.env.ref(
            "relationship_management.relationship_role_type_customer"
        )
        kind.right_role_type_id = customer
        self.assertRefused(
            "Give the role first", self.relate, self.maj, "tax_adviser", self.stalmet
        )
        role = self.stalmet._give_role("customer")
        self.relate(self.maj, "tax_adviser", self.stalmet)
        self.assertRefused("would break relations", role.with_user(self.jan).unlink)

    def test_a_share_is_asked_for(self):
        self.assertRefused(
            "enter the share", self.relate, self.maj, "shareholder", self.stalmet
        )
        self.relate(self.maj, "shareholder", self.stalmet, share=12.5)

    def test_a_partner_that_changes_breaks_no_relation(self):
        self.relate(self.nowak, "works_for", self.stalmet)

        def become_company():
            self.nowak.is_company = True
            self.env.flush_all()

        self.assertRefused("Anna Nowak works for Stalmet", become_company)

    def test_a_used_type_is_kept(self):
        self.relate(self.nowak, "works_for", self.stalmet)
        kind = self.types["works_for"].with_user(self.ewa)
        with self.refused("“works for” is in use .* used by: Relation. Archive it"):
            kind.unlink()
        self.assertRefused("is a person", kind.write, {"left_is": "company"})

    def test_a_relation_of_another_company_is_hidden(self):
        self.maj.company_id = self.other_company
        relation = self.relate(self.maj, "tax_adviser", self.stalmet, self.katrin)
        self.assertEqual(relation.company_id, self.other_company)
        self.assertTrue(self.stalmet.with_user(self.katrin).get_relations())
        self.assertFalse(self.stalmet.with_user(self.jan).get_relations())
        self.assertEqual(self.stalmet.with_user(self.jan).relation_count, 0)

    def test_partners_are_found_by_relation_type_and_day(self):
        self.relate(self.maj, "tax_adviser", self.stalmet, date_to=date(2023, 12, 31))
        self.relate(self.maj, "tax_adviser", self.kranbau)
        self.relate(self.nowak, "works_for", self.stalmet)
        partners = self.env["res.partner"].with_user(self.jan)

        def find(domain, **context):
            return partners.with_context(**context).search(domain)

        to_maj = [("related_partner_id", "=", self.maj.id)]
        by_tax = [("relation_type_id", "=", self.types["tax_adviser"].id)]
        self.assertEqual(find(to_maj), self.kranbau)
        self.assertEqual(
            find(to_maj, relationship_date="2023-06-01"), self.stalmet | self.kranbau
        )
        self.assertEqual(find(by_tax), self.maj | self.kranbau)
        # Both at once mean one relation: Stalmet has an employee and had an adviser.
        both = [
            ("related_partner_id", "ilike", "Nowak"),
            ("relation_type_id", "ilike", "tax adviser"),
        ]
        self.assertFalse(find(both, relationship_date="2023-06-01"))
        both[0] = ("related_partner_id", "ilike", "Maj")
        self.assertEqual(
            find(both, relationship_date="2023-06-01"), self.stalmet | self.kranbau
        )

    def test_the_count_opens_what_it_counts(self):
        self.relate(self.nowak, "works_for", self.stalmet)
        self.relate(self.maj, "tax_adviser", self.stalmet, date_to=date(2023, 12, 31))
        self.relate(self.stalmet, "shareholder", self.kranbau, share=10)
        partner = self.stalmet.with_user(self.jan)
        action = partner.action_view_relations()
        found = self.env["relationship.relation"].with_user(self.jan)
        self.assertEqual(found.search_count(action["domain"]), 2)
        self.assertEqual(partner.relation_count, 2)
