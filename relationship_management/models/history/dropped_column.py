from odoo import models

from . import capture


class IrModelFields(models.Model):
    """Let opportunities be saved when a tracked column goes with its addon."""

    _inherit = "ir.model.fields"

    def _drop_column(self):
        touched = set(self.mapped("model"))
        result = super()._drop_column()
        history = self.env["relationship.opportunity.history"]
        if touched & {"crm.lead", history._name}:
            capture.renew_capture(self.env.cr, history._get_columns())
        return result
