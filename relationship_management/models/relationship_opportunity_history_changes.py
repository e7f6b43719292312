from odoo import models
from odoo.tools import format_date, formatLang

SHOWN_FIELDS = (
    "opportunity_type_id",
    "number",
    "stage_id",
    "probability",
    "expected_revenue",
    "recurring_revenue_monthly",
    "contribution_margin",
    "binding",
    "apply_probability",
    "date_deadline",
    "user_id",
    "team_id",
    "company_id",
    "partner_id",
    "campaign_id",
    "lost_reason_id",
    "lead_type",
)
SILENT_AT_START = ("lead_type", "company_id")
ENDING_EVENTS = ("delete", "merge")


class RelationshipOpportunityHistory(models.Model):
    """Tell the changes of a history row in words."""

    _inherit = "relationship.opportunity.history"

    def _get_changes(self):
        """Return what each row changed against the row before it.

        :return: ``{row: [{"label", "old", "new", "text"}, …]}``; the first row of an
            opportunity tells its values, a deletion where it went
        """
        previous = self._get_previous()
        names = self._get_record_names()
        return {
            row: row._get_row_changes(previous.get(row, self.browse()), names)
            for row in self
        }

    def _get_row_changes(self, before, names):
        self.ensure_one()
        if self.event in ENDING_EVENTS:
            return self._get_ending(names)
        changes = []
        for name in SHOWN_FIELDS:
            field = self._fields[name]
            old = before and before._get_raw(name)
            new = self._get_raw(name)
            if (old or False) == (new or False) or (
                not before and name in SILENT_AT_START
            ):
                continue
            label = field._description_string(self.env)
            has_zero = field.type in ("boolean", "float", "monetary")
            old_text = (
                before._format_value(name, names)
                if old or (before and has_zero)
                else ""
            )
            new_text = self._format_value(name, names)
            changes.append(self._describe(label, old_text, new_text))
        changes += self._get_reference_changes(before, names)
        if before and self.forecast_revenue != before.forecast_revenue:
            changes.append(self._get_forecast_change(before))
        if before and not changes:
            changes += self._get_estimate_change(before, names)
        return changes

    def _get_estimate_change(self, before, names):
        """Tell of the automatic estimate, which is noise beside any other change."""
        name = "automated_probability"
        old, new = before._format_value(name, names), self._format_value(name, names)
        label = self._fields[name]._description_string(self.env)
        return [self._describe(label, old, new)] if old != new else []

    def _describe(self, label, old, new):
        if old and new:
            text = self.env._(
                "%(field)s %(old)s → %(new)s", field=label, old=old, new=new
            )
        elif new:
            text = self.env._("%(field)s: %(new)s", field=label, new=new)
        else:
            text = self.env._("%(field)s removed (was %(old)s)", field=label, old=old)
        return {"label": label, "old": old, "new": new, "text": text}

    def _get_ending(self, names):
        """Tell where a merged opportunity went, or the last values of a deleted one."""
        shown = ("stage_id", "probability", "expected_revenue")
        if self.event == "merge":
            shown = ("merged_into_id",)
        return [
            self._describe(
                self._fields[name]._description_string(self.env),
                "",
                self._format_value(name, names),
            )
            for name in shown
            if self._get_raw(name)
        ]

    def _get_forecast_change(self, before):
        delta = self.forecast_revenue - before.forecast_revenue
        sign = "+" if delta > 0 else "−"
        label = self._fields["forecast_revenue"]._description_string(self.env)
        new = sign + self._format_amount(abs(delta))
        return {
            "label": label,
            "old": self._format_amount(before.forecast_revenue),
            "new": self._format_amount(self.forecast_revenue),
            "text": self.env._("%(field)s %(new)s", field=label, new=new),
        }

    def _get_reference_changes(self, before, names):
        """Compare the partner references line by line."""
        old = {line["id"]: line for line in before.reference_lines or []}
        new = {line["id"]: line for line in self.reference_lines or []}
        changes = []
        for line_id in [*old, *(i for i in new if i not in old)]:
            was, now = old.get(line_id), new.get(line_id)
            if was == now:
                continue
            role = (now or was)["type_id"]
            changes.append(
                self._describe(
                    self._format_record("relationship.reference.type", role, names),
                    self._format_reference(was, names) if was else "",
                    self._format_reference(now, names) if now else "",
                )
            )
        return changes

    def _format_reference(self, line, names):
        """Return partner and, in brackets, share, influence and attitude."""
        text = self._format_record("res.partner", line["partner_id"], names)
        details = []
        if line.get("share"):
            details.append(f"{formatLang(self.env, line['share'], digits=0)} %")
        for name in ("influence", "attitude"):
            field = self.env["relationship.reference"]._fields[name]
            if value := line.get(name):
                details.append(dict(field._description_selection(self.env))[value])
        return f"{text} ({', '.join(details)})" if details else text

    def _get_raw(self, name):
        """Return a comparable value: the id of a record, otherwise the value."""
        self.ensure_one()
        value = self[name]
        if self._fields[name].type == "many2one":
            return value.id
        if name == "probability":
            return round(value, 2)
        return value

    def _format_value(self, name, names):
        """Return the value of a field as text in the user's language."""
        self.ensure_one()
        field, value = self._fields[name], self[name]
        if field.type == "many2one":
            return self._format_record(field.comodel_name, value.id, names)
        if field.type == "monetary":
            return self._format_amount(value)
        if field.type == "float":
            digits = 0 if float(value).is_integer() else 2
            return f"{formatLang(self.env, value, digits=digits)} %"
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        return value or ""

    def _format_amount(self, amount):
        # sudo: currencies are readable, archived or not.
        currency = self.currency_id.sudo()
        return currency.format(amount) if currency else formatLang(self.env, amount)

    def _format_record(self, model, record_id, names):
        if not record_id:
            return ""
        for valid_until, former in names.get((model, record_id), ()):
            if valid_until is None or valid_until > self.changed_at:
                return former
        return self.env._("deleted (no. %(id)s)", id=record_id)

    def _get_record_names(self):
        """Return the names of all records that the rows and those before mention.

        :return: ``{(model, id): [(valid_until, name), …]}``, the present name last
            with ``None``
        """
        mentioned = {}
        rows = self.sudo().union(*self._get_previous().values())
        for name in (*SHOWN_FIELDS, "merged_into_id", "changed_by_id"):
            field = self._fields[name]
            if field.type == "many2one":
                ids = {row[name].id for row in rows} - {False}
                mentioned.setdefault(field.comodel_name, set()).update(ids)
        names = {}
        for line in (line for row in rows for line in row.reference_lines or []):
            mentioned.setdefault("res.partner", set()).add(line["partner_id"])
            mentioned.setdefault("relationship.reference.type", set()).add(
                line["type_id"]
            )
        for model, ids in mentioned.items():
            former = self.env["relationship.former.name"]._get_names(model, ids)
            # sudo: who may read a history row may read the names in it; archived and
            # foreign records included.
            present = self.env[model].sudo().browse(ids).exists()
            for record_id, pairs in former.items():
                names[model, record_id] = pairs
            for record in present:
                names.setdefault((model, record.id), []).append(
                    (None, record.display_name)
                )
        return names
