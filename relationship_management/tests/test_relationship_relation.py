from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import RelationshipCase

MERGE = "base.partner.merge.automatic.wizard"


class RelationCase(RelationshipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The story of the demo data would be found, too.
        cls.env["relationship.relation"].search([]).unlink()
        cls.types = {
            name: cls.env.ref(
                f"relationship_management.relationship_relation_type_{name}"
            )
            for name in (
                "assistant",
                "works_for",
                "knows",
                "tax_adviser",
                "shareholder",
            )
        }
        cls.nowak, cls.rek, cls.maj = cls.env["res.partner"].create(
            [{"name": "Anna Nowak"}, {"name": "Tomasz Rek"}, {"name": "Zofia Maj"}]
        )
        cls.has_assistant = cls.env["relationship.relation.direction"].search(
            [("name", "=", "has assistant")]
        )
        (cls.stalmet | cls.kranbau | cls.paktech).is_company = True

    def relate(self, left, name, right, user=None, **values):
        relations = self.env["relationship.relation"].with_user(user or self.jan)
        return relations.create(
            {
                "left_partner_id": left.id,
                "type_id": self.types[name].id,
                "right_partner_id": right.id,
                **values,
            }
        )

    def assertRefused(self, words, function, *arguments, **values):
        with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
            function(*arguments, **values)
        self.assertIn(words, str(caught.exception))


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
        with self.assertRaises(UserError):
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


@tagged("post_install", "-at_install")
class TestPartnerMerge(RelationCase):
    """A merge unites what belongs to the partners and loses nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = cls.env["res.partner"].create(
            {"name": "Stalmet SA", "is_company": True}
        )
        cls.merger = cls._new_user(
            "merger",
            "base.group_partner_manager,sales_team.group_sale_salesman_all_leads",
        )

    def merge(self):
        self.env.flush_all()
        wizard = self.env[MERGE].with_user(self.merger).create({})
        wizard._merge(
            (self.stalmet | self.double).ids, self.stalmet.with_user(self.merger)
        )
        self.env.invalidate_all()

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
        wizard = self.env[MERGE].with_user(self.merger).create({})
        wizard._merge((self.stalmet | third).ids, third.with_user(self.merger))
        self.env.invalidate_all()
        changes = self.rows(lead)[:1].with_user(self.piotr)._get_changes()
        told = " ".join(change["text"] for row in changes.values() for change in row)
        self.assertIn("Third", told)
        self.assertNotIn("deleted", told)

    def test_a_merge_that_breaks_a_rule_is_refused(self):
        person = self.env["res.partner"].create({"name": "Stalmet (person)"})
        self.relate(person, "assistant", self.rek)
        wizard = self.env[MERGE].with_user(self.merger).create({})
        self.assertRefused(
            "is assistant of Tomasz Rek",
            wizard._merge,
            (self.stalmet | person).ids,
            self.stalmet.with_user(self.merger),
        )
