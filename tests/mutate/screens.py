"""Mutants of every ``groups=``: of fields, nodes of views, menus and actions."""

import json

from lxml import etree

from odoo import fields
from odoo.tools import SQL

from tests.mutate.mutant import Mutant, find_ours
from tools.base import ADDONS

# Takes something away from everybody.
NOBODY = fields.NO_ACCESS
LINKS = {
    "ir.ui.menu": ("ir_ui_menu_group_rel", "menu_id", "gid"),
    "ir.actions.act_window": ("ir_act_window_group_rel", "act_id", "gid"),
    "ir.actions.server": ("ir_act_server_group_rel", "act_id", "gid"),
    "ir.actions.report": ("res_groups_report_rel", "uid", "gid"),
}


def vary(groups):
    """Return ``{words: groups}`` of what may be wrong with them; None: no groups."""
    names = groups.split(",")
    varied = {"for everybody": None}
    if groups != NOBODY:
        varied["for nobody"] = NOBODY
    if len(names) > 1:
        for name in names:
            rest = ",".join(other for other in names if other != name)
            varied[f"without {name}"] = rest
    return varied


def find_fields(env):
    for model in sorted(env.registry):
        if env[model]._abstract:
            continue
        for name, field in env[model]._fields.items():
            is_ours = set(field._modules) & set(ADDONS)
            # A related field has the groups of the other one.
            is_own = field.groups and not (
                field.related and field.groups == field.related_field.groups
            )
            if not is_ours or not is_own:
                continue
            taken = [field, *_find_inherited(env, model, name)]
            for what, groups in vary(field.groups).items():
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
            for what, groups in vary(node.get("groups")).items():
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

        def mutant(what, *statements, name=data.complete_name):
            return Mutant(kind, name, what, name, list(statements))

        yield mutant("for everybody", everybody)
        nobody = env.ref("base.group_public")
        yield mutant(
            "for nobody",
            everybody,
            SQL(
                "INSERT INTO %s (%s, %s) VALUES (%s, %s)",
                *(table, column, group_column, record.id, nobody.id),
            ),
        )
        for group in record.group_ids if len(record.group_ids) > 1 else ():
            statement = SQL("%s AND %s=%s", everybody, group_column, group.id)
            yield mutant(f"without {group.full_name}", statement)
