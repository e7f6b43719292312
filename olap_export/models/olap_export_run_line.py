from odoo import fields, models


class OlapExportRunLine(models.Model):
    """How many rows of one OLAP table a transfer changed."""

    _name = "olap.export.run.line"
    _description = "OLAP transfer rows"
    _order = "row_count desc, table_name"
    _rec_name = "table_name"
    _log_access = False

    run_id = fields.Many2one(
        "olap.export.run", required=True, index=True, ondelete="cascade"
    )
    table_name = fields.Char(string="Table", required=True)
    row_count = fields.Integer(string="Changed rows")
