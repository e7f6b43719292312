import { stepUtils } from "@web_tour/tour_utils";

import { addTour, choose } from "./tour_steps";

const COMPETITORS = ".o_relationship_competitors";

addTour("relationship_marketing_tour", {
    steps: () => [
        { content: "Open the page", trigger: "a[name=marketing]", run: "click" },
        {
            content: "Figures are there",
            trigger: ".o_relationship_figures button:contains(Open opportunities)",
        },
        {
            content: "Number of employees",
            trigger: "[name=employee_count] input",
            run: "edit 420",
        },
        {
            content: "Credit rating",
            trigger: "[name=credit_rating] input",
            run: "edit A2",
        },
        {
            content: "Its source",
            trigger: "[name=credit_rating_source] input",
            run: "edit Tour agency",
        },
        ...stepUtils.saveForm(),
        {
            content: "Add a competitor",
            trigger: `${COMPETITORS} .o_relationship_add_competitor`,
            run: "click",
        },
        ...choose(".modal [name=other_partner_id]", "A Tour rival"),
        {
            content: "The sentence says who competes where",
            trigger:
                ".modal [name=sentence]:contains(A Tour brewery has competitor A Tour rival)",
        },
        {
            content: "Their share",
            trigger: ".modal [name=share] input",
            run: "edit 25",
        },
        {
            content: "A note",
            trigger: ".modal [name=note] input",
            run: "edit Labellers",
        },
        {
            content: "Save the competitor",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The page shows it",
            trigger: `${COMPETITORS} .o_relationship_competitor:contains(A Tour rival):contains(25):contains(Labellers)`,
        },
        {
            content: "Open the opportunities that a figure counts",
            trigger: ".o_relationship_figures button:contains(Open opportunities)",
            run: "click",
        },
        {
            content: "They are listed",
            trigger:
                ".o_action_manager .o_data_row:contains(A Tour deal), .o_action_manager .o_kanban_record:contains(A Tour deal)",
        },
    ],
});
