from datetime import timedelta

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .relation_case import RelationCase


@tagged("post_install", "-at_install")
class TestPeople(RelationCase):
    """How the people of an opportunity relate to each other, and who might be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ours = "relationship_management"
        for name in ("adviser", "director", "purchasing", "competitor"):
            cls.types[name] = cls.env.ref(f"{ours}.relationship_relation_type_{name}")
        cls.roles = {
            name: cls.env.ref(f"{ours}.relationship_reference_type_{name}")
            for name in ("decision_maker", "contact", "influencer", "competitor")
        }
        (cls.nowak | cls.rek).parent_id = cls.stalmet
        cls.lead = cls.make_lead()

    @classmethod
    def make_lead(cls, user=None, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Packing line",
                "type": "opportunity",
                "partner_id": cls.stalmet.id,
                "user_id": (user or cls.anna).id,
                **values,
            }
        )

    def enter(self, partner, role, lead=None, **values):
        return self.env["relationship.reference"].create(
            {
                "lead_id": (lead or self.lead).id,
                "partner_id": partner.id,
                "type_id": self.roles[role].id,
                **values,
            }
        )

    def sentences(self, user=None, lead=None):
        self.env.invalidate_all()
        lead = (lead or self.lead).with_user(user or self.anna)
        return [found["sentence"] for found in lead.people_relations or ()]

    def suggested(self, user=None, lead=None):
        self.env.invalidate_all()
        lead = (lead or self.lead).with_user(user or self.anna)
        return [
            (s["name"], s["role"], s["reason"]) for s in lead.suggested_people or ()
        ]

    # How they relate to each other

    def test_relations_among_the_people_are_said(self):
        self.relate(self.nowak, "assistant", self.rek)
        self.relate(self.maj, "knows", self.nowak)
        self.enter(self.nowak, "contact")
        self.assertEqual(self.sentences(), [])
        self.enter(self.rek, "decision_maker")
        self.assertEqual(self.sentences(), ["Anna Nowak is assistant of Tomasz Rek"])

    def test_a_contact_person_is_one_of_the_people(self):
        self.relate(self.nowak, "assistant", self.rek)
        self.enter(self.stalmet, "contact", contact_id=self.nowak.id)
        self.enter(self.rek, "decision_maker")
        self.assertEqual(self.sentences(), ["Anna Nowak is assistant of Tomasz Rek"])

    def test_who_is_not_linked_to_the_company_is_said(self):
        self.enter(self.rek, "decision_maker")
        self.enter(self.paktech, "competitor")
        line = self.enter(self.maj, "influencer")
        self.enter(self.maj, "contact")
        self.assertEqual(self.sentences(), ["Zofia Maj is not linked to Stalmet S.A."])
        action = line.with_user(self.anna).action_link_to_company()
        self.assertEqual(action["name"], "Link to company")
        self.relate(self.maj, "adviser", self.stalmet)
        self.assertEqual(self.sentences(), [])

    def test_only_what_holds_today(self):
        today = self.get_today()
        relation = self.relate(
            self.nowak, "assistant", self.rek, date_to=today - timedelta(days=1)
        )
        line = self.enter(self.nowak, "contact")
        self.enter(self.rek, "decision_maker")
        self.assertEqual(self.sentences(), [])
        relation.date_to = today
        self.assertEqual(len(self.sentences()), 1)
        line.write({"date_from": False, "date_to": today - timedelta(days=1)})
        self.assertEqual(self.sentences(), [], "who has left is not among them")

    def test_only_what_the_viewer_may_see(self):
        relation = self.relate(self.nowak, "assistant", self.rek).sudo()
        self.enter(self.nowak, "contact")
        line = self.enter(self.rek, "decision_maker")
        self.assertEqual(len(self.sentences()), 1)
        hidden = [Command.set(self.env.ref("base.group_system").ids)]
        relation.type_id.see_group_ids = hidden
        self.assertEqual(self.sentences(), [])
        self.assertEqual(len(self.sentences(self.env.user)), 1)
        relation.type_id.see_group_ids = False
        self.assertEqual(len(self.sentences()), 1)
        line.type_id = line.type_id.copy({"name": "S", "see_group_ids": hidden})
        self.assertEqual(self.sentences(), [])

    def test_a_relation_of_another_company_is_hidden(self):
        relation = self.relate(self.nowak, "assistant", self.rek).sudo()
        self.enter(self.nowak, "contact")
        self.enter(self.rek, "decision_maker")
        relation.company_id = self.other_company
        self.assertEqual(self.sentences(), [])

    # Suggestions

    def test_who_stands_in_a_relation_is_suggested(self):
        self.relate(self.rek, "director", self.stalmet)
        self.relate(self.maj, "adviser", self.stalmet)
        self.assertCountEqual(
            self.suggested(),
            [
                (
                    "Stalmet S.A., Tomasz Rek",
                    "Decision maker",
                    "Tomasz Rek is managing director of Stalmet S.A.",
                ),
                ("Zofia Maj", "Consultant", "Zofia Maj advises Stalmet S.A."),
            ],
        )
        self.assertFalse(self.lead.reference_ids, "nothing is written silently")

    def test_the_direction_of_a_relation_counts(self):
        self.relate(self.stalmet, "adviser", self.paktech)
        self.assertEqual(self.suggested(), [])

    def test_an_adviser_of_its_people_is_suggested(self):
        self.relate(self.maj, "adviser", self.rek)
        self.assertEqual(self.suggested()[0][0], "Zofia Maj")

    def test_relations_that_are_over_suggest_nobody(self):
        yesterday = self.get_today() - timedelta(days=1)
        self.relate(self.maj, "adviser", self.stalmet, date_to=yesterday)
        self.assertEqual(self.suggested(), [])

    def test_who_is_there_is_not_suggested(self):
        self.relate(self.maj, "adviser", self.stalmet)
        self.enter(self.maj, "decision_maker")
        self.assertEqual(self.suggested(), [])

    def test_who_played_a_role_before_is_suggested(self):
        before = self.make_lead(name="Old line")
        self.enter(self.maj, "influencer", before, influence="2", attitude="for")
        self.enter(self.paktech, "competitor", before)
        before.action_set_lost()
        self.assertEqual(
            self.suggested(),
            [
                ("PakTech", "Competitor", "before in Old line"),
                ("Zofia Maj", "Consultant", "before in Old line"),
            ],
        )
        values = self.lead.suggested_people[1]["values"]
        self.assertEqual(values["influence"], "2")
        self.assertNotIn("attitude", values, "that was about another deal")

    def test_other_customers_suggest_nobody(self):
        before = self.make_lead(name="Old line", partner_id=self.kranbau.id)
        self.enter(self.maj, "influencer", before)
        self.assertEqual(self.suggested(), [])

    def test_only_deals_that_the_viewer_sees_suggest_somebody(self):
        before = self.make_lead(self.piotr, name="Secret line")
        self.enter(self.maj, "influencer", before)
        self.assertEqual(self.suggested(), [])
        self.assertEqual(len(self.suggested(self.piotr)), 1)

    def test_only_whom_the_viewer_may_see_is_suggested(self):
        self.relate(self.maj, "adviser", self.stalmet)
        role = self.roles["influencer"]
        hidden = [Command.set(self.env.ref("base.group_system").ids)]
        self.assertEqual(len(self.suggested()), 1)
        for name in ("use_group_ids", "see_group_ids"):
            role[name] = hidden
            self.assertEqual(self.suggested(), [], name)
            role[name] = False
        role.active = False
        self.assertEqual(self.suggested(), [])
        role.active = True
        self.maj.active = False
        self.assertEqual(self.suggested(), [])
        self.maj.write({"active": True, "company_id": self.other_company.id})
        self.assertEqual(self.suggested(), [])

    def test_whom_the_company_of_the_deal_refuses_is_not_suggested(self):
        context = self.in_both_companies(self.anna)
        lead = self.lead.with_user(self.anna).with_context(**context)
        self.relate(self.maj, "adviser", self.stalmet)
        self.relate(self.paktech, "competitor", self.stalmet)
        self.lead.company_id = self.company
        self.maj.company_id = self.other_company
        self.roles["competitor"].copy({"company_id": self.other_company.id})
        self.roles["competitor"].active = False
        self.env.invalidate_all()
        self.assertFalse(lead.suggested_people)
        self.lead.company_id = self.other_company
        self.env.invalidate_all()
        names = [suggested["name"] for suggested in lead.suggested_people]
        self.assertCountEqual(names, ["PakTech", "Zofia Maj"])

    def test_no_more_than_five(self):
        people = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(8)])
        for person in people:
            self.relate(person, "adviser", self.stalmet)
        self.assertEqual(len(self.suggested()), 5)

    def test_nobody_is_suggested_where_nobody_is_added(self):
        self.relate(self.maj, "adviser", self.stalmet)
        kind = self.machine_deal
        self.lead.opportunity_type_id = kind
        self.assertEqual(len(self.suggested()), 1)
        kind.use_group_ids = self.env.ref("base.group_system")
        self.assertEqual(self.suggested(), [], "may not be changed")
        kind.use_group_ids = False
        self.lead.action_set_won()
        self.assertEqual(self.suggested(), [], "won")

    def test_a_new_opportunity_suggests_before_it_is_saved(self):
        self.relate(self.maj, "adviser", self.stalmet)
        form = Form(
            self.env["crm.lead"]
            .with_user(self.anna)
            .with_context(default_type="opportunity")
        )
        form.name = "Next line"
        self.assertFalse(form.suggested_people)
        form.partner_id = self.nowak
        self.assertEqual(form.suggested_people[0]["name"], "Zofia Maj")
        lead = form.save()
        self.assertFalse(lead.reference_ids)
        values = lead.suggested_people[0]["values"]
        line = self.env["relationship.reference"].with_user(self.anna).create(values)
        self.assertEqual((line.lead_id, line.partner_id), (lead, self.maj))
        self.assertTrue(self.lead.suggested_people, "still suggested elsewhere")

    def test_suggestions_give_no_rights(self):
        self.relate(self.maj, "adviser", self.stalmet)
        values = self.lead.with_user(self.anna).suggested_people[0]["values"]
        katrin = self.env["relationship.reference"].with_user(self.katrin)
        with self.refused("'read' access to|'create' access to", AccessError):
            katrin.create(values)

    def test_many_opportunities_cost_no_more_statements_than_one(self):
        self.relate(self.maj, "adviser", self.stalmet)
        self.relate(self.nowak, "assistant", self.rek)
        leads = self.lead
        for number in range(5):
            lead = self.make_lead(name=f"Line {number}")
            self.enter(self.nowak, "contact", lead)
            self.enter(self.rek, "decision_maker", lead)
            leads |= lead
        counts = []
        for some in (leads[-1:], leads[-1:], leads):
            self.env.invalidate_all()
            mine = some.with_user(self.anna)
            mine.mapped("name")
            before = self.cr.sql_log_count
            mine.mapped("suggested_people")
            mine.mapped("people_relations")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2, counts)

    # Reference types and relation types do not mix

    def test_reference_types_are_not_offered_as_relations(self):
        role = self.env["relationship.reference.type"].create(
            {"name": "Chooses the paint", "kind": "other"}
        )
        relation_type = self.types["adviser"]
        relations = self.env["relationship.relation"].with_user(self.anna)
        for name in ("type_id", "direction_id"):
            offered = self.env[relations._fields[name].comodel_name].with_user(
                self.anna
            )
            self.assertFalse(offered.name_search(role.name), name)
            self.assertTrue(offered.name_search(relation_type.name), name)
        roles = self.env["relationship.reference"]._fields["type_id"].comodel_name
        roles = self.env[roles].with_user(self.anna)
        self.assertFalse(roles.name_search(relation_type.name))
        self.assertTrue(roles.name_search(role.name))

    def test_a_decision_maker_against_us_is_found(self):
        leads = self.env["crm.lead"].with_user(self.anna)
        domain = self.get_filter(leads, "filter_decides_against")
        for role, values in (
            ("decision_maker", {"attitude": "for"}),
            ("influencer", {"attitude": "against", "influence": "2"}),
        ):
            self.enter(self.maj, role, **values)
        self.assertNotIn(self.lead, leads.search(domain))
        line = self.enter(self.rek, "decision_maker", attitude="against")
        self.assertIn(self.lead, leads.search(domain))
        yesterday = self.get_today() - timedelta(days=1)
        line.date_to = yesterday
        self.assertNotIn(self.lead, leads.search(domain))
        line.write({"date_to": False, "type_id": self.roles["contact"].id})
        self.assertNotIn(self.lead, leads.search(domain))
        line.influence = "3"
        self.assertIn(self.lead, leads.search(domain))

    def get_filter(self, records, name):
        arch = records.get_view(view_type="search")["arch"]
        [node] = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")
        return safe_eval(node.get("domain"))
