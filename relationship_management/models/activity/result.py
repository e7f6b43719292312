from odoo import fields, models


class RelationshipActivityResult(models.Model):
    """What may come of an activity of a type."""

    _name = "relationship.activity.result"
    _description = "Result of an activity"
    _inherit = ["relationship.parent.guard.mixin"]
    _order = "sequence, id"

    type_id = fields.Many2one(
        "relationship.activity.type", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
