from odoo import fields, models
from odoo.tools import SQL

from .invoice_links import LINKS, flush_links


class AccountMove(models.Model):
    """Invoices lead back to the opportunities and campaigns of their lines."""

    _name = "account.move"
    _inherit = ["account.move", "relationship.origin.mixin"]
    _origin_paths = ("invoice_line_ids.sale_line_ids", "campaign_id")

    # Whoever sells opens invoices, but no payments: as core has it, the number of these
    # keeps the form from opening.
    payment_count = fields.Integer("Number of payments", compute_sudo=True)

    def _find_origins(self):
        flush_links(self.env)
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT l.move_id, n.opportunity_id, n.campaign_id
                  FROM account_move_line l
                  JOIN (%s) n ON n.line_id = l.id
                 WHERE l.display_type = 'product' AND l.move_id = ANY(%s)
                """,
                LINKS,
                self.ids,
            )
        )
