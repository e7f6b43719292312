import { stepUtils } from "@web_tour/tour_utils";

import { GO_BACK, addTour, choose, feel } from "./tour_steps";

const STATE = ".o_field_widget[name=state]";

addTour("relationship_campaign_tour", {
    url: "/odoo/campaigns/new",
    steps: () => [
        {
            content: "Nothing is wrong before anything was typed",
            trigger: ".o_form_view:not(:has(.o_field_invalid)) [data-field=date_from]",
        },
        {
            content: "Name the campaign",
            trigger: ".o_field_widget[name=title] :is(input, textarea)",
            run: "edit Tour spring",
        },
        ...choose(".o_field_widget[name=type_id]", "Tour campaign"),
        {
            content: "The type proposes how the addressees are reached",
            trigger: ".o_field_widget[name=channel] :is(select, input)",
        },
        ...stepUtils.saveForm(),
        {
            content: "The campaign has its number and is entered",
            trigger: `.o_form_view:contains(TOURC-00001) ${STATE}:contains(Draft)`,
        },
        {
            content: "Start it",
            trigger: ".o_statusbar_buttons button[name=action_start]",
            run: "click",
        },
        {
            content: "It is in progress, and has no button Start any more",
            trigger: `.o_form_view:not(:has(button[name=action_start])) ${STATE}:contains(In progress)`,
        },
        feel(".o_form_view .o_field_x2many_list_row_add a"),
        feel(".o_form_view .o_radio_item"),
        feel(".o_form_view [name=needs_consent] .form-check"),
        GO_BACK,
        {
            content: "Open one that has an open task",
            trigger: ".o_kanban_record:contains(Tour autumn)",
            run: "click",
        },
        {
            content: "Complete it",
            trigger: ".o_statusbar_buttons button[name=action_complete]",
            run: "click",
        },
        {
            content: "The open task is counted",
            trigger: ".modal:contains('Open tasks: 1, of these overdue: 1.')",
        },
        feel(".modal .o_radio_item"),
        {
            content: "Mark it as done",
            trigger: ".modal .o_field_widget[name=decision] input[data-value=close]",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=remark] textarea",
            run: "edit Tour is over",
        },
        {
            content: "Complete the campaign",
            trigger:
                ".modal footer button[name=action_confirm]:contains(Complete the campaign)",
            run: "click",
        },
        {
            content: "It is completed and can be reopened",
            trigger: `.o_form_view:has(button[name=action_reopen]) ${STATE}:contains(Completed)`,
        },
    ],
});
