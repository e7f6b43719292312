from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..secret_case import MARK
from .hidden_case import HiddenTypeCase

NOT_USED = "^You may not create, change or delete records of the type that you may not"


@tagged("post_install", "-at_install")
class TestUnusableTypes(HiddenTypeCase):
    """Whoever may not use a type changes none of its records, and is told so."""

    def test_nobody_changes_what_he_may_only_see(self):
        seen = self.mine(self.seen)
        self.assertEqual(seen.name, "Tender deal")
        refusal = "^You may not create, change or delete records of the type Tender: "
        for attempt in (
            lambda: seen.write({"name": "x"}),
            lambda: seen.write({"opportunity_type_id": False}),
            lambda: seen.write({"opportunity_type_id": self.machine_deal.id}),
            lambda: seen.write({"user_id": self.anna.id}),
            lambda: self.mine(self.plain).write(
                {"opportunity_type_id": self.seen_type.id}
            ),
            lambda: self.mine(self.env["crm.lead"]).create(
                {"name": "New", "opportunity_type_id": self.seen_type.id}
            ),
            seen.copy,
            lambda: self.mine(self.lines[1]).write({"note": "x"}),
            lambda: self.mine(self.lines[1]).unlink(),
            lambda: self.mine(self.lines[2]).write({"lead_id": self.seen.id}),
            lambda: self.mine(self.env["relationship.reference"]).create(
                {
                    "lead_id": self.seen.id,
                    "partner_id": self.stalmet.id,
                    "type_id": self.representative_type.id,
                }
            ),
            (seen | self.mine(self.plain))._merge_opportunity,
        ):
            self.assertTold(refusal, attempt)
        with self.refused(refusal, AccessError):
            self.mine(self.seen, self.katrin_manager()).unlink()
        self.mine(self.seen, self.olga).write({"name": "Tender 2"})
        self.mine(self.seen, self.ewa).write({"opportunity_type_id": False})

    def katrin_manager(self):
        return self._new_user("sales_manager", "sales_team.group_sale_manager")

    def test_a_hidden_type_is_refused_without_its_name(self):
        leads = self.env["crm.lead"]
        values = {"name": "New", "opportunity_type_id": self.hidden_type.id}
        for attempt in (
            lambda: self.mine(leads).create(values),
            lambda: self.mine(self.plain).write(
                {"opportunity_type_id": self.hidden_type.id}
            ),
            lambda: self.load("crm.lead", self.piotr, values),
        ):
            self.assertTold(NOT_USED, attempt)

    def test_a_role_that_may_not_be_used_cannot_be_given(self):
        self.competitor_type.use_group_ids = self.secret_group
        refusal = "^You may not create, change or delete records of the type Competi"
        values = {"lead_id": self.plain.id, "partner_id": self.stalmet.id}
        references = self.env["relationship.reference"]
        self.competitor_type.see_group_ids = self.env.ref("base.group_user")
        other = references.create({**values, "type_id": self.representative_type.id})
        for attempt in (
            lambda: self.mine(references).create(
                {**values, "type_id": self.competitor_type.id}
            ),
            lambda: self.mine(other).write({"type_id": self.competitor_type.id}),
            lambda: self.mine(self.lines[2]).write({"type_id": other.type_id.id}),
            lambda: self.mine(self.lines[2]).unlink(),
        ):
            self.assertTold(refusal, attempt)
        self.mine(self.lines[2], self.olga).write({"note": "x"})

    def test_a_merge_takes_hidden_lines_along(self):
        self.competitor_type.see_group_ids = self.secret_group
        other = self.new_lead(self.piotr, name="Second", partner_id=self.stalmet.id)
        line = self.lines[2].copy({"lead_id": other.id, "partner_id": self.paktech.id})
        line = line.sudo()
        self.env.flush_all()
        merged = (self.mine(self.plain) | other)._merge_opportunity()
        self.env.invalidate_all()
        self.assertEqual(
            merged.sudo().reference_ids.partner_id, self.person | self.paktech
        )

    # Defaults

    def test_a_default_that_may_not_be_used_is_left_out(self):
        leads = self.env["crm.lead"]
        for kind in (self.hidden_type, self.seen_type):
            with self.subTest(kind.name):
                self.env["ir.default"].set("crm.lead", "opportunity_type_id", kind.id)
                with Form(self.mine(leads)) as form:
                    form.name = "From a form"
                self.assertFalse(form.record.opportunity_type_id)
                self.assertFalse(
                    self.mine(leads).create({"name": "x"}).opportunity_type_id
                )
                # As the mail gateway, and a form of the website, create one.
                for user in (self.piotr, self.env.ref("base.public_user")):
                    lead = leads.with_user(user).sudo().create({"name": "By mail"})
                    self.assertFalse(lead.opportunity_type_id)
                lead = self.mine(leads, self.olga).create({"name": "x"})
                self.assertEqual(lead.opportunity_type_id, kind)
                context = {"default_opportunity_type_id": kind.id}
                self.assertNotIn(
                    "opportunity_type_id",
                    self.mine(leads)
                    .with_context(**context)
                    .default_get(["opportunity_type_id"]),
                )

    def test_opportunities_of_a_campaign_get_no_type_that_may_not_be_used(self):
        campaign = self.new_campaign(self.piotr, user_id=self.piotr.id)
        addressee = self.env["relationship.campaign.addressee"].create(
            {"campaign_id": campaign.id, "partner_id": self.stalmet.id}
        )
        context = {"active_model": addressee._name, "active_ids": addressee.ids}
        wizards = self.env["relationship.campaign.opportunity"]
        for kind, offered in (
            (self.seen_type, False),
            (self.hidden_type, False),
            (self.machine_deal, True),
        ):
            self.fair_type.opportunity_type_id = kind
            wizard = self.mine(wizards).with_context(**context).create({})
            with self.subTest(kind.name):
                self.assertEqual(bool(wizard.opportunity_type_id), offered)
        wizard.action_generate()
        self.assertEqual(addressee.lead_ids.opportunity_type_id, self.machine_deal)

    def test_only_usable_types_are_offered(self):
        types = self.mine(self.env["relationship.opportunity.type"])
        domain = self.mine(self.env["crm.lead"])._fields["opportunity_type_id"].domain
        self.assertIn("can_use", str(domain))
        usable = types.search([("can_use", "=", True)])
        self.assertNotIn(self.seen_type, usable)
        self.assertIn(self.seen_type, types.search([]))
        self.assertFalse(types.name_search(MARK))

    def test_leads_without_a_type_cost_and_change_nothing(self):
        leads = self.env["crm.lead"].with_user(self.piotr)
        leads.search([], limit=1)
        for records in (leads, leads.with_user(self.anna)):
            query = records._search([])
            with self.assertQueryCount(0):
                records._search([])
            self.assertNotIn("relationship_opportunity_type", query.select().code)
        self.mine(self.plain).write({"name": "Still plain"})

    # Numbers

    def test_number_ranges_of_hidden_types_are_hidden(self):
        self.hidden_type.numbers_per_company = True
        self.new_lead(
            self.olga, opportunity_type_id=self.hidden_type.id, name="Numbered"
        )
        ranges = self.env["ir.sequence"].search([("name", "ilike", MARK)])
        self.assertGreaterEqual(len(ranges), 2)
        clerk = self._new_user("clerk", "base.group_user")
        for user, number in ((clerk, 0), (self.piotr, 0), (self.ewa, len(ranges))):
            self.env.invalidate_all()
            domain = [("name", "ilike", f"{MARK} takeover")]
            with self.subTest(user.login):
                found = self.mine(self.env["ir.sequence"], user).search(domain)
                self.assertEqual(bool(found), bool(number))
                readable = self.mine(ranges, user)._filtered_access("read")
                self.assertEqual(
                    self.hidden_type.number_sequence_id in readable.sudo(), bool(number)
                )

    def test_number_ranges_follow_the_company_of_their_type(self):
        ranges = self.machine_deal.number_sequence_id
        mine = self.mine(ranges)
        self.assertTrue(mine.has_access("read"))
        self.machine_deal.company_id = self.other_company
        self.assertFalse(mine.has_access("read"))
        self.assertTrue(self.mine(ranges, self.katrin).has_access("read"))

    def test_whoever_sees_no_type_is_told_so_of_a_new_number(self):
        self.hidden_type.number_last = 1
        with self.refused("are used up", UserError):
            self.new_lead(self.olga, opportunity_type_id=self.hidden_type.id)
