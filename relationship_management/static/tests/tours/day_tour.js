import { addTour, feel } from "./tour_steps";

const DONE = "button[name=action_done]";

/** A line on a wide screen, a card on a phone, of which something is true. */
function item(rest, inside = "") {
    return [".o_data_row", ".o_kanban_record"]
        .map((kind) => `${kind}${rest} ${inside}`)
        .join(", ");
}

addTour("relationship_day_tour", {
    steps: () => [
        {
            content: "What is late says by how much",
            trigger: item(":contains(Tour letter):contains(2 days late)"),
        },
        {
            content: "What is due today says so, and whom to call",
            trigger: item(
                ":contains(Tour call):contains(Today):has(a[href='tel:+48611'])",
            ),
        },
        feel(`.o_kanban_record ${DONE}`),
        feel(".o_kanban_record .o_relationship_call"),
        {
            content: "Put off what is late",
            trigger: item(":contains(Tour letter)", "button[name=action_tomorrow]"),
            run: "click",
        },
        {
            content: "It is not late any more",
            trigger: item(":contains(Tour letter):not(:contains(late))"),
        },
        {
            content: "The call is done",
            trigger: item(":contains(Tour call)", DONE),
            run: "click",
        },
        feel(".modal .o_relationship_results button"),
        {
            content: "What came of it ends it",
            trigger: ".modal .o_relationship_results button:contains(Tour yes)",
            run: "click",
        },
        {
            content: "The next activity is proposed",
            trigger:
                "body:not(:has(.modal)) .o_form_view [name=type_id] input:value(Tour offer)",
        },
        {
            content: "Not now",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            content: "The call has left the day",
            trigger:
                "body:not(:has(.o_form_view)) .o_relationship_day:not(:contains(Tour call)):contains(Tour letter)",
        },
    ],
});
