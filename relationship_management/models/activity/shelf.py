"""Tasks of what is lost or archived leave the clock, and stay to be found."""

from odoo import api, fields, models
from odoo.fields import Domain

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

    @api.depends("res_model", "res_id")
    def _compute_is_shelved(self):
        shelved = self._search_is_shelved("in", [True])
        found = self.filtered("id").filtered_domain(shelved)
        for task in self:
            task.is_shelved = task in found

    @api.model
    def _search_is_shelved(self, operator, value):
        if operator != "in":
            return NotImplemented
        shelved = Domain.OR(
            [
                ("res_model", "=", model),
                ("res_id", "in", self._select_archived(model)),
            ]
            for model in SHELVED
        )
        return shelved if True in value else ~shelved

    @api.model
    def _select_archived(self, model):
        """Return a query of archived records, whoever may see them: only ids."""
        return self.env[model].sudo()._search([("active", "=", False)])

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
