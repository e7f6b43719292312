import { addTour } from "./tour_steps";

const TYPE = ".o_data_row:contains(Tour secret)";

addTour("relationship_type_right_tour", {
    steps: () => [
        {
            content: "A type that everybody sees says so",
            trigger: `${TYPE} [name=see_group_ids]:contains(Everybody)`,
            run: "click",
        },
        {
            content: "Groups are chosen in the line",
            trigger: `${TYPE} [name=see_group_ids] input`,
            run: "edit Tour board",
        },
        {
            content: "The board",
            trigger: ".o-autocomplete--dropdown-item:contains(Tour board)",
            run: "click",
        },
        {
            content: "It is among them",
            trigger: `${TYPE} [name=see_group_ids] .o_tag:contains(Tour board)`,
        },
        {
            content: "Saved",
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            content: "The list shows it",
            trigger: `${TYPE}:not(.o_selected_row) [name=see_group_ids]:contains(Tour board)`,
        },
        {
            content: "The type itself opens",
            trigger: `${TYPE} button[name=action_open]`,
            run: "click",
        },
        {
            content: "With the same group",
            trigger: ".o_form_view [name=see_group_ids]:contains(Tour board)",
        },
    ],
});

addTour("relationship_right_question_tour", {
    steps: () => [
        {
            content: "Why can't somebody see it?",
            trigger: ".o_form_view button:has(.fa-cog)",
            run: "click",
        },
        {
            content: "The gear asks",
            trigger: `.o-dropdown--menu .o_menu_item:contains("Why can't somebody see this?")`,
            run: "click",
        },
        {
            content: "About a colleague",
            trigger: ".modal [name=user_id] input",
            run: "edit Tour Jan",
        },
        {
            content: "Jan",
            trigger: ".o-autocomplete--dropdown-item:contains(Tour Jan)",
            run: "click",
        },
        {
            content: "The answer names the type and who sees it",
            trigger: ".modal [name=answer]:contains(Tour secret):contains(Tour board)",
        },
        {
            content: "Enough",
            trigger: ".modal footer button:contains(Close)",
            run: "click",
        },
        {
            content: "Back",
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});
