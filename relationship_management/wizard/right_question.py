from odoo import api, fields, models


class RelationshipRightQuestion(models.TransientModel):
    """Ask why a colleague does not see a record that oneself sees."""

    _name = "relationship.right.question"
    _description = "Why can't somebody see this?"
    _inherit = ["relationship.parent.guard.mixin"]

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char(string="This", compute="_compute_record_name")
    user_id = fields.Many2one(
        "res.users",
        string="Who",
        domain=[("share", "=", False)],
        context={"active_test": False},
    )
    answer = fields.Text(compute="_compute_answer")

    @api.model
    def default_get(self, fields):
        """Ask about the record on which somebody chose the question."""
        values = super().default_get(fields)
        context = self.env.context
        if "res_model" in fields and isinstance(context.get("active_model"), str):
            values.setdefault("res_model", context["active_model"])
        if "res_id" in fields and isinstance(context.get("active_id"), int):
            values.setdefault("res_id", context["active_id"])
        return values

    def _get_record(self):
        """Return the record, if whoever asks may see it themselves."""
        if self.res_model not in self.env or self.env[self.res_model]._abstract:
            return self.env["res.partner"]
        record = self.env[self.res_model].browse(self.res_id).exists()
        return record._filtered_access("read")

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_record_name(self):
        for question in self:
            question.record_name = question._get_record().display_name

    @api.depends("res_model", "res_id", "user_id")
    @api.depends_context("uid")
    def _compute_answer(self):
        explanation = self.env["relationship.right.explanation"]
        for question in self:
            record, user = question._get_record(), question.user_id
            sentences = explanation._explain(record, user) if record and user else []
            question.answer = "\n".join(sentences)
