from odoo import models
from odoo.tools import SQL

from odoo.addons.relationship_management.models.shared.context import (
    Marker,
    get_marked,
)

from .invoice_links import LINKS, flush_links

# In the context while core adds up what was invoiced to a partner: its button opens all
# of these invoices.
EVERY_TYPE = "relationship_every_type"


class AccountInvoiceReport(models.Model):
    """Core's statistics count a line for who may analyse the type of its order."""

    _inherit = "account.invoice.report"

    def _where(self):
        where = super()._where()
        forbidden = self.env["sale.order"]._get_unanalysed_types()
        if not forbidden or get_marked(self.env, EVERY_TYPE):
            return where
        flush_links(self.env)
        return SQL(
            "%s AND line.id NOT IN (SELECT n.line_id FROM (%s) n"
            " WHERE n.opportunity_type_id = ANY(%s))",
            where,
            LINKS,
            list(forbidden),
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _invoice_total(self):
        everything = self.with_context(**{EVERY_TYPE: Marker()})
        return super(ResPartner, everything)._invoice_total()
