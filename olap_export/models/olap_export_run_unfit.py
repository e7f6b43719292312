# pylint: disable=consider-merging-classes-inherited
from odoo import api, fields, models
from odoo.tools import SQL

SHOWN = 5
LONGEST_NAME = 60


class OlapExportRun(models.Model):
    """The changes with a value that the target cannot hold: named, with a door to them.

    Names are asked for who looks: a run belongs to nobody, opportunities do.
    """

    _inherit = "olap.export.run"

    unfit_ids = fields.Json(
        string="Numbers of the changes that do not fit", readonly=True, copy=False
    )
    unfit_summary = fields.Char(
        string="Opportunities that do not fit", compute="_compute_unfit_summary"
    )

    @api.depends("unfit_ids")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_unfit_summary(self):
        for run in self:
            run.unfit_summary = run._name_unfit() if run.unfit_ids else False

    def _name_unfit(self):
        """Return number and name of the first opportunities, and how many follow."""
        history = self.env["relationship.opportunity.history"]
        total = self._count_unfit(self.unfit_ids)
        visible = []
        if history.has_access("read"):
            visible = history.search([("id", "in", self.unfit_ids)]).ids
        names = [
            " ".join(part for part in (number, _shorten(name)) if part)
            for number, name in self._read_unfit(visible)
        ]
        rest = total - len(names)
        if not names:
            return self.env._(
                "Opportunities that you are not allowed to see: %(count)s.", count=rest
            )
        if rest:
            return self.env._(
                "%(names)s and %(count)s more", names=", ".join(names), count=rest
            )
        return ", ".join(names)

    def _count_unfit(self, ids):
        """Return of how many opportunities the history rows are."""
        return self.env.execute_query(
            SQL(
                "SELECT count(DISTINCT opportunity_id)"
                " FROM relationship_opportunity_history WHERE id = ANY(%s)",
                ids,
            )
        )[0][0]

    def _read_unfit(self, ids):
        """Return number and name of the first opportunities as the rows tell them."""
        return self.env.execute_query(
            SQL(
                """
                SELECT number, left(name, %s)
                  FROM (SELECT DISTINCT ON (opportunity_id) id, number, name
                          FROM relationship_opportunity_history WHERE id = ANY(%s)
                         ORDER BY opportunity_id, id DESC) h
                 ORDER BY id LIMIT %s
                """,
                LONGEST_NAME + 1,
                ids,
                SHOWN,
            )
        )

    def action_view_unfit(self):
        """Open exactly these changes of opportunities."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relationship_management.relationship_opportunity_history_action"
        )
        return {
            **action,
            "name": self.env._("Values that do not fit"),
            "domain": [("id", "in", self.unfit_ids or [])],
        }


def _shorten(name):
    if name and len(name) > LONGEST_NAME:
        return name[:LONGEST_NAME] + "…"
    return name
