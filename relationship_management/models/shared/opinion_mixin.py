from odoo import fields, models


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

    _share_range = models.Constraint(
        "CHECK(share >= 0 AND share <= 100)",
        "The share must lie between 0 and 100 %.",
    )
