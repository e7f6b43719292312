from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared import row_trigger
from ..shared.may_be_told import name_of
from ..shared.partner_fields import partner_field


class RelationshipReference(models.Model):
    """A partner in a role of one sales project, also from outside the customer.

    Every change is a change of the opportunity and stands in its history.
    """

    _name = "relationship.reference"
    _description = "Partner reference"
    _inherit = [
        "relationship.period.mixin",
        "relationship.opinion.mixin",
        "relationship.type.guard.mixin",
        "relationship.parent.guard.mixin",
    ]
    _order = "lead_id, kind, id"
    _rec_name = "partner_id"
    _check_company_auto = True
    _type_paths = ("type_id", "lead_id.opportunity_type_id")

    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    type_id = fields.Many2one(
        "relationship.reference.type",
        string="Role",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('can_use', '=', True)]",
    )
    kind = fields.Selection(related="type_id.kind", store=True)
    partner_id = partner_field()
    contact_id = fields.Many2one(
        "res.partner",
        string="Contact person",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('id', 'child_of', partner_id), ('id', '!=', partner_id)]",
        check_company=True,
    )
    share = fields.Float(
        help="Part of the deal: of the revenue for a sales representative, of the"
        " customer's favour for a competitor.",
    )

    @api.constrains("share", "type_id", "lead_id")
    def _check_shares(self):
        """Refuse shares of one kind that exceed the whole deal.

        A sum over other rows: no SQL constraint can say it.
        """
        totals = self._read_group(
            [("lead_id", "in", self.lead_id.ids)],
            ["lead_id", "kind"],
            ["share:sum"],
            having=[("share:sum", ">", 100.005)],
        )
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for lead, kind, share in totals:
            raise ValidationError(
                self.env._(
                    "The shares of the partners in the role “%(role)s” of"
                    " %(opportunity)s add up to %(share).0f %%: lower one of them.",
                    role=kinds[kind],
                    opportunity=name_of(lead),
                    share=share,
                )
            )

    @api.depends("partner_id", "type_id")
    def _compute_display_name(self):
        for reference in self:
            reference.display_name = (
                f"{reference.type_id.name or ''}: {reference.partner_id.name or ''}"
            )

    def unlink(self):
        """Delete, after telling the history who does it."""
        if self:
            row_trigger.announce_unlink(self.env)
        return super().unlink()
