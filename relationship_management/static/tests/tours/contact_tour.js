import { stepUtils } from "@web_tour/tour_utils";

import { GO_BACK, addTour, choose } from "./tour_steps";

const BADGES = "[name=role_badges]";

addTour("relationship_contact_tour", {
    url: "/odoo/relationship-contacts/new",
    steps: () => [
        {
            content: "A new partner of this menu will be a contact",
            trigger: `${BADGES} .badge:contains(Contact)`,
        },
        {
            content: "Name the contact",
            trigger: ".o_field_widget[name=name] :is(input, textarea)",
            run: "edit Tour newcomer",
        },
        {
            content: "Enter an e-mail address that somebody has",
            trigger: "[name=email] input",
            run: "edit known.tour@example.com && press Tab",
        },
        {
            content: "The other one is named, with its role",
            trigger:
                ".alert-warning .o_relationship_duplicates button:contains('A Tour stays (Contact)')",
        },
        {
            content: "It was another address",
            trigger: "[name=email] input",
            run: "edit new.tour@example.com && press Tab",
        },
        {
            content: "The warning has gone",
            trigger: "body:not(:has(.o_relationship_duplicates button))",
        },
        ...stepUtils.saveForm(),
        {
            content: "Give another role",
            trigger: ".o_relationship_add_role",
            run: "click",
        },
        ...choose(".modal [name=type_id]", "Customer"),
        {
            content: "Save the role",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The contact is a customer",
            trigger: `${BADGES} .badge:contains(Customer)`,
        },
        {
            content: "The customer is no contact",
            trigger: `${BADGES}:not(:contains(Contact))`,
        },
        GO_BACK,
        {
            content: "Who is a contact is there",
            trigger:
                ".o_data_row:contains(A Tour stays), .o_kanban_record:contains(A Tour stays)",
        },
        {
            content: "Who became a customer is not",
            trigger: ".o_action_manager:not(:contains(Tour newcomer))",
        },
    ],
});
