"""What may change records as superuser, and which checks take the place of core's."""

CLOSED = "tasks that had ended with the activity, for whoever may reopen it"
FILES = "files of tasks that go, and come back with them"
MERGED = "as above; the merge was asked for"
ALLOWED = {
    "relationship_management": {
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
        "models/activity/run.py: _try: write()": (
            "marks of a run, which nobody else writes, where something failed; whoever "
            "did the task before may not change the activity"
        ),
        "models/activity/run.py: action_go_on: write()": (
            "asks for the right to change the activity first; marks of a run"
        ),
        "models/activity/run.py: action_go_on: _trigger()": (
            "a cron that is woken, not changed"
        ),
        "models/activity/mail_activity.py: write: _update_state()": (
            "columns of ours that follow from the tasks which the user has done, also "
            "where they may not see the activity"
        ),
        "models/activity/mail_activity.py: _action_done: write()": (
            "puts files back to the task from where core has just taken them"
        ),
        "models/activity/mail_activity.py: _action_done: =": (
            "takes these files out of the message that was just posted"
        ),
        "models/activity/mail_activity.py: unlink: _update_state()": (
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
        "models/activity/project.py: _come_back_with_project: action_reopen()": (
            "whoever may reopen the campaign or opportunity, which was asked, reopens "
            "what ended with it"
        ),
        "models/activity/project.py: _end_with_project: write()": (
            "a mark that nobody sets by hand, of activities that the user has just "
            "ended"
        ),
        "models/activity/members.py: _action_done: _write_state()": (
            "the status alone of a member, whom the user has just contacted by a task"
        ),
        "models/item/triggers.py: _install_lacking: _trigger()": (
            "a cron that is woken, not changed"
        ),
        "models/activity/project.py: write: _bring_back()": (
            "whoever may restore the opportunity, which core has asked, restores what "
            "ended with it"
        ),
        "models/activity/project.py: action_reopen: _bring_back()": (
            "whoever may reopen the campaign, which was asked, reopens what ended with "
            "it"
        ),
        "models/activity/project.py: _bring_back: _open_again()": (
            "as above: tasks that its dialog has closed"
        ),
        "models/activity/project.py: _bring_back: _leave_to_heirs()": (
            "as above: those of who has left meanwhile, to people who see it"
        ),
        "models/people/tasks.py: _give_tasks: _join_people()": (
            "whoever may enter people, which was asked; tasks that the type of an "
            "activity generates, planned as its responsible"
        ),
        "models/people/tasks.py: _fold_partners: =": (
            "a merge of partners, which core itself does past all rules; the key that "
            "tells whose task it is"
        ),
        "models/people/tasks.py: _fold_partners: _take_back()": (
            "as above: the second task for one person, which nobody has changed"
        ),
        "models/activity/project.py: _check_company_of_activities: _check_company()": (
            "a constraint that changes nothing; whoever moves a project may not see "
            "all of its activities"
        ),
        "models/meeting/keep.py: write: _keep_meetings()": (
            "after the user has changed the activity: its meeting follows, also in a "
            "calendar that is private to a colleague, with what the activity says"
        ),
        "models/meeting/keep.py: action_cancel: _call_off()": (
            "asks for the right to change the activities first; their own meetings go"
        ),
        "models/meeting/keep.py: _tell_meetings: _send_invitation_emails()": (
            "guests of meetings that the user has just planned; the type says so"
        ),
        "models/meeting/tasks.py: _join_meetings: _join_meeting()": (
            "one column of tasks of the activity, which only the server writes"
        ),
        "models/meeting/tasks.py: _join_meetings: _leave_meeting()": "as above",
        "models/meeting/calendar_event.py: unlink: _leave_meeting()": (
            "as above, of a meeting that the user deletes, which core asks for"
        ),
        "models/meeting/outlive.py: unlink: _call_off()": (
            "asks for the right to delete the activity first; its own meetings go"
        ),
        "models/meeting/outlive.py: unlink: write()": (
            "as above; what has been is kept for those who came, private to them"
        ),
        "models/activity/project.py: _merge_dependences: =": (
            "a merge of opportunities, which core itself does past all rules; one "
            "column of ours"
        ),
        "models/activity/duplicate.py: copy: write()": (
            "a mark of the server on activities that the user has just planned"
        ),
        "models/activity/leaving.py: unlink: _go_on()": (
            "the status of activities of which tasks go with a user; asked for the "
            "right to delete the user"
        ),
        "models/activity/leaving.py: _leave_to_heir: _pass_on()": (
            "gives to a colleague what somebody leads who has left, as archiving does; "
            "whoever has done a task may not change the activity"
        ),
        "models/activity/follow.py: _let_tasks_follow: _follow()": (
            "with the rights of whoever changes the activity: tasks follow one that is "
            "handed over, whoever archives its responsible"
        ),
        "models/activity/follow.py: _take_back: unlink()": (
            "as above; open tasks of the activity alone"
        ),
        "models/activity/waiting.py: _stop: write()": (
            "marks of a run, which nobody else writes; whoever has done a task may not "
            "change the activity"
        ),
        "models/activity/members.py: _take_back_tasks: unlink()": (
            "open tasks that nobody changed, of members whom the user excludes, "
            "archives or deletes; rows of ours"
        ),
        "models/activity/members.py: _take_over: _keep_private()": (
            "a mark on done tasks of members that a merge unites, which tells less of "
            "them than before"
        ),
        "models/activity/members.py: unlink: _keep_private()": (
            "a mark on done tasks of members whom the user deletes, which tells less "
            "of them than before"
        ),
        "models/activity/members.py: _name_in_tasks: _name_anew()": (
            "words of open tasks that nobody changed, as their templates say, of "
            "members whom the user turns into others, or merges"
        ),
        "models/activity/waiting.py: _stop_waiting_for: _stop_waiting()": (
            "what begins where a line of a type is gone, as the responsible of each "
            "activity; asked for the right to change the type"
        ),
        "models/activity/waiting.py: unlink: _go_on()": (
            "as before; the status of activities of which nothing appears any more"
        ),
        "models/plan/plan_template.py: _stop_waiting_for: _begin_template()": (
            "as before, where a line of a plan is gone"
        ),
        "models/plan/mail_activity.py: write: _begin_waiting()": (
            "what the user was allowed to do is done; what comes next says the "
            "template of a manager, for people who see what it is about"
        ),
        "models/plan/mail_activity.py: unlink: _begin_waiting()": (
            "as above: whoever gives a task up may not plan; the next one was planned "
            "before"
        ),
        "models/activity/leaving.py: _hand_over: _pass_on()": (
            "asks for the right to change the user first; whoever may archive a "
            "colleague hands over what is theirs, to people who see it"
        ),
        "models/activity/leaving.py: _hand_over: _give_to_heirs()": (
            "as above: tasks, to people who see what they are about"
        ),
        "models/activity/leaving.py: _leave_to_heirs: _give_to_heirs()": (
            "whoever opens these tasks again was asked for the right to it; those of "
            "who has left meanwhile go to people who see them"
        ),
        "models/activity/leaving.py: _hand_over: _pass_on_members()": (
            "as below: what is still to appear, on a day that has room"
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
        "wizard/partner_merge.py: _move_meetings: write()": (
            "a merge of partners, as core moves other documents; only where they hang"
        ),
        "models/target_group/lost_records.py: _merge_dependences: _replace_in_rules()": (  # noqa: E501
            "a merge of opportunities: their number in rules of ours, and no more"
        ),
        "models/activity/again.py: _remember_tasks: =": (
            "words that people gave to tasks of a cancelled activity, where nobody "
            "reads them; asked for the right to change the activity"
        ),
        "models/activity/again.py: _bring_back_tasks: _insert_tasks()": (
            "tasks that were taken back when the activity was cancelled, with their "
            "words, for whoever may change the activity"
        ),
        "models/activity/again.py: action_reopen: _take_back()": CLOSED,
        "models/activity/again.py: _plan_anew: _create_tasks()": CLOSED,
        "models/activity/again.py: _remember_tasks: write()": FILES,
        "models/activity/again.py: _forget_tasks: =": CLOSED,
        "models/activity/again.py: _give_to_doers: =": CLOSED,
        "models/activity/again.py: _rename_remembered: =": (
            "for whom remembered tasks are after a merge, where nobody reads it"
        ),
        "models/activity/members.py: _take_over: _rename_remembered()": MERGED,
        "models/people/tasks.py: _fold_partners: _rename_remembered()": MERGED,
        "models/shared/may_be_told.py: log_notes: _message_log_batch()": (
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
        "models/opportunity/merge.py: _merge_dependences: _change_in_merge()": (
            "as above: the share of a line that goes on for longer than before"
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
