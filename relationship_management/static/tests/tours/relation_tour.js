import { addTour, feel } from "./tour_steps";

const PAGE = ".o_relationship_relations";

/**
 * Choose a record in a Many2one of the dialog: in its dropdown, or on a phone in a
 * dialog of its own.
 */
function choose(field, name) {
    return [
        {
            isActive: ["desktop"],
            content: `Type ${name}`,
            trigger: `.modal [name=${field}] input`,
            run: `edit ${name}`,
        },
        {
            isActive: ["desktop"],
            content: `Choose ${name}`,
            trigger: `.o-autocomplete--dropdown-item:contains("${name}")`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: `Look for ${name}`,
            trigger: `.modal [name=${field}] input`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: `Choose ${name}`,
            trigger: `.o_select_create_dialog_content .o_kanban_record:contains("${name}"), .o_select_create_dialog_content .o_data_row:contains("${name}") .o_data_cell`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: "The choice is made",
            trigger: "body:not(:has(.o_select_create_dialog_content))",
        },
    ];
}

addTour("relationship_relation_tour", {
    steps: () => [
        { content: "Open the page", trigger: "a[name=relations]", run: "click" },
        { content: "Nobody yet", trigger: `${PAGE}:contains(Nobody yet)` },
        feel(`${PAGE} .o_relationship_with_contacts`),
        {
            content: "Add a relation",
            trigger: ".o_relationship_add_relation",
            run: "click",
        },
        ...choose("direction_id", "has tax adviser"),
        ...choose("other_partner_id", "A Tour adviser"),
        {
            content: "The sentence has the real names",
            trigger:
                ".modal [name=sentence]:contains(A Tour brewery has tax adviser A Tour adviser)",
        },
        {
            content: "Save the relation",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It stands on the page",
            trigger: `${PAGE} .o_relationship_relation:contains(has tax adviser)`,
        },
        {
            content: "Go to the other end",
            trigger: `${PAGE} .o_relationship_other:contains(A Tour adviser)`,
            run: "click",
        },
        {
            content: "The other partner is open",
            trigger: ".o_form_view .o_field_widget[name=name] :value(A Tour adviser)",
        },
        { content: "Open its page", trigger: "a[name=relations]", run: "click" },
        {
            content: "It tells the same in its own words",
            trigger: `${PAGE} .o_relationship_relation:contains(is tax adviser of):contains(A Tour brewery)`,
        },
        feel(".o_relationship_relations .btn"),
        feel(".o_relationship_role_badges button"),
        {
            content: "End it today",
            trigger: ".o_relationship_end_relation",
            run: "click",
        },
        {
            content: "A slip of the thumb ends nothing",
            trigger:
                ".modal:contains(is tax adviser of) .btn-primary:contains(End today)",
            run: "click",
        },
        {
            content: "It holds until today",
            trigger: `${PAGE}:not(:has(.o_relationship_end_relation)) .o_relationship_relation`,
        },
    ],
});
