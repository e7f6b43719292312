from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.models import BaseModel
from odoo.tests import Form

from .chain_case import ChainCase


class TestOrigin(ChainCase):
    """A quotation carries campaign and type of its opportunity."""

    def new_type(self, **values):
        types = self.env["relationship.opportunity.type"]
        return types.create({"name": "Takeover", **values})

    def closed_type(self, *rights):
        group = self.env["res.groups"].create({"name": "Few"})
        everybody = {"see_group_ids": [Command.set(group.ids)]}
        return self.new_type(
            use_group_ids=[Command.set(group.ids)],
            **(everybody if "see" in rights else {}),
        )

    def test_a_quotation_carries_campaign_and_type(self):
        order = self.offer(self.lead, 100)
        self.assertEqual(order.campaign_id, self.core)
        self.assertEqual(order.opportunity_type_id, self.machine_deal)

    def test_the_button_of_the_opportunity_carries_them(self):
        action = self.lead.with_user(self.anna).action_sale_quotations_new()
        orders = self.env["sale.order"].with_user(self.anna)
        form = Form(orders.with_context(**action["context"]))
        order = form.save()
        self.assertEqual(order.partner_id, self.stalmet)
        self.assertEqual(order.campaign_id, self.core)
        self.assertEqual(order.opportunity_type_id, self.machine_deal)

    def test_an_opportunity_chosen_in_the_form_carries_them(self):
        form = Form(self.env["sale.order"].with_user(self.anna))
        form.partner_id = self.stalmet
        form.opportunity_id = self.lead
        self.assertEqual(form.opportunity_type_id, self.machine_deal)
        order = form.save()
        self.assertEqual(order.campaign_id, self.core)

    def test_an_opportunity_chosen_later_fills_what_is_empty(self):
        other = self.new_campaign("Spring").sudo().utm_campaign_id
        for given, campaign in ({}, self.core), ({"campaign_id": other.id}, other):
            order = self.order(self.stalmet, 100, **given)
            order.opportunity_id = self.lead
            self.assertEqual(order.campaign_id, campaign)
            self.assertEqual(order.opportunity_type_id, self.machine_deal)

    def test_what_is_given_wins(self):
        other = self.new_campaign("Spring").sudo().utm_campaign_id
        parts = self.new_type()
        given = {"campaign_id": other.id, "opportunity_type_id": parts.id}
        order = self.offer(self.lead, 100, **given)
        self.assertEqual(order.campaign_id, other)
        self.assertEqual(order.opportunity_type_id, parts)
        empty = self.offer(self.lead, 100, campaign_id=False, opportunity_type_id=False)
        self.assertFalse(empty.campaign_id | empty.sudo().campaign_id)
        self.assertFalse(empty.opportunity_type_id)

    def test_an_empty_cell_of_an_import_gives_nothing(self):
        orders = self.env["sale.order"].with_user(self.anna)
        result = orders.with_context(import_file=True).load(
            ["partner_id/.id", "opportunity_id/.id", "campaign_id/.id"],
            [[str(self.stalmet.id), str(self.lead.id), ""]],
        )
        self.assertFalse(result["messages"])
        self.assertEqual(orders.browse(result["ids"]).campaign_id, self.core)

    def test_a_type_that_may_only_be_seen_is_not_carried(self):
        self.lead.sudo().opportunity_type_id = self.closed_type()
        order = self.offer(self.lead, 100)
        self.assertFalse(order.opportunity_type_id)
        self.assertEqual(order.campaign_id, self.core)

    def test_a_type_that_may_not_be_used_is_refused_and_not_named(self):
        seen, hidden = self.closed_type(), self.closed_type("see")
        orders = self.env["sale.order"].with_user(self.anna)
        order = self.offer(self.lead, 100)
        for kind, sentence in (
            (seen, "records of the type Takeover: choose another"),
            (hidden, "of the type that you may not see|'read' access to:\n- Opport"),
        ):
            chosen = {"opportunity_type_id": kind.id}
            default = {"default_opportunity_type_id": kind.id}
            for attempt in (
                lambda chosen=chosen: self.offer(self.lead, 100, **chosen),
                lambda chosen=chosen: order.write(chosen),
                lambda default=default: orders.with_context(**default).create({}),
            ):
                with self.refused(sentence, AccessError) as caught:
                    attempt()
                if kind == hidden:
                    self.assertNotIn("Takeover", str(caught.exception))
        self.assertEqual(order.opportunity_type_id, self.machine_deal)

    def test_a_stored_default_gives_no_type_that_may_not_be_used(self):
        defaults = self.env["ir.default"].with_user(self.anna)
        orders = self.env["sale.order"].with_user(self.anna)
        for kind in self.new_type(), self.closed_type(), self.closed_type("see"):
            defaults.set("sale.order", "opportunity_type_id", kind.id, user_id=True)
            order = orders.create({"partner_id": self.stalmet.id})
            expected = kind.filtered(lambda kind: not kind.use_group_ids)
            self.assertEqual(order.sudo().opportunity_type_id, expected)

    def test_a_type_hides_no_order_but_its_own_name(self):
        order = self.offer(self.lead, 100)
        order.sudo().opportunity_type_id = self.closed_type("see")
        self.env.flush_all()
        self.env.invalidate_all()
        spec = {"opportunity_type_id": {"fields": {"display_name": {}}}}
        [read] = order.with_user(self.anna).web_read(spec)
        name = read["opportunity_type_id"]["display_name"]
        self.assertEqual(name, "something that you may not see")
        copied = order.with_user(self.anna).copy()
        self.assertNotEqual(copied.sudo().opportunity_type_id.name, "Takeover")

    def test_a_type_of_another_company_is_not_chosen(self):
        theirs = self.new_type(company_id=self.other_company.id)
        order = self.order(self.stalmet, 100)
        with self.refused("doesn't have 'read' access to", AccessError):
            order.opportunity_type_id = theirs
        context = self.in_both_companies(self.anna)
        with self.refused("belongs to another company", UserError):
            order.with_context(**context).opportunity_type_id = theirs
        self.env.invalidate_all()
        self.assertFalse(order.opportunity_type_id)

    def test_a_campaign_of_another_company_stops_no_quotation(self):
        self.katrin.company_ids |= self.company
        self.lead.sudo().company_id = False
        katrin = self.katrin
        order = self.offer(self.lead, 100, user=katrin)
        self.assertEqual(order.company_id, self.other_company)
        self.assertFalse(order.sudo().campaign_id)
        both = {"allowed_company_ids": (self.other_company | self.company).ids}
        lead = self.lead.with_user(katrin).with_context(**both)
        context = lead.action_new_quotation()["context"]
        self.assertFalse(context["default_campaign_id"])

    def test_a_quotation_of_another_company_is_refused(self):
        self.lead.sudo().company_id = self.company
        context = self.in_both_companies(self.piotr)
        self.lead.sudo().user_id = self.piotr
        orders = self.env["sale.order"].with_user(self.piotr).with_context(**context)
        values = {
            "partner_id": self.stalmet.id,
            "opportunity_id": self.lead.id,
            "company_id": self.other_company.id,
            "campaign_id": False,
        }
        with self.refused("(?i)incompatible companies|belongs to company", UserError):
            orders.create(values)

    def test_an_opportunity_without_customer_asks_for_one(self):
        lead = self.new_deal("Nobody yet", partner_id=False)
        action = lead.with_user(self.anna).action_sale_quotations_new()
        self.assertEqual(action["res_model"], "crm.quotation.partner")

    def test_a_campaign_of_which_nothing_may_belong_is_refused_in_words(self):
        order = self.offer(self.lead, 100, user=self.katrin, opportunity_id=False)
        with self.refused("belongs to another company", ValidationError):
            order.sudo().campaign_id = self.core

    def test_nonsense_is_told_in_a_sentence(self):
        with self.refused("is no record for the field", ValidationError):
            self.offer(self.lead, 100, opportunity_type_id="x")
        with self.refused("is no record for the field", ValidationError):
            self.order(self.stalmet, 100, opportunity_id="x")

    def test_a_type_with_orders_is_not_deleted(self):
        kind = self.new_type()
        self.order(self.stalmet, 100, opportunity_type_id=kind.id)
        with self.refused("is in use and cannot be deleted.*orders", UserError):
            kind.unlink()
        with self.refused("do not belong to Nordmark Leipzig use", ValidationError):
            kind.company_id = self.other_company

    def test_an_update_fills_what_it_can(self):
        self.lead.sudo().company_id = False
        old, other = (self.offer(self.lead, 100) for _n in range(2))
        self.katrin.company_ids |= self.company
        foreign = self.offer(self.lead, 100, user=self.katrin)
        spring = self.new_campaign("Spring").sudo().utm_campaign_id
        other.campaign_id = spring
        old.sudo().campaign_id = False
        alone = self.order(self.stalmet, 100)
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE sale_order DROP opportunity_type_id CASCADE")
        self.update()
        self.assertEqual(old.campaign_id, self.core)
        self.assertEqual(old.opportunity_type_id, self.machine_deal)
        self.assertEqual(other.campaign_id, spring)
        self.assertFalse(foreign.sudo().campaign_id)
        self.assertEqual(foreign.opportunity_type_id, self.machine_deal)
        self.assertFalse(alone.campaign_id | alone.sudo().campaign_id)
        # Once: what somebody has emptied since stays empty.
        old.sudo().campaign_id = False
        self.env.flush_all()
        self.update()
        self.assertFalse(old.campaign_id)

    def update(self):
        """Let the table get the column that it lacks, as an update does."""
        add = "ALTER TABLE sale_order ADD IF NOT EXISTS opportunity_type_id integer"
        orders = self.env["sale.order"]
        with patch.object(
            BaseModel, "_auto_init", lambda records: records.env.cr.execute(add)
        ):
            orders._auto_init()
        orders.invalidate_model()
