import { LIST_IS_LOADED, addTour, choose, feel } from "./tour_steps";

const ROLES = ".o_relationship_proposed_roles";
const SAVED = "body:not(:has(.modal)) .o_form_view .o_form_saved";

/** A line on a wide screen, a card on a phone, inside a field of a form. */
function line(field, rest) {
    return [".o_data_row", ".o_kanban_record"]
        .map((kind) => `[name=${field}] ${kind}${rest}`)
        .join(", ");
}

function save(content) {
    return [
        { content, trigger: ".o_form_button_save", run: "click" },
        { content: "It is saved", trigger: SAVED },
    ];
}

/** On a phone a task is done in My day: see day_tour. */
const END = [
    {
        content: "All of it is done",
        trigger: ".o_statusbar_buttons button[name=action_done]",
        run: "click",
    },
    {
        content: "It says that the open task is closed with it",
        trigger: ".modal:contains(Its open tasks are closed with it) .btn-primary",
        run: "click",
    },
    {
        content: "It asks what came of it",
        trigger: "[name=asks_result]:contains(What came of it?)",
    },
    ...choose("[name=result_id]", "Tour yes"),
    ...save("Save the result"),
    {
        content: "Nothing is asked any more",
        trigger: "body:not(:has([name=asks_result]))",
    },
]
    .filter(({ isActive }) => !isActive?.includes("mobile"))
    .map((step) => ({ ...step, isActive: ["desktop"] }));

addTour("relationship_activity_tour", {
    steps: () => [
        LIST_IS_LOADED,
        {
            content: "A new activity",
            trigger: ".o_list_button_add, .o-kanban-button-new",
            run: "click",
        },
        ...choose("[name=type_id]", "Tour visit"),
        ...choose("[name=partner_id]", "A Tour customer"),
        {
            content: "Before anything is saved it says what is going to be created",
            trigger: "[name=preview]:contains(tasks: 1)",
        },
        {
            content: "When it is",
            trigger: "[name=meeting_start] input",
            run: "edit 05/06/2030 10:00:00 && click body",
        },
        ...save("Save it"),
        {
            content: "The task is there, and names whom it is about",
            trigger: line("task_ids", ":contains(Prepare A Tour customer)"),
        },
        {
            isActive: ["desktop"],
            content: "So is the meeting",
            trigger: "button[name=action_view_meeting]",
        },
        { content: "Go to the people", trigger: "a[name=people]", run: "click" },
        {
            content: "The type proposes who decides",
            trigger: `${ROLES} li:contains(No decision maker yet)`,
        },
        feel(`${ROLES} button`),
        { content: "Name somebody", trigger: `${ROLES} button`, run: "click" },
        ...choose(".modal [name=partner_id]", "A Tour buyer"),
        {
            content: "Enter it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "He is one of the people",
            trigger: line("reference_ids", ":contains(A Tour buyer)"),
        },
        { content: "Nobody is missing", trigger: `body:not(:has(${ROLES}))` },
        ...END,
    ],
});

addTour("relationship_joining_tour", {
    steps: () => [
        {
            content: "Somebody has joined the campaign since it was planned",
            trigger: "[name=joined]:contains(1)",
        },
        feel("[name=joined] button"),
        {
            content: "Create the task",
            trigger: "button[name=action_plan_joined]",
            run: "click",
        },
        {
            content: "Who joined is called, too",
            trigger: line("task_ids", ":contains(Call B Tour member)"),
        },
        {
            content: "Everybody has a task",
            trigger: "body:not(:has([name=joined]))",
        },
    ],
});
