"""Rules as people read them: a domain in words, in the language of the user."""

from odoo.fields import Domain

from ..shared.kinds import cut
from ..shared.may_be_told import get_hidden_words
from .rule_ids import get_named

TOLD = 20  # of 2,000 alternatives nobody reads more


def describe_domain(model, domain):
    """Return a domain as a sentence: ``City contains “Poznań” and Role is Customer``.

    :param model: recordset of the model that the domain searches
    """
    domain = Domain(domain)
    if domain.is_true():
        return model.env._("everybody")
    if domain.is_false():
        return model.env._("nobody")
    return _describe(model, domain)


def _describe(model, domain):
    """Describe a domain that holds for some: of many terms the first ones."""
    env = model.env
    if hasattr(domain, "child"):
        return env._("not (%(term)s)", term=_describe(model, domain.child))
    if not hasattr(domain, "children"):
        return _describe_condition(model, *next(iter(domain)))
    terms = [_describe(model, child) for child in domain.children[:TOLD]]
    if (left := len(domain.children) - TOLD) > 0:
        terms.append(env._("further conditions: %(count)s", count=left))
    if domain.OPERATOR == "&":
        return env._(" and ").join(terms)
    # Not within an f-string: Python 3.11 would not find it for translation.
    told = env._(" or ").join(terms)
    return f"({told})"


def _describe_condition(model, path, operator, value):
    if not isinstance(path, str):
        return model.env._("everybody") if path == value else model.env._("nobody")
    labels, field, owner = _get_labels(model, path)
    if operator in ("any", "not any"):
        inner = describe_domain(model.env[field.comodel_name], value)
        return f"{labels} {_get_operator(model, operator)} ({inner})"
    if value in (False, None) or value == []:
        filled = operator in ("!=", "not in")
        if field and field.type == "boolean":
            return labels if filled else model.env._("not %(field)s", field=labels)
        return (
            model.env._("%(field)s is filled", field=labels)
            if filled
            else model.env._("%(field)s is empty", field=labels)
        )
    words = _get_value(owner, field, get_named(model, path), value)
    told = {"field": labels, "values": words}
    if operator in ("=", "in"):
        return model.env._("%(field)s: %(values)s", **told)
    if operator in ("!=", "not in"):
        return model.env._("%(field)s: not %(values)s", **told)
    return f"{labels} {_get_operator(model, operator)} {words}"


def _get_labels(model, path):
    """Return the labels along a path, its last field and the model of that one."""
    labels, field = [], None
    for name in path.split("."):
        if field is not None and field.comodel_name:
            model = model.env[field.comodel_name]
        field = model._fields.get(name)
        if field is None:
            labels.append(name)
            break
        # "ID" means the record itself; what it is called, a marketer knows.
        label = (
            _get_noun(model) if name == "id" else field._description_string(model.env)
        )
        labels.append(label or name)
    return " › ".join(labels), field, model


def _get_noun(model):
    if model._name == "res.partner":
        return model.env._("Partner")
    return model.env["relationship.source"]._get_label(model._name)


def _get_operator(model, operator):
    env = model.env
    return {
        "ilike": env._("contains"),
        "like": env._("contains"),
        "not ilike": env._("does not contain"),
        "not like": env._("does not contain"),
        "=ilike": env._("is like"),
        "=like": env._("is like"),
        "child_of": env._("belongs to"),
        "parent_of": env._("is above"),
        "any": env._("with"),
        "not any": env._("without"),
    }.get(operator, operator)


def _get_value(model, field, named, value):
    values = list(value[: TOLD + 1] if isinstance(value, (list, tuple)) else [value])
    if named is not None:
        ids = [v for v in values if isinstance(v, int) and not isinstance(v, bool)]
        names = _get_names(named.browse(ids))
        values = [v if isinstance(v, bool) else names.get(v, v) for v in values]
    elif field is not None and field.type == "selection":
        labels = dict(field._description_selection(model.env))
        values = [labels.get(v, v) for v in values]
    elif field is not None and field.type == "boolean":
        return model.env._(" or ").join(
            model.env._("yes") if v else model.env._("no") for v in values
        )
    told = [
        model.env._("“%(value)s”", value=cut(v)) if isinstance(v, str) else cut(v)
        for v in values[:TOLD]
    ]
    if len(values) > TOLD:
        return ", ".join([*told, "…"])
    # As between two conditions.
    return model.env._(" or ").join(told)


def _get_names(records):
    """Return a name for each id: never the bare number, which tells nobody anything."""
    names = dict.fromkeys(records.ids, records.env._("a record that was deleted"))
    for record in records.exists():
        names[record.id] = get_hidden_words(record)
    for record in records.exists()._filtered_access("read"):
        names[record.id] = record.display_name or "…"
    return names
