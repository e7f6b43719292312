from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class RelationshipSourceAccessMixin(models.AbstractModel):
    """Rows that tell of records of other models, whose access decides.

    A row carries the model and the id of its source. Whoever may not read the source
    finds, counts and reads no row of it. To take in another model, extend
    :meth:`_get_sources`.
    """

    _name = "relationship.source.access.mixin"
    _description = "Row about a record of another model"

    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True
    )
    source_name = fields.Char(string="Belongs to", compute="_compute_source_name")
    source_kind = fields.Char(string="Kind of record", compute="_compute_source_name")
    partner_id = fields.Many2one(
        "res.partner",
        store=False,
        compute="_compute_partner_id",
        search="_search_partner_id",
    )

    @api.model
    def _get_sources(self):
        """Return the models of the sources: {model: path to its partner}.

        The path may lead to one partner or to several.
        """
        sources = {
            "res.partner": "id",
            "crm.lead": "partner_id",
            "calendar.event": "partner_ids",
            "relationship.consent": "partner_id",
            "sale.order": "partner_id",
            "purchase.order": "partner_id",
            "account.move": "partner_id",
        }
        return {model: path for model, path in sources.items() if model in self.env}

    def _compute_source_name(self):
        for model, rows in self.grouped("res_model").items():
            records = self.env[model].browse(rows.mapped("res_id")).exists()
            names = {record.id: record.display_name for record in records}
            kind = self.env["ir.model"]._get(model).name
            for row in rows:
                row.source_name = names.get(row.res_id)
                row.source_kind = kind

    def _compute_partner_id(self):
        sources = self._get_sources()
        for model, rows in self.grouped("res_model").items():
            records = self.env[model].browse(rows.mapped("res_id")).exists()
            found = {
                record.id: record if path == "id" else record[path][:1]
                for path in (sources[model],)
                for record in records
            }
            for row in rows:
                row.partner_id = found.get(row.res_id)

    def _search_partner_id(self, operator, value):
        """Find the rows of a partner and, unless the context says no, its contacts."""
        if operator == "in":
            operator = "in" if self.env.context.get("only_this_partner") else "child_of"
            value = [partner_id for partner_id in value if partner_id]
        elif operator not in ("any", "ilike"):
            return NotImplemented
        return Domain.OR(
            self._get_source_domain(model, [(path, operator, value)])
            for model, path in self._get_sources().items()
            if self.env[model].has_access("read")
        )

    def _get_source_domain(self, model, domain):
        records = self.env[model].with_context(active_test=False)
        return Domain("res_model", "=", model) & Domain(
            "res_id", "in", records._search(domain).subselect()
        )

    def _get_visible_domain(self):
        return Domain.OR(
            self._get_source_domain(model, [])
            for model in self._get_sources()
            if self.env[model].has_access("read")
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Leave out the rows whose source the user may not read."""
        if not self.env.su:
            domain = Domain(domain) & self._get_visible_domain()
        return super()._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        """Ask the sources, also when somebody reads a row by its id."""
        result = super()._check_access(operation)
        if result or self.env.su or not self:
            return result
        sources = self._get_sources()
        forbidden = self.browse()
        # sudo: only model and id of the sources are read, to ask them.
        for model, rows in self.sudo().grouped("res_model").items():
            readable = set()
            if model in sources:
                records = self.env[model].browse(rows.mapped("res_id")).exists()
                readable = set(records._filtered_access("read").ids)
            for row in rows:
                if row.res_id not in readable:
                    forbidden |= row.with_env(self.env)
        if not forbidden:
            return None
        return forbidden, lambda: AccessError(
            self.env._("You may not read the record this belongs to.")
        )

    def action_open_source(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
