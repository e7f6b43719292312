"""A quotation carries what its opportunity says of it: its campaign and its type."""

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists

from odoo.addons.relationship_management.models.shared.context import get_id
from odoo.addons.relationship_management.models.shared.kinds import check_kinds
from odoo.addons.relationship_management.models.shared.may_be_told import find_visible

from .crm_lead import CARRIED
from .res_partner_sale_figure import GROUPS


class SaleOrder(models.Model):
    """Orders know the type of their opportunity; nothing of theirs is hidden by it.

    Whoever invoices an order has to reach it, whatever its type. The type decides who
    may choose it, and whose statistics count the order.
    """

    _name = "sale.order"
    _inherit = [
        "sale.order",
        "relationship.type.guard.mixin",
        "relationship.analysed.mixin",
        "relationship.origin.mixin",
    ]
    _origin_paths = ("opportunity_id", "campaign_id")
    _type_paths = ("opportunity_type_id",)
    _analysed_by = "opportunity_type_id"

    opportunity_type_id = fields.Many2one(
        "relationship.opportunity.type",
        string="Opportunity type",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
        domain="[('company_id', 'in', [company_id, False]), ('can_use', '=', True)]",
        groups=GROUPS,
        help="Taken over from the opportunity. Statistics count the order by it.",
    )
    may_analyse = fields.Boolean(groups=GROUPS)

    def _auto_init(self):
        """Give orders that are there what their opportunities say, once."""
        is_new = not column_exists(self.env.cr, self._table, "opportunity_type_id")
        result = super()._auto_init()
        if is_new and column_exists(self.env.cr, self._table, "opportunity_id"):
            self.env.cr.execute(FILL_TYPE)
            self.env.cr.execute(FILL_CAMPAIGN)
        return result

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"opportunity_type_id"}

    def _find_origins(self):
        # sudo: what of it the user may see is asked where it is shown.
        return [(o.id, o.opportunity_id.id, o.campaign_id.id) for o in self.sudo()]

    @api.onchange("opportunity_id")
    def _onchange_opportunity_id(self):
        lead, company = self.opportunity_id._origin, self.company_id._origin
        for name, value in self._get_carried(lead, company).items():
            # What the form shows is read as the user.
            shown = find_visible(
                self.env[self._fields[name].comodel_name].browse(value)
            )
            self[name] = self[name] or shown

    @api.model
    def default_get(self, fields):
        """Leave out a default type, of whoever stored it, that the user may not use."""
        values = super().default_get(fields)
        forbidden = self.env["relationship.opportunity.type"]._get_forbidden_ids("use")
        if values.get("opportunity_type_id") in forbidden:
            del values["opportunity_type_id"]
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Carry over what nobody has given; what is given wins, also if it is empty."""
        if not self.env.su:
            check_kinds(self, vals_list)
        given = [self._get_given(vals) for vals in vals_list]
        ids = {values["opportunity_id"] for values in given}
        leads = self.env["crm.lead"].browse(sorted(filter(None, ids))).exists()
        leads = {lead.id: lead for lead in leads._filtered_access("read")}
        return super().create(
            [
                self._complete_by_lead(vals, its, leads.get(its["opportunity_id"]))
                for vals, its in zip(vals_list, given, strict=True)
            ]
        )

    @api.model
    def _get_given(self, vals):
        """Return what somebody has given a new order, also as a default."""
        names = (*CARRIED, "opportunity_id", "company_id")
        defaults = {name: get_id(self.env, f"default_{name}") for name in names}
        given = {**{k: v for k, v in defaults.items() if v}, **vals}
        if self.env.context.get("import_file"):
            # An empty cell gives nothing.
            given = {k: v for k, v in given.items() if v or k not in CARRIED}
        lead = self._fields["opportunity_id"].convert_to_cache(
            given.get("opportunity_id"), self, validate=False
        )
        return {**given, "opportunity_id": lead}

    @api.model
    def _complete_by_lead(self, vals, given, lead):
        # As a value, a default of a client is asked about.
        if chosen := given.get("opportunity_type_id"):
            vals = {**vals, "opportunity_type_id": chosen}
        if not lead:
            return vals
        company = self.env["res.company"].browse(given.get("company_id") or ())
        carried = self._get_carried(lead, company or self.env.company)
        return {**vals, **{k: v for k, v in carried.items() if k not in given}}

    def write(self, vals):
        """Carry over what is still empty from an opportunity that is chosen later."""
        result = super().write(vals)
        if vals.get("opportunity_id"):
            for order in self:
                carried = order._get_carried(order.opportunity_id, order.company_id)
                # sudo: only whether there is something, of an order just changed.
                missing = {
                    name: value
                    for name, value in carried.items()
                    if name not in vals and not order.sudo()[name]
                }
                if missing:
                    # With the opportunity, whose campaign may be a hidden one.
                    lead_id = order.opportunity_id.id
                    order.write({"opportunity_id": lead_id, **missing})
        return result

    def copy_data(self, default=None):
        """Leave out a type that the user may not use, which a copy would be new of."""
        forbidden = self.env["relationship.opportunity.type"]._get_forbidden_ids("use")
        vals_list = super().copy_data(default)
        for vals in vals_list:
            if vals.get("opportunity_type_id") in forbidden:
                del vals["opportunity_type_id"]
        return vals_list

    @api.model
    def _get_carried(self, lead, company):
        """Return what a quotation of a company takes over from an opportunity.

        The campaign also where the user does not see it: the opportunity came out of
        it, and so does what is sold.
        """
        # sudo: whoever sees the opportunity hands on what it says; only ids.
        lead, company, carried = lead.sudo(), company.sudo(), {}
        campaign, chosen = lead.campaign_id, lead.opportunity_type_id
        if campaign and campaign._is_kept_for(company):
            carried["campaign_id"] = campaign.id
        fits = chosen.company_id <= company
        if chosen and fits and chosen.id not in chosen._get_forbidden_ids("use"):
            carried["opportunity_type_id"] = chosen.id
        return carried


FILL_TYPE = SQL(
    """
    UPDATE sale_order o
       SET opportunity_type_id = l.opportunity_type_id
      FROM crm_lead l JOIN relationship_opportunity_type t
           ON t.id = l.opportunity_type_id
     WHERE l.id = o.opportunity_id
       AND (t.company_id IS NULL OR t.company_id = o.company_id)
    """
)
# As ``_is_kept_for()`` decides it for one order.
FILL_CAMPAIGN = SQL(
    """
    UPDATE sale_order o
       SET campaign_id = c.id
      FROM crm_lead l JOIN utm_campaign c ON c.id = l.campaign_id,
           res_company k
     WHERE l.id = o.opportunity_id AND k.id = o.company_id AND o.campaign_id IS NULL
       AND (c.relationship_company_id IS NULL
            OR '/' || k.parent_path LIKE '%%/' || c.relationship_company_id || '/%%'
            OR EXISTS (SELECT FROM relationship_campaign_linked_company_rel r
                        WHERE r.utm_campaign_id = c.id AND r.res_company_id = k.id)
            OR EXISTS (SELECT FROM relationship_campaign_left_company_rel r
                        WHERE r.utm_campaign_id = c.id AND r.res_company_id = k.id))
    """
)
