from lxml import etree

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..common import RelationshipCase

ADDON = "relationship_management"


@tagged("post_install", "-at_install")
class TestPartnerOverview(RelationshipCase):
    """What the head of the partner form tells, and what it costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = {
            kind: cls.env.ref(f"{ADDON}.relationship_role_type_{kind}")
            for kind in ("customer", "supplier", "competitor")
        }
        cls.partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"Partner {number:04}",
                    "role_ids": [
                        Command.create({"type_id": cls.types["customer"].id}),
                        Command.create(
                            {
                                "type_id": cls.types["supplier"].id,
                                "date_from": "2023-01-01",
                                "date_to": "2025-06-30",
                            }
                        ),
                    ],
                }
                for number in range(1000)
            ]
        )

    def get_specification(self, partners):
        """Return what the web client reads for the partner form."""
        arch = partners.get_view(self.env.ref("base.view_partner_form").id)["arch"]
        specification = {}
        for node in etree.fromstring(arch).xpath("//field[not(ancestor::field)]"):
            field = partners._fields[node.get("name")]
            nested = {"display_name": {}} if field.type == "many2one" else {}
            specification[field.name] = {"fields": nested} if nested else {}
        return specification

    def count_queries(self, partners, specification):
        partners.env.flush_all()
        partners.env.invalidate_all()
        before = partners.env.cr.sql_log_count
        partners.web_read(specification)
        return partners.env.cr.sql_log_count - before

    def test_the_partner_form_costs_three_queries_more_at_most(self):
        for count in (1, 80, 1000):
            partners = self.partners[:count].with_user(self.anna)
            full = self.get_specification(partners)
            plain = {
                name: read
                for name, read in full.items()
                if ADDON not in partners._fields[name]._modules
            }
            self.assertIn("role_badges", full)
            self.assertNotIn("role_badges", plain)
            self.count_queries(partners, full)
            extra = self.count_queries(partners, full) - self.count_queries(
                partners, plain
            )
            self.assertLessEqual(extra, 3, f"{count} partners")

    def test_the_overview_is_one_statement(self):
        for count in (1, 80, 1000):
            partners = self.partners[:count].with_user(self.jan)
            partners.mapped("role_badges")
            partners.env.invalidate_all()
            # The other one: which companies stand above that of the user.
            with self.subTest(count=count), self.assertQueryCount(2):
                partners.mapped("role_badges")
                partners.mapped("relation_count")

    def test_badges_tell_what_is_held_and_what_is_over(self):
        partner = self.partners[0].with_user(self.jan)
        self.assertEqual(
            [(b["name"], b["when"], b["period"]) for b in partner.role_badges],
            [("Customer", "now", ""), ("Supplier", "over", "2023–2025")],
        )
        then = partner.with_context(relationship_date="2024-01-01")
        self.assertEqual(
            [(b["name"], b["when"]) for b in then.role_badges],
            [("Supplier", "now"), ("Customer", "future")],
        )

    def test_the_company_stands_on_the_badge_of_many_companies(self):
        partner = self.partners[0].with_user(self.piotr)
        partner.role_ids.filtered(
            lambda r: r.kind == "customer"
        ).company_id = self.company
        self.assertFalse(partner.role_badges[0]["company"])
        self.piotr.company_ids |= self.other_company
        both = (self.company | self.other_company).ids
        partner = partner.with_context(allowed_company_ids=both)
        self.assertEqual(partner.role_badges[0]["company"], self.company.name)

    def test_the_day_may_come_from_the_search_bar(self):
        partners = self.env["res.partner"].with_user(self.jan)
        partners = partners.with_context(relationship_date=["2020-01-01", "2024-01-01"])
        domain = [
            ("role_type_ids", "ilike", "Supplier"),
            ("id", "in", self.partners[:3].ids),
        ]
        self.assertEqual(partners.search_count(domain), 3)
        self.assertEqual(
            partners.browse(self.partners[0].id).relationship_date,
            fields.Date.to_date("2024-01-01"),
        )
        domain.append(("relationship_date", "=", "2024-01-01"))
        self.assertEqual(partners.search_count(domain), 3)

    def test_a_new_contact_shows_the_role_it_will_get(self):
        partners = self.env["res.partner"].with_user(self.jan)
        new = partners.with_context(default_role_kind="contact").new({"name": "New"})
        self.assertEqual([b["name"] for b in new.role_badges], ["Contact"])
        self.assertFalse(partners.new({"name": "New"}).role_badges)

    def test_a_new_partner_names_no_role_that_one_may_not_give(self):
        few = self.env["res.groups"].create({"name": "Board"})
        takeover = self.env["relationship.role.type"].create(
            {"name": "Takeover target", "kind": "competitor", "sequence": -1}
        )
        for right in ("see", "use"):
            takeover.write(
                {"see_group_ids": [Command.clear()], "use_group_ids": [Command.clear()]}
            )
            takeover[f"{right}_group_ids"] = few
            for user, names in ((self.jan, []), (self.ewa, ["Takeover target"])):
                partners = self.env["res.partner"].with_user(user)
                partners = partners.with_context(default_role_kind="competitor")
                new = partners.new({"name": "New"})
                self.assertEqual([b["name"] for b in new.role_badges or ()], names)
