from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RelationshipOpinionMixin(models.AbstractModel):
    """How far somebody is in something, and what we think of that."""

    _name = "relationship.opinion.mixin"
    _description = "Share, influence and attitude"

    share = fields.Float(string="Share (%)")
    influence = fields.Selection(
        [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Decides")]
    )
    attitude = fields.Selection(
        [("for", "For us"), ("neutral", "Neutral"), ("against", "Against us")]
    )
    note = fields.Char()

    @api.constrains("share")
    def _check_share(self):
        if not all(0 <= record.share <= 100 for record in self):
            raise ValidationError(
                self.env._(
                    "The share must lie between 0 and 100 %: enter another number."
                )
            )

    def _get_opinion_words(self):
        """Return influence, attitude and note, as far as there are any."""
        labels = [
            dict(self._fields[name]._description_selection(self.env))[self[name]]
            for name in ("influence", "attitude")
            if self[name]
        ]
        return [*labels, *filter(None, [self.note])]
