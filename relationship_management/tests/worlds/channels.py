"""What somebody gets through the ORM, made from the registry: the general channels."""

import json
import re

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .bridges import MARK

ADDONS = "relationship_"
# Core models that tell of ours, beside those to which our addons add fields.
TOLD_OF = (
    *("crm.lead", "res.partner", "utm.campaign", "crm.stage", "crm.activity.report"),
    *("mail.activity", "mail.message", "ir.attachment", "calendar.event"),
    *("mail.activity.plan", "mail.activity.plan.template", "ir.sequence"),
)
# Of these everything is read, also what core says.
WHOLE = ("mail.activity", "mail.message", "ir.attachment", "calendar.event")
# By docs/howto/types.md the evaluation says how many records it leaves out, and why.
LEFT_OUT = '"[^"]* not counted, since you may not see [^"]*"'
# What may differ: addresses of unsaved records in memory, a seed drawn each time.
DIFFERS = (
    r"(?<=NewId)_0x[0-9a-f]+",
    r'(?<="control_seed": )\d+',
    f"(, {LEFT_OUT})|({LEFT_OUT}, )|({LEFT_OUT})",
)
# By docs/howto/types.md a number once given never comes back, whoever got it; in one's
# day stands whom to call for a task, which one does also if its record is hidden.
DIFFER_BY_DECISION = {
    **dict.fromkeys(
        (
            f"relationship.{name}.type"
            for name in ("opportunity", "campaign", "activity")
        ),
        frozenset({"number_next", "company_sequence_id"}),
    ),
    "relationship.day.item": {"partner_id", "phone"},
}
# Of what was there before the test, only the newest is read.
MOST = 100
WORDS = ("char", "text", "html")
NUMBERS = ("integer", "float", "monetary")
DAYS = ("date", "datetime")


def is_ours(field):
    return any(module.startswith(ADDONS) for module in field._modules)


def get_models(env):
    """Return the names of our models that have records, and of those told of."""
    return sorted(
        name
        for name, model in env.registry.items()
        if not model._abstract
        and (name.startswith(ADDONS) or name in TOLD_OF or has_ours(model))
    )


def has_ours(model):
    """Tell whether an addon of ours has added something that is kept."""
    fields = model._fields.values()
    return any(is_ours(field) and field.store for field in fields)


def is_plain(model, field):
    """Tell whether a field is a column that says nothing of any other record.

    It finds and groups what a search finds in any case. Where core masks what it reads,
    each column is asked.
    """
    is_column = field.store and not (field.comodel_name or field.related)
    return is_column and model._name not in WHOLE


class Recorder:
    """Writes down all that one person gets, as ``{channel: text}``.

    :param hidden: ``{model: ids}`` of what the person may not see, as far as it is
        there in both worlds
    :param only: names of models; empty: all there are
    """

    def __init__(self, env, hidden, only=None):
        self.env, self.hidden = env, hidden
        self.models = [n for n in get_models(env) if not only or n in only]
        self.told, self.counts, self.broken = {}, {}, []

    def note(self, channel, about, ask):
        """Write down an answer, or the sentence of a refusal."""
        try:
            with (
                mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"),
                mute_logger("odoo.addons.base.models.ir_model", "odoo.sql_db"),
                self.env.cr.savepoint(flush=False),
            ):
                answer = ask()
        except (UserError, ValueError, NotImplementedError) as error:
            answer = f"{type(error).__name__}: {error}"
        except psycopg2.Error as error:
            answer = type(error).__name__
            self.broken.append(f"{channel} {about}: {error}")
        except (AttributeError, KeyError, TypeError) as error:
            answer = f"{type(error).__name__}: {error}"
            self.broken.append(f"{channel} {about}: {answer}")
        self.counts.setdefault(channel, set()).add(about.split(" ")[0])
        self.told[f"{channel} {about}"] = to_text(answer)

    def record(self):
        for name in self.models:
            model = self.env[name].with_context(active_test=False)
            if not model.has_access("read"):
                self.note("closed", name, lambda m=model: m.search([]).ids)
                continue
            self.record_model(model)
        return self.told

    def record_model(self, model):
        name = model._name
        fields = self.get_fields(model)
        records = model.search([])
        self.note("search", name, lambda: records.ids)
        self.note("count", name, lambda: model.search_count([]))
        newest = model.browse(sorted(records.ids)[-MOST:])
        self.record_reading(newest, fields)
        self.record_groups(model, fields)
        for words in ("", MARK, "changed"):
            self.note(
                "name_search",
                f"{name} {words}",
                lambda w=words: sorted(model.name_search(w, limit=None)),
            )
        self.note("default_get", name, lambda: model.default_get(list(fields)))
        self.note(
            "onchange", name, lambda: model.onchange({}, [], get_spec(model, fields))
        )
        for field in fields.values():
            self.record_guesses(model, field)
        self.record_refusals(model)

    def get_fields(self, model):
        """Return the fields that are ours, or all of a model that is, if readable."""
        whole = model._name.startswith(ADDONS) or model._name in WHOLE
        readable = model.fields_get(attributes=["type"])
        return {
            name: field
            for name, field in model._fields.items()
            if name in readable
            and name not in DIFFER_BY_DECISION.get(model._name, ())
            and field.type not in ("binary", "properties_definition")
            and (whole or is_ours(field) or name == "display_name")
        }

    def record_reading(self, records, fields):
        name = records._name

        def read(names):
            self.env.invalidate_all()
            return records.read(names)

        self.note("read", name, lambda: read(list(fields)))
        self.note("web_read", name, lambda: records.web_read(get_spec(records, fields)))
        paths = [
            f"{n}/id" if f.type in ("one2many", "many2many") else n
            for n, f in fields.items()
            if n not in ("id", "display_name") and f.exportable
        ]
        paths = [p.replace("/id", "/.id") for p in paths]
        if name != "ir.attachment":
            self.note("export", name, lambda: records.export_data(paths))

    def record_groups(self, model, fields):
        """Group by all that a pivot or a list groups by."""
        if model._transient:
            return
        sums = [
            f"{name}:{field.aggregator}"
            for name, field in fields.items()
            if field.aggregator and field.store and field.type in NUMBERS
        ]
        self.note(
            "group",
            model._name,
            lambda: model.formatted_read_group([], [], ["__count", *sums]),
        )
        for name, field in fields.items():
            if is_plain(model, field) or not field._description_groupable(self.env):
                continue
            by = f"{name}:month" if field.type in DAYS else name
            self.note(
                "group",
                f"{model._name} {by}",
                lambda by=by: model.formatted_read_group([], [by], ["__count"]),
            )

    def record_guesses(self, model, field):
        """Look for what only a hidden record says."""
        if field._description_searchable and not is_plain(model, field):
            for domain in self.get_guesses(field):
                self.note(
                    "guess",
                    f"{model._name} {domain[0]} {domain[1]}",
                    lambda d=domain: sorted(model.search([d]).ids),
                )

    def get_guesses(self, field):
        """Yield conditions that only something hidden fulfils.

        Core asks no rule of the ids that somebody names of an x2many: none are named.
        """
        name = field.name
        if field.comodel_name:
            yield (name, "ilike", MARK)
            rec = self.env[field.comodel_name]._rec_name
            if rec and self.env[field.comodel_name]._fields[rec].store:
                yield (f"{name}.{rec}", "ilike", MARK)
        elif field.type in WORDS:
            yield (name, "ilike", MARK)
        elif field.type in NUMBERS and not field.store:
            yield (name, ">", 0)
        elif field.type in NUMBERS:
            yield (name, "=", 777)
        elif field.type in DAYS:
            yield (name, ">", "2026-01-01")
        elif field.type == "boolean":
            yield (name, "=", True)
        elif field.type == "selection":
            yield (name, "!=", False)

    def record_refusals(self, model):
        """Ask for what is hidden by its id."""
        ids = self.hidden.get(model._name, ())[:2]
        records = model.browse(ids)
        for ask in ("read", "write", "unlink", "copy"):
            if records:
                self.note(
                    "refused", f"{model._name} {ask}", lambda a=ask: try_(records, a)
                )
        if records:
            self.note(
                "guess",
                f"{model._name} id",
                lambda: model.search([("id", "in", self.hidden[model._name])]).ids,
            )


class Undo(Exception):  # noqa: N818
    """What was tried is taken back."""


def undone(env, do):
    """Do something, take it back, and return the answer."""
    answer = None
    env.invalidate_all()
    try:
        with mute_logger("odoo.sql_db"), env.cr.savepoint():
            answer = do()
            raise Undo  # noqa: TRY301
    except Undo:
        return answer


def try_(records, ask):
    def do():
        if ask == "read":
            return records.read(["display_name"])
        if ask == "write":
            return records.write({"display_name": "x"})
        return bool(records.copy() if ask == "copy" else records.unlink())

    return undone(records.env, do)


def get_spec(model, fields):
    """Return what a form asks for, with the names behind all relations."""
    named = {"fields": {"display_name": {}}}
    return {
        name: named if field.type in ("many2one", "one2many", "many2many") else {}
        for name, field in fields.items()
        if name != "id"
    }


def to_text(answer):
    """Return an answer as text, without what may differ."""
    text = json.dumps(answer, default=str, sort_keys=True, ensure_ascii=False)
    for pattern in DIFFERS:
        text = re.sub(pattern, "", text)
    return text
