import { LIST_IS_LOADED, addTour, choose } from "./tour_steps";

const card = (name) => `.o_kanban_record:contains("${name}")`;

/** Mark a card: with a long touch, or on a desktop with Alt and a click. */
function mark(name) {
    return [
        {
            isActive: ["desktop"],
            content: `Mark ${name}`,
            trigger: card(name),
            run({ anchor }) {
                const options = { bubbles: true, cancelable: true, altKey: true };
                anchor.dispatchEvent(new MouseEvent("click", options));
            },
        },
        {
            isActive: ["mobile"],
            content: `Hold ${name}`,
            trigger: card(name),
            run({ anchor }) {
                anchor.dispatchEvent(new Event("touchstart", { bubbles: true }));
            },
        },
        {
            content: `${name} is marked`,
            trigger: `.o_kanban_record.o_record_selected:contains("${name}")`,
        },
    ];
}

/** Choose an entry of the menu of actions for what is marked. */
function act(name) {
    return [
        {
            content: "Open the menu of actions, as soon as it is that of both",
            trigger:
                "body:has(.o_selection_box b:contains(2)) .o_cp_action_menus .dropdown-toggle:has(.fa-cog)",
            run: "click",
        },
        {
            content: name,
            trigger: `.o-dropdown--menu .o_menu_item:contains("${name}")`,
            run: "click",
        },
    ];
}

addTour("relationship_proposed_role_tour", {
    steps: () => [
        LIST_IS_LOADED,
        {
            isActive: ["desktop"],
            content: "Confirm one proposal",
            trigger: ".o_data_row:contains(A Tour mill) button[name=action_confirm]",
            run: "click",
        },
        {
            isActive: ["desktop"],
            content: "Refuse the other one",
            trigger:
                ".o_data_row:contains(A Tour mill):contains(Confirmed) ~ .o_data_row:contains(A Tour yard) button[name=action_refuse]",
            run: "click",
        },
        {
            isActive: ["desktop"],
            content: "Nothing waits any more",
            trigger:
                ".o_data_row:contains(A Tour yard):contains(Refused):not(:has(button[name=action_refuse]))",
        },
        {
            isActive: ["mobile"],
            content: "Confirm one proposal",
            trigger: `${card("A Tour mill")} [name=action_confirm]`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: "It is confirmed",
            trigger: `${card("A Tour mill")}:contains(Confirmed)`,
        },
        {
            isActive: ["mobile"],
            content: "Refuse the other one",
            trigger: `${card("A Tour yard")} [name=action_refuse]`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: "Nothing waits any more",
            trigger: `${card("A Tour yard")}:contains(Refused):not(:has([name=action_refuse]))`,
        },
    ],
});

addTour("relationship_relate_tour", {
    steps: () => [
        LIST_IS_LOADED,
        ...mark("A Tour mill"),
        ...mark("A Tour yard"),
        ...act("Relate to…"),
        ...choose(".modal [name=direction_id]", "has tax adviser"),
        ...choose(".modal [name=other_partner_id]", "A Tour adviser"),
        {
            content: "Enter the relations",
            trigger: ".modal button[name=action_create]",
            run: "click",
        },
        {
            content: "They are entered: the dialog has closed and the list is back",
            trigger: "body:not(:has(.modal)) .o_kanban_renderer",
        },
    ],
});

addTour("relationship_merge_tour", {
    steps: () => [
        LIST_IS_LOADED,
        ...mark("A Tour mill"),
        ...mark("A Tour double"),
        ...act("Merge"),
        {
            content: "Both stand in the dialog, and one of them stays",
            trigger: ".modal [name=dst_partner_id] input:value(A Tour mill)",
        },
        {
            content: "Merge them",
            trigger: ".modal button[name=action_merge]",
            run: "click",
        },
        {
            content: "It is done",
            trigger: ".modal:contains(There are no more contacts to merge)",
        },
        {
            content: "Close the dialog",
            trigger: ".modal .modal-footer button:contains(Close)",
            run: "click",
        },
        { content: "The list is back", trigger: "body:not(:has(.modal))" },
    ],
});

addTour("relationship_role_import_tour", {
    steps: () => [
        LIST_IS_LOADED,
        {
            content: "Open the menu of the list",
            trigger: ".o_cp_action_menus .fa-cog",
            run: "click",
        },
        { content: "Import", trigger: ".o_import_menu", run: "click" },
        {
            content: "A template is offered",
            trigger: ".o_import_action a:contains(Import template for roles)",
        },
        {
            content: "Upload a file",
            trigger: ".o_import_file",
            run() {
                const lines = [
                    "partner_id,type_id,date_from,date_to,note",
                    "A Tour mill,Customer,2024-01-01,,",
                    "A Tour mill,Supplier,2023-01-01,2025-06-30,Flour",
                ];
                const files = new DataTransfer();
                files.items.add(
                    new File([lines.join("\n")], "roles.csv", { type: "text/csv" }),
                );
                const input = document.querySelector(".o_control_panel .o_input_file");
                input.files = files.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "Test it",
            trigger:
                "body:has(.o_import_action:contains(Flour)) .o_control_panel button:contains(Test)",
            run: "click",
        },
        {
            content: "Everything is valid",
            trigger: ".o_import_data_content:contains(Everything seems valid)",
        },
        {
            content: "Import it",
            trigger: ".o_control_panel button.btn-primary:contains(Import)",
            run: "click",
        },
        {
            content: "The roles are in the list",
            trigger:
                ".o_list_view.o_action .o_data_row:contains(A Tour mill):contains(Supplier)",
        },
    ],
});
