"""Which opportunity and which campaign an invoice line comes from.

An invoice may join orders of several opportunities, and takes its own campaign from the
first of them: so its lines are asked, by the order lines that they invoice. A line of a
credit note without one goes where the credited invoice came from. What comes from no
order belongs to the campaign of its invoice, and to no opportunity.
"""

from odoo.tools import SQL

# A row for each order line behind an invoice line; of several, each has an equal share.
LINKS = SQL(
    """
    SELECT r.invoice_line_id AS line_id, o.opportunity_id, o.campaign_id,
           o.opportunity_type_id
      FROM sale_order_line_invoice_rel r
      JOIN sale_order_line s ON s.id = r.order_line_id
      JOIN sale_order o ON o.id = s.order_id
     UNION ALL
    SELECT l.id, o.opportunity_id, o.campaign_id, o.opportunity_type_id
      FROM account_move_line l
      JOIN account_move m ON m.id = l.move_id
      JOIN account_move_line b ON b.move_id = m.reversed_entry_id
      JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = b.id
      JOIN sale_order_line s ON s.id = r.order_line_id
      JOIN sale_order o ON o.id = s.order_id
     WHERE NOT EXISTS (SELECT FROM sale_order_line_invoice_rel x
                        WHERE x.invoice_line_id = l.id)
     UNION ALL
    SELECT l.id, NULL, m.campaign_id, NULL
      FROM account_move_line l
      JOIN account_move m ON m.id = l.move_id
     WHERE m.campaign_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM sale_order_line_invoice_rel x
                        WHERE x.invoice_line_id = l.id)
       AND NOT EXISTS (SELECT FROM account_move_line b
                         JOIN sale_order_line_invoice_rel x
                           ON x.invoice_line_id = b.id
                        WHERE b.move_id = m.reversed_entry_id)
    """
)


def flush_links(env):
    """Write what the links are made of."""
    for model in ("account.move", "account.move.line", "sale.order", "sale.order.line"):
        env[model].flush_model()
