from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .relation_case import RelationCase

DAY = date(2025, 6, 1)


class MapCase(RelationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lis, cls.duda, cls.stranger = cls.env["res.partner"].create(
            [{"name": "Marta Lis"}, {"name": "Ewa Duda"}, {"name": "A Stranger"}]
        )

    def map(self, partner, user=None, **options):
        return partner.with_user(user or self.jan).get_relationship_map(**options)

    def names(self, told):
        """Return the names by the number of steps from the middle."""
        names = {}
        for node in told["nodes"]:
            names.setdefault(node["hop"], []).append(node["name"])
        return names

    def sentences(self, told):
        return [edge["sentence"] for edge in told["edges"]]

    def hide(self, name):
        """Let only managers see relations of a type."""
        self.types[name].see_group_ids = self.env.ref(
            "relationship_management.relationship_management_group_manager"
        )


@tagged("post_install", "-at_install")
class TestMap(MapCase):
    def test_two_steps_and_the_words_from_the_nearer_end(self):
        self.relate(self.nowak, "assistant", self.rek, date_from=date(2024, 1, 1))
        self.relate(self.nowak, "knows", self.maj)
        self.relate(self.maj, "tax_adviser", self.stalmet)
        told = self.map(self.rek, day=DAY)
        self.assertEqual(told["centre"], self.rek.id)
        self.assertEqual(
            self.names(told), {0: ["Tomasz Rek"], 1: ["Anna Nowak"], 2: ["Zofia Maj"]}
        )
        self.assertEqual(
            self.sentences(told),
            [
                "Tomasz Rek has assistant Anna Nowak, since 2024",
                "Anna Nowak knows Zofia Maj",
            ],
        )
        self.assertEqual(
            [node["name"] for node in self.map(self.rek, depth=1)["nodes"]],
            ["Tomasz Rek", "Anna Nowak"],
        )
        self.assertEqual(self.names(self.map(self.rek, depth=3))[3], ["Stalmet S.A."])

    def test_relations_among_the_neighbours_are_there_too(self):
        self.relate(self.rek, "knows", self.nowak)
        self.relate(self.rek, "knows", self.maj)
        self.relate(self.maj, "knows", self.nowak)
        told = self.map(self.rek, depth=1)
        self.assertEqual(len(told["edges"]), 3)
        self.assertEqual(told["edges"][-1]["source"], self.nowak.id)

    def test_only_what_holds_on_the_day(self):
        self.relate(self.rek, "knows", self.nowak, date_to=date(2024, 12, 31))
        self.relate(self.rek, "knows", self.maj, date_from=date(2025, 1, 1))
        for day, name in ((date(2024, 12, 31), "Anna Nowak"), (DAY, "Zofia Maj")):
            told = self.map(self.rek, day=day.isoformat())
            self.assertEqual(self.names(told)[1], [name])

    def test_only_the_types_and_kinds_asked_for(self):
        self.relate(self.rek, "knows", self.nowak)
        self.relate(self.maj, "tax_adviser", self.rek)
        for options in (
            {"type_ids": self.types["knows"].ids},
            {"kinds": ["personal"]},
        ):
            told = self.map(self.rek, **options)
            self.assertEqual(self.names(told)[1], ["Anna Nowak"])
            self.assertIn(
                self.types["tax_adviser"].id, [each["id"] for each in told["types"]]
            )

    def test_a_contact_without_relation_works_for_its_company(self):
        self.nowak.parent_id = self.stalmet
        invoices = {"name": "Invoices", "type": "invoice", "parent_id": self.stalmet.id}
        self.env["res.partner"].create(invoices)
        told = self.map(self.stalmet)
        self.assertEqual(self.sentences(told), ["Stalmet S.A. employs Anna Nowak"])
        self.assertFalse(told["edges"][0]["relation_id"])
        self.assertEqual(
            self.sentences(self.map(self.nowak)), ["Anna Nowak works for Stalmet S.A."]
        )
        self.assertFalse(self.map(self.stalmet, with_contacts=False)["edges"])

    def test_who_is_employed_by_a_relation_is_no_contact_besides(self):
        self.nowak.parent_id = self.stalmet
        relation = self.relate(self.nowak, "works_for", self.stalmet)
        told = self.map(self.stalmet)
        self.assertEqual([e["relation_id"] for e in told["edges"]], relation.ids)

    def test_influence_and_attitude_are_the_strongest(self):
        self.relate(
            self.maj, "tax_adviser", self.rek, influence="2", attitude="against"
        )
        self.relate(self.maj, "knows", self.rek, influence="1", attitude="for")
        lead = self.new_lead()
        self.env["relationship.reference"].create(
            {
                "lead_id": lead.id,
                "partner_id": self.maj.id,
                "type_id": self.competitor_type.id,
                "influence": "3",
            }
        )
        for user, influence in ((self.jan, "2"), (self.anna, "3"), (self.piotr, "3")):
            node = self.map(self.rek, user=user)["nodes"][1]
            self.assertEqual(node["influence"], influence)
            self.assertEqual(node["attitude"], "against")
        # Of a partner that somebody else leads to, it says nothing.
        self.assertFalse(self.map(self.maj)["nodes"][0]["influence"])

    def test_the_competitor_is_against_us_not_where_it_competes(self):
        self.types["competitor"] = self.env.ref(
            "relationship_management.relationship_relation_type_competitor"
        )
        self.relate(
            self.maj, "competitor", self.stalmet, attitude="against", influence="2"
        )
        for middle in (self.stalmet, self.maj):
            told = self.map(middle)
            self.assertEqual(told["edges"][0]["attitude"], "against")
            nodes = {node["id"]: node for node in told["nodes"]}
            self.assertEqual(nodes[self.maj.id]["attitude"], "against")
            self.assertEqual(nodes[self.maj.id]["influence"], "2")
            self.assertFalse(nodes[self.stalmet.id]["attitude"])
            self.assertFalse(nodes[self.stalmet.id]["influence"])

    def test_the_most_influential_come_first_and_the_rest_is_counted(self):
        people = self.env["res.partner"].create(
            [{"name": f"Person {index}"} for index in range(6)]
        )
        for index, person in enumerate(people):
            self.relate(self.rek, "knows", person, influence="3" if index > 4 else "0")
        self.relate(people[0], "knows", self.lis)
        told = self.map(self.rek, limit=4)
        self.assertEqual(self.names(told)[1], ["Person 5", "Person 0", "Person 1"])
        # Three people around the middle, and one behind a person who is shown.
        self.assertEqual(told["more"], 4)
        self.assertEqual(self.map(self.rek, limit=4, depth=1)["more"], 3)
        self.assertEqual(self.map(self.rek)["more"], 0)

    def test_an_archived_partner_keeps_its_relation(self):
        self.relate(self.rek, "knows", self.nowak)
        self.nowak.active = False
        node = self.map(self.rek)["nodes"][1]
        self.assertFalse(node["active"])

    def test_the_roles_of_the_day(self):
        self.stalmet._give_role("supplier", date_from=date(2024, 1, 1))
        told = self.map(self.stalmet, day=DAY)
        self.assertEqual(told["nodes"][0]["roles"], ["Supplier"])
        self.assertFalse(self.map(self.stalmet, day="2023-01-01")["nodes"][0]["roles"])

    def test_nonsense_is_refused_with_a_sentence(self):
        with self.assertRaisesRegex(UserError, "one, two or three"):
            self.map(self.rek, depth=4)
        with self.assertRaisesRegex(UserError, "write it as"):
            self.map(self.rek, day="tomorrow")

    def test_the_button_opens_the_map(self):
        action = self.rek.with_user(self.jan).action_view_relationship_map()
        self.assertEqual(action["context"], {"active_id": self.rek.id})

    def test_the_number_of_queries_does_not_grow(self):
        people = self.env["res.partner"].create(
            [{"name": f"Person {i}", "parent_id": self.stalmet.id} for i in range(30)]
        )
        self.relate(self.rek, "knows", people[0])
        partner = self.rek.with_user(self.anna)
        partner.get_relationship_map()
        counts = []
        for number in (1, 30):
            for person in people[1:number]:
                self.relate(self.rek, "knows", person)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            partner.get_relationship_map(limit=100)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 20)


@tagged("post_install", "-at_install")
class TestMapAccess(MapCase):
    def test_what_belongs_to_another_company_is_not_there(self):
        foreign = self.env["res.partner"].create(
            {"name": "Elbe", "company_id": self.other_company.id}
        )
        self.relate(foreign, "knows", self.rek, user=self.katrin)
        hidden = self.relate(self.rek, "knows", self.nowak)
        hidden.sudo().company_id = self.other_company
        self.assertEqual(self.names(self.map(self.rek)), {0: ["Tomasz Rek"]})
        self.assertEqual(
            self.names(self.map(self.rek, user=self.katrin))[1],
            ["Anna Nowak", "Elbe"],
        )
        with self.refused(r"'read' access to:\n- Contact \(", AccessError):
            self.map(foreign)

    def test_relations_of_a_hidden_type_are_not_there(self):
        self.relate(self.rek, "knows", self.nowak)
        self.relate(self.maj, "tax_adviser", self.rek)
        self.hide("tax_adviser")
        told = self.map(self.rek)
        self.assertEqual(self.names(told)[1], ["Anna Nowak"])
        self.assertNotIn("is tax adviser of", [each["name"] for each in told["types"]])
        self.assertEqual(len(self.map(self.rek, user=self.ewa)["edges"]), 2)

    def test_others_have_no_map(self):
        for group in ("base.group_portal", "base.group_user"):
            user = new_test_user(self.env, f"map_{group[-4:]}", groups=group)
            partner = user.partner_id.with_user(user)
            with self.refused("not allowed to access 'Relation'", AccessError):
                partner.get_relationship_map()
            with self.refused("not allowed to access 'Relation'", AccessError):
                partner.get_relationship_path(self.rek.id)
