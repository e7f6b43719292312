from itertools import combinations

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shared import row_trigger
from ..shared.may_be_told import get_hidden_sentence, is_hidden, name_of
from ..shared.partner_fields import partner_field
from .people import document_field

# All shares of a deal in percent, with what is lost by rounding.
WHOLE = 100.005


class RelationshipReference(models.Model):
    """A partner in a role of one sales project, also from outside the customer.

    Every change in an opportunity is a change of it and stands in its history. What
    else has people inherits ``relationship.people.mixin``.
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
    _order = "lead_id, influence desc nulls last, kind, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    lead_id = document_field("crm.lead", string="Opportunity")
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True
    )
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

    # The document in which somebody plays the role

    @api.model
    def _get_document_fields(self):
        """Return the names of the fields that lead to documents, one of each kind."""
        return [
            name
            for name, field in self._fields.items()
            if field.type == "many2one"
            and getattr(self.pool[field.comodel_name], "_people_field", "") == name
        ]

    @property
    def _type_paths(self):
        fields = (self._fields[name] for name in self._get_document_fields())
        types = ((f.name, self.pool[f.comodel_name]._type_field) for f in fields)
        return ("type_id", *(f"{document}.{name}" for document, name in types if name))

    @property
    def _analysed_with(self):
        """Lead to the types of the document, and of what that belongs to."""
        documents = {
            n: self._fields[n].comodel_name for n in self._get_document_fields()
        }
        return tuple(
            f"{name}.{path}"
            for name, model in documents.items()
            for path in getattr(self.env[model], "_get_analysed_paths", list)()
        )

    def _get_document(self):
        """Return the opportunity, campaign … of one line."""
        for name in self._get_document_fields():
            if self[name]:
                return self[name]
        return self.lead_id

    def _get_neighbours(self):
        """Yield the lines of each document of these lines."""
        for name in self._get_document_fields():
            for document in self[name]:
                yield document, document.reference_ids

    @api.depends(lambda self: [f"{n}.company_id" for n in self._get_document_fields()])
    def _compute_company_id(self):
        for line in self:
            line.company_id = line._get_document().company_id

    @api.constrains(lambda self: ["type_id", *self._get_document_fields()])
    def _check_document(self):
        names = self._get_document_fields()
        if not all(sum(bool(line[name]) for name in names) == 1 for line in self):
            raise ValidationError(
                self.env._(
                    "A partner plays a role in one opportunity, one campaign or one"
                    " activity: open that, and enter the partner on the page People."
                )
            )

    @api.constrains(
        lambda self: [
            *("share", "type_id", "date_from", "date_to"),
            *self._get_document_fields(),
        ]
    )
    def _check_shares(self):
        """Refuse shares of one kind that exceed the whole deal on any day.

        A sum over other rows: no SQL constraint can say it.
        """
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for document, lines in self._get_neighbours():
            for kind, same in lines.filtered("share").grouped("kind").items():
                if same._get_peak() <= WHOLE:
                    continue
                if is_hidden(same):
                    # The sum would tell the share of somebody hidden.
                    raise ValidationError(get_hidden_sentence(self.env))
                raise ValidationError(
                    self.env._(
                        "The shares of the partners in the role “%(role)s” of"
                        " %(opportunity)s add up to %(share).0f %% on one day: lower"
                        " one of them, or end it before the next begins.",
                        role=kinds[kind],
                        opportunity=name_of(document),
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
        lambda self: [
            *("type_id", "partner_id", "contact_id", "date_from", "date_to"),
            *self._get_document_fields(),
        ]
    )
    def _check_twice(self):
        """Refuse the same person twice in the same role at the same time."""
        for document, lines in self._get_neighbours():
            for same in lines.grouped(lambda r: (r.type_id, r._get_person())).values():
                for one, other in combinations(same, 2):
                    if one._overlaps(other):
                        one._refuse_twice(document, other)

    def _refuse_twice(self, document, other):
        if is_hidden(self | other):
            raise ValidationError(get_hidden_sentence(self.env))
        raise ValidationError(
            self.env._(
                "%(person)s already plays the role “%(role)s” in"
                " %(opportunity)s in that time: change the line that is"
                " there, or choose other days.",
                person=name_of(self._get_person()),
                role=name_of(self.type_id, after_noun=True),
                opportunity=name_of(document),
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
