from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _update_revenues_from_so(self, order):
        """Raise the expected revenue where the user may; an order waits for no other.

        An opportunity may be of a type that the user may not use or see, and core would
        write it as the user who confirms an order of one's own.
        """
        leads = self._filtered_access("read") & self._filtered_access("write")
        return super(CrmLead, leads)._update_revenues_from_so(order)
