from odoo import api, fields, models

from ..shared.may_be_told import hide_names


class CrmLead(models.Model):
    """The type of an opportunity: its number and the values that it starts with."""

    _name = "crm.lead"
    _inherit = [
        "crm.lead",
        "relationship.typed.mixin",
        "relationship.type.guard.mixin",
        "relationship.analysed.mixin",
    ]
    _type_field = "opportunity_type_id"
    _hides_name = True
    _type_paths = ("opportunity_type_id",)
    _analysed_by = "opportunity_type_id"
    _fields_kept_by_type = frozenset({"binding", "apply_probability", "probability"})

    opportunity_type_id = fields.Many2one(
        "relationship.opportunity.type",
        string="Opportunity type",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
        domain="[('company_id', 'in', [company_id, False]), ('can_use', '=', True)]",
    )
    type_properties = fields.Properties(
        "Extra fields", definition="opportunity_type_id.properties_definition"
    )
    mail_template_id = fields.Many2one(
        related="opportunity_type_id.mail_template_id", string="E-mail of the type"
    )
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
    @api.depends_context("uid")
    def _compute_display_name(self):
        """Hide the name of a hidden opportunity also behind a many2one."""
        result = super()._compute_display_name()
        types = self.env["relationship.opportunity.type"]
        if self.env.su and (hidden := types._get_forbidden_ids("see")):
            leads = self.filtered(lambda lead: lead.opportunity_type_id.id in hidden)
            hide_names(leads, leads._origin.ids)
        return result

    @api.onchange("opportunity_type_id")
    def _onchange_opportunity_type_id(self):
        self._apply_type_to_form()

    def _is_untouched(self, name, initial, former):
        if name == "margin_percent" and self.contribution_margin and not self[name]:
            return False
        return super()._is_untouched(name, initial, former)

    def _get_missing_type_values(self):
        values = super()._get_missing_type_values()
        if self.contribution_margin:
            values.pop("margin_percent", None)
        return values

    @api.model
    def default_get(self, fields):
        """Leave out a default type that is archived, or not for this user or company.

        The user is also the one in whose name the mail gateway or a website creates.
        """
        values = super().default_get(fields)
        if type_id := values.get("opportunity_type_id"):
            types = self.env["relationship.opportunity.type"].sudo()
            # sudo: to look at the company of a type that the user may not see.
            default = types.browse(type_id).exists()
            companies = (self.env["res.company"], self.env.company)
            if (
                not default.active
                or default.company_id not in companies
                or type_id in default._get_forbidden_ids("use")
            ):
                del values["opportunity_type_id"]
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Apply the defaults of the type, whoever creates; explicit values win.

        An empty cell of an import counts as "not given". Leads are not numbered.
        """
        self._refuse_types(vals_list)
        self._ask_for_named(vals_list, "opportunity_type_id")
        vals_list = self._take_default_type(vals_list, "type")
        leads = super().create([self._prepare_type_values(v) for v in vals_list])
        leads._number_by_company()
        return leads

    def _take_number(self, record_type, vals):
        """Wait with the number where it depends on the company, which is computed."""
        # sudo: how a type numbers its records is no secret.
        if record_type.sudo().numbers_per_company:
            return False
        return super()._take_number(record_type, vals)

    def _number_by_company(self):
        """Give numbers to new opportunities whose company is known only now."""
        for lead in self:
            if lead.type == "opportunity" and not lead.number:
                # sudo: as above
                opportunity_type = lead.opportunity_type_id.sudo()
                if opportunity_type.numbers_per_company:
                    lead.number = opportunity_type._next_number(lead.company_id)

    def _prepare_type_values(self, vals):
        if vals.get("type") == "lead":
            return vals
        values = super()._prepare_type_values(vals)
        if vals.get("contribution_margin") and not vals.get("margin_percent"):
            values.pop("margin_percent", None)
        return values

    def write(self, vals):
        """Give an opportunity that gets a type what it lacks; its number stays."""
        self._refuse_types([vals])
        moved = self._get_moved(vals)
        if vals.get("type") == "opportunity":
            moved |= self.filtered(lambda lead: lead.type != "opportunity")
        result = super().write(vals)
        moved.filtered(
            lambda lead: lead.opportunity_type_id and lead.type == "opportunity"
        )._complete_by_type(vals)
        return result

    def action_write_email(self):
        """Open an e-mail to the customer with the text of the type."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-mail"),
            "res_model": "mail.compose.message",
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": self.mail_template_id.id,
            },
        }
