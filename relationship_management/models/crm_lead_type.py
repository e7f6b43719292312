from odoo import api, fields, models


class CrmLead(models.Model):
    """The type of an opportunity: its number and the values that it starts with."""

    _inherit = "crm.lead"

    opportunity_type_id = fields.Many2one(
        "relationship.opportunity.type",
        string="Opportunity type",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
        domain="[('company_id', 'in', [company_id, False])]",
    )
    number = fields.Char(
        copy=False,
        help="Given by the number range of the type; typed by hand for a type without.",
    )
    has_number_range = fields.Boolean(compute="_compute_has_number_range")
    applied_type_id = fields.Many2one(
        "relationship.opportunity.type",
        store=False,
        help="The type whose values a new form shows.",
    )

    _type_number_unique = models.UniqueIndex(
        "(opportunity_type_id, number) WHERE number <> ''",
        "Another opportunity of this type has this number: numbers are never reused.",
    )

    @api.depends("opportunity_type_id")
    def _compute_has_number_range(self):
        for lead in self:
            # sudo: whether there is a number range is no secret.
            lead.has_number_range = lead.opportunity_type_id.sudo().number_sequence_id

    @api.onchange("opportunity_type_id")
    def _onchange_opportunity_type_id(self):
        """Propose the values of the type; what a person chose before stays."""
        if self._origin:
            if self.opportunity_type_id:
                self.update(self._get_missing_type_values())
            return
        initial = self.new(self.default_get(list(self._fields)))
        former = self._get_type_proposals(self.applied_type_id)
        proposed = self._get_type_proposals(self.opportunity_type_id)
        for name in {**former, **proposed}:
            if self._is_untouched(name, initial, former):
                self[name] = proposed.get(name, initial[name])
        self.applied_type_id = self.opportunity_type_id

    def _get_type_proposals(self, opportunity_type):
        """Return what a type proposes, less what the screen itself asks for."""
        if not opportunity_type:
            return {}
        # sudo: the defaults of a type apply to whoever may choose it.
        return {
            name: value
            for name, value in opportunity_type.sudo()
            ._get_opportunity_defaults()
            .items()
            if f"default_{name}" not in self.env.context
        }

    def _is_untouched(self, name, initial, former):
        """Return whether a field has its first value, or the one of the former type."""
        if name == "margin_percent" and self.contribution_margin and not self[name]:
            return False
        convert = self._fields[name].convert_to_write
        current = convert(self[name], self)
        proposals = [convert(initial[name], initial), former.get(name)]
        empty = not current and self._fields[name].type != "boolean"
        return empty or current in proposals

    def _get_missing_type_values(self):
        """Return the values of the type for what is still empty, switches left out."""
        self.ensure_one()
        kept = {"binding", "apply_probability", "probability"}
        if self.contribution_margin:
            kept.add("margin_percent")
        proposals = self._get_type_proposals(self.opportunity_type_id)
        return {
            name: value
            for name, value in proposals.items()
            if name not in kept and not self[name]
        }

    @api.model
    def default_get(self, fields_list):
        """Leave out a default type that is archived or of another company."""
        values = super().default_get(fields_list)
        if type_id := values.get("opportunity_type_id"):
            types = self.env["relationship.opportunity.type"].sudo()
            # sudo: to look at the company of a type that the user may not see.
            default = types.browse(type_id).exists()
            companies = (self.env["res.company"], self.env.company)
            if not default.active or default.company_id not in companies:
                del values["opportunity_type_id"]
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Apply the defaults of the type, whoever creates; explicit values win.

        An empty cell of an import counts as "not given". Leads are not numbered.
        """
        default = {}
        if any("opportunity_type_id" not in vals for vals in vals_list):
            default = self.default_get(["opportunity_type_id", "type"])
        return super().create(
            [self._prepare_type_values({**default, **vals}) for vals in vals_list]
        )

    def _prepare_type_values(self, vals):
        """Return the values of a new opportunity, completed by those of its type."""
        type_id = vals.get("opportunity_type_id")
        if not type_id or vals.get("type") == "lead":
            return vals
        opportunity_type = self.env["relationship.opportunity.type"].browse(type_id)
        proposals = self._get_type_proposals(opportunity_type)
        if vals.get("contribution_margin"):
            proposals.pop("margin_percent", None)
        given = vals
        if self.env.context.get("import_file"):
            given = {
                name: value
                for name, value in vals.items()
                if name not in proposals or not self._is_empty_cell(name, value)
            }
        values = {**proposals, **given}
        if not values.get("number"):
            values["number"] = opportunity_type._next_number()
        return values

    def _is_empty_cell(self, name, value):
        """Return whether an imported value comes from an empty cell: 0 does not."""
        if self._fields[name].type == "boolean":
            return False
        return value is None or value is False or value == ""

    def write(self, vals):
        """Give an opportunity that gets a type what it lacks; its number stays."""
        result = super().write(vals)
        if vals.get("opportunity_type_id") or vals.get("type") == "opportunity":
            typed = self.filtered(
                lambda lead: lead.opportunity_type_id and lead.type == "opportunity"
            )
            for lead in typed:
                missing = lead._get_missing_type_values()
                if not lead.number:
                    missing["number"] = lead.opportunity_type_id._next_number()
                lead.write({k: v for k, v in missing.items() if k not in vals})
        return result
