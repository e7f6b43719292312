from odoo import Command
from odoo.tests import tagged

from .common import SaleCase


@tagged("post_install", "-at_install")
class ChainCase(SaleCase):
    """A campaign of Anna with an opportunity, and what is sold of it.

    Anna and Katrin are users of relationships, too: so they see campaigns.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fair = cls.env["relationship.campaign.type"].create({"name": "Test fair"})
        cls.campaign = cls.new_campaign("Poznań fair")
        cls.core = cls.campaign.utm_campaign_id
        cls.lead = cls.new_deal("Packing line", cls.campaign)
        cls.packer.standard_price = 60

    @classmethod
    def new_campaign(cls, title, user=None, **values):
        campaigns = cls.env["relationship.campaign"].with_user(user or cls.anna)
        return campaigns.create({"title": title, "type_id": cls.fair.id, **values})

    @classmethod
    def new_deal(cls, name, campaign=None, user=None, **values):
        user = user or cls.anna
        leads = cls.env["crm.lead"].with_user(user).with_company(user.company_id)
        return leads.create(
            {
                "name": name,
                "type": "opportunity",
                "partner_id": cls.stalmet.id,
                "user_id": user.id,
                "opportunity_type_id": cls.machine_deal.id,
                "campaign_id": campaign and campaign.sudo().utm_campaign_id.id,
                **values,
            }
        )

    def offer(self, lead, price, user=None, **values):
        """Create a quotation of an opportunity, as core's button does."""
        return self.order(
            self.stalmet, price, user=user, **{"opportunity_id": lead.id, **values}
        )

    def sell(self, lead, price, **values):
        order = self.offer(lead, price, **values)
        order.action_confirm()
        return order

    def bill(self, orders, **lines):
        """Post one invoice of some orders, as the system."""
        move = orders.with_env(self.env)._create_invoices()
        move.action_post()
        self.env.flush_all()
        return move

    def credit(self, move, price=None, without_order=False):
        """Post a credit note of an invoice, of another price if there is one."""
        note = move._reverse_moves([{"invoice_date": move.invoice_date}])
        if without_order:
            line = {"name": "Goodwill", "price_unit": price, "tax_ids": []}
            note.invoice_line_ids = [Command.clear(), Command.create(line)]
        elif price:
            note.invoice_line_ids.price_unit = price
        note.action_post()
        self.env.flush_all()
        return note

    def told(self, record, user=None, **options):
        """Return ``{key: amount as a number}`` of the figures, and the notes."""
        self.env.flush_all()
        self.env.invalidate_all()
        found = record.with_user(user or self.anna).get_figures(**options)
        values = {
            figure["key"]: float(
                "".join(c for c in figure["value"] if c in "-.0123456789") or 0
            )
            for figure in found["figures"]
        }
        return values, found["notes"]

    def opened(self, record, key, user=None):
        user = user or self.anna
        action = record.with_user(user).action_open_figure(key)
        return self.search_action(action, user)

    def search_action(self, action, user=None):
        records = self.env[action["res_model"]].with_user(user or self.anna)
        records = records.with_company(records.env.user.company_id)
        found = records.with_context(**action["context"]).search(action["domain"])
        return found.with_env(self.env)
