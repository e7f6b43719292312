import { LIST_IS_LOADED, addTour } from "./tour_steps";

const line = (name) =>
    `.o_data_row:contains("${name}"), .o_kanban_record:contains("${name}")`;

addTour("relationship_document_tour", {
    steps: () => [
        {
            content: "The partner is there",
            trigger: ".o_form_view [name=name]",
        },
        {
            isActive: ["body:has(.o_button_more)"],
            content: "Show the buttons that had no room",
            trigger: ".o_button_more",
            run: "click",
        },
        {
            content: "Open the documents",
            trigger: "button[name=action_view_documents]",
            run: "click",
        },
        LIST_IS_LOADED,
        {
            content: "Choose a file",
            trigger: ".o_relationship_upload",
            run() {
                const files = new DataTransfer();
                files.items.add(
                    new File(["a layout"], "Layout.txt", { type: "text/plain" }),
                );
                const input = document.querySelector(".o_action_manager .o_input_file");
                input.files = files.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "The file is in the list",
            trigger: line("Layout.txt"),
        },
        {
            isActive: ["mobile"],
            content: "Open the menu of further buttons",
            trigger: "button.o-control-panel-adaptive-dropdown",
            run: "click",
        },
        {
            content: "Write a note",
            trigger: ".o_relationship_new_note",
            run: "click",
        },
        {
            content: "Enter its text",
            trigger: ".modal .odoo-editor-editable",
            run: "editor Call back in May",
        },
        {
            content:
                "Leave the text: what was typed is kept first, the button after that",
            trigger: ".modal [name=subject] input",
            run: "click",
        },
        {
            content: "Keep it",
            trigger: ".modal .modal-footer button[name=action_send_mail]:contains(Log)",
            run: "click",
        },
        {
            content: "The note is in the list",
            trigger: line("Call back in May"),
        },
    ],
});
