from itertools import combinations

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared import row_trigger
from ..shared.may_be_told import get_hidden_sentence, is_hidden, name_of
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
        "relationship.analysed.mixin",
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

    @api.constrains("share", "type_id", "lead_id", "date_from", "date_to")
    def _check_shares(self):
        """Refuse shares of one kind that exceed the whole deal on any day.

        A sum over other rows: no SQL constraint can say it.
        """
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        lines = self.lead_id.reference_ids.filtered("share")
        for (lead, kind), same in lines.grouped(lambda r: (r.lead_id, r.kind)).items():
            if same._get_peak() > 100.005:
                if is_hidden(same):
                    # The sum would tell the share of somebody hidden.
                    raise ValidationError(get_hidden_sentence(self.env))
                raise ValidationError(
                    self.env._(
                        "The shares of the partners in the role “%(role)s” of"
                        " %(opportunity)s add up to %(share).0f %% on one day: lower"
                        " one of them, or end it before the next begins.",
                        role=kinds[kind],
                        opportunity=name_of(lead),
                        share=same._get_peak(),
                    )
                )

    def _get_peak(self):
        """Return the highest sum of the shares of these lines on one day.

        A sum only grows when a line begins.
        """
        starts = {line.date_from or self._get_date().min for line in self}
        sums = (sum(r.share for r in self if r._is_valid(day)) for day in starts)
        return max(sums, default=0)

    @api.constrains(
        *("lead_id", "type_id", "partner_id", "contact_id", "date_from", "date_to")
    )
    def _check_twice(self):
        """Refuse the same person twice in the same role at the same time."""
        lines = self.lead_id.reference_ids
        for same in lines.grouped(
            lambda r: (r.lead_id, r.type_id, r.contact_id or r.partner_id)
        ).values():
            for one, other in combinations(same, 2):
                if one._overlaps(other):
                    if is_hidden(one | other):
                        raise ValidationError(get_hidden_sentence(self.env))
                    raise ValidationError(
                        self.env._(
                            "%(person)s already plays the role “%(role)s” in"
                            " %(opportunity)s in that time: change the line that is"
                            " there, or choose other days.",
                            person=name_of(one.contact_id or one.partner_id),
                            role=name_of(one.type_id, after_noun=True),
                            opportunity=name_of(one.lead_id),
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
