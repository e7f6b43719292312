from odoo import fields, models


class MailActivityPlanTemplate(models.Model):
    """A planned activity may be for the responsible of the record."""

    _inherit = "mail.activity.plan.template"

    responsible_type = fields.Selection(
        selection_add=[("record", "Responsible of the record")],
        ondelete={"record": "set default"},
    )

    def _determine_responsible(self, on_demand_responsible, applied_on_record):
        """Take the responsible of the record, or whoever takes the plan."""
        if self.responsible_type != "record":
            return super()._determine_responsible(
                on_demand_responsible, applied_on_record
            )
        responsible = self.env["res.users"]
        if "user_id" in applied_on_record._fields:
            responsible = applied_on_record.user_id
        return {
            "responsible": responsible or on_demand_responsible or self.env.user,
            "error": False,
            "warning": False,
        }
