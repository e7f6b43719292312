import { addTour } from "./tour_steps";

const CLICKS = 5;

/** Count the clicks: a rule that many campaigns begin with costs five. */
function count(step, state) {
    return {
        ...step,
        run: async (helpers) => {
            state.clicks++;
            if (state.clicks > CLICKS) {
                throw new Error(`Click ${state.clicks} of ${CLICKS}`);
            }
            await helpers.click();
        },
    };
}

addTour("relationship_rule_tour", {
    steps: () => {
        const state = { clicks: 0 };
        return [
            count(
                {
                    content: "Add a condition",
                    trigger: "[name=selection_ids] .o_field_x2many_list_row_add a",
                },
                state,
            ),
            count(
                {
                    content: "A condition asks for the role",
                    trigger: ".modal .o_tree_editor a:contains(Add a condition)",
                },
                state,
            ),
            count(
                {
                    content: "Open the roles",
                    trigger:
                        ".modal .o_tree_editor:contains(Roles) .o_tree_editor_condition .o-autocomplete input",
                },
                state,
            ),
            count(
                {
                    content: "Choose the customers",
                    trigger: ".o-autocomplete--dropdown-item:contains(A Tour role) a",
                },
                state,
            ),
            count(
                {
                    content: "Keep the line",
                    trigger:
                        ".modal:has(.o_tag:contains(A Tour role)) .o_form_button_save",
                },
                state,
            ),
            {
                content: "The line reads as a sentence",
                trigger:
                    "body:not(:has(.modal)) [name=selection_ids] .o_data_row:contains(Roles):contains(A Tour role)",
            },
            {
                content: "Open another line",
                trigger: "[name=selection_ids] .o_field_x2many_list_row_add a",
                run: "click",
            },
            {
                content: "Add a condition",
                trigger: ".modal .o_tree_editor a:contains(Add a condition)",
                run: "click",
            },
            {
                content: "Look at the fields",
                trigger: ".modal .o_model_field_selector",
                run: "click",
            },
            {
                content: "Some twenty-five, in groups",
                trigger: ".o_model_field_selector_popover:contains(Where they are)",
                run() {
                    const { length } = document.querySelectorAll(
                        ".o_model_field_selector_popover_item",
                    );
                    if (length < 15 || length > 30) {
                        throw new Error(`${length} fields are offered`);
                    }
                },
            },
            {
                content: "Ask for the rest",
                trigger: ".o_relationship_rule_more",
                run: "click",
            },
            {
                content: "There are many more",
                trigger:
                    ".o_model_field_selector_popover_page:has(li[data-name=barcode]):contains(More fields)",
            },
            {
                content: "Close the fields",
                trigger: ".o_model_field_selector_popover_close",
                run: "click",
            },
            {
                content: "Leave the line",
                trigger: ".modal .o_form_button_cancel",
                run: "click",
            },
            {
                content: "Save the campaign",
                trigger: "body:not(:has(.modal)) .o_form_button_save",
                run: "click",
            },
            { content: "It is saved", trigger: ".o_form_saved" },
        ];
    },
});
