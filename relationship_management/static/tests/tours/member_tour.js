import { LIST_IS_LOADED, addTour, feel } from "./tour_steps";

const CARD = ".o_kanban_record:contains(A Tour visitor)";

addTour("relationship_member_tour", {
    steps: () => [
        LIST_IS_LOADED,
        feel(".o_kanban_record .o_field_phone a"),
        feel(".o_kanban_record footer .btn"),
        {
            isActive: ["mobile"],
            content: "Enter the response of one",
            trigger: `${CARD} button[name=action_enter_answer]`,
            run: "click",
        },
        {
            isActive: ["desktop"],
            content: "Mark them all",
            trigger: ".o_list_view.o_action thead .o_list_record_selector input",
            run: "click",
        },
        {
            isActive: ["desktop"],
            content: "Enter the response of all",
            trigger: "button[name=action_enter_answers]",
            run: "click",
        },
        {
            isActive: ["desktop"],
            content: "It says what becomes of whom",
            trigger:
                ".modal [name=summary]:contains(get this response: 2):contains(Of the control group: 1)",
        },
        feel(".modal .o_radio_item"),
        {
            content: "They come",
            trigger: ".modal .o_radio_item:contains(A Tour yes) input",
            run: "click",
        },
        {
            content: "Enter it",
            trigger:
                ".modal footer :is(button[name=action_enter], .o_form_button_save)",
            run: "click",
        },
        {
            content: "The list tells it",
            trigger:
                ".o_data_row:contains(A Tour visitor):contains(A Tour yes), .o_kanban_record:contains(A Tour visitor):contains(A Tour yes)",
        },
    ],
});
