"""Mutants of record rules and access lines, found in the database."""

import ast

from odoo.orm.domains import CONDITION_OPERATORS
from odoo.tools import SQL

from tests.mutate.mutant import Mutant, find_ours

OPERATIONS = ("read", "write", "create", "unlink")
MANAGER = "relationship_management.relationship_management_group_manager"
TRUE, FALSE = "(1, '=', 1)", "(0, '=', 1)"
# What may stand in a rule by mistake instead of what is meant.
CONFUSED = (
    ("company_ids", "user.company_ids.ids"),
    (" + [False]", ""),
    ("'parent_of'", "'in'"),
    ("'see'", "'use'"),
    ("'use'", "'see'"),
    ("'analyse'", "'see'"),
)


def find_rules(env):
    for data in find_ours(env, "ir.rule"):
        rule = env["ir.rule"].browse(data.res_id)
        name, model = data.complete_name, rule.model_id.model

        def mutant(what, *statements, name=name, model=model):
            return Mutant("rule", name, what, model, list(statements))

        def changed(column, value, rule=rule):
            column = SQL.identifier(column)
            return SQL("UPDATE ir_rule SET %s=%s WHERE id=%s", column, value, rule.id)

        yield mutant("off", changed("active", value=False))
        for domain in _vary(rule.domain_force):
            yield mutant(f"domain {domain}", changed("domain_force", domain))
        for operation in OPERATIONS:
            column = f"perm_{operation}"
            value = not rule[column]
            # Nobody changes what they may not read (a table that says so is refused):
            # what restricts reading restricts nothing more if it held for changes.
            if value and rule["global"] and rule.perm_read:
                continue
            # Nor does a rule say anything about what no access line allows.
            if env["ir.model.access"]._get_access_groups(model, operation).is_empty():
                continue
            # One that holds for nothing is off.
            if value or sum(rule[f"perm_{name}"] for name in OPERATIONS) > 1:
                words = f"{column} {'on' if value else 'off'}"
                yield mutant(words, changed(column, value))
        yield from _swap_groups(rule, mutant, changed)


def _swap_groups(rule, mutant, changed):
    manager = rule.env.ref(MANAGER)
    if rule.groups:
        gone = SQL("DELETE FROM rule_group_rel WHERE rule_group_id=%s", rule.id)
        yield mutant("for everybody", gone, changed("global", value=True))
    # Where managers alone have access, it holds for nobody else anyway.
    elif _get_groups(rule.env, rule.model_id.model) != {manager}:
        linked = SQL(
            "INSERT INTO rule_group_rel (rule_group_id, group_id) VALUES (%s, %s)",
            *(rule.id, manager.id),
        )
        yield mutant("for managers only", linked, changed("global", value=False))


def _get_groups(env, model):
    """Return the groups of the access lines of a model; None for everybody."""
    lines = env["ir.model.access"].search([("model_id.model", "=", model)])
    return {line.group_id or None for line in lines}


def _vary(source):
    """Return what a domain becomes when one thing in it is different."""
    plain = ast.unparse(ast.parse(source.strip(), mode="eval"))
    found = {f"[{TRUE}]"} | {plain.replace(*pair) for pair in CONFUSED}
    for node in ast.walk(ast.parse(plain, mode="eval")):
        if _is_leaf(node):
            found |= {_replaced(plain, node, other) for other in (TRUE, FALSE)}
        elif isinstance(node, (ast.List, ast.Tuple)) and not _is_domain(node):
            for left_out in node.elts if len(node.elts) > 1 else ():
                rest = [ast.unparse(each) for each in node.elts if each is not left_out]
                found.add(_replaced(plain, node, f"[{', '.join(rest)}]"))
    return sorted(found - {plain})


def _is_leaf(node):
    """Return whether an expression is a condition: field, operator, value."""
    middle = node.elts[1] if isinstance(node, ast.Tuple) and len(node.elts) == 3 else 0
    return isinstance(middle, ast.Constant) and middle.value in CONDITION_OPERATORS


def _is_domain(node):
    return any(map(_is_leaf, node.elts))


def _replaced(source, node, other):
    return source[: node.col_offset] + other + source[node.end_col_offset :]


def find_access_lines(env):
    for data in find_ours(env, "ir.model.access"):
        line = env["ir.model.access"].browse(data.res_id)
        name, model = data.complete_name, line.model_id.model
        for operation in OPERATIONS:
            column = f"perm_{operation}"
            if _has_otherwise(line, column):
                continue
            value = not line[column]
            statement = SQL(
                "UPDATE ir_model_access SET %s=%s WHERE id=%s",
                *(SQL.identifier(column), value, line.id),
            )
            words = f"{column} {'on' if value else 'off'}"
            yield Mutant("access", name, words, model, [statement])
        everybody = SQL("UPDATE ir_model_access SET group_id=NULL WHERE id=%s", line.id)
        yield Mutant("access", name, "for everybody", model, [everybody])


def _has_otherwise(line, column):
    """Return whether the group of a line has the right by another line as well.

    Then this bit says nothing, on or off: nobody's rights change with it.
    """
    lines = line.search([("model_id", "=", line.model_id.id), ("id", "!=", line.id)])
    groups = line.group_id.all_implied_ids
    return any(
        other[column] and (not other.group_id or other.group_id in groups)
        for other in lines
    )
