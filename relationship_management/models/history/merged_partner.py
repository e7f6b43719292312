from odoo import fields, models


class RelationshipMergedPartner(models.Model):
    """Which partner took over which: the history still names the merged one.

    Rows of the history are never changed, so they go on telling the id of a partner
    that is gone. When the destination is merged itself, core's merge moves it here like
    any other foreign key.
    """

    _name = "relationship.merged.partner"
    _description = "Merged partner"
    _log_access = False

    source_id = fields.Integer(required=True, index=True)
    destination_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )

    def _remember(self, sources, destination):
        """Note that ``destination`` took over ``sources``."""
        # sudo: whoever may merge partners leaves this trace, which nobody else writes.
        self.sudo().create(
            [
                {"source_id": partner_id, "destination_id": destination.id}
                for partner_id in sources.ids
            ]
        )

    def _get_destinations(self, partner_ids):
        """Return ``{id of a merged partner: partner that took it over}``."""
        # sudo: whoever may read a history row may read the names in it.
        rows = self.sudo().search([("source_id", "in", list(partner_ids))])
        return {row.source_id: row.destination_id for row in rows}
