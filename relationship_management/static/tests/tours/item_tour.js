import { addTour, feel } from "./tour_steps";

/** A line on a wide screen, a card on a phone, of which something is true. */
function row(rest, inside = "") {
    return [".o_data_row", ".o_kanban_record"]
        .map((kind) => `${kind}${rest} ${inside}`)
        .join(", ");
}

addTour("relationship_item_tour", {
    steps: () => [
        {
            content: "From the partner",
            trigger: ".o_form_view",
        },
        {
            content: "Buttons that do not fit are under More",
            trigger:
                ".o-form-buttonbox:has(button[name=action_view_items]), .o-form-buttonbox .o_button_more",
            run({ anchor }) {
                const button = anchor.querySelector("button[name=action_view_items]");
                (button || anchor).click();
            },
        },
        {
            content: "Under More, or there already",
            trigger:
                ".o-dropdown--menu button[name=action_view_items], .o_breadcrumb:contains(Relationship list)",
            run({ anchor }) {
                if (anchor.matches("button")) {
                    anchor.click();
                }
            },
        },
        {
            content: "What is late says by how much",
            trigger: row(":contains(Item letter):contains(2 days late)"),
        },
        {
            content: "The opportunity is there, and planned",
            trigger: row(":contains(Item press):contains(Opportunity)"),
        },
        {
            content: "So is the one in which it only plays a role",
            trigger: row(":contains(Item crane)"),
        },
        feel(".o_kanban_record button[name=action_done]"),
        {
            content: "The task is done",
            trigger: row(":contains(Item letter)", "button[name=action_done]"),
            run: "click",
        },
        {
            content: "What came of it",
            trigger: ".modal [name=note] textarea",
            run: "edit Sent",
        },
        {
            content: "Done",
            trigger: ".modal footer button[name=action_done], .modal .btn-primary",
            run: "click",
        },
        {
            content: "It says that it was done late",
            trigger: row(":contains(Item letter):contains(Done late)"),
        },
        {
            content: "A line opens what it tells of",
            trigger: row(":contains(Item press)", ".fw-bold"),
            run: "click",
        },
        {
            content: "The opportunity",
            trigger:
                ".o_form_view .o_field_widget[name=name] :value(Item press), .o_form_view:contains(Item press)",
        },
    ],
});
