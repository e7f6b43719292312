from odoo import Command
from odoo.tests import tagged

from ..common import RelationshipCase


@tagged("post_install", "-at_install")
class TestOpportunityRole(RelationshipCase):
    """The button of a partner counts and opens the deals in which it plays any role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stalmet.is_company = True
        cls.rek, cls.maj = cls.env["res.partner"].create(
            [
                {"name": "Tomasz Rek", "parent_id": cls.stalmet.id},
                {"name": "Zofia Maj"},
            ]
        )
        cls.role = cls.env["relationship.reference.type"].create(
            {"name": "Advises", "kind": "influencer"}
        )
        cls.others = cls.make_lead("Theirs", cls.kranbau)
        cls.own = cls.make_lead("Own", cls.stalmet)

    @classmethod
    def make_lead(cls, name, partner, user=None):
        return cls.env["crm.lead"].create(
            {
                "name": name,
                "type": "opportunity",
                "partner_id": partner.id,
                "user_id": (user or cls.anna).id,
            }
        )

    def enter(self, lead, partner, **values):
        return self.env["relationship.reference"].create(
            {
                "lead_id": lead.id,
                "partner_id": partner.id,
                "type_id": self.role.id,
                **values,
            }
        )

    def open(self, partner, user=None):
        """Return the number on the button, and the roles of what it opens, by name."""
        self.env.invalidate_all()
        partner = partner.with_user(user or self.anna)
        action = partner.action_view_opportunity()
        leads = self.env["crm.lead"].with_user(user or self.anna)
        found = leads.with_context(**action["context"]).search(action["domain"])
        return partner.opportunity_count, {
            lead.name: lead.partner_roles for lead in found
        }

    def test_a_partner_that_is_only_named(self):
        self.assertEqual(self.open(self.maj), (0, {}))
        self.enter(self.others, self.maj)
        self.assertEqual(self.open(self.maj), (1, {"Theirs": "Advises"}))
        self.assertEqual(self.open(self.kranbau), (1, {"Theirs": "Customer"}))

    def test_a_deal_counts_once_whatever_the_roles(self):
        self.enter(self.own, self.maj)
        self.enter(self.own, self.maj, type_id=self.competitor_type.id)
        self.enter(self.own, self.stalmet)
        self.enter(self.own, self.rek)
        self.assertEqual(self.open(self.maj)[0], 1)
        self.assertEqual(
            self.open(self.stalmet),
            (1, {"Own": "Customer, Advises, Advises (Tomasz Rek)"}),
        )
        self.assertEqual(self.open(self.rek), (1, {"Own": "Advises"}))

    def test_a_company_counts_the_deals_of_its_people(self):
        self.enter(self.others, self.rek)
        self.assertEqual(
            self.open(self.stalmet),
            (2, {"Own": "Customer", "Theirs": "Advises (Tomasz Rek)"}),
        )

    def test_a_contact_person_counts(self):
        self.enter(self.others, self.stalmet, contact_id=self.rek.id)
        self.assertEqual(self.open(self.rek), (1, {"Theirs": "Advises"}))
        self.assertEqual(self.open(self.stalmet)[0], 2)

    def test_the_customers_of_several_partners_are_counted_apart(self):
        self.enter(self.others, self.rek)
        self.enter(self.own, self.kranbau)
        partners = (self.stalmet | self.kranbau | self.rek | self.maj).with_user(
            self.anna
        )
        counts = dict(
            zip(
                partners.mapped("name"),
                partners.mapped("opportunity_count"),
                strict=True,
            )
        )
        self.assertEqual(
            counts,
            {"Stalmet S.A.": 2, "Kranbau Wolff": 2, "Tomasz Rek": 1, "Zofia Maj": 0},
        )

    def test_lost_deals_count_as_ever(self):
        self.enter(self.others, self.maj)
        self.others.action_set_lost()
        self.assertEqual(self.open(self.maj), (1, {"Theirs": "Advises"}))

    def test_only_what_the_viewer_sees_counts(self):
        foreign = self.make_lead("Piotr's", self.kranbau, self.piotr)
        self.enter(foreign, self.maj)
        self.assertEqual(self.open(self.maj), (0, {}))
        self.assertEqual(self.open(self.maj, self.piotr)[0], 1)
        line = self.enter(self.others, self.maj)
        self.assertEqual(self.open(self.maj)[0], 1)
        line.type_id.see_group_ids = [
            Command.set(self.env.ref("base.group_system").ids)
        ]
        self.assertEqual(self.open(self.maj), (0, {}))

    def test_a_list_costs_no_statement_for_each_partner(self):
        people = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(6)])
        for person in people:
            self.enter(self.others, person)
        counts = []
        for some in (people[:1], people[:1], people):
            self.env.invalidate_all()
            mine = some.with_user(self.anna)
            mine.mapped("name")
            before = self.cr.sql_log_count
            self.assertEqual(set(mine.mapped("opportunity_count")), {1})
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 1, counts)

    def test_roles_are_told_only_of_a_partner_one_sees(self):
        self.enter(self.others, self.maj)
        lead = self.others.with_user(self.anna)
        for value in (self.maj.id, True, "1", [self.maj.id], 10**9, None):
            told = lead.with_context(relationship_roles_of=value).partner_roles
            expected = "Advises" if value == self.maj.id else False
            self.assertEqual(told, expected, value)
        self.maj.company_id = self.other_company
        self.env.invalidate_all()
        context = {"relationship_roles_of": self.maj.id}
        self.assertFalse(lead.with_context(**context).partner_roles)
