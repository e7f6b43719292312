"""The records that a stored rule names by their ids, in conditions of any depth."""

from collections import defaultdict

NESTED = ("any", "not any", "any!", "not any!")
# With these a text is the whole name of a record, too.
EXACT = ("=", "!=", "in", "not in")


def map_ids(model, rule, change):
    """Return a rule, a list as it is stored, with the ids in it replaced.

    :param model: recordset of the model that the rule searches
    :param change: is given the recordset of a model and an id, or the name in its
        place, and returns another one
    """
    return [
        _map_condition(model, tuple(term), change)
        if isinstance(term, (list, tuple)) and len(term) == 3
        else term
        for term in rule
    ]


def _map_condition(model, condition, change):
    path, operator, value = condition
    named = get_named(model, path)
    if named is None:
        return condition
    if operator in NESTED:
        is_rule = isinstance(value, (list, tuple))
        return (path, operator, map_ids(named, value, change) if is_rule else value)
    kinds = (int, str) if operator in EXACT else (int,)
    if isinstance(value, (list, tuple)):
        changed = dict.fromkeys(_change(named, v, change, kinds) for v in value)
        return (path, operator, list(changed))
    return (path, operator, _change(named, value, change, kinds))


def _change(named, value, change, kinds):
    is_named = isinstance(value, kinds) and not isinstance(value, bool)
    return change(named, value) if is_named and value else value


def get_named(model, path):
    """Return the model whose ids a condition on ``path`` has; None for other values."""
    if not isinstance(path, str):
        return None
    *names, last = path.split(".")
    for name in names:
        field = model._fields.get(name)
        if field is None or not field.comodel_name:
            return None
        model = model.env[field.comodel_name]
    field = model._fields.get(last)
    if last == "id" or field is None:
        return model if last == "id" else None
    return model.env[field.comodel_name] if field.comodel_name else None


def find_ids(model, rule):
    """Return the records that a rule names, as ``{model name: records}``.

    A name that nobody has stands there as a record that does not exist.
    """
    found = defaultdict(set)

    def note(named, value):
        ids = [value]
        if isinstance(value, str):
            everything = named.with_context(active_test=False)
            ids = everything.search([("display_name", "=", value)]).ids or [-1]
        found[named._name].update(ids)
        return value

    map_ids(model, rule, note)
    return {name: model.env[name].browse(ids) for name, ids in found.items()}
