import { stepUtils } from "@web_tour/tour_utils";

import { addTour, choose } from "./tour_steps";

const STAGE = "Stage tour offer";

/** Choose a stage: in the bar, or on a phone in the menu it becomes. */
function moveOn(stage) {
    return [
        {
            isActive: ["mobile"],
            content: "Open the stages",
            trigger: ".o_statusbar_status .dropdown-toggle:visible",
            run: "click",
        },
        {
            content: `Move on to ${stage}`,
            trigger: `.o_statusbar_status button:contains(${stage}), .o-dropdown-item:contains(${stage})`,
            run: "click",
        },
    ];
}

addTour("relationship_stage_tour", {
    url: "/odoo/relationship-opportunities/new",
    steps: () => [
        ...choose("[name=opportunity_type_id]", "Stage tour deal"),
        {
            content: "Name the opportunity",
            trigger: ".o_field_widget[name=name] textarea",
            run: "edit Filling line",
        },
        { content: "Go to the people", trigger: "a[name=people]", run: "click" },
        {
            content: "The type proposes a contact person",
            trigger: ".o_relationship_proposed_roles:contains(No contact person yet)",
        },
        ...stepUtils.saveForm(),
        ...moveOn(STAGE),
        {
            content: "The stage is refused and says who is missing",
            trigger: `.modal:contains(${STAGE}):contains(Decision maker)`,
        },
        {
            content: "Add the decision maker",
            trigger: ".modal button:contains(Add: Decision maker)",
            run: "click",
        },
        {
            content: "The dialog names the opportunity",
            trigger:
                ".modal .modal-title:contains(Add to Filling line: Decision maker)",
        },
        {
            content: "The role is filled in",
            trigger: ".modal [name=type_id] input:value(Decision maker)",
        },
        ...choose(".modal [name=partner_id]", "A Stage tour person"),
        {
            content: "Save the person",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The dialogs are closed, nobody is missing, the form is saved",
            trigger:
                "body:not(:has(.modal)) .o_form_view:has(.o_form_saved):not(:has(.o_relationship_missing_roles))",
        },
        {
            content: "The stage plans activities",
            trigger: "[name=planned_message]:contains(Stage tour call)",
        },
        {
            content: "Create them",
            trigger: "button[name=action_create_planned]",
            run: "click",
        },
        {
            content: "They are created, and proposed no more",
            trigger: ".o_form_view:not(:has([name=planned_message]))",
        },
        {
            content: "The opportunity has moved on",
            trigger: `.o_statusbar_status button[aria-checked=true]:contains(${STAGE}), .o_statusbar_status .dropdown-toggle:contains(${STAGE})`,
        },
    ],
});
