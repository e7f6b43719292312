from odoo import models

CARRIED = ("campaign_id", "opportunity_type_id")


class CrmLead(models.Model):
    """What is sold of an opportunity; quotations start with what it says."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "relationship.sold.mixin", "relationship.figures.mixin"]
    _sold_by = "opportunity_id"
    _sold_lines_by = "relationship_opportunity_ids"

    def _prepare_opportunity_quotation_context(self):
        """Hand on campaign and type, as far as the quotation may have them."""
        context = super()._prepare_opportunity_quotation_context()
        company = self.env["res.company"].browse(context["default_company_id"])
        carried = self.env["sale.order"]._get_carried(self, company)
        return context | {f"default_{name}": carried.get(name) for name in CARRIED}

    def _get_sold_currency(self):
        return self.company_currency

    def _describe_figures(self, key=None, with_parts=False, header=False):
        numbers = {} if key else self._count_sold().get(self.id, {})
        return self._describe_sold(numbers, self.company_currency)

    def _update_revenues_from_so(self, order):
        """Raise the expected revenue where the user may; an order waits for no other.

        An opportunity may be of a type that the user may not use or see, and core would
        write it as the user who confirms an order of one's own.
        """
        leads = self._filtered_access("read") & self._filtered_access("write")
        return super(CrmLead, leads)._update_revenues_from_so(order)
