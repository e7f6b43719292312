"""Mutants of every ``groups=``: of fields, nodes of views, menus and actions."""

import json

from lxml import etree

from odoo import fields
from odoo.tools import SQL

from tests.mutate.mutant import Mutant, find_ours
from tools.base import ADDONS

# Takes something away from everybody.
NOBODY = fields.NO_ACCESS
READ_BY_ALL = "res.partner"
LINKS = {
    "ir.ui.menu": ("ir_ui_menu_group_rel", "menu_id", "gid"),
    "ir.actions.act_window": ("ir_act_window_group_rel", "act_id", "gid"),
    "ir.actions.server": ("ir_act_server_group_rel", "act_id", "gid"),
    "ir.actions.report": ("res_groups_report_rel", "uid", "gid"),
}


def vary(env, groups, *models, also=None):
    """Return ``{words: groups}`` of what may be wrong with them; None: no groups.

    :param models: only who reads one of these sees the thing anyway
    :param also: groups that are asked as well
    """
    names = groups.split(",")
    varied = {"for everybody": None}
    if len(names) > 1:
        for name in names:
            rest = ",".join(other for other in names if other != name)
            varied[f"without {name}"] = rest
    varied = {
        words: other
        for words, other in varied.items()
        if not models or _tells_apart(env, models, also, groups, other)
    }
    return varied if groups == NOBODY else {"for nobody": NOBODY, **varied}


def _tells_apart(env, models, also, *variants):
    """Return whether groups let others see something than different groups do.

    Not where exactly these may read the model: then the access lines say it already.
    """
    definitions = env["res.groups"]._get_group_definitions()
    lines = env["ir.model.access"]
    for model in models:
        seen = lines._get_access_groups(model, "read")
        if also:
            seen &= definitions.parse(also)
        first, second = (
            seen & definitions.parse(groups) if groups else seen for groups in variants
        )
        if not first <= second <= first:
            return True
    return False


def _says_groups(env, model, name):
    """Return whether a definition of ours, and not only core's, gives the groups."""
    return any(
        field.name == name and "groups" in field._args__
        for base in type(env[model]).mro()
        for field in vars(base).get("_field_definitions", ())
        if set(field._modules) & set(ADDONS)
    )


def find_fields(env):
    for model in sorted(env.registry):
        if env[model]._abstract:
            continue
        for name, field in env[model]._fields.items():
            is_ours = {*field._modules[:1]} & {*ADDONS} or _says_groups(
                env, model, name
            )
            # A related field has the groups of the other one.
            is_own = field.groups and not (
                field.related and field.groups == field.related_field.groups
            )
            if not is_ours or not is_own:
                continue
            taken = [field, *_find_inherited(env, model, name)]
            for what, groups in vary(env, field.groups).items():
                yield Mutant(
                    "field",
                    f"{field._modules[0]}.{model}.{name}",
                    what,
                    model,
                    attributes=taken,
                    groups=groups,
                )


def _find_inherited(env, model, name):
    for other in env.registry:
        if model in env[other]._inherits:
            field = env[other]._fields.get(name)
            if field and field.inherited:
                yield field


def find_nodes(env):
    for data in find_ours(env, "ir.ui.view"):
        view = env["ir.ui.view"].browse(data.res_id)
        env.cr.execute("SELECT arch_db FROM ir_ui_view WHERE id=%s", [view.id])
        arches = env.cr.fetchone()[0]
        source = etree.fromstring(arches["en_US"].encode())
        wholes = sorted(_find_wholes(view))
        for number, node in enumerate(source.xpath("//*[@groups]")):
            label = node.get("name") or node.get("string") or ""
            shown = env[view.model]._fields.get(label) if node.tag == "field" else None
            varied = vary(
                env, node.get("groups"), view.model, also=shown and shown.groups
            )
            for what, groups in varied.items():
                changed = {
                    lang: _change(arch, number, groups) for lang, arch in arches.items()
                }
                statement = SQL(
                    "UPDATE ir_ui_view SET arch_db=%s WHERE id=%s",
                    *(json.dumps(changed), view.id),
                )
                yield Mutant(
                    "view",
                    data.complete_name,
                    f"<{node.tag} {label}> (line {node.sourceline}) {what}",
                    wholes,
                    [statement],
                )


def _change(arch, number, groups):
    source = etree.fromstring(arch.encode())
    node = source.xpath("//*[@groups]")[number]
    if groups is None:
        del node.attrib["groups"]
    else:
        # A group of nobody, unlike the mark of fields.
        node.set("groups", "!base.group_user" if groups == NOBODY else groups)
    return etree.tostring(source, encoding="unicode")


def _find_wholes(view):
    """Return the external ids of the views that people see this one in."""
    while view.inherit_id and view.mode != "primary":
        view = view.inherit_id
    views = heirs = view
    while heirs := heirs.inherit_children_ids:
        views |= heirs.filtered(lambda heir: heir.mode == "primary")
    return {xmlid for xmlid in views.get_external_id().values() if xmlid}


def find_menus(env):
    yield from _find_linked(env, "menu", "ir.ui.menu")


def find_actions(env):
    yield from _find_linked(env, "action", *(set(LINKS) - {"ir.ui.menu"}))


def _find_linked(env, kind, *models):
    for data in find_ours(env, *models):
        record = env[data.model].browse(data.res_id)
        table, column, group_column = map(SQL.identifier, LINKS[data.model])
        everybody = SQL("DELETE FROM %s WHERE %s=%s", table, column, record.id)
        if not record.group_ids:
            continue

        names = record.group_ids.get_external_id()
        groups = ",".join(names[group.id] for group in record.group_ids)
        for what, left in vary(env, groups, *_find_models(record)).items():
            kept = ["base.group_public"] if left == NOBODY else left and left.split(",")
            links = [
                SQL(
                    "INSERT INTO %s (%s, %s) VALUES (%s, %s)",
                    *(table, column, group_column, record.id, env.ref(name).id),
                )
                for name in kept or ()
            ]
            name = data.complete_name
            yield Mutant(kind, name, what, name, [everybody, *links])


def _find_models(record):
    """Return the models without which an action, or a menu, is of no use to anybody.

    Odoo hides an action from who may not read its records, and a menu without any.
    """
    if record._name != "ir.ui.menu":
        return [record.res_model] if "res_model" in record._fields else []
    if record.action:
        return _find_models(record.action) or [READ_BY_ALL]
    return [model for child in record.child_id for model in _find_models(child)]
