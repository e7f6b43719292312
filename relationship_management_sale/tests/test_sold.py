from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form

from ..models import sold_mixin
from .chain_case import ChainCase

INVOICED = ("quoted", "ordered", "invoiced")


class TestSold(ChainCase):
    """Orders and invoices back on the opportunity and the campaign."""

    def assertSold(self, record, *amounts, user=None):
        values, _notes = self.told(record, user)
        self.assertEqual(tuple(values[key] for key in INVOICED), amounts)

    def assertAddsUp(self, record, user=None):
        """Each figure opens what it counts, and these add up to it."""
        values, _notes = self.told(record, user)
        for key in INVOICED:
            records = self.opened(record, key, user)
            total = (
                -sum(records.mapped("balance"))
                if key == "invoiced"
                else sum(records.mapped("amount_untaxed"))
            )
            self.assertEqual(values[key], total, key)

    def test_from_quotation_to_credit_note(self):
        both = self.lead, self.campaign
        self.offer(self.lead, 70)
        order = self.sell(self.lead, 300)
        for record in both:
            self.assertSold(record, 70, 300, 0)
        move = self.bill(order)
        for record in both:
            self.assertSold(record, 70, 300, 300)
            self.assertAddsUp(record)
        self.credit(move, 120)
        for record in both:
            self.assertSold(record, 70, 300, 180)
            self.assertAddsUp(record)
        seen = self.lead.with_user(self.anna)
        self.assertEqual((seen.ordered_count, seen.invoice_count), (1, 2))
        self.assertEqual((seen.ordered_revenue, seen.invoiced_revenue), (300, 180))

    def test_a_credit_note_may_be_larger_than_its_invoice(self):
        move = self.bill(self.sell(self.lead, 100))
        self.credit(move, 250)
        for record in (self.lead, self.campaign):
            self.assertSold(record, 0, 100, -150)
            self.assertAddsUp(record)

    def test_a_line_of_a_credit_note_follows_the_credited_invoice(self):
        move = self.bill(self.sell(self.lead, 100))
        self.credit(move, 30, without_order=True)
        for record in (self.lead, self.campaign):
            self.assertSold(record, 0, 100, 70)
            self.assertAddsUp(record)

    def test_cancelled_orders_and_drafts_count_nothing(self):
        order = self.sell(self.lead, 300)
        order.with_env(self.env)._create_invoices()
        self.assertSold(self.lead, 0, 300, 0)
        order.sudo()._action_cancel()
        for record in (self.lead, self.campaign):
            self.assertSold(record, 0, 0, 0)

    def test_an_invoice_of_several_opportunities_is_shared_by_its_lines(self):
        spring = self.new_campaign("Spring")
        other = self.new_deal("Spare parts", spring)
        orders = self.sell(self.lead, 300) | self.sell(other, 40)
        move = self.bill(orders)
        self.assertEqual(len(move), 1)
        for record, amount in (
            (self.lead, 300),
            (self.campaign, 300),
            (other, 40),
            (spring, 40),
        ):
            self.assertSold(record, 0, amount, amount)
            self.assertAddsUp(record)
            self.assertEqual(len(self.opened(record, "invoiced")), 1)
            door = record.with_user(self.anna).action_view_invoices()
            self.assertEqual(self.search_action(door), move)

    def test_a_line_of_several_order_lines_is_counted_once(self):
        other = self.new_deal("Spare parts", self.new_campaign("Spring"))
        orders = self.sell(self.lead, 300) | self.sell(other, 40)
        line = self.bill(orders).invoice_line_ids[0]
        line.sudo().sale_line_ids = orders.order_line
        amounts = [self.told(lead)[0]["invoiced"] for lead in (self.lead, other)]
        self.assertEqual(sum(amounts), 340)

    def test_an_invoice_without_order_belongs_to_its_campaign_alone(self):
        move = self.invoice(self.stalmet, 50, campaign_id=self.core.id)
        self.assertSold(self.campaign, 0, 0, 50)
        self.assertSold(self.lead, 0, 0, 0)
        self.assertEqual(self.opened(self.campaign, "invoiced").move_id, move)

    def test_bills_and_drafts_are_no_revenue(self):
        self.invoice(self.stalmet, 50, campaign_id=self.core.id, move_type="in_invoice")
        self.assertSold(self.campaign, 0, 0, 0)

    # Money

    def foreign(self, name, rate=None):
        """Return a currency, with a rate of yesterday if there is one."""
        currency = self.env["res.currency"].create(
            {"name": name, "symbol": name, "rounding": 0.01}
        )
        if rate:
            self.env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "company_id": self.company.id,
                    "name": self.today - timedelta(days=20),
                    "rate": rate,
                }
            )
        return currency

    def in_currency(self, currency):
        pricelist = self.env["product.pricelist"].create(
            {"name": currency.name, "currency_id": currency.id}
        )
        return {"pricelist_id": pricelist.id}

    def test_amounts_are_converted_at_the_rate_of_their_day(self):
        currency = self.foreign("XTA", 2)
        order = self.sell(self.lead, 300, **self.in_currency(currency))
        order.sudo().date_order -= timedelta(days=10)
        self.assertEqual(order.currency_id, currency)
        self.bill(order)
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": self.company.id,
                "name": self.today - timedelta(days=5),
                "rate": 4,
            }
        )
        order.invoice_ids.sudo().invoice_line_ids.flush_recordset()
        values, notes = self.told(self.lead)
        self.assertEqual(values["ordered"], 150)
        self.assertEqual(
            values["invoiced"],
            -sum(order.sudo().invoice_ids.invoice_line_ids.mapped("balance")),
        )
        self.assertRegex(notes[0], "^Amounts in [A-Z]{3}: .*rate of the order date")
        self.campaign.currency_id = currency
        values, _notes = self.told(self.campaign)
        self.assertEqual(values["ordered"], 300)

    def test_without_a_rate_nothing_is_counted_and_it_is_said(self):
        lost = self.foreign("XTB")
        self.bill(self.sell(self.lead, 300, **self.in_currency(lost)))
        self.sell(self.lead, 50)
        for record in (self.lead, self.campaign):
            values, notes = self.told(record)
            self.assertEqual((values["ordered"], values["invoiced"]), (50, 0))
            self.assertRegex(notes[1], r"no exchange rate to [A-Z]{3}: 2\.")
        self.campaign.currency_id = lost
        values, notes = self.told(self.campaign)
        # Theirs is the currency of the campaign; ours has no rate to it.
        self.assertEqual((values["ordered"], values["invoiced"]), (300, 0))
        self.assertRegex(notes[1], r"no exchange rate to XTB: 2\.")

    def test_the_margin_of_orders_counts_where_odoo_keeps_it(self):
        """Odoo's margins in sales orders may be there; else their column is added."""
        order = self.sell(self.lead, 300)
        if "margin" not in order._fields:
            self.assertNotIn("ordered_margin", self.told(self.lead)[0])
        self.env.cr.execute("ALTER TABLE sale_order ADD IF NOT EXISTS margin numeric")
        self.env.cr.execute(
            "UPDATE sale_order SET margin = 40 WHERE id = %s", order.ids
        )
        with patch.object(sold_mixin, "_has_margin", return_value=True):
            for record in (self.lead, self.campaign):
                self.assertEqual(self.told(record)[0]["ordered_margin"], 40)
                self.assertEqual(self.opened(record, "ordered_margin"), order)

    # Who looks

    def test_a_salesperson_counts_own_documents(self):
        self.campaign.with_env(self.env).user_id = self.piotr
        mine = self.sell(self.lead, 300)
        own = self.new_deal("Piotr's", self.campaign, user=self.piotr)
        theirs = self.sell(own, 40, user=self.piotr)
        self.bill(mine)
        self.bill(theirs)
        self.assertSold(self.campaign, 0, 340, 340)
        self.piotr.group_ids |= self.env.ref(
            "relationship_management.relationship_management_group_user"
        )
        self.assertSold(self.campaign, 0, 40, 40, user=self.piotr)
        self.assertAddsUp(self.campaign, self.piotr)
        found = self.campaign.with_user(self.piotr).get_figures()["figures"]
        labels = {figure["key"]: figure["label"] for figure in found}
        self.assertEqual(labels["ordered"], "Ordered revenue (yours)")

    def test_a_company_counts_its_own(self):
        self.let_invoice(self.other_company)
        self.campaign.sudo().relationship_linked_company_ids = self.other_company
        theirs = self.new_deal("Leipzig", self.campaign, user=self.katrin)
        self.bill(self.sell(self.lead, 300))
        self.bill(self.sell(theirs, 40, user=self.katrin))
        for user, amount in ((self.anna, 300), (self.katrin, 40)):
            values, _notes = self.told(self.campaign, user)
            euros = self.campaign.currency_id == self.other_company.currency_id
            if user == self.anna or euros:
                self.assertEqual(values["invoiced"], amount)
            self.assertEqual(len(self.opened(self.campaign, "invoiced", user)), 1)
            self.assertEqual(self.campaign.with_user(user).ordered_count, 1)

    def test_who_may_not_read_orders_has_no_figures(self):
        self.bill(self.sell(self.lead, 300))
        values, notes = self.told(self.campaign, self.jan)
        self.assertFalse(set(INVOICED) & set(values))
        self.assertFalse(notes)
        with self.refused("There is no such figure"):
            self.campaign.with_user(self.jan).action_open_figure("invoiced")
        with self.refused("do not have enough rights", AccessError):
            self.campaign.with_user(self.jan).read(["invoiced_revenue"])
        # Who invoices reads no opportunities, and all that was sold.
        values, _notes = self.told(self.campaign, self.adam)
        self.assertEqual((values["ordered"], values["invoiced"]), (300, 300))
        self.assertNotIn("won", values)

    def test_hidden_opportunities_are_not_found_by_their_lines(self):
        self.bill(self.sell(self.lead, 300, user_id=self.piotr.id))
        lines = self.env["account.move.line"].with_user(self.piotr)
        domain = [("relationship_opportunity_ids", "in", self.lead.ids)]
        move = self.env["account.move"].search(
            [("campaign_id", "=", self.core.id)], limit=1
        )
        move.invoice_user_id = self.piotr
        self.env.flush_all()
        self.assertTrue(lines.search([("move_id", "=", move.id)]))
        self.assertFalse(lines.search(domain))
        self.assertFalse(move.with_user(self.piotr).relationship_opportunity_ids)
        self.assertTrue(lines.with_user(self.anna).search(domain))

    def test_types_that_may_not_be_analysed_are_not_counted(self):
        group = self.env["res.groups"].create({"name": "Few"})
        self.bill(self.sell(self.lead, 300))
        self.machine_deal.analyse_group_ids = [Command.set(group.ids)]
        self.assertSold(self.campaign, 0, 0, 0)
        self.assertFalse(self.opened(self.campaign, "invoiced"))
        self.assertFalse(self.opened(self.campaign, "ordered"))
        self.anna.group_ids |= group
        self.assertSold(self.campaign, 0, 300, 300)

    def test_the_analysis_of_core_counts_what_may_be_analysed(self):
        order = self.sell(self.lead, 300)
        self.env.flush_all()

        def count(user):
            report = self.env["sale.report"].with_user(user)
            domain = [("order_reference", "=", f"sale.order,{order.id}")]
            [(total,)] = report._read_group(domain, [], ["price_subtotal:sum"])
            return total

        self.assertEqual(count(self.anna), 300)
        group = self.env["res.groups"].create({"name": "Few"})
        self.machine_deal.analyse_group_ids = [Command.set(group.ids)]
        self.assertFalse(count(self.anna))
        self.anna.group_ids |= group
        self.assertEqual(count(self.anna), 300)

    def test_the_invoice_analysis_of_core_counts_what_may_be_analysed(self):
        move = self.bill(self.sell(self.lead, 300))
        note = self.credit(move, 100)

        def count(user):
            self.env.invalidate_all()
            report = self.env["account.invoice.report"].with_user(user)
            domain = [("move_id", "in", (move | note).ids)]
            [(total,)] = report._read_group(domain, [], ["price_subtotal:sum"])
            return total

        self.assertEqual(count(self.adam), 200)
        group = self.env["res.groups"].create({"name": "Few"})
        self.machine_deal.analyse_group_ids = [Command.set(group.ids)]
        self.assertFalse(count(self.adam))
        # The button of a partner opens all invoices, and adds up all of them.
        self.assertEqual(self.stalmet.with_user(self.adam).total_invoiced, 200)
        self.adam.group_ids |= group
        self.assertEqual(count(self.adam), 200)

    def test_the_list_of_campaigns_says_what_was_ordered_and_invoiced(self):
        self.bill(self.sell(self.lead, 300))
        names = {"ordered_revenue", "invoiced_revenue"}
        for user, amounts in ((self.anna, (300, 300)), (self.jan, ())):
            campaigns = self.env["relationship.campaign"].with_user(user)
            arch = campaigns.get_view(view_type="list")["arch"]
            shown = names & {node.get("name") for node in etree.fromstring(arch)}
            self.assertEqual(len(shown), len(amounts))
            found = campaigns.web_search_read(
                [("id", "=", self.campaign.id)], {name: {} for name in shown}
            )
            (row,) = found["records"]
            self.assertEqual(tuple(row[name] for name in shown), amounts)

    # Many at once

    def test_many_cost_what_one_costs(self):
        campaigns, leads = self.campaign, self.lead
        self.bill(self.sell(self.lead, 10))
        for number in range(8):
            campaigns |= self.new_campaign(f"No. {number}")
            leads |= self.new_deal(f"No. {number}", campaigns[-1])
            self.bill(self.sell(leads[-1], 10))
        self.env.flush_all()
        for records in (campaigns, leads):
            counts = []
            for some in (records[:1], records):
                seen = some.with_user(self.anna)
                self.env.invalidate_all()
                seen.mapped("write_date")
                seen._count_sold()
                before = self.env.cr.sql_log_count
                seen.mapped("invoiced_revenue")
                counts.append(self.env.cr.sql_log_count - before)
            self.assertLessEqual(counts[1], counts[0])
            self.assertLessEqual(counts[0], 4)

    def test_parts_add_up(self):
        part = self.new_campaign("Stand", parent_id=self.campaign.id)
        self.bill(self.sell(self.lead, 300))
        self.bill(self.sell(self.new_deal("Part", part), 40))
        values, _notes = self.told(self.campaign, with_parts=True)
        self.assertEqual((values["ordered"], values["invoiced"]), (340, 340))
        self.assertSold(self.campaign, 0, 300, 300)

    # Both directions

    def test_order_and_invoice_lead_back(self):
        order = self.sell(self.lead, 300)
        move = self.bill(order)
        for document in (order, move, self.credit(move)):
            seen = document.with_user(self.anna)
            for action, record in (
                (seen.action_view_opportunities(), self.lead),
                (seen.action_view_campaigns(), self.campaign),
            ):
                self.assertEqual(action["res_model"], record._name)
                self.assertEqual(action["res_id"], record.id)
        door = self.lead.with_user(self.anna).action_view_orders()
        self.assertEqual(self.search_action(door), order)
        door = self.campaign.with_user(self.anna).action_view_invoices()
        self.assertEqual(
            self.search_action(door).mapped("move_type").count("out_invoice"), 1
        )

    def test_who_only_invoices_opens_orders_and_invoices(self):
        order = self.sell(self.lead, 300)
        move = self.bill(order)
        irena = self._new_user("irena", "account.group_account_invoice")
        for user in (self.adam, irena, self.anna):
            for document in (order, move):
                with self.subTest(user=user.login, document=document._name):
                    self.env.invalidate_all()
                    shown = Form(document.with_user(user))
                    self.assertEqual(shown.partner_id, self.stalmet)
        self.assertEqual(
            move.with_user(self.adam).action_view_campaigns()["res_id"],
            self.campaign.id,
        )

    def test_a_salesperson_opens_an_invoice_that_is_paid(self):
        move = self.bill(self.sell(self.lead, 300))
        self.pay(move, self.today)
        self.env.invalidate_all()
        [read] = move.with_user(self.anna).read(["payment_count"])
        self.assertEqual(read["payment_count"], 1)

    def test_an_order_of_somebody_elses_customer_is_opened_too(self):
        order = self.sell(self.lead, 300, partner_id=self.kranbau.id)
        door = self.lead.with_user(self.anna).action_view_orders()
        self.assertEqual(self.search_action(door), order)
