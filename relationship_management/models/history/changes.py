from typing import NamedTuple

from odoo import models
from odoo.tools import SQL, float_is_zero, format_date, format_datetime, formatLang

from ..shared.finite import finite
from ..shared.may_be_told import find_hidden, get_hidden_words
from .columns import PERCENT

SILENT_AT_START = ("lead_type", "company_id", "currency_id")
ENDING_EVENTS = ("delete", "merge")
# What a line tells of that the reader may not see.
LINE_MODELS = (
    ("partner_id", "res.partner"),
    ("type_id", "relationship.reference.type"),
)


class Facts(NamedTuple):
    """What the rows do not tell by themselves.

    ``ids``: ``{row id: {many2one field: id}}``, also of what is gone. ``names``:
    ``{(model, id): [(valid until, name), …]}``, the present name last, with ``None``.
    ``hidden``: ``{(model, id)}`` of what the reader may not see.
    """

    ids: dict
    names: dict
    hidden: set


class RelationshipOpportunityHistory(models.Model):
    """Tell the changes of a history row in words."""

    _inherit = "relationship.opportunity.history"

    def _get_changes(self):
        """Return what each row changed against the row before it.

        :return: ``{row: [{"label", "old", "new", "text"}, …]}``; the first row of an
            opportunity tells its values, a deletion where it went
        """
        previous = self._get_previous()
        facts = self._get_facts()
        return {
            row: row._get_row_changes(previous.get(row, self.browse()), facts)
            for row in self
        }

    def _get_row_changes(self, before, facts):
        self.ensure_one()
        if self.event in ENDING_EVENTS:
            return self._get_ending(facts)
        changes = []
        for name in self._get_shown():
            field = self._fields[name]
            old = before and before._get_raw(name, facts)
            new = self._get_raw(name, facts)
            if (old or False) == (new or False) or (
                not before and name in SILENT_AT_START
            ):
                continue
            label = field._description_string(self.env)
            has_zero = field.type in ("boolean", "integer", "float", "monetary")
            old_text = (
                before._format_value(name, facts)
                if old or (before and has_zero)
                else ""
            )
            new_text = self._format_value(name, facts)
            changes.append(self._describe(label, old_text, new_text))
        changes += self._get_reference_changes(before, facts)
        delta = self.forecast_revenue - before.forecast_revenue
        if before and not float_is_zero(delta, precision_digits=2):
            changes.append(self._get_forecast_change(before))
        if before and not changes:
            changes += self._get_estimate_change(before, facts)
        return changes

    def _get_estimate_change(self, before, facts):
        """Tell of the automatic estimate, which is noise beside any other change."""
        name = "automated_probability"
        old, new = before._format_value(name, facts), self._format_value(name, facts)
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

    def _get_ending(self, facts):
        """Tell where a merged opportunity went, or the last values of a deleted one."""
        shown = ("stage_id", "probability", "expected_revenue")
        if self.event == "merge":
            shown = ("merged_into_id",)
        return [
            self._describe(
                self._fields[name]._description_string(self.env),
                "",
                self._format_value(name, facts),
            )
            for name in shown
            if self._get_raw(name, facts)
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

    def _get_reference_changes(self, before, facts):
        """Compare the partner references line by line, those that the reader sees."""
        old = before._get_told_lines(facts)
        new = self._get_told_lines(facts)
        changes = []
        for line_id in [*old, *(i for i in new if i not in old)]:
            was, now = old.get(line_id), new.get(line_id)
            if was == now:
                continue
            role = (now or was)["type_id"]
            changes.append(
                self._describe(
                    self._format_record("relationship.reference.type", role, facts),
                    self._format_reference(was, facts) if was else "",
                    self._format_reference(now, facts) if now else "",
                )
            )
        return changes

    def _get_told_lines(self, facts):
        """Return the lines by id, less those whose type or partner is hidden.

        Words in place of one name would leave what is told beside it: who it is, or
        what is thought of somebody.
        """
        return {
            line["id"]: line
            for line in self._get_lines()
            if not any(
                (model, line[name]) in facts.hidden for name, model in LINE_MODELS
            )
        }

    def _format_reference(self, line, facts):
        """Return partner and, in brackets, share, influence, attitude and dates."""
        text = self._format_record("res.partner", line["partner_id"], facts)
        details = []
        if line.get("share"):
            details.append(f"{formatLang(self.env, finite(line['share']), digits=0)} %")
        for name in ("influence", "attitude"):
            field = self.env["relationship.reference"]._fields[name]
            if value := line.get(name):
                words = dict(field._description_selection(self.env))
                details.append(words.get(value, value))
        if line.get("date_from"):
            day = format_date(self.env, line["date_from"])
            details.append(self.env._("from %(day)s", day=day))
        if line.get("date_to"):
            day = format_date(self.env, line["date_to"])
            details.append(self.env._("until %(day)s", day=day))
        return f"{text} ({', '.join(details)})" if details else text

    def _get_raw(self, name, facts):
        """Return a comparable value: the id of a record, otherwise the value."""
        self.ensure_one()
        if self._fields[name].type == "many2one":
            return facts.ids[self.id][name]
        value = self[name]
        return round(value, 2) if self._is_percent(name) else value

    def _is_percent(self, name):
        return any(c.name == name and c.kind is PERCENT for c in self._get_columns())

    def _get_shown(self):
        """Return the fields whose change is told as old and new value."""
        return [
            column.name
            for column in self._get_columns()
            if column.shown and column.is_event() and column.name in self._fields
        ]

    def _format_value(self, name, facts):
        """Return the value of a field as text in the user's language."""
        self.ensure_one()
        field, value = self._fields[name], self[name]
        if field.type == "many2one":
            record_id = facts.ids[self.id][name]
            return self._format_record(field.comodel_name, record_id, facts)
        if field.type == "monetary":
            return self._format_amount(value)
        if field.type == "float":
            digits = 0 if float(value).is_integer() else 2
            text = formatLang(self.env, value, digits=digits)
            return f"{text} %" if self._is_percent(name) else text
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "datetime":
            return format_datetime(self.env, value)
        if field.type == "integer":
            return str(value)
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        return value or ""

    def _format_amount(self, amount):
        # sudo: currencies are readable, archived or not.
        currency = self.currency_id.sudo()
        amount = finite(amount)
        return currency.format(amount) if currency else formatLang(self.env, amount)

    def _format_record(self, model, record_id, facts):
        if not record_id:
            return ""
        for valid_until, former in facts.names.get((model, record_id), ()):
            if valid_until is None or valid_until > self.changed_at:
                return former
        return self.env._("deleted (no. %(id)s)", id=record_id)

    def _get_facts(self):
        """Return the :class:`Facts` on the rows and those before them."""
        # sudo: who may see a row may see what changed in it.
        rows = self.sudo().union(*self._get_previous().values())
        fields = [f for f in self._fields.values() if f.type == "many2one" and f.store]
        columns = SQL(", ").join(SQL.identifier(field.name) for field in fields)
        found = self.env.execute_query_dict(
            SQL(
                "SELECT id, %s FROM relationship_opportunity_history"
                " WHERE id = ANY(%s)",
                columns,
                list(rows.ids),
            )
        )
        mentioned = {}
        for field in fields:
            ids = {row[field.name] for row in found} - {None}
            mentioned.setdefault(field.comodel_name, set()).update(ids)
        for line in (line for row in rows for line in row._get_lines()):
            for name, model in LINE_MODELS:
                if line[name]:
                    mentioned.setdefault(model, set()).add(line[name])
        return Facts({row["id"]: row for row in found}, *self._get_names(mentioned))

    def _get_names(self, mentioned):
        """Return the names of records, the former ones and the present one.

        :param mentioned: ``{model: set of ids}``
        :return: names and those that are hidden, as :class:`Facts` has them
        """
        names, unseen = {}, set()
        for model, ids in mentioned.items():
            # sudo: archived and foreign records are named, too, hidden ones by words.
            # Only names: another column may hold what PostgreSQL alone can read.
            everything = self.env[model].sudo().with_context(prefetch_fields=False)
            records = everything.browse(ids).exists()
            hidden = find_hidden(records)
            unseen.update((model, record_id) for record_id in hidden)
            former = self.env["relationship.former.name"]._get_names(model, ids)
            for record_id, pairs in former.items():
                if record_id not in hidden:
                    names[model, record_id] = pairs
            for record in records:
                is_told = record.id not in hidden
                name = record.display_name if is_told else get_hidden_words(record)
                names.setdefault((model, record.id), []).append((None, name))
        merged = self.env["relationship.merged.partner"]._get_destinations(
            mentioned.get("res.partner", ())
        )
        hidden = find_hidden(self.env["res.partner"].union(*merged.values()))
        for record_id, partner in merged.items():
            is_told = partner.id not in hidden
            if not is_told:
                unseen.add(("res.partner", record_id))
            name = partner.display_name if is_told else get_hidden_words(partner)
            names.setdefault(("res.partner", record_id), []).append((None, name))
        return names, unseen
