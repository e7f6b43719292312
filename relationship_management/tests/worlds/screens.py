"""What somebody gets on screens of their own: buttons, figures, dialogs, reports."""

from lxml import etree

from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS

from odoo.addons.mail.tools.discuss import Store

from .channels import get_spec, undone

# Figures, maps and lists that a widget asks for, of a visible record.
ASKED = {
    "res.partner": {
        "get_relations": {"with_contacts": True},
        "get_relationship_map": {"depth": 3},
        "get_competitors": {},
        "get_consents": {},
        "get_figures": {},
    },
    "relationship.campaign": {"get_figures": {"with_parts": True}},
    "crm.lead": {"get_figures": {}},
}
# Dialogs of core in which ours has a part, beside all of ours.
DIALOGS = (
    *("crm.lead.lost", "crm.merge.opportunity", "mail.activity.schedule"),
    "base.partner.merge.automatic.wizard",
)

# Fields of dialogs that name what opening the dialog has made, in each world.
MADE = ("display_name", "freeze_id")


def record_screens(recorder, world):
    """Write down what is shown of records that everybody in the test may meet."""
    env = recorder.env
    for name in recorder.models:
        model = env[name].with_context(active_test=False)
        if not model._transient and model.has_access("read"):
            record_buttons(recorder, world.get_looked_at(model), world.shared)
    for name, methods in ASKED.items():
        if not env[name].has_access("read"):
            continue
        looked_at = world.get_looked_at(env[name])
        for record in looked_at:
            for method, options in methods.items():
                if hasattr(record, method):
                    recorder.note(
                        "asked",
                        f"{name} {record.id} {method}",
                        lambda r=record, m=method, o=options: getattr(r, m)(**o),
                    )
        for record in looked_at[:2]:
            record_figures(recorder, record)
    record_day(recorder, world)
    record_talk(recorder, world)
    record_dialogs(recorder, world)
    record_reports(recorder, world)


def record_figures(recorder, record):
    """Open each figure: what it counts, for whoever looks."""
    if not hasattr(record, "_describe_figures"):
        return
    about = f"{record._name} {record.id}"

    def describe():
        figures, notes = record._describe_figures()
        return [{k: str(v) for k, v in f.items()} for f in figures], notes

    recorder.note("figures", about, describe)
    try:
        keys = [figure["key"] for figure in record._describe_figures()[0]]
    except UserError:
        return
    for key in keys:

        def open_(key=key):
            return follow(record, record.action_open_figure(key))

        recorder.note("figures", f"{about} {key}", open_)


def record_buttons(recorder, records, shared):
    """Press every button of the form of a few records, and take it back."""
    model = records.browse()
    try:
        arch = etree.fromstring(model.get_view(view_type="form")["arch"])
    except UserError:
        return
    # Those of lines are buttons of another model.
    names = arch.xpath("//button[@type='object'][not(ancestor::field)]/@name")
    names = [
        n for n in dict.fromkeys([*names, *get_opening(model)]) if is_ours(model, n)
    ]
    for record in records:
        for name in names:
            # By docs/decisions/0008-one-judge.md the rule of a campaign says how many
            # another company holds: somebody is its member once.
            if record == shared and name == "action_freeze":
                continue
            recorder.note(
                "button",
                f"{model._name} {record.id} {name}",
                lambda r=record, n=name: press(r, n),
            )


def is_ours(model, name):
    """Tell whether an addon of ours has a part in a method."""
    return any(
        name in cls.__dict__ and ".relationship_" in cls.__module__
        for cls in type(model).__mro__
    )


def get_opening(model):
    """Return the methods that open something of a record."""
    return [
        name
        for name in dir(type(model))
        if name.startswith(("action_view_", "action_open"))
        and name != "action_open_figure"
    ]


def press(record, name):
    try:
        return undone(record.env, lambda: follow(record, getattr(record, name)()))
    except TypeError as error:
        return str(error)


def follow(record, action):
    """Return an action, with what the window that it opens shows."""
    if not isinstance(action, dict):
        # Not the ids of what pressing the button has made.
        return type(action).__name__
    shown = {k: v for k, v in action.items() if k not in ("help", "search_view")}
    model = record.env.get(action.get("res_model") or "none")
    if model is None:
        return shown
    if model._transient:
        # Made by this test in each world.
        if dialog := model.browse(action.get("res_id") or ()):
            names = model._fields.keys() - {*MAGIC_COLUMNS, *MADE}
            fields = {n: model._fields[n] for n in sorted(names)}
            shown["res_id"] = read_dialog(dialog, fields)
    elif (domain := action.get("domain")) and isinstance(domain, list):
        shown["found"] = model.with_context(active_test=False).search(domain).ids
    return shown


def read_dialog(dialog, fields):
    spec = get_spec(dialog, fields)
    for name, field in fields.items():
        if field.comodel_name and dialog.env[field.comodel_name]._transient:
            spec.pop(name)
    return [{**row, "id": "new"} for row in dialog.web_read(spec)]


def record_day(recorder, world):
    env = recorder.env
    recorder.note(
        "systray", "res.users", lambda: strip(env.user._get_activity_groups())
    )
    items = env["relationship.item"]
    if items.has_access("read"):
        for partner in world.get_partners(env):
            recorder.note(
                "items",
                f"relationship.item {partner.id}",
                lambda p=partner: follow(p, p.action_view_items()),
            )
            if not env.user.has_group(
                "relationship_management.relationship_management_group_manager"
            ):
                # By decision managers are told how much is hidden, and why.
                recorder.note(
                    "hidden",
                    f"relationship.item {partner.id}",
                    lambda p=partner: items.get_hidden(p.id),
                )
    partners = world.get_partners(env)
    recorder.note(
        "path",
        "res.partner",
        lambda: partners[:1].get_relationship_path(partners[1:2].id),
    )
    if env["crm.lead"].has_access("read"):
        for lead in world.get_looked_at(env["crm.lead"]):
            recorder.note(
                "timeline",
                f"crm.lead {lead.id}",
                lambda r=lead: r.get_timeline(r.id),
            )


def strip(groups):
    return [{k: v for k, v in group.items() if k != "icon"} for group in groups]


def record_talk(recorder, world):
    """Read the chatter as the client does, with what was tracked."""
    env = recorder.env
    for name in (
        "res.partner",
        "crm.lead",
        "relationship.campaign",
        "relationship.activity",
    ):
        if not env[name].has_access("read"):
            continue
        for record in world.get_looked_at(env[name]):
            recorder.note(
                "chatter",
                f"{name} {record.id}",
                lambda r=record: Store().add(r.message_ids).get_result(),
            )
            recorder.note(
                "tasks",
                f"{name} {record.id}",
                lambda r=record: Store().add(r.activity_ids).get_result(),
            )


def record_dialogs(recorder, world):
    """Open every dialog on what somebody has marked."""
    env = recorder.env
    marked = [
        world.get_looked_at(env[name])
        for name in (
            *("res.partner", "crm.lead", "relationship.campaign", "mail.activity"),
            *("relationship.activity", "relationship.campaign.addressee"),
            *("relationship.item", "utm.campaign"),
        )
        if env[name].has_access("read")
    ]
    names = [n for n in recorder.models if env[n]._transient]
    for name in (*names, *DIALOGS):
        if name not in env or not env[name].has_access("create"):
            continue
        for records in marked:
            dialogs = env[name].with_context(
                active_model=records._name,
                active_ids=records.ids,
                active_id=records[:1].id,
            )
            names = dialogs.fields_get().keys() - MAGIC_COLUMNS
            fields = {n: dialogs._fields[n] for n in sorted(names)}
            recorder.note(
                "dialog",
                f"{name} on {records._name}",
                lambda d=dialogs, f=fields: d.onchange({}, [], get_spec(d, f)),
            )


def record_reports(recorder, world):
    reports = recorder.env["ir.actions.report"]
    found = reports.sudo().search([("report_name", "=like", "relationship%")])
    for report in found:
        model = recorder.env[report.model]
        if model.has_access("read"):
            ids = world.get_looked_at(model).ids
            recorder.note(
                "report",
                f"{report.model} {report.report_name}",
                lambda r=report, i=ids: reports._render_qweb_html(r.report_name, i)[
                    0
                ].decode(),
            )
