import { stepUtils } from "@web_tour/tour_utils";

import { addTour, choose, feel } from "./tour_steps";

const TIMELINE = ".o_relationship_timeline_entry";

/** What is a button of the form on a desktop stands in a menu on a phone. */
function press(menu, button, content) {
    return [
        { isActive: ["mobile"], content: "Open the menu", trigger: menu, run: "click" },
        { content, trigger: button, run: "click" },
    ];
}

addTour("relationship_opportunity_tour", {
    url: "/odoo/relationship-opportunities/new",
    steps: () => [
        ...choose("[name=opportunity_type_id]", "Tour deal"),
        {
            content: "The type brought its probability",
            trigger: "[name=probability] input:value(40)",
        },
        feel(".o_relationship_forecast [name=binding] input"),
        feel(".o_relationship_forecast [name=apply_probability] input"),
        {
            content: "Name the opportunity",
            trigger: ".o_field_widget[name=name] textarea",
            run: "edit Filling line",
        },
        {
            content: "Enter the revenue",
            trigger: "[name=expected_revenue] input",
            run: "edit 24000 && press Tab",
        },
        {
            content: "The margin follows from the percentage of the type",
            trigger: "[name=contribution_margin] input:value(6,000)",
        },
        ...stepUtils.saveForm(),
        {
            content: "The number came by itself",
            trigger: ".o_relationship_type [name=number]:contains(TOUR-00001)",
        },
        {
            content: "The forecast explains itself",
            trigger: "[name=forecast_explanation]:contains(40 %)",
        },
        { content: "Go to the people", trigger: "a[name=people]", run: "click" },
        {
            isActive: ["desktop"],
            content: "Add a line",
            trigger: "[name=reference_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: "Add a person",
            trigger: "[name=reference_ids] .o-kanban-button-new:contains(Add a person)",
            run: "click",
        },
        ...choose(
            "[name=reference_ids] [name=type_id], .modal [name=type_id]",
            "Competitor",
        ),
        ...choose(
            "[name=reference_ids] [name=partner_id], .modal [name=partner_id]",
            "A Tour competitor",
        ),
        {
            content: "It has a high influence",
            trigger: "[name=influence] button[aria-label=High]",
            run: "click",
        },
        {
            content: "It is against us",
            trigger: "[name=attitude] button[aria-label='Against us']",
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: "Save the person",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: "The competitor is a card",
            trigger:
                "[name=reference_ids] .o_kanban_record:contains(A Tour competitor)",
        },
        ...stepUtils.saveForm(),
        ...press(
            ".o_statusbar_status .dropdown-toggle:visible",
            ".o_statusbar_status button:contains(Tour negotiation), .o-dropdown-item:contains(Tour negotiation)",
            "Move on to the negotiation",
        ),
        {
            content: "The stage has changed",
            trigger:
                ".o_statusbar_status button[aria-checked=true]:contains(Tour negotiation), .o_statusbar_status .dropdown-toggle:contains(Tour negotiation)",
        },
        ...press(
            ".o_statusbar_buttons button[title=More]",
            ".o_form_statusbar button:contains(Lost), .o-dropdown-item button:contains(Lost)",
            "We lost it",
        ),
        {
            content: "Too expensive",
            trigger: ".modal .o_selection_badge:contains(Tour reason)",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_lost_reason_apply]",
            run: "click",
        },
        {
            content: "A lost opportunity is not in the forecast",
            trigger: "[name=forecast_explanation]:contains(lost or archived)",
        },
        ...press(
            ".o_button_more",
            "button[name=action_view_history]",
            "Open the history",
        ),
        {
            content: "Who did it",
            trigger: `${TIMELINE} .o_relationship_timeline_who:contains(Anna Kowalska)`,
        },
        {
            content: "When",
            trigger: `${TIMELINE} time`,
        },
        {
            content: "What: the stage",
            trigger: `${TIMELINE}:contains(Tour negotiation)`,
        },
        {
            content: "What: the competitor",
            trigger: `${TIMELINE}:contains(A Tour competitor)`,
        },
        {
            content: "What: why it was lost",
            trigger: `${TIMELINE}:contains(Tour reason)`,
        },
        {
            content: "Go back to the opportunity",
            trigger: ".o_relationship_timeline_open",
            run: "click",
        },
        {
            content: "The form is here again",
            trigger: ".o_form_view [name=number]:contains(TOUR-00001)",
        },
    ],
});
