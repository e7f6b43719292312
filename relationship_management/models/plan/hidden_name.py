from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.may_be_told import get_hidden_words


class MailActivity(models.Model):
    """An activity names its record to none who may not see that."""

    _inherit = "mail.activity"

    # Not read along by those who ask for the rights as superuser: see _field_to_sql.
    res_name = fields.Char(prefetch=False)

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        """Keep the name as it is, whoever causes it: each reader is asked."""
        system = self.with_user(SUPERUSER_ID)
        return super(MailActivity, system)._compute_res_name()

    def _field_to_sql(self, alias, field_expr, query=None):
        """Read words in place of the name of a record that the user may not see.

        The assignee sees an activity also when its record is hidden by now, and core
        keeps the name in a column: shown, searched and grouped, it passes here.
        """
        expression = super()._field_to_sql(alias, field_expr, query)
        if field_expr != "res_name" or self.env.su:
            return expression
        for name, source in self.env["relationship.source"]._get_descriptions().items():
            if source.stage:
                expression = SQL(
                    "CASE WHEN %(model)s = %(name)s AND NOT EXISTS (%(visible)s)"
                    " THEN %(words)s ELSE %(expression)s END",
                    model=super()._field_to_sql(alias, "res_model"),
                    name=name,
                    visible=self._select_visible(name, alias),
                    words=get_hidden_words(self.env[name]),
                    expression=expression,
                )
        return expression

    @api.model
    def _select_visible(self, name, alias):
        """Return the statement of the record of an activity, if the user sees it."""
        records = self.env[name].with_context(active_test=False)
        if not records.has_access("read"):
            return SQL("SELECT WHERE FALSE")
        query = records._search(Domain.TRUE)
        res_id = self._field_to_sql(alias, "res_id")
        query.add_where(SQL("%s = %s", SQL.identifier(query.table, "id"), res_id))
        return query.select(SQL("1"))
