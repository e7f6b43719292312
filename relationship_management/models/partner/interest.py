from odoo import fields, models


class RelationshipInterest(models.Model):
    """What partners are interested in."""

    _name = "relationship.interest"
    _description = "Interest"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()
    active = fields.Boolean(default=True)
