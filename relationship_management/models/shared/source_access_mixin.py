from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .button import open_form
from .source import NOTHING


def exists(records, res_id, domain=(), fence=NOTHING):
    """Return SQL that looks for the record of an id among those the user may read.

    :param fence: ``OFFSET 0`` where each row is looked up, instead of all beforehand
    """
    found = records.with_context(active_test=False)._search(list(domain))
    if found.is_empty():
        return SQL("FALSE")
    found.add_where(SQL("%s = %s", SQL.identifier(found.table, "id"), res_id))
    return SQL("EXISTS (%s%s)", found.select(SQL("1")), fence)


class RelationshipSourceAccessMixin(models.AbstractModel):
    """Rows that tell of records of other models, whose access decides.

    A row carries the model and the id of its source. Whoever may not read the source
    finds, counts and reads no row of it. The models are those that
    ``relationship.source`` knows to have partners.
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

    def _compute_source_name(self):
        for model, rows in self.grouped("res_model").items():
            kind = self.env["ir.model"]._get(model).name if model else False
            names = {}
            if model in self.env:
                records = self.env[model].browse(rows.mapped("res_id")).exists()
                names = {record.id: record.display_name for record in records}
            for row in rows:
                row.source_name = names.get(row.res_id)
                row.source_kind = kind or model

    def _compute_partner_id(self):
        """Name the first partner of the source; a model nobody took in has none.

        Nor has a campaign: its addressees are too many to ask for the first of them.
        """
        sources = self.env["relationship.source"]._get_paths()
        for model, rows in self.grouped("res_model").items():
            found = {}
            path = sources.get(model, (None,))[0]
            if path and self.env[model]._fields[path.split(".")[0]].type != "one2many":
                records = self.env[model].browse(rows.mapped("res_id")).exists()
                found = {
                    record.id: record if path == "id" else record.mapped(path)[:1]
                    for record in records
                }
            for row in rows:
                row.partner_id = found.get(row.res_id)

    def _search_partner_id(self, operator, value):
        """Find the rows of a partner and, unless the context says no, its contacts."""
        if operator == "in":
            return self._get_sources_of_partners([each for each in value if each])
        if operator not in ("any", "ilike"):
            return NotImplemented
        return Domain.OR(
            self._get_source_domain(
                model, Domain.OR(Domain(path, operator, value) for path in paths)
            )
            for model, paths in self.env["relationship.source"]._get_paths().items()
            if self.env[model].has_access("read")
        )

    def _get_sources_of_partners(self, partner_ids):
        """Return the domain of the rows of what points to certain partners.

        The sources are looked up first, all in one statement: with their ids both
        sides of the view are read by index, with a subquery neither would be.
        """
        if not self.env.context.get("only_this_partner"):
            # sudo: only ids; what is found of them is what the user may read.
            partners = self.env["res.partner"].sudo().with_context(active_test=False)
            family = partners._search([("id", "child_of", partner_ids)])
            partner_ids = family.get_result_ids()
        selects = []
        for model, paths in self.env["relationship.source"]._get_paths().items():
            records = self.env[model].with_context(active_test=False)
            if not records.has_access("read"):
                continue
            for path in paths:
                found = records._search([(path, "in", partner_ids)])
                if not found.is_empty():
                    ids = SQL("(%s) s (id)", found.select())
                    selects.append(SQL("SELECT %s, s.id FROM %s", model, ids))
        if not selects:
            return Domain.FALSE
        ids_by_model = defaultdict(list)
        for model, record_id in self.env.execute_query(SQL(" UNION ").join(selects)):
            ids_by_model[model].append(record_id)
        return Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", ids)
            for model, ids in ids_by_model.items()
        )

    def _get_source_domain(self, model, domain):
        """Return the domain of the rows whose source is a certain one of a model.

        It asks for the source of each row: PostgreSQL then chooses between a look-up
        per row and one pass over the sources, by the number of rows.
        """

        def to_sql(rows, alias, _query):
            return exists(rows.env[model], SQL.identifier(alias, "res_id"), domain)

        return Domain("res_model", "=", model) & Domain.custom(to_sql=to_sql)

    def _get_visible_domain(self):
        return Domain.OR(
            self._get_source_domain(model, self._get_told_domain(model))
            for model in self.env["relationship.source"]._get_paths()
            if self.env[model].has_access("read")
        )

    def _get_told_domain(self, model):
        """Return which records tell the user what is in them, beyond the rules."""
        found = getattr(self.env[model], "_get_told_domain", None)
        return found() if found else Domain.TRUE

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
        sources = self.env["relationship.source"]._get_paths()
        forbidden = self.browse()
        # sudo: only model and id of the sources are read, to ask them.
        for model, rows in self.sudo().grouped("res_model").items():
            readable = set()
            if model in sources:
                records = self.env[model].browse(rows.mapped("res_id")).exists()
                told = records.sudo().filtered_domain(self._get_told_domain(model))
                readable = set(told.sudo(False)._filtered_access("read").ids)
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
        return open_form(self.res_model, res_id=self.res_id)
