from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..common import RelationshipCase


class RuleCase(RelationshipCase):
    """A few people and companies and the relation types between them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The story of the demo data would be found, too.
        cls.env["relationship.relation"].search([]).unlink()
        cls.partners = cls.env["res.partner"]
        cls.nowak, cls.rek, cls.maj = cls.partners.create(
            [{"name": name} for name in ("Anna Nowak", "Tomasz Rek", "Zofia Maj")]
        )
        cls.stalmet, cls.huta, cls.warta = cls.partners.create(
            [
                {"name": name, "is_company": True}
                for name in ("Stalmet", "Huta", "Warta")
            ]
        )
        cls.assistant = cls._type("assistant")
        cls.purchasing = cls._type("purchasing")
        cls.subsidiary = cls._type("subsidiary")
        cls.tax_adviser = cls._type("tax_adviser")
        cls.shareholder = cls._type("shareholder")
        cls.knows = cls._type("knows")

    @classmethod
    def _type(cls, name):
        return cls.env.ref(f"relationship_management.relationship_relation_type_{name}")

    @classmethod
    def relate(cls, left, relation_type, right, user=None, **values):
        relations = cls.env["relationship.relation"].with_user(user or cls.jan)
        return relations.create(
            {
                "left_partner_id": left.id,
                "type_id": relation_type.id,
                "right_partner_id": right.id,
                **values,
            }
        )

    def direction(self, words):
        return self.env["relationship.relation.direction"].search(
            [("name", "=", words)]
        )

    def assertRefused(self, words, method, *args, **values):
        with self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
            method(*args, **values)
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestRelationRules(RuleCase):
    def test_a_relation_reads_from_both_ends(self):
        relation = self.relate(
            self.nowak, self.purchasing, self.stalmet, date_from="2024-01-01"
        )
        self.assertEqual(
            relation.sentence, "Anna Nowak is purchasing manager of Stalmet, since 2024"
        )
        other_end = relation.with_context(relationship_partner_id=self.stalmet.id)
        self.assertEqual(
            other_end.sentence,
            "Stalmet has purchasing manager Anna Nowak, since 2024",
        )
        self.assertEqual(other_end.other_partner_id, self.nowak)

    def test_entered_from_either_end_it_is_one_row(self):
        relation = self.relate(self.nowak, self.purchasing, self.stalmet)
        relations = self.env["relationship.relation"].with_user(self.jan)
        context = {"relationship_partner_id": self.stalmet.id}
        form = Form(relations.with_context(**context))
        form.direction_id = self.direction("has purchasing manager")
        form.other_partner_id = self.rek
        self.assertEqual(form.sentence, "Stalmet has purchasing manager Tomasz Rek")
        second = form.save()
        self.assertEqual(second.left_partner_id, self.rek)
        self.assertEqual(second.right_partner_id, self.stalmet)
        self.assertEqual(second.type_id, relation.type_id)
        with Form(relation.with_context(**context)) as form:
            form.other_partner_id = self.maj
        self.assertEqual(relation.left_partner_id, self.maj)
        self.assertEqual(relation.right_partner_id, self.stalmet)

    def test_without_a_point_of_view_the_form_is_a_sentence(self):
        form = Form(self.env["relationship.relation"].with_user(self.jan))
        form.this_partner_id = self.stalmet
        form.direction_id = self.direction("has subsidiary")
        form.other_partner_id = self.huta
        self.assertEqual(form.sentence, "Stalmet has subsidiary Huta")
        relation = form.save()
        self.assertEqual(relation.left_partner_id, self.huta)

    def test_a_symmetric_relation_has_the_lower_partner_on_the_left(self):
        first, second = (self.nowak | self.rek).sorted("id")
        relation = self.relate(second, self.knows, first)
        self.assertEqual(relation.left_partner_id, first)
        self.assertRefused("already there", self.relate, first, self.knows, second)

    def test_nobody_is_related_to_oneself(self):
        self.assertRefused("itself", self.relate, self.nowak, self.knows, self.nowak)

    def test_a_double_in_the_same_time_is_refused(self):
        args = (self.nowak, self.purchasing, self.stalmet)
        self.relate(*args, date_from="2020-01-01", date_to="2021-12-31")
        self.assertRefused(
            "from 2020 until 2021", self.relate, *args, date_from="2021-12-31"
        )
        self.relate(*args, date_from="2022-01-01")

    def test_doubles_in_one_batch_are_refused(self):
        values = {
            "left_partner_id": self.nowak.id,
            "type_id": self.purchasing.id,
            "right_partner_id": self.stalmet.id,
        }
        relations = self.env["relationship.relation"].with_user(self.jan)
        self.assertRefused("already there", relations.create, [values, dict(values)])

    def test_only_one_at_a_time_where_the_type_says_so(self):
        self.relate(self.huta, self.subsidiary, self.stalmet, date_to="2022-12-31")
        self.assertRefused(
            "for Huta",
            self.relate,
            *(self.huta, self.subsidiary, self.warta),
            date_from="2022-06-01",
        )
        self.relate(self.huta, self.subsidiary, self.warta, date_from="2023-01-01")
        self.relate(self.nowak, self.tax_adviser, self.stalmet)
        self.relate(self.nowak, self.tax_adviser, self.huta)
        self.assertRefused(
            "for Stalmet", self.relate, self.rek, self.tax_adviser, self.stalmet
        )

    def test_one_each_counts_across_both_sides_of_a_symmetric_type(self):
        married = self.knows.copy({"name": "is married to", "cardinality": "one_one"})
        self.relate(self.nowak, married, self.rek)
        self.assertRefused("at a time", self.relate, self.rek, married, self.maj)
        self.assertRefused("at a time", self.relate, self.maj, married, self.nowak)

    def test_the_sides_take_who_the_type_says(self):
        self.assertRefused(
            "Huta is a company", self.relate, self.huta, self.assistant, self.rek
        )
        self.assertRefused(
            "Rek is a person",
            self.relate,
            *(self.nowak, self.purchasing, self.rek),
        )

    def test_a_required_share_lies_between_0_and_100(self):
        args = (self.nowak, self.shareholder, self.stalmet)
        self.assertRefused("enter the share", self.relate, *args)
        self.assertRefused("between 0 and 100 %", self.relate, *args, share=101)
        relation = self.relate(*args, share=25)
        self.assertEqual(
            relation.sentence,
            "Anna Nowak holds a share of Stalmet, 25\N{NO-BREAK SPACE}%",
        )

    def test_the_last_day_does_not_come_before_the_first(self):
        days = {"date_from": "2024-02-01", "date_to": "2024-01-01"}
        args = (self.nowak, self.knows, self.rek)
        self.assertRefused("before the first one", self.relate, *args, **days)

    def test_the_relation_follows_the_company_of_its_partners(self):
        self.huta.company_id = self.company
        relation = self.relate(self.huta, self.subsidiary, self.stalmet)
        self.assertEqual(relation.company_id, self.company)
        with self.refused(r"'read' access to:\n- Relation \(", AccessError):
            relation.with_user(self.katrin).check_access("read")
        self.stalmet.company_id = self.company
        with self.assertRaisesRegex(ValidationError, "Huta"):
            self.stalmet.with_user(self.ewa).sudo().company_id = self.other_company

    def test_the_type_decides_who_sees_and_who_uses(self):
        relation = self.relate(self.nowak, self.knows, self.rek)
        hidden = self.env["res.groups"].create({"name": "Confidants"})
        self.knows.write({"use_group_ids": hidden, "see_group_ids": hidden})
        with self.refused(r"'read' access to:\n- Relation \(", AccessError):
            relation.with_user(self.jan).check_access("read")
        with self.refused(
            "may not create, change or delete records of the type", AccessError
        ):
            self.relate(self.nowak, self.knows, self.maj)
        self.knows.see_group_ids = self.env.ref("base.group_user")
        relation.with_user(self.jan).check_access("read")
        with self.refused(
            "may not create, change or delete records of the type", AccessError
        ):
            relation.with_user(self.jan).note = "x"
        words = self.env["relationship.relation.direction"].with_user(self.jan)
        self.assertFalse(
            words.search([("can_use", "=", True), ("type_id", "=", self.knows.id)])
        )

    def test_what_is_hidden_is_not_named(self):
        self.relate(self.nowak, self.purchasing, self.stalmet, user=self.ewa)
        hidden = self.env["res.groups"].create({"name": "Confidants"})
        self.purchasing.write({"see_group_ids": hidden, "use_group_ids": hidden})
        clerk = new_test_user(
            self.env,
            "clerk_y",
            "base.group_partner_manager,"
            "relationship_management.relationship_management_group_user",
        )
        with self.assertRaises(ValidationError) as caught:
            self.stalmet.with_user(clerk).is_company = False
        self.assertIn("may not see", str(caught.exception))
        self.assertNotIn("Nowak", str(caught.exception))


@tagged("post_install", "-at_install")
class TestRelationTypes(RuleCase):
    def test_a_used_type_stays(self):
        self.relate(self.huta, self.subsidiary, self.stalmet)
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.subsidiary.with_user(self.ewa).unlink()

    def test_a_used_type_changes_only_as_its_relations_allow(self):
        self.relate(self.nowak, self.purchasing, self.stalmet)
        kind = self.purchasing.with_user(self.ewa)
        self.assertRefused("Anna Nowak", kind.write, {"left_is": "company"})
        self.assertRefused("enter the share", kind.write, {"share_use": "required"})
        self.relate(self.rek, self.purchasing, self.stalmet)
        self.assertRefused("at a time", kind.write, {"cardinality": "one_many"})
        self.assertRefused(
            "create another type", kind.write, {"is_symmetric": True, "left_is": "any"}
        )
        kind.write({"cardinality": "many_one", "right_is": "any"})

    def test_a_symmetric_type_asks_the_same_of_both(self):
        kind = self.knows.with_user(self.ewa)
        self.assertRefused("both ends", kind.write, {"left_is": "company"})
        self.assertRefused("both ends", kind.write, {"cardinality": "many_one"})

    def test_both_words_can_be_chosen(self):
        words = self.env["relationship.relation.direction"].with_user(self.jan)
        names = {"is assistant of", "has assistant"}
        self.assertEqual(
            set(words.search([("type_id", "=", self.assistant.id)]).mapped("name")),
            names,
        )
        self.assertEqual(len(words.search([("type_id", "=", self.knows.id)])), 1)
        self.assistant.with_user(self.ewa).inverse_name = "is helped by"
        self.assertTrue(words.name_search("is helped by"))


@tagged("post_install", "-at_install")
class TestPartnerOfRelations(RuleCase):
    def test_a_partner_changes_only_as_its_relations_allow(self):
        self.relate(self.nowak, self.purchasing, self.stalmet)
        partner = self.stalmet.with_user(self.ewa).sudo()
        self.assertRefused("Stalmet is a person", partner.write, {"is_company": False})
        self.assertRefused("person", self.nowak.write, {"company_type": "company"})

    def test_a_role_that_a_relation_asks_for_stays(self):
        role_type = self.env["relationship.role.type"].create({"name": "Notary"})
        self.tax_adviser.left_role_type_id = role_type
        args = (self.maj, self.tax_adviser, self.stalmet)
        self.assertRefused("the role Notary", self.relate, *args)
        role = (
            self.env["relationship.role"]
            .with_user(self.jan)
            .create({"partner_id": self.maj.id, "type_id": role_type.id})
        )
        self.relate(*args, date_from=role.date_from)
        self.assertRefused("the role Notary", role.unlink)
        role.note = "licence 17"

    def test_the_page_tells_the_same_from_both_ends(self):
        relation = self.relate(self.nowak, self.purchasing, self.stalmet)
        ended = self.relate(
            self.rek, self.purchasing, self.stalmet, date_to="2020-12-31"
        )
        rows = self.stalmet.with_user(self.jan).get_relations()
        self.assertEqual([row["id"] for row in rows], [relation.id, ended.id])
        self.assertEqual([row["when"] for row in rows], ["now", "over"])
        self.assertEqual(rows[0]["words"], "has purchasing manager")
        self.assertEqual(rows[1]["period"], "until 2020")
        row = self.nowak.with_user(self.jan).get_relations()[0]
        self.assertEqual(row["id"], relation.id)
        self.assertEqual(row["partner"]["id"], self.stalmet.id)

    def test_a_company_can_show_those_of_its_contacts(self):
        contact = self.partners.create({"name": "Ola", "parent_id": self.stalmet.id})
        relation = self.relate(contact, self.assistant, self.rek)
        stalmet = self.stalmet.with_user(self.jan)
        self.assertFalse(stalmet.get_relations())
        rows = stalmet.get_relations(with_contacts=True)
        self.assertEqual([row["id"] for row in rows], relation.ids)
        self.assertEqual(rows[0]["this"]["name"], "Ola")

    def test_other_changes_of_a_partner_cost_no_query(self):
        self.relate(self.nowak, self.purchasing, self.stalmet)
        self.env.flush_all()
        partner = self.nowak.with_user(self.ewa).sudo()
        partner.write({"function": "Buyer", "ref": "x"})
        self.env.flush_all()
        with (
            patch.object(
                type(self.env["relationship.relation"]),
                "_search",
                side_effect=AssertionError,
            ),
            self.assertQueryCount(2),
        ):
            partner.write({"ref": "y", "comment": "Chief buyer"})
            self.env.flush_all()
