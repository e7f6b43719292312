"""What runs as superuser: nothing that changes records, except where it is argued.

``sudo()`` around a method switches off the checks of everything that it calls, those of
core too: a merge that ran as superuser gave away the administrator's contact. Each
place that changes something so is named here, with the answer to the question which
checks are switched off and what takes their place.
"""

import ast

import pytest

from tools.base import ROOT

ADDONS = sorted(path.parent for path in ROOT.glob("*/__manifest__.py"))

ALLOWED = {
    "relationship_management": {
        "models/target_group/merge.py: _take_over: write()": (
            "a merge of partners, which core itself does past all rules; one column "
            "of ours"
        ),
        "models/partner/opportunity_address.py: _taking_leads_along: write()": (
            "the address of a partner that the user was allowed to change just "
            "before, on its opportunities"
        ),
        "models/activity/outlive.py: unlink: _outlive()": (
            "asks for the right to delete the opportunity; what was done outlives it"
        ),
        "models/activity/run.py: _start_run: write()": (
            "marks of a run, which nobody else writes, of an activity that the user "
            "plans"
        ),
        "models/activity/run.py: _start_run: _trigger()": (
            "a cron that is woken, not changed"
        ),
        "models/activity/run.py: _forget_run: unlink()": (
            "rows of a run of ours; its callers ask for the right to the activity"
        ),
        "models/activity/run.py: _forget_run: write()": (
            "marks of a run; its callers ask for the right to the activity"
        ),
        "models/activity/run.py: action_go_on: write()": (
            "asks for the right to change the activity first; marks of a run"
        ),
        "models/activity/run.py: action_go_on: _trigger()": (
            "a cron that is woken, not changed"
        ),
        "models/activity/task.py: write: _update_state()": (
            "columns of ours that follow from the tasks which the user has done, also "
            "where they may not see the activity"
        ),
        "models/activity/task.py: _action_done: write()": (
            "puts files back to the task from where core has just taken them"
        ),
        "models/activity/task.py: _action_done: =": (
            "takes these files out of the message that was just posted"
        ),
        "models/activity/task.py: unlink: _update_state()": (
            "columns of ours that follow from the tasks which the user has deleted"
        ),
        "models/activity/status.py: _update_state: write()": (
            "columns of ours that follow from the tasks; whoever does the last task "
            "may not change the activity"
        ),
        "models/activity/status.py: _set_state: write()": (
            "its callers ask for the right to change the activity; columns of ours "
            "that nobody writes by hand"
        ),
        "models/activity/project.py: _merge_dependences: =": (
            "a merge of opportunities, which core itself does past all rules; one "
            "column of ours"
        ),
        "models/plan/mail_activity.py: write: _begin_waiting()": (
            "what the user was allowed to do is done; what comes next says the "
            "template of a manager, for people who see what it is about"
        ),
        "models/plan/mail_activity.py: unlink: _begin_waiting()": (
            "as above: whoever gives a task up may not plan; the next one was planned "
            "before"
        ),
        "models/activity/leaving.py: _hand_over: =": (
            "asks for the right to change the user first; whoever may archive a "
            "colleague hands over what is theirs, to people who see it"
        ),
        "models/plan/plan_mixin.py: _create_planned: _take_planned()": (
            "the user could write the record a moment ago and may have given "
            "it away; what is created says the plan of a manager"
        ),
        "models/opportunity/typed.py: _number_by_company: _next_number()": (
            "takes the next number of a type that the user has chosen; nothing of core"
        ),
        "models/consent/blacklist.py: _meet_blacklists: _record_addresses()": (
            "adds to our ledger what core's list says already"
        ),
        "models/consent/blacklist.py: _record_addresses: _record_blacklisting()": (
            "adds to our ledger for whoever could change core's list"
        ),
        "models/consent/blacklist.py: _record_blacklisting: create()": (
            "adds to our ledger, which nobody else writes for others"
        ),
        "models/consent/blacklist.py: _sync_blacklists: _change_addresses()": (
            "adds an address to core's lists, or takes it off, by what the ledger says"
        ),
        "models/target_group/contact.py: action_take_in: =": (
            "one column that the server says; the user has just changed the same "
            "addressees"
        ),
        "models/campaign/company.py: _adopt_core_side: write()": (
            "asks for the right to change the plain campaign first; marks of ours alone"
        ),
        "models/campaign/linking.py: _change_links: =": (
            "its callers ask for the right to change the campaign; marks of ours alone"
        ),
        "models/campaign/linking.py: create: =": (
            "whoever adopts a campaign may take off what came with it; a memory of ours"
        ),
        "models/campaign/linking.py: _leave: =": (
            "which companies were taken off by whoever may change the campaign"
        ),
        "models/campaign/linking.py: _link_group: =": (
            "asks for the right to change the campaign first; a memory of ours"
        ),
        "models/campaign/linking.py: _tell_linking: _mend_responsibles()": (
            "addressees of a company that sees them again, which the owner does not; "
            "only a responsible who would not see them"
        ),
        "models/campaign/core_side.py: _mark_core_side: =": (
            "follows a change of type that the user was allowed to make; one mark "
            "of ours"
        ),
        "models/campaign/core_side.py: unlink: write()": (
            "marks of ours, off a plain campaign whose own campaign was deleted as "
            "the user"
        ),
        "models/campaign/core_side.py: unlink: unlink()": (
            "only what was made for the campaign, after the campaign was deleted as "
            "the user; its own guards against deletion run just the same"
        ),
        "models/target_group/freeze.py: _stage: =": (
            "a run of ours, which nobody else writes; its callers ask for the right"
        ),
        "models/target_group/freeze.py: _stage: create()": (
            "a run of ours, which nobody else writes; its callers ask for the right"
        ),
        "models/target_group/freeze.py: _start: _run_batch()": (
            "a run of ours, and a cron that is woken, not changed"
        ),
        "models/target_group/freeze.py: _start: _trigger()": (
            "a run of ours, and a cron that is woken, not changed"
        ),
        "models/target_group/freeze.py: _start: write()": (
            "a run of ours, and a cron that is woken, not changed"
        ),
        "models/campaign/status.py: _change_state: write()": (
            "asks for the right to change the campaign first; one column of ours"
        ),
        "models/consent/ledger.py: _seal_evidence: write()": (
            "asks for the right to change the files first; the entry itself may be "
            "changed by nobody, which core would ask for"
        ),
        "models/consent/ledger.py: _sync_blacklists: _sync_blacklists()": (
            "as in mail_blacklist.py"
        ),
        "models/history/merged_partner.py: _remember: create()": (
            "a trace of ours, which nobody else writes"
        ),
        "models/types/number_range.py: _start_company_range: =": (
            "a sequence that a manager of types has set up, repeated for a company"
        ),
        "models/types/number_range.py: _start_company_range: create()": (
            "a sequence that a manager of types has set up, repeated for a company"
        ),
        "models/role/role.py: _log: _message_log_batch()": (
            "a note without subscribers; the user has changed the roles it tells of"
        ),
        "models/role/contact.py: _end_contact: _yield_from()": (
            "roles of ours that end because of one that the user was allowed to give"
        ),
        "models/role/contact.py: _reopen_contact: =": ("as where they were ended"),
        "models/role/derive.py: _derive_employee: _try_to_derive()": (
            "a proposed role of ours; core was asked when the user was created"
        ),
        "models/role/derive.py: _derive_roles: _create_derived()": (
            "proposed roles of ours; what follows from documents depends on nobody"
        ),
        "models/role/event.py: _note_missing: _message_log()": (
            "a note without subscribers at the partner of a confirmed document"
        ),
        "models/types/number_range.py: _create_number_sequences: create()": (
            "a sequence for a type that the user could create"
        ),
        "models/role/partner.py: _give_role: create()": (
            "proposed roles of ours, only where they are derived"
        ),
        "models/role/partner.py: unlink: _unlink_with()": (
            "asks for the right to delete the partners first; relations of ours"
        ),
        "models/role/partner.py: unlink: unlink()": (
            "asks for the right to delete the partners first; roles of ours"
        ),
        "models/role/partner.py: write: _follow_company()": (
            "asks for the right to change the partners first; roles of ours"
        ),
        "models/role/partner.py: write: _log()": (
            "asks for the right to change the partners first; roles of ours"
        ),
        "models/campaign/utm_mixin.py: _get_unique_names: super()._get_unique_names()": (  # noqa: E501
            "only reads identifiers, to choose another one"
        ),
        "wizard/partner_merge.py: _move_finished_activities: write()": (
            "a merge of partners, as core moves the open ones"
        ),
        "models/target_group/lost_records.py: _merge_dependences: _replace_in_rules()": (  # noqa: E501
            "a merge of opportunities: their number in rules of ours, and no more"
        ),
        "models/shared/may_be_told.py: leave_notes: _message_log_batch()": (
            "a note without subscribers, where the user has merged or deleted something"
        ),
        "models/opportunity/people.py: _check_company_of_people: _check_company()": (
            "only looks whether people fit the new company, hidden ones, too; the "
            "sentence asks who reads it"
        ),
        "models/opportunity/merge.py: _merge_dependences: _fold_people()": (
            "a merge of opportunities, which core itself deletes past all rules; "
            "people of ours alone"
        ),
        "models/opportunity/merge.py: _merge_dependences: _move_to()": (
            "as above: people whose role the user does not see would be deleted with "
            "their opportunity"
        ),
        "wizard/partner_merge_amounts.py: _update_values: write()": (
            "core has changed the destination as the user just before; columns of "
            "ours alone"
        ),
        "wizard/campaign_refresh.py: _find_changes: create()": (
            "lines of a wizard of ours: a preview, in which one may be named whom "
            "the user does not see"
        ),
        "wizard/campaign_refresh.py: action_apply: =": (
            "a count on a run of ours, after the right to freeze was asked for"
        ),
    },
    "relationship_management_import_relations": {
        "wizard/relation_import.py: _import: _remember()": (
            "asks whether the user is a manager first; relations of ours, of the "
            "whole database"
        ),
        "wizard/relation_import.py: _import: create()": (
            "asks whether the user is a manager first; relations of ours, of the "
            "whole database"
        ),
    },
    "relationship_management_mass_mailing": {
        "models/utm_campaign.py: write: super().write()": (
            "three settings of A/B tests for whoever may mail and sees the "
            "campaign; nothing else is let through"
        ),
    },
}

# Words at the beginning of a method that only reads.
READING = ("_get", "_is", "_has", "_count", "_read", "_find", "_search", "_filtered")
READING += (
    "_display",
    "_explain",
    "_field_to_sql",
    "_prepare",
    "_shares",
    "_applies",
    "_tell",
)
CHANGING = {"copy", "create", "load", "name_create", "toggle_active", "unlink", "write"}
CHANGING_WORDS = ("action_", "activity_", "message_", "button_", "_")
LEAVING = {"with_env", "with_user"}


class Visitor(ast.NodeVisitor):
    """Collects the functions that change something as superuser.

    It follows names from one line of a function to the next, no further.
    """

    def __init__(self):
        self.found = set()
        self.functions = []
        self.names = set()

    def visit_FunctionDef(self, node):
        known, self.names = self.names, set(self.names)
        self.functions.append(node.name)
        self.generic_visit(node)
        self.functions.pop()
        self.names = known

    def visit_Assign(self, node):
        self.visit(node.value)
        pairs = [(target, node.value) for target in node.targets]
        for target, value in list(pairs):
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs += zip(target.elts, value.elts, strict=False)
        for target, value in pairs:
            if isinstance(target, ast.Name):
                (self.names.add if self.is_su(value) else self.names.discard)(target.id)
            elif hasattr(target, "value") and self.is_su(target.value):
                self.note("=")

    def visit_For(self, node):
        if self.is_su(node.iter):
            targets = [n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)]
            self.names.update(targets)
        self.generic_visit(node)

    def visit_Call(self, node):
        method = node.func
        if isinstance(method, ast.Attribute):
            is_super = (
                isinstance(method.value, ast.Call)
                and isinstance(method.value.func, ast.Name)
                and method.value.func.id == "super"
                and any(self.is_su(argument) for argument in method.value.args)
            )
            is_changing = method.attr in CHANGING or (
                method.attr.startswith(CHANGING_WORDS)
                and not method.attr.startswith(READING)
            )
            if is_super:
                self.note(f"super().{method.attr}()")
            elif is_changing and self.is_su(method.value):
                self.note(f"{method.attr}()")
        self.generic_visit(node)

    def note(self, change):
        self.found.add(f"{'.'.join(self.functions)}: {change}")

    def is_su(self, node):
        """Tell whether an expression stands for records of the superuser."""
        if isinstance(node, ast.Name):
            return node.id in self.names
        if isinstance(node, ast.Attribute | ast.Subscript):
            return self.is_su(node.value)
        if isinstance(node, ast.BinOp):
            return self.is_su(node.left)
        if isinstance(node, ast.IfExp):
            return self.is_su(node.body) or self.is_su(node.orelse)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "sudo":
                return (
                    not node.args or getattr(node.args[0], "value", True) is not False
                )
            return node.func.attr not in LEAVING and self.is_su(node.func.value)
        if isinstance(node, ast.Call):  # self.env(su=True)
            return any(k.arg == "su" for k in node.keywords)
        return False


def find_changes(addon):
    """Return ``file: function: change`` of what changes something as superuser."""
    found = set()
    for path in sorted(addon.rglob("*.py")):
        name = path.relative_to(addon).as_posix()
        if name.split("/")[0] not in ("demo", "migrations", "tests"):
            visitor = Visitor()
            visitor.visit(ast.parse(path.read_text(encoding="utf-8")))
            found |= {f"{name}: {function}" for function in visitor.found}
    return found


@pytest.mark.parametrize("addon", ADDONS, ids=lambda addon: addon.name)
def test_what_changes_as_superuser_is_argued(addon):
    """A new place is narrowed first: ``sudo()`` on what is read, or on one column."""
    assert find_changes(addon) == set(ALLOWED.get(addon.name, ()))


def test_the_search_finds_what_it_looks_for():
    code = """
def write_around_core(self):
    wizard = self.sudo()
    return super(Wizard, wizard)._update_values()

def in_a_loop(self):
    for record in self.sudo().line_ids:
        record.name = "x"

def on_others(self):
    self.sudo().partner_id.write({})
    self.sudo()._take_planned()

def only_reads(self):
    names = self.sudo().line_ids.mapped("name")
    self.with_env(self.env).write({"name": names})
    self.sudo()._get_names()
    self.sudo().with_env(self.env).unlink()
    self.sudo(False).unlink()
"""
    visitor = Visitor()
    visitor.visit(ast.parse(code))
    assert visitor.found == {
        "write_around_core: super()._update_values()",
        "in_a_loop: =",
        "on_others: write()",
        "on_others: _take_planned()",
    }
