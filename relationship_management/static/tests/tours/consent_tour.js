import { addTour, feel } from "./tour_steps";

const EMAIL = ".o_relationship_consent[data-channel=email]";
const BLACKLISTED = "button[name=mail_action_blacklist_remove]";

addTour("relationship_consent_tour", {
    steps: () => [
        feel("[name=phone_buttons] .btn"),
        {
            isActive: ["mobile"],
            content: "Call and consent stand on the first screen",
            trigger: "[name=phone_buttons]:has([href='tel:+441632960001']) button",
            run() {
                if (this.anchor.getBoundingClientRect().bottom > window.innerHeight) {
                    throw new Error("One has to scroll to record a consent");
                }
            },
        },
        { content: "Open the page", trigger: "a[name=marketing]", run: "click" },
        {
            content: "E-mail was agreed to: since when, on which basis",
            trigger: `${EMAIL}:contains(Given):contains(Since):contains(Consent)`,
        },
        {
            content: "Of invitations something else was said",
            trigger: `${EMAIL}:contains(Invitations to events):contains(Withdrawn)`,
        },
        {
            content: "Record what was said about e-mail",
            trigger: `${EMAIL} .o_relationship_record_channel`,
            run: "click",
        },
        {
            content: "The channel is chosen already",
            trigger: ".modal [name=email] input:checked",
        },
        {
            content: "So is what is probably said next",
            trigger: ".modal [name=action] input[data-value=withdrawn]:checked",
        },
        feel(".modal .o_radio_item"),
        feel(".modal .o_field_boolean .form-check"),
        {
            content: "Where it was said",
            trigger: ".modal [name=evidence] textarea",
            run: "edit Said at the gate",
        },
        {
            content: "Record",
            trigger: ".modal button[name=action_record]",
            run: "click",
        },
        {
            content: "The strip tells it, in words",
            trigger: `${EMAIL}:contains(Withdrawn):contains(Since):not(:contains(Given))`,
        },
        {
            content: "Odoo's mailings skip the address",
            trigger: BLACKLISTED,
        },
        {
            content: "That was somebody else: correct it",
            trigger: `${EMAIL} .o_relationship_correct_consent`,
            run: "click",
        },
        {
            content: "The dialog names the wrong entry",
            trigger: ".modal [name=corrects_id]:contains('E-mail: Withdrawn')",
        },
        {
            content: "It never was",
            trigger: ".modal [name=action] input[data-value=void]",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".modal [name=evidence] textarea",
            run: "edit Said by the neighbour",
        },
        {
            content: "Save the correction",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "What was given before counts again",
            trigger: `body:not(:has(.modal)) ${EMAIL} .fa-check-circle`,
        },
        {
            content: "Odoo's mailings may use the address",
            trigger: `.o_form_view:not(:has(${BLACKLISTED}))`,
        },
        {
            content: "Look at all entries",
            trigger: ".o_relationship_all_consents",
            run: "click",
        },
        {
            content: "The wrong one and its correction are both there",
            trigger:
                ".o_action_manager:contains(Entered by mistake):contains(Withdrawn)",
        },
        {
            content: "Open the correction",
            trigger:
                ".o_data_row:contains(Entered by mistake) .o_data_cell, .o_kanban_record:contains(Entered by mistake)",
            run: "click",
        },
        {
            content: "It names what it corrects",
            trigger: ".o_form_view [name=corrects_id]:contains('E-mail: Withdrawn')",
        },
    ],
});
