"""Tasks of what is lost or archived leave the clock, and stay to be found."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.context import Marker, get_marked

# What a person ends by archiving it.
SHELVED = ("crm.lead", "relationship.activity", "relationship.campaign", "res.partner")
# In the context while core counts the tasks behind the clock at the top.
COUNTING = "relationship_counting_tasks"


class MailActivity(models.Model):
    _inherit = "mail.activity"

    is_shelved = fields.Boolean(
        string="On what is lost or archived",
        compute="_compute_is_shelved",
        search="_search_is_shelved",
    )

    @api.depends("res_model", "res_id", "relationship_activity_id")
    def _compute_is_shelved(self):
        # sudo: of which tasks, whoever may see them; done ones, too
        tasks = self.sudo().with_context(active_test=False)
        found = tasks.search([("id", "in", self.ids), ("is_shelved", "=", True)])
        for task in self:
            task.is_shelved = task.id in found._ids

    @api.model
    def _search_is_shelved(self, operator, value):
        if operator != "in":
            return NotImplemented
        shelved = Domain.custom(to_sql=self._select_shelved)
        return shelved if True in value else ~shelved

    @staticmethod
    def _select_shelved(tasks, alias, query):
        """Return a condition: each task looks for what it hangs at, by its id.

        A list of all that is archived grows without end, and each task was compared
        with it.
        """

        def is_archived(model, name):
            # sudo: archived records, whoever may see them: only ids
            records = tasks.env[model].sudo()._search([("active", "=", False)])
            table, id_ = records.table, tasks._field_to_sql(alias, name, query)
            records.add_where(SQL("%s = %s", SQL.identifier(table, "id"), id_))
            return SQL("EXISTS %s", records.subselect())

        kind = tasks._field_to_sql(alias, "res_model", query)
        hung = (
            SQL("(%s = %s AND %s)", kind, model, is_archived(model, "res_id"))
            for model in SHELVED
        )
        bracket = is_archived("relationship.activity", "relationship_activity_id")
        return SQL("(%s OR %s)", SQL(" OR ").join(hung), bracket)

    @api.model
    def search(self, domain, *args, **kwargs):
        """Leave out what is shelved while core counts the tasks of the clock."""
        if get_marked(self.env, COUNTING):
            domain = Domain(domain) & Domain("is_shelved", "=", False)
        return super().search(domain, *args, **kwargs)


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _get_activity_groups(self):
        """Count what is at work, and open the same."""
        counting = self.with_context(**{COUNTING: Marker()})
        groups = super(ResUsers, counting)._get_activity_groups()
        for group in groups:
            if group.get("model") in SHELVED:
                group["domain"] = []
        return groups


class RelationshipActivity(models.Model):
    _inherit = "relationship.activity"

    def write(self, vals):
        """Begin what was planned archived when it comes back."""
        result = super().write(vals)
        if vals.get("active"):
            counts = self._count_tasks()
            new = self.filtered(lambda a: not (a.run_state or counts[a.id][0]))
            new._create_tasks()
        return result
