from dataclasses import replace

from odoo import models
from odoo.tools import SQL

from odoo.addons.relationship_management.models.shared.source import Fact


class AccountMove(models.Model):
    """What vendor bills tell of a partner."""

    _inherit = "account.move"

    def _describe_source(self):
        source = super()._describe_source()
        bill = Fact(
            "bill",
            self.env._("Vendor bill"),
            SQL("s.state = 'posted' AND s.move_type IN ('in_invoice', 'in_refund')"),
            {
                "status": "posted",
                "date": SQL("coalesce(s.invoice_date, s.date)"),
                "bill_amount": SQL("-s.amount_untaxed_signed"),
            },
        )
        return replace(source, facts=(*source.facts, bill))
